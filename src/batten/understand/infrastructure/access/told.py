"""What a container tells the program in it: variables, options, files; and what follows for who may log in."""

from __future__ import annotations

import re
import shlex
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.deploy.reading import Word
from batten.understand.infrastructure.nouns import Login

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.deploy.reading import Reading
    from batten.understand.infrastructure.nouns import Container
    from batten.understand.stack import Variable

_SHELLS = frozenset(("sh", "bash", "ash", "dash"))
_REFERENCE = re.compile(r"\$\{(\w+)(?::?-([^{}]*))?\}|\$(\w+)")
_YES = frozenset(("1", "true", "yes", "on"))
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
_LONGEST_SECRET = 4_000


@dataclass(frozen=True, slots=True)
class Access:
    """Who is let in."""

    logins: tuple[Login, ...] = ()
    is_open: bool | None = None
    """Whoever connects is let in without a password; None: not known."""
    at: Location | None = None
    """What lets them in."""
    because: str = ""
    """The same in words."""
    unsure: str = ""
    """Why it could not be told."""
    default: bool = False
    """It rests on a fallback that the host may replace."""


UNKNOWN = Access()


@dataclass(slots=True)
class Told:
    """What one container tells its program."""

    container: Container
    reading: Reading
    words: tuple[Word, ...] = field(init=False)
    """The command, with what a shell that starts it would make of it."""
    image: str = field(init=False)
    """Its name, that of a Dockerfile's base where one is built; without tag and digest."""
    tag: str = field(init=False)

    def __post_init__(self) -> None:
        """Unfold `sh -c`; take the image's name apart."""
        self.words = tuple(_unfolded(self.container.words, self.container.env))
        stage = self.container.stage
        name = (stage.base if stage is not None else self.container.image).split("@")[0]
        head, slash, last = name.rpartition("/")
        last, _, self.tag = last.partition(":")
        self.image = head + slash + last

    @property
    def vendor(self) -> str:
        """The part of the image's name before the last: `bitnami`; empty for official images."""
        vendor = self.image.rpartition("/")[0].rpartition("/")[2]
        return "" if vendor in ("library", "docker.io") else vendor.removesuffix("legacy")

    def is_before(self, major: int, minor: int = 0) -> bool:
        """Return whether the tag names a version before this one; not where it names none."""
        match = re.match(r"v?(\d{1,6})(?:\.(\d{1,6}))?", self.tag)
        return match is not None and (int(match[1]), int(match[2] or 0)) < (major, minor)

    @property
    def at(self) -> Location:
        """Where the image is named: what to point at when something is missing."""
        return self.container.image_at or self.container.at

    @property
    def is_whole(self) -> bool:
        """Whether the repository holds all of its variables."""
        return not self.container.unread

    # Variables

    def env(self, *names: str) -> Variable | None:
        """Return the first of these variables that is set."""
        return next((self.container.env[name] for name in names if name in self.container.env), None)

    def text(self, *names: str) -> str | None:
        """Return the known text of the first of these variables that is set."""
        variable = self.env(*names)
        return variable.value if variable is not None else None

    def is_yes(self, *names: str) -> bool:
        """Return whether a variable says yes."""
        return (self.text(*names) or "").lower() in _YES

    # Options of the command

    def option(self, *names: str) -> Word | None:
        """Return the value of the last of these options, written `--name value` or `--name=value`."""
        found: Word | None = None
        for position, word in enumerate(self.words):
            name, equals, value = word.text.partition("=")
            if name not in names:
                continue
            if equals:
                found = Word(value, word.at, word.known, word.default)
            else:
                found = self.words[position + 1] if position + 1 < len(self.words) else None
        return found

    def has(self, *names: str) -> Word | None:
        """Return the word of the command that is one of these options."""
        return next((word for word in self.words if word.text.partition("=")[0] in names), None)

    def starts(self, *programs: str) -> bool | None:
        """Return whether the command is one of these programs, or options only; None for a script of somebody's own."""
        if not self.words or self.words[0].text.startswith("-"):
            return True
        names = {word.text.rpartition("/")[2] for word in self.words}
        return True if names & set(programs) else None

    # Logins

    def login(self, user: str, *names: str, is_superuser: bool | None = None) -> Login | None:
        """Return the login whose password stands in one of these variables, or in the file that `X_FILE` names."""
        variable = self.env(*names)
        if variable is not None:
            return self.made(user, variable, is_superuser=is_superuser)
        file = self.env(*(f"{name}_FILE" for name in names))
        return None if file is None else self._from_file(user, file, is_superuser=is_superuser)

    def made(self, user: str, variable: Variable, *, is_superuser: bool | None = None) -> Login:
        """Return the login whose password a variable holds."""
        return Login(user, variable.value, variable.at, is_superuser, variable.default)

    def worded(self, user: str, word: Word, *, is_superuser: bool | None = None) -> Login:
        """Return the login whose password stands in the command."""
        password = None if not word.known or "${" in word.text else word.text
        return Login(user, password, word.at, is_superuser, word.default)

    def _from_file(self, user: str, file: Variable, *, is_superuser: bool | None) -> Login:
        mounts = [mount for mount in self.container.mounts if mount.target == file.value and mount.path is not None]
        for mount in mounts:
            text = self.reading.text(mount.path or "")
            if text is not None and len(text) < _LONGEST_SECRET:
                at = Location(file=mount.path, line=1)
                return Login(user, text.strip(), at, is_superuser)
        return Login(user, None, file.at, is_superuser)

    # What configuration files say

    def is_given(self, *places: str) -> bool:
        """Return whether a file whose path holds one of these is put into it: mounted, or copied by its Dockerfile."""
        stage = self.container.stage
        copied = [target for target, _ in stage.mounts] + [*stage.written] if stage is not None else []
        targets = [mount.target for mount in self.container.mounts] + copied
        return any(place in target for place in places for target in targets)

    def configured(self) -> str:
        """Return a configuration file that the command names and that this reader does not read; empty: none."""
        return next((word.text for word in self.words if re.search(r"\.(?:conf|cnf|ya?ml|json|ini)$", word.text)), "")


def is_inside(told: Told, *options: str) -> bool:
    """Return whether the program listens on its container's own loopback only."""
    bound = told.option(*options)
    return bound is not None and all(one in _LOOPBACK for one in re.split(r"[\s,]+", bound.text.strip()) if one)


def _unfolded(words: tuple[Word, ...], env: Mapping[str, Variable]) -> Iterator[Word]:
    """Yield the words of a command; those of a script after `sh -c` in its place, variables filled in."""
    texts = [word.text.rpartition("/")[2] for word in words]
    shell = next((i for i, text in enumerate(texts[:3]) if text in _SHELLS), None)
    script = next((i for i, word in enumerate(words) if re.fullmatch(r"-\w*c", word.text)), None)
    if shell is None or script is None or script + 1 >= len(words):
        if len(words) == 1 and " " in words[0].text:
            yield from _split(words[0], env)
        else:
            yield from words
        return
    yield from _split(words[script + 1], env)


def _split(word: Word, env: Mapping[str, Variable]) -> Iterator[Word]:
    try:
        parts = shlex.split(word.text, comments=True)
    except ValueError:
        parts = word.text.split()
    for part in parts:
        yield _filled(part, word, env)


def _filled(part: str, word: Word, env: Mapping[str, Variable]) -> Word:
    known, default = word.known, word.default

    def value(match: re.Match[str]) -> str:
        nonlocal known, default
        variable = env.get(match[1] or match[3])
        if variable is None and match[2] is not None:
            default = True
            return match[2]
        if variable is None or variable.value is None:
            known = False
            return match.group()
        default = default or variable.default
        return variable.value

    text = _REFERENCE.sub(value, part)
    return Word(text, word.at, known, default)
