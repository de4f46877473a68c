"""Understands commands: which server starts, after wrappers, shells and entrypoint scripts."""

from __future__ import annotations

import posixpath
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.model.data import dataclass
from batten.understand.deploy.grammars import LASTING, PROGRAMS
from batten.understand.deploy.programs import Command, is_python, name_of, start
from batten.understand.deploy.reading import Reading, Word
from batten.understand.deploy.wrappers import names, unwrap
from batten.understand.sources import DictSources
from batten.understand.stack import Start, Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from batten.understand.deploy.shell_walk import Ran


_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "busybox"))
_BY_THE_WAY = frozenset(("echo", "printf", "sleep", "mkdir", "chown", "chmod", "cat", "cp", "ls", "wait", "trap"))
"""Programs that a script may end in without serving anything."""
_PLAIN = re.compile(r"\s*[\w./-]+(?:[ \t]+[\w@%+:,./=-]+)*\s*")
_DEEPEST = 8
_MOST_SCRIPTS = 100
_MOST_CANDIDATES = 40


def _nothing(_path: str, _cwd: str) -> tuple[str, str] | None:
    return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command finds around it."""

    reading: Reading
    env: Mapping[str, Variable] = field(default_factory=dict)
    read: Callable[[str, str], tuple[str, str] | None] = _nothing
    """Path as the process sees it and its directory, to repository path and text."""
    scripts: list[str] = field(default_factory=list)
    """Shell texts that were followed: scripts that start each other many times end there."""


@dataclass(frozen=True, slots=True)
class Launch:
    """A process that goes on running."""

    start: Start
    words: tuple[Word, ...]
    """The command, wrappers included."""
    env: Mapping[str, Variable]
    """The environment that it inherits; what the command itself sets is in `start.env`."""
    cwd: str = ""
    """The directory it was started in, where scripts changed it."""
    trail: tuple[Evidence, ...] = ()
    """The scripts on the way."""

    @property
    def command(self) -> str:
        """The command on one line."""
        return shown(self.words)

    @property
    def weight(self) -> int:
        """How likely it goes on running: 2 a server, 1 a Python program, 0 anything else."""
        if self.start.server in LASTING:
            return 2
        target = posixpath.basename(self.start.target)
        is_program = self.start.server == "python" and bool(target)
        return 1 if is_program and (self.start.is_module or target != "manage.py") else 0


def shown(words: Sequence[Word]) -> str:
    """Return words as a person would type them, on one line."""
    texts = (" ".join(word.text.split()) if word.text else "''" for word in words)
    return " ".join(f'"{t}"' if " " in t and '"' not in t else t for t in texts)


def parse(command: str | Sequence[str | Word], env: Mapping[str, Variable] | None = None) -> Start:
    """Return what a command starts: a shell's line or a list of words.

    `env` holds the environment as far as it is known; expansions that it does
    not decide stay as they are written.
    """
    nowhere = Location()
    if isinstance(command, str):
        texts: list[str | Word] = ["sh", "-c", command]
    else:
        texts = list(command)
    words = [text if isinstance(text, Word) else Word(text, nowhere) for text in texts]
    reading = Reading(DictSources({}), lambda _unsure: None)
    found = launches(words, Surroundings(reading, env or {}))
    return found[0].start if found else Start("")


def launches(words: Sequence[Word], around: Surroundings) -> tuple[Launch, ...]:
    """Return the processes that a command leaves running, the main one first."""
    return tuple(_follow(Command(words), around.env, "", around, 0))


def _follow(command: Command, env: Mapping[str, Variable], cwd: str, around: Surroundings, depth: int) -> list[Launch]:
    inner = unwrap(command)
    told = _script(inner, cwd, around) if depth < _DEEPEST else None
    if told is None:
        begun = start(inner, {**env, **{v.name: v for v in inner.env}})
        if cwd:
            begun = replace(begun, cwd=posixpath.normpath(posixpath.join(cwd, begun.cwd or "")))
        return [Launch(begun, tuple(command.words), env, cwd)]
    if told.is_plain:
        words = [Word(text, told.at) for text in told.text.split()]
        return _follow(replace(inner, words=words), env, cwd, around, depth + 1)
    found: list[Launch] = []
    for candidate in _chosen(_run(told, inner, env, cwd, around), lambda ran: _next(inner, ran, around, depth)):
        for launch in candidate:
            trail = launch.trail
            if told.file is not None:
                at = launch.trail[0].at if launch.trail else launch.words[0].at
                place = at if at.file == told.file else Location(file=told.file, line=1)
                trail = (Evidence(place, "the script starts it"), *launch.trail)
            found.append(replace(launch, trail=trail))
    return found


@dataclass(frozen=True, slots=True)
class _Script:
    """Shell text to be followed, with its arguments."""

    text: str
    at: Location
    arguments: Sequence[Word]
    file: str | None = None
    """The repository file that holds it; None where the command itself does."""

    @property
    def is_plain(self) -> bool:
        """Whether it is one known command that needs no shell to be understood."""
        if self.file is not None or not _PLAIN.fullmatch(self.text):
            return False
        first = posixpath.basename(self.text.split()[0])
        return first in PROGRAMS or is_python(first) or first in names()


def _run(told: _Script, command: Command, env: Mapping[str, Variable], cwd: str, around: Surroundings) -> Sequence[Ran]:
    from batten.understand.deploy import script  # noqa: PLC0415 - most commands need no shell

    scene = script.Scene(around.reading, around.read, lambda words: _may_serve(words, around))
    seen = {**env, **{variable.name: variable for variable in command.env}}
    return script.follow(told.text, told.at, scene, seen, told.arguments, cwd)


def _next(inner: Command, ran: Ran, around: Surroundings, depth: int) -> list[Launch]:
    command = replace(inner, words=ran.words, env=[*ran.own], cwd=None)
    return _follow(command, ran.env, ran.cwd, around, depth + 1)


def _script(command: Command, cwd: str, around: Surroundings) -> _Script | None:
    """Return `sh -c text`, `sh file` or a script of the repository; None when it is no script."""
    if not command.words or len(around.scripts) >= _MOST_SCRIPTS:
        return None
    name = name_of(command.words[0])
    words = list(command.words)
    if name in _SHELLS:
        words = _after_shell(words)
        if words and words[0].text == "-c":
            if len(words) == 1:
                return None
            around.scripts.append(words[1].text)
            return _Script(words[1].text, words[1].at, words[3:])
    if not words or (name not in _SHELLS and (name in PROGRAMS or is_python(name))):
        return None
    found = around.read(words[0].text, cwd)
    if found is None or not (name in _SHELLS or _is_shell(found[1], found[0])):
        return None
    around.scripts.append(found[0])
    return _Script(found[1], Location(file=found[0], line=1), words[1:], found[0])


def _after_shell(words: Sequence[Word]) -> list[Word]:
    """Return what follows a shell's own options; `-c` first when it is given a command."""
    rest = list(words[1:])
    if rest and name_of(words[0]) == "busybox":
        rest = rest[1:]
    has_command = False
    while rest and rest[0].text.startswith(("-", "+")):
        option = rest.pop(0).text
        if option == "--":
            break
        if option.startswith("--"):
            continue
        has_command = has_command or "c" in option
        if option.endswith("o") and rest:  # `-o pipefail`, `-euxo pipefail`
            rest.pop(0)
    return [Word("-c", words[0].at), *rest] if has_command else rest


def _is_shell(text: str, path: str) -> bool:
    first = text[:80].partition("\n")[0]
    if first.startswith("#!"):
        return any(shell in first for shell in ("sh", "with-contenv")) and "python" not in first
    return path.endswith((".sh", ".bash"))


def _may_serve(words: Sequence[Word], around: Surroundings) -> bool:
    name = name_of(words[0])
    return (
        name in PROGRAMS
        or name in LASTING
        or name in _SHELLS
        or name in names()
        or is_python(name)
        or name.endswith((".py", ".sh"))
        or ("/" in words[0].text and around.read(words[0].text, "") is not None)
    )


def _chosen(ran: Sequence[Ran], follow: Callable[[Ran], list[Launch]]) -> list[list[Launch]]:
    """Return what goes on running of all that a script starts.

    That is what it ends in (`exec`), else its last server, and servers in the
    background; only when there is none, what undecided branches start.
    """
    ran = ran[-_MOST_CANDIDATES:]
    behind = [(one, follow(one)) for one in ran if one.sure and one.background]
    beside = [found for _, found in behind if any(launch.weight for launch in found)]
    sure = [one for one in ran if one.sure and not one.background]
    if sure and sure[-1].final:
        return [follow(sure[-1]), *beside]
    best: list[Launch] = []
    for one in reversed(sure):
        found = follow(one)
        if _weight(found) > _weight(best) or not best:
            best = found
    perhaps = [follow(one) for one in ran if not one.sure and not one.background]
    if _weight(best) or beside:
        return [*([best] if _weight(best) else []), *beside]
    perhaps = [found for found in perhaps if _weight(found)]
    return perhaps or ([best] if best and best[0].start.server not in _BY_THE_WAY else [])


def _weight(found: Sequence[Launch]) -> int:
    return max((launch.weight for launch in found), default=-1)
