"""Traefik's settings under dotted names in lower case, each with its place, wherever they are written.

Traefik 3.1 `cmd/traefik`: a file, else flags, else the environment; the first that is there is all there is.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Any

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.deploy.yamltree import Items, Table, Text, documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.understand.deploy.reading import Reading, Word
    from batten.understand.deploy.yamltree import Node
    from batten.understand.infrastructure.nouns import Container

_MOST = 5_000
_DEEPEST = 20
_PREFIX = "TRAEFIK_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Dotted names in lower case to text and place."""

    each: dict[str, tuple[str, Location]] = field(default_factory=dict)

    def on(self, name: str) -> Location | None:
        """Return where a switch is turned on."""
        told = self.each.get(name)
        return told[1] if told is not None and told[0].lower() in ("true", "1", "t", "") else None

    def off(self, name: str) -> bool:
        """Return whether a switch is turned off, or hangs on something that is not known."""
        told = self.each.get(name)
        return told is not None and (told[0].lower() in ("false", "0", "f") or "$" in told[0])

    def below(self, name: str) -> Location | None:
        """Return the place of a section: the first of what is set in it."""
        return next((at for key, (_, at) in self.each.items() if key == name or key.startswith(f"{name}.")), None)

    def matching(self, pattern: str) -> Iterator[tuple[re.Match[str], str, Location]]:
        """Yield what is set under names that a pattern matches whole."""
        for key, (text, at) in self.each.items():
            match = re.fullmatch(pattern, key)
            if match is not None:
                yield match, text, at


def of_file(reading: Reading, path: str) -> Settings:
    """Return the settings of a file in YAML or TOML."""
    if path.endswith(".toml"):
        return Settings(dict(_toml(reading, path)))
    found: dict[str, tuple[str, Location]] = {}
    for document in documents(reading, path):
        for name, text, line in _walk(document, "", 0):
            if len(found) < _MOST:
                found[name] = (text, Location(file=path, line=line))
    return Settings(found)


def _walk(node: Node, prefix: str, depth: int) -> Iterator[tuple[str, str, int]]:
    if depth > _DEEPEST:
        return
    if isinstance(node, Table):
        if not node.pairs and prefix:
            yield prefix, "", node.line
        for key, value in node.pairs:
            name = f"{prefix}.{key.text}".lower() if prefix else key.text.lower()
            if isinstance(value, Text) and value.is_null:
                yield name, "", key.line
            else:
                yield from _walk(value, name, depth + 1)
    elif isinstance(node, Items):
        for number, item in enumerate(node.items[:_MOST]):
            yield from _walk(item, f"{prefix}[{number}]", depth + 1)
    elif isinstance(node, Text):
        yield prefix, node.text, node.line


def _toml(reading: Reading, path: str) -> Iterator[tuple[str, tuple[str, Location]]]:
    import tomllib  # noqa: PLC0415 - only where there is such a file

    text = reading.text(path) or ""
    try:
        data: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reading.unsure(path, f"it is not valid TOML: {error}", Location(file=path, line=1))
        return
    lines = _lines(text)
    stack: list[tuple[str, Any, int]] = [("", data, 1)]
    told = 0
    while stack and told < _MOST:
        name, value, above = stack.pop()
        line = lines.get(name, above)
        if isinstance(value, dict) and (value or not name):
            stack += [(f"{name}.{key}".lower() if name else key.lower(), v, line) for key, v in reversed(value.items())]
        elif isinstance(value, list):
            stack += [(f"{name}[{number}]", v, line) for number, v in reversed(list(enumerate(value)))]
        else:
            told += 1
            shown = "" if isinstance(value, dict) else str(value).lower() if isinstance(value, bool) else str(value)
            yield name, (shown, Location(file=path, line=line))


def _lines(text: str) -> dict[str, int]:
    """Return the line of each key, by its dotted name."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), start=1):
        head = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line)
        key = re.match(r"""\s*([\w."'-]+)\s*=""", line)
        if head is not None:
            table = re.sub(r"[\"'\s]", "", head[1]).lower()
            found.setdefault(table, number)
        elif key is not None:
            name = re.sub(r"[\"']", "", key[1]).lower()
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found


def of_flags(words: Sequence[Word]) -> Settings:
    """Return the settings that a command gives: `--api.insecure`, `--providers.docker=true`."""
    found: dict[str, tuple[str, Location]] = {}
    for position, word in enumerate(words):
        if not word.text.startswith("--"):
            continue
        name, equals, value = word.text[2:].partition("=")
        after = words[position + 1].text if position + 1 < len(words) else "-"
        if not equals and not after.startswith("-") and not _is_program(after):
            value = after
        found[name.lower()] = (value, word.at)
    return Settings(found)


def _is_program(text: str) -> bool:
    return text == "traefik" or text.endswith("/traefik")


def of_environment(container: Container) -> Settings:
    """Return the settings of variables: `TRAEFIK_API_INSECURE`."""
    return Settings(
        {
            name.removeprefix(_PREFIX).lower().replace("_", "."): (variable.value or "$", variable.at)
            for name, variable in container.env.items()
            if name.startswith(_PREFIX)
        }
    )


def labels(told: Sequence[tuple[str, str, Location]]) -> Settings:
    """Return the settings of labels without their first word: `http.routers.web.rule`."""
    return Settings(
        {
            name.lower().removeprefix("traefik."): (text, at)
            for name, text, at in told
            if name.lower().startswith("traefik.")
        }
    )
