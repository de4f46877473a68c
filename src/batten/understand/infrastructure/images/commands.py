"""Takes the `RUN`s of a stage apart into single commands, those inside `$(…)` and `sh -c "…"` too."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.deploy import dockerfile, shell
from batten.understand.deploy.programs import Command as Started, is_python
from batten.understand.deploy.reading import Word
from batten.understand.deploy.shell_words import Expansion, Literal, Raw
from batten.understand.deploy.wrappers import unwrap
from batten.understand.infrastructure.images.nouns import Command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batten.understand.deploy.dockerfile import Instruction

_DEEPEST = 8
_MOST = 2_000
_LONGEST = 100_000
"""Characters of one `RUN`."""
_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh"))
_OTHERS = frozenset(("perl", "ruby", "node", "php", "pwsh"))
_WITH_VALUES = frozenset(("-o", "+o", "-O", "--rcfile", "--init-file", "-W", "-X", "-I", "-r"))
_HEREDOC = re.compile(r"<<-?\s*[\"']?\w+[\"']?")
_WRITE = frozenset((">", ">>", ">|", "&>", "&>>"))
_SUDO = frozenset(("sudo", "doas"))


def commands(instructions: Iterable[Instruction], path: str, *, ships: bool) -> list[Command]:
    """Return the commands of the `RUN`s among instructions, in the order of their lines."""
    found: list[Command] = []
    for instruction in instructions:
        if instruction.name == "RUN" and len(found) < _MOST:
            found += _Reader(path, ships=ships).run(instruction)
    return found[:_MOST]


def numbered(instruction: Instruction) -> str:
    """Return the text of an instruction with its lines as they were written, so that a shell's reader counts them."""
    parts: list[str] = []
    at, line = 0, instruction.line_at(0)
    for offset, number in instruction.breaks:
        if offset > at:
            parts += (instruction.text[at:offset], "\\\n" * max(number - line, 0))
            at, line = offset, number
    return "".join((*parts, instruction.text[at:]))


@dataclass(slots=True)
class _Reader:
    path: str
    ships: bool
    depth: int = 0

    def run(self, instruction: Instruction) -> list[Command]:
        """Return the commands of one `RUN`."""
        if len(instruction.text) > _LONGEST:
            return []
        words, is_shell = dockerfile.process(instruction, self.path)
        if not is_shell:
            return self.simple([word.text for word in words], words[0].at.line or 1) if words else []
        found = self.text(numbered(instruction), instruction.line_at(0))
        rest = _HEREDOC.sub("", instruction.text).strip()
        if not rest or rest.split()[0].rpartition("/")[2] in _SHELLS:
            for heredoc in instruction.heredocs:
                found += self.text(heredoc.text, heredoc.line)
        return found

    def text(self, text: str, line: int) -> list[Command]:
        """Return the commands of shell text."""
        if self.depth >= _DEEPEST:
            return []
        self.depth += 1
        nodes, _ = shell.parse(text, line)  # what can be read of a broken line is looked at
        found = [command for node in nodes for command in self.node(node)]
        self.depth -= 1
        return found

    def node(self, node: shell.Node) -> list[Command]:
        match node:
            case shell.Simple():
                return self._simple(node)
            case shell.Pipe():
                return self._pipe(node.nodes)
            case shell.Function() | shell.Background():
                return self.node(node.body if isinstance(node, shell.Function) else node.node)
            case _:
                return [command for inner in _inner(node) for command in self.node(inner)]

    def _pipe(self, nodes: Sequence[shell.Node]) -> list[Command]:
        parts = [self.node(node) for node in nodes]
        runner, found = "", list[list[Command]]()
        for position in range(len(parts) - 1, -1, -1):
            fed = tuple(command.words for command in parts[position - 1]) if position else ()
            found.append([replace(c, run_by=c.run_by or runner, fed=c.fed or fed) for c in parts[position]])
            runner = next((command.name for command in parts[position] if reads_program(command.words)), runner)
        return [command for part in reversed(found) for command in part]

    def _simple(self, node: shell.Simple) -> list[Command]:
        words = [_text(raw) for raw in node.words]
        sets = [(name, _text(raw)) for name, raw in node.assigns]
        if words and words[0] in ("export", "declare", "typeset", "local", "readonly"):
            pairs = [word.partition("=") for word in words[1:]]
            sets += [(name, value) for name, equals, value in pairs if equals and name.isidentifier()]
        outer = [raw for raw, word in zip(node.words, words, strict=True) if word != _script(words)]
        inner = [c for raw in (*outer, *(raw for _, raw in node.assigns)) for c in self._substituted(raw, words)]
        if words and words[0].startswith(("$(", "`")):
            return inner  # what it prints is the command
        made = self.simple(words, node.line, tuple(sets)) if words or sets else []
        if node.redirects and made:
            given = tuple(("echo", _text(raw)) for operator, raw in node.redirects if operator == "<<<")
            writes = any(operator in _WRITE for operator, _ in node.redirects)
            made[0] = replace(made[0], writes=writes, fed=given)
        return [*inner, *made]

    def simple(self, words: Sequence[str], line: int, sets: tuple[tuple[str, str], ...] = ()) -> list[Command]:
        """Return a command, and those of the text that it hands to a shell."""
        at = Location(file=self.path, line=line)
        started = Started([Word(word, at) for word in words])
        inner = unwrap(started)
        own = [word.text for word in inner.words]
        wrappers = tuple(w.rpartition("/")[2] for w in words[: max(len(words) - len(own), 0)] if not w.startswith("-"))
        sets = (*sets, *((v.name, v.value or "") for v in inner.env))
        made = Command(tuple(own), at, self.ships, sets, wrappers)
        script = _script(own)
        more = self.text(script, line) if script is not None else []
        if any(name in _SUDO for name in wrappers):
            more = [replace(command, wrappers=("sudo", *command.wrappers)) for command in more]
        return [made, *more]

    def _substituted(self, raw: Raw, words: Sequence[str]) -> Iterator[Command]:
        """Yield the commands inside `$(…)`, backquotes and `<(…)` of a word."""
        for segment in raw.segments:
            if not isinstance(segment, Expansion) or segment.name:
                continue
            text = segment.raw.removeprefix("$")
            if text.startswith("((") or text[:1] not in ("(", "`"):
                continue
            runner = _runner(words, _text(raw), is_file=segment.raw.startswith("("))
            for command in self.text(text[1:-1], raw.line):
                yield replace(command, run_by=command.run_by or runner)


def _inner(node: shell.Node) -> Iterator[shell.Node]:
    match node:
        case shell.Chain():
            yield node.first
            yield from (following for _, following in node.rest)
        case shell.Branch():
            for condition, body in node.clauses:
                yield from (*condition, *body)
            yield from node.otherwise
        case shell.Choice():
            for _, body in node.items:
                yield from body
        case shell.Loop():
            yield from (*(node.condition if node.kind != "for" else ()), *node.body)
        case shell.Block():
            yield from node.body
        case _:  # the rest is read by itself
            return


def _text(raw: Raw) -> str:
    parts = [part.text if isinstance(part, Literal) else part.raw for part in raw.segments]
    return "".join(parts).replace("\\\n", "")


def _bare(words: Sequence[str]) -> tuple[str, list[str]]:
    """Return a program's name and its arguments, without what stands before it."""
    inner = [word.text for word in unwrap(Started([Word(word, Location()) for word in words])).words]
    return (inner[0].rpartition("/")[2], inner[1:]) if inner else ("", [])


def _is_interpreter(name: str) -> bool:
    return name in _SHELLS or name in _OTHERS or is_python(name)


def reads_program(words: Sequence[str]) -> bool:
    """Return whether a command runs the program that it reads from its standard input."""
    name, arguments = _bare(words)
    if not _is_interpreter(name):
        return False
    position = 0
    while position < len(arguments):
        word = arguments[position]
        if word in ("-", "-s", "/dev/stdin") or (name in _SHELLS and re.fullmatch(r"-[a-z]*s[a-z]*", word)):
            return True
        if not word.startswith(("-", "+")) or _takes_text(name, word):
            return False
        position += 2 if word in _WITH_VALUES else 1
    return True


def _takes_text(name: str, option: str) -> bool:
    """Return whether the program stands on the command line or in a module, after this option."""
    letters = "c" if name in _SHELLS else "cm" if is_python(name) else "eErpn"
    return re.fullmatch(rf"-[A-Za-z]*[{letters}]", option) is not None and not option.startswith("--")


def _script(words: Sequence[str]) -> str | None:
    """Return the text of `sh -c text`."""
    if not words or words[0].rpartition("/")[2] not in _SHELLS:
        return None
    for position, word in enumerate(words[1:-1], start=1):
        if re.fullmatch(r"-[a-zA-Z]*c[a-zA-Z]*", word):
            return words[position + 1]
        if not word.startswith(("-", "+")) and words[position - 1] not in _WITH_VALUES:
            return None
    return None


def _runner(words: Sequence[str], word: str, *, is_file: bool) -> str:
    """Return what runs the output of a substitution in a word of a command, or nothing."""
    if words and words[0] == word:
        return "sh"
    name, arguments = _bare(words)
    if is_file:  # `bash <(…)`, `source <(…)`
        first = next((a for a in arguments if not a.startswith("-")), "")
        return name if (_is_interpreter(name) or name in ("source", ".")) and first == word else ""
    if name == "eval":
        return name
    if _is_interpreter(name):
        after = [arguments[i + 1] for i, a in enumerate(arguments[:-1]) if _takes_text(name, a)]
        return name if after and after[0] == word and word.startswith(("$(", "`")) else ""
    return ""
