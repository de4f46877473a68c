"""Follows a shell script to the commands it ends in, with their environment.

Nothing is run. A branch that the repository does not decide is followed on
both sides, and what they disagree about becomes unknown.
"""

from __future__ import annotations

import contextlib
import posixpath
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.deploy.shell import Simple, as_assignment, parse
from batten.understand.deploy.shell_conditions import Condition
from batten.understand.deploy.shell_expand import SAYS, Expander, State
from batten.understand.deploy.shell_walk import Ended, Ran, Refused, Returned, Status, Walk
from batten.understand.deploy.shell_words import Expansion, Literal, Raw
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from batten.understand.deploy.reading import Reading, Word

_DEEPEST = 8
_ENV_FILE = re.compile(r"(?<![\w./-])[\w./-]*env[\w.-]*")
_DECLARE = frozenset(("export", "declare", "typeset", "readonly", "local"))
_OWN_FOLDER = re.compile(r"dirname|BASH_SOURCE|\$0|\$\{0")
_ACTIVATES = re.compile(r"(^|/)(activate|env\.sh|\.bashrc|\.profile|profile)$|^/(etc|opt|usr|root)/")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a script finds around it."""

    reading: Reading
    read: Callable[[str, str], tuple[str, str] | None]
    """Path as the script writes it and its directory, to repository path and text."""
    serves: Callable[[Sequence[Word]], bool]
    """Whether a command may be the one that goes on running."""


def follow(
    text: str,
    at: Location,
    scene: Scene,
    env: Mapping[str, Variable],
    arguments: Sequence[Word] = (),
    cwd: str = "",
) -> list[Ran]:
    """Return the commands that may go on running when this text is run, in order."""
    walk = _Script(scene.reading, at.file, scene=scene)
    with contextlib.suppress(Ended, Returned):
        walk.text(text, at.line or 1, State(dict(env), set(env), tuple(arguments), cwd))
    ran = walk.ran
    if walk.last is not None and all(one.words is not walk.last[0].words for one in ran):
        ran.append(replace(walk.last[0], env=walk.last[1].environment()))
    return ran


@dataclass
class _Script(Walk):
    """The simple commands: assignments, builtins, programs."""

    scene: Scene = field(kw_only=True)
    depth: int = 0

    def text(self, text: str, line: int, state: State) -> None:
        nodes, problem = parse(text, line)
        if problem is not None:
            at = Location(file=self.file, line=problem.line)
            self.reading.unsure(f"the shell text at {at}", str(problem), at)
        self.body(nodes, state)

    def expander(self) -> Expander:
        return Expander(self.file)

    def simple(self, node: Simple, state: State) -> Status:
        own = tuple(self.assignment(name, raw, state) for name, raw in node.assigns)
        if not node.words:
            for variable in own:
                state.put(variable)
            return Status.YES
        name = node.words[0].plain or ""
        if name in _DECLARE:
            self.declare(node.words, state)
            return Status.YES
        if name in ("[", "[[", "test"):
            return self.test(node.words, state)
        expander = self.expander()
        words = [word for raw in node.words for word in expander.fields(raw, state)]
        if not words:
            return Status.RAN
        if words[0].text in state.functions:
            return self.call(words, state)
        builtin = _BUILTINS.get(words[0].text)
        return builtin(self, words, own, state) if builtin else self.program(words, own, state)

    def assignment(self, name: str, raw: Raw, state: State) -> Variable:
        """Return the variable that `name=word` sets; `X=${X:-…}` keeps where X comes from."""
        piece = self.expander().value(raw, state)
        before = state.variables.get(name)
        rest = [s for s in raw.segments if not (isinstance(s, Literal) and not s.text)]
        if (
            before is not None
            and before.value == piece.text
            and len(rest) == 1
            and isinstance(rest[0], Expansion)
            and rest[0].name == name
        ):
            return before
        at = Location(file=self.file, line=raw.line)
        return Variable(name, piece.text, at, SAYS, default=piece.default)

    def declare(self, words: Sequence[Raw], state: State) -> None:
        exports = words[0].plain == "export"
        for raw in words[1:]:
            exports = exports or (raw.plain or "").startswith("-x")
            assign = as_assignment(raw)
            if assign is not None:
                variable = self.assignment(*assign, state)
                state.put(variable)
                names = [variable.name]
            elif len(raw.segments) and isinstance(raw.segments[0], Expansion):
                self.exported_file(raw, state)
                names = []
            else:
                names = [word.text for word in self.expander().fields(raw, state)]
            if exports:
                state.exported.update(names)

    def exported_file(self, raw: Raw, state: State) -> None:
        """Follow `export $(grep -v '^#' .env | xargs)`: the file's lines are assignments."""
        for segment in raw.segments:
            shown = segment.raw if isinstance(segment, Expansion) else ""
            for path in _ENV_FILE.findall(shown):
                if self.scene.read(path, state.cwd):
                    state.exports_all, before = True, state.exports_all
                    self.source(path, (), state)
                    state.exports_all = before

    def test(self, words: Sequence[Raw], state: State) -> Status:
        expander = self.expander()
        operands = [expander.value(raw, state) for raw in words[1:]]
        if words[0].plain != "test" and operands and operands[-1].text in ("]", "]]"):
            operands.pop()
        answer = Condition(operands, lambda path: self.exists(path, state)).decide()
        for raw, operand in zip(words[1:], operands, strict=False):
            if operand.default:
                self.rests = True
                self.resting |= {part.name for part in raw.segments if isinstance(part, Expansion)}
        return {True: Status.YES, False: Status.NO, None: Status.UNDECIDED}[answer]

    def exists(self, path: str, state: State) -> bool | None:
        """Return True for a file of the repository; others may be made elsewhere."""
        return True if self.scene.read(path, state.cwd) else None

    def call(self, words: Sequence[Word], state: State) -> Status:
        if self.depth >= _DEEPEST:
            return Status.RAN
        arguments, state.arguments = state.arguments, tuple(words[1:])
        assumes = state.assumes
        self.depth += 1
        try:
            status = self.node(state.functions[words[0].text], state)
        except Returned:
            status = Status.RAN
        finally:
            self.depth -= 1
        state.arguments, state.assumes = arguments, assumes
        return status

    def source(self, path: str, arguments: Sequence[Word], state: State) -> None:
        """Follow `. file` in the same shell."""
        found = self.scene.read(path, state.cwd)
        if found is None or self.depth >= _DEEPEST:
            if not _ACTIVATES.search(path):
                at = Location(file=self.file)
                why = "nests too deep" if found else "is not in the repository"
                self.reading.unsure(f"the file {path} that {self.file} reads", f"it {why}", at)
            return
        file, before = self.file, state.arguments
        self.file = found[0]
        state.arguments = tuple(arguments) or before
        self.depth += 1
        try:
            self.text(found[1], 1, state)
        except Returned:
            pass
        finally:
            self.depth -= 1
            self.file = file
        state.arguments = before

    def program(self, words: Sequence[Word], own: tuple[Variable, ...], state: State, *, final: bool = False) -> Status:
        """Note a program that is started."""
        ran = Ran(tuple(words), {}, own, state.cwd, final, sure=not self.doubts)
        self.last = ran, state
        if final or self.scene.serves(words):
            self.ran.append(replace(ran, env=state.environment()))
        return Status.RAN

    # Builtins: words[0] is the builtin's name

    def exec_(self, words: Sequence[Word], own: tuple[Variable, ...], state: State) -> Status:
        rest = list(words[1:])
        while rest and rest[0].text in ("-a", "-c", "-l"):
            del rest[: 2 if rest[0].text == "-a" else 1]
        if not rest:
            return Status.YES  # redirections only: the script goes on
        self.program(rest, own, state, final=True)
        raise Ended

    def eval_(self, words: Sequence[Word], _own: object, state: State) -> Status:
        if not all(word.known for word in words) or self.depth >= _DEEPEST:
            why = "its text is known only when it runs"
            self.reading.unsure(f"`eval` at {words[0].at}", why, words[0].at)
            return Status.RAN
        self.depth += 1
        self.text(" ".join(word.text for word in words[1:]), words[0].at.line or 1, state)
        self.depth -= 1
        return Status.RAN

    def dot(self, words: Sequence[Word], _own: object, state: State) -> Status:
        if len(words) > 1:
            self.source(words[1].text, words[2:], state)
        return Status.RAN

    def cd(self, words: Sequence[Word], _own: object, state: State) -> Status:
        target = words[-1] if len(words) > 1 else None
        if target is not None and target.known:
            state.cwd = posixpath.normpath(posixpath.join(state.cwd, target.text))
        elif target is not None and not _OWN_FOLDER.search(target.text):
            why = "the directory is known only when it runs"
            self.reading.unsure(f"`cd` at {words[0].at}", why, words[0].at)
        return Status.RAN

    def set_(self, words: Sequence[Word], _own: object, state: State) -> Status:
        position = 1
        while position < len(words):
            option = words[position].text
            position += 1
            if option == "--" or option[:1] not in ("-", "+"):
                state.arguments = tuple(words[position - (option != "--") :])
                break
            named = words[position].text if option.endswith("o") and position < len(words) else ""
            position += bool(named)
            if "a" in option or named == "allexport":
                state.exports_all = option.startswith("-")
        return Status.YES

    def shift(self, words: Sequence[Word], _own: object, state: State) -> Status:
        count = words[1].text if len(words) > 1 else "1"
        state.arguments = state.arguments[int(count) if count in "123456789" else 1 :]
        return Status.YES

    def unset(self, words: Sequence[Word], _own: object, state: State) -> Status:
        for word in words[1:]:
            state.variables.pop(word.text, None)
        return Status.YES

    def exit_(self, words: Sequence[Word], _own: object, _state: object) -> Status:
        raise Refused if len(words) > 1 and words[1].text.strip("0") else Ended

    def return_(self, _words: object, _own: object, _state: object) -> Status:
        raise Returned

    def yes(self, _words: object, _own: object, _state: object) -> Status:
        return Status.YES

    def no(self, _words: object, _own: object, _state: object) -> Status:
        return Status.NO


_BUILTINS: dict[str, Callable[[_Script, Sequence[Word], tuple[Variable, ...], State], Status]] = {
    ":": _Script.yes,
    "true": _Script.yes,
    "false": _Script.no,
    "exec": _Script.exec_,
    "eval": _Script.eval_,
    ".": _Script.dot,
    "source": _Script.dot,
    "cd": _Script.cd,
    "set": _Script.set_,
    "shift": _Script.shift,
    "unset": _Script.unset,
    "exit": _Script.exit_,
    "return": _Script.return_,
}
