"""Reads `[tool.batten]` of pyproject.toml and batten.toml, from the audited directory upwards."""

from __future__ import annotations

import posixpath
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from batten.judge import Ignore, ignore_from
from batten.model import BattenError, Location, Severity
from batten.model.data import dataclass
from batten.model.spelling import nearest
from batten.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    Read = Callable[[str], "str | None"]

_MENTIONED = re.compile(
    r"""tool["'\s]*\.["'\s]*batten | ^\s*\[\s*["']?tool["']?\s*\] | ^\s*["']?tool["']?\s*[.=]""",
    re.MULTILINE | re.VERBOSE,
)
"""A project file that cannot hold our table is not worth parsing."""
PERSONAS = ("regular", "auditor")
ADVISORIES = ("offline", "osv", "pypi")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the settings files say; None where they say nothing."""

    fail_on: Severity | None = None
    min_score: int | None = None
    strict: bool | None = None
    persona: str | None = None
    advisories: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    env_files: tuple[str, ...] = ()
    """Paths joined to the directory of the file that names them; a later one stands over an earlier."""
    targets: tuple[str, ...] = ()
    """Hosts that may be probed."""
    accepted: tuple[Ignore, ...] = ()
    """The findings that are accepted, with the reason: one for each table of `[[tool.batten.ignore]]`."""
    files: tuple[str, ...] = ()
    """The files that were read, the farthest first."""


def settings(directory: str, read: Read) -> Settings:
    """Return what holds in a directory.

    `directory` is absolute, with forward slashes. `read` returns the text of a
    file, or None where there is none. A nearer file's value replaces a farther
    one's; lists of rules to ignore, environment variables, environment files,
    targets and acceptances add up. The root of a Git repository ends the way up.

    Raises:
        BattenError: a file is malformed, or holds a key or value that Batten does not know.
    """
    found: list[Settings] = []
    here = posixpath.normpath(directory)
    while True:
        held = _in_directory(here, read, directory)
        if held is not None:
            found.append(held)
        above = posixpath.dirname(here)
        if above == here or _is_repository(here, read):
            break
        here = above
    merged = Settings()
    for held in reversed(found):
        merged = _over(held, merged)
    return merged


def _is_repository(directory: str, read: Read) -> bool:
    # In a worktree and in a submodule `.git` is a file.
    return any(read(posixpath.join(directory, name)) is not None for name in (".git/HEAD", ".git"))


def _in_directory(directory: str, read: Read, start: str) -> Settings | None:
    own = posixpath.join(directory, "batten.toml")
    shared = posixpath.join(directory, "pyproject.toml")
    own_text, shared_text = read(own), read(shared)
    table = None if shared_text is None else _project_table(shared, shared_text)
    if own_text is not None and table is not None:
        raise BattenError(
            f"{own} and {shared} both hold settings",
            hint="keep one of them: move [tool.batten] into batten.toml",
        )
    if own_text is not None:
        table = _parsed(own, own_text)
        if set(table) == {"tool"}:  # pasted from a pyproject.toml
            table = _project_table(own, own_text) or {}
        return _Reader(own, own_text, start).settings(table)
    return None if table is None or shared_text is None else _Reader(shared, shared_text, start).settings(table)


def _project_table(file: str, text: str) -> dict[str, Any] | None:
    """Return `[tool.batten]`; a project file without it is not ours to complain about."""
    if not _MENTIONED.search(text):
        return None
    try:
        held = _parsed(file, text).get("tool", {})
    except BattenError:
        if "tool.batten" in text:
            raise
        return None
    table = held.get("batten") if isinstance(held, dict) else None
    if table is not None and not isinstance(table, dict):
        raise BattenError(f"{file}: tool.batten is not a table", hint="write [tool.batten] and its keys below it")
    return table


def _parsed(file: str, text: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - most projects have no settings, and start-up is counted in milliseconds

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        hint = 'ids and tables in one list: ignore = ["topic/detail", {rule = …, reason = …}]'
        clash = "ignore" in text and "[[" in text
        raise BattenError(f"{file} is not valid TOML: {error}", hint=hint if clash else "") from error


def _over(near: Settings, far: Settings) -> Settings:
    """Return the nearer settings standing over the farther ones."""
    said = {name: value for name in _SINGLE if (value := getattr(near, name)) is not None}
    sums: dict[str, Any] = {name: (*getattr(far, name), *getattr(near, name)) for name in _SUMS}
    return replace(far, **said, **sums, env={**far.env, **near.env})


_SINGLE = ("fail_on", "min_score", "strict", "persona", "advisories", "select")
_SUMS = ("ignore", "env_files", "targets", "accepted", "files")


class _Reader:
    """Reads the keys of one file; knows its name for the complaints."""

    def __init__(self, file: str, text: str, start: str) -> None:
        self.file = file
        self.text = text
        self.shown = posixpath.relpath(file, start)

    def settings(self, table: Mapping[str, Any]) -> Settings:
        """Return the settings of a table."""
        readers: dict[str, Callable[[str, Any], Any]] = {
            "fail-on": self.severity,
            "min-score": self.score,
            "strict": self.flag,
            "persona": self.persona,
            "advisories": self.advisories,
            "select": self.ids,
            "ignore": self.ignores,
            "env": self.variables,
            "env-files": self.paths,
            "targets": self.texts,
        }
        said: dict[str, Any] = {"files": (self.file,)}
        for key, value in table.items():
            reader = readers.get(key)
            if reader is None:
                raise self.unknown(key, readers, "setting")
            said[key.replace("-", "_")] = reader(key, value)
        ids, tables = said.pop("ignore", ((), ()))
        return Settings(**said, ignore=ids, accepted=tables)

    def unknown(self, key: str, known: Mapping[str, object], kind: str) -> BattenError:
        """Return the complaint about a key that nobody reads, with the nearest known one."""
        near = nearest(key.replace("_", "-"), known, 0.5)
        hint = f"did you mean {near}?" if near else f"known: {', '.join(known)}"
        return BattenError(f"{self.file}: unknown {kind} {key!r}", hint=hint)

    def wrong(self, key: str, wanted: str) -> BattenError:
        """Return the complaint about a value of the wrong kind."""
        return BattenError(f"{self.file}: {key} must be {wanted}")

    def severity(self, key: str, value: object) -> Severity:
        """Return a severity."""
        if value not in [severity.value for severity in Severity]:
            raise self.wrong(key, "one of " + ", ".join(severity.value for severity in Severity))
        return Severity(value)

    def score(self, key: str, value: object) -> int:
        """Return a score."""
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _BEST:
            raise self.wrong(key, f"a whole number from 0 to {_BEST}")
        return value

    def flag(self, key: str, value: object) -> bool:
        """Return true or false."""
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def persona(self, key: str, value: object) -> str:
        """Return a persona."""
        if not isinstance(value, str) or value not in PERSONAS:
            raise self.wrong(key, "one of " + ", ".join(PERSONAS))
        return value

    def advisories(self, key: str, value: object) -> str:
        """Return where versions are looked up."""
        if not isinstance(value, str) or value not in ADVISORIES:
            raise self.wrong(key, "one of " + ", ".join(ADVISORIES))
        return value

    def texts(self, key: str, value: object) -> tuple[str, ...]:
        """Return a list of strings."""
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, "a list of strings")
        return tuple(value)

    def paths(self, key: str, value: object) -> tuple[str, ...]:
        """Return a list of paths, joined to the directory of this file."""
        here = posixpath.dirname(self.file)
        return tuple(posixpath.join(here, path) for path in self.texts(key, value))

    def variables(self, key: str, value: object) -> Mapping[str, str]:
        """Return environment variables."""
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise self.wrong(key, 'a table of strings: env = {NAME = "value"}')
        return dict(value)

    def ids(self, key: str, value: object) -> tuple[str, ...]:
        """Return a list of rules and topics, all of them known."""
        names = self.texts(key, value)
        for name in names:
            if name not in _names():
                near = nearest(name, _names())
                hint = f"did you mean {near}?" if near else "`batten rules` lists them"
                raise BattenError(f"{self.file}: {key} names no rule or topic: {name}", hint=hint)
        return names

    def ignores(self, key: str, value: object) -> tuple[tuple[str, ...], tuple[Ignore, ...]]:
        """Return the rules to leave out, and the findings that are accepted with a reason."""
        if not isinstance(value, list) or not all(isinstance(item, (str, dict)) for item in value):
            raise self.wrong(key, "a list of rule ids and of tables with rule and reason")
        lines = self.lines()
        ids = self.ids(key, [item for item in value if isinstance(item, str)])
        tables = [item for item in value if isinstance(item, dict)]
        places = [Location(file=self.shown, line=next(lines, None)) for _ in tables]
        return ids, tuple(ignore_from(table, known=_names(), at=at) for table, at in zip(tables, places, strict=True))

    def lines(self) -> Iterator[int]:
        """Yield the line of each table of ignores, in the order of the file."""
        for number, line in enumerate(self.text.splitlines(), start=1):
            if line.replace(" ", "").partition("#")[0] in ("[[tool.batten.ignore]]", "[[ignore]]"):
                yield number


def _names() -> Collection[str]:
    """Return every name that stands for rules."""
    return {name for rule in all_rules() for name in (rule.id, rule.topic, *rule.aliases)}


_BEST = 100
