"""Commands that the project declares (`[project.scripts]`, `console_scripts`): each is a function of its code."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from batten.understand.assumed import set_aside

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from batten.understand.sources import Sources
    from batten.understand.stack import Unit

_FUNCTION = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*)\s*:\s*([A-Za-z_]\w*(?:\.\w+)*)")
_ERRORS = (ValueError, SyntaxError, RecursionError, MemoryError, configparser.Error)


def units(sources: Sources, stack: Sequence[Unit], known: Collection[str]) -> list[Unit]:
    """Return the units whose program is such a command, as starts of `module:function`."""
    asked = {unit.start.server for unit in stack} - {*known, ""}
    if not asked:
        return []
    functions = _declared(sources)
    return [
        replace(unit, start=replace(unit.start, server="python", target=functions[unit.start.server], is_module=True))
        for unit in stack
        if unit.start.server in asked and functions.get(unit.start.server)
    ]


def is_function(unit: Unit) -> bool:
    """Return whether a unit starts a function of a module."""
    return unit.start.server == "python" and unit.start.is_module and ":" in unit.start.target


def _declared(sources: Sources) -> dict[str, str]:
    """Return the commands of the repository's own distributions; one that two declare differently is empty."""
    readers = {"pyproject.toml": _of_toml, "setup.cfg": _of_cfg, "setup.py": _of_setup}
    found: dict[str, str] = {}
    for path in sources.files():
        reader = readers.get(path.rpartition("/")[2])
        text = sources.read(path) if reader is not None and not set_aside(path.rpartition("/")[0]) else None
        if reader is None or not text:
            continue
        try:
            pairs = list(reader(text))
        except _ERRORS:
            continue
        for name, target in pairs:
            match = _FUNCTION.match(target.strip())
            if match is not None:
                function = f"{match[1]}:{match[2]}"
                found[name.strip()] = function if found.get(name.strip(), function) == function else ""
    return found


def _of_toml(text: str) -> Iterator[tuple[str, str]]:
    """Read PEP 621's table, and Poetry's (1.8), whose entries may be tables too."""
    project = tomllib.loads(text)
    for keys in (("project", "scripts"), ("tool", "poetry", "scripts")):
        table: Any = project
        for key in keys:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        for name, target in table.items() if isinstance(table, dict) else ():
            held = target.get("reference") or target.get("callable") if isinstance(target, dict) else target
            if isinstance(held, str):
                yield name, held


def _of_cfg(text: str) -> Iterator[tuple[str, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    if parser.has_section("options.entry_points"):
        yield from _lines(parser.get("options.entry_points", "console_scripts", fallback=""))


def _of_setup(text: str) -> Iterator[tuple[str, str]]:
    """Read `entry_points={"console_scripts": [...]}`, or the same as the text of an INI file."""
    for node in ast.walk(ast.parse(text)):
        for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
            if isinstance(key, ast.Constant) and key.value == "console_scripts":
                for part in ast.walk(value):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield from _lines(part.value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "[console_scripts]" in node.value:
            yield from _lines(node.value.partition("[console_scripts]")[2].partition("\n[")[0])


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, equals, target = line.partition("=")
        if equals:
            yield name, target
