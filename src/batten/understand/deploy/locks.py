"""Reads manifests (pyproject.toml, Pipfile, setup.cfg, setup.py) and lock files."""

from __future__ import annotations

import ast
import json
import posixpath
import re
from typing import TYPE_CHECKING, Any

from batten.model import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.deploy.reading import Reading

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def manifest(reading: Reading, path: str) -> list[str] | None:
    """Return the requirements that a manifest lists; None when the file is no manifest or lists none."""
    name = posixpath.basename(path).lower()
    if name == "pyproject.toml":
        return _pyproject(_toml(reading, path))
    if name == "pipfile":
        return _poetry(_table(_toml(reading, path).get("packages")))
    if name == "setup.cfg":
        return _setup_cfg(reading.text(path) or "")
    if name == "setup.py":
        return _setup_py(reading.text(path) or "")
    return None


def locked(reading: Reading, path: str, direct: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield name and version of what a lock file installs for the direct requirements."""
    name = posixpath.basename(path).lower()
    if name == "pipfile.lock":
        for package, told in _table(_json(reading, path).get("default")).items():
            version = _table(told).get("version")
            if isinstance(version, str) and version.startswith("=="):
                yield package, version[2:]
        return
    if name not in ("uv.lock", "poetry.lock", "pdm.lock"):
        return
    packages = _toml(reading, path).get("package")
    graph: dict[str, dict[str, Any]] = {}
    for package in packages if isinstance(packages, list) else ():
        if isinstance(package, dict) and isinstance(package.get("name"), str):
            graph[_normal(package["name"])] = package
    waiting = [_normal(one) for one in direct if _normal(one) in graph] or list(graph)
    reached: set[str] = set()
    while waiting:
        one = waiting.pop()
        if one in reached or one not in graph:
            continue
        reached.add(one)
        waiting += _needs(graph[one].get("dependencies"))
        version = graph[one].get("version")
        if isinstance(version, str):
            yield one, version


def _needs(dependencies: object) -> list[str]:
    """Return the names in a lock's dependencies: a table, or a list of tables or of texts."""
    found: list[str] = []
    for item in dependencies if isinstance(dependencies, list | dict) else ():
        name = item.get("name") if isinstance(item, dict) else item
        match = _NAME.match(name) if isinstance(name, str) else None
        if match is not None:
            found.append(_normal(match.group()))
    return found


def _pyproject(data: dict[str, Any]) -> list[str] | None:
    listed = _table(data.get("project")).get("dependencies")
    poetry = _table(_table(_table(data.get("tool")).get("poetry")).get("dependencies"))
    found = [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []
    found += _poetry({name: spec for name, spec in poetry.items() if name != "python"}) or []
    return found or None


def _poetry(table: dict[str, Any]) -> list[str] | None:
    """Return Poetry's or Pipenv's table of requirements as PEP 508 texts; `^` and `~` as `>=`."""
    found: list[str] = []
    for name, told in table.items():
        version = told if isinstance(told, str) else _table(told).get("version")
        if isinstance(told, dict) and told.get("optional") is True:
            continue
        text = version if isinstance(version, str) and version != "*" else ""
        text = re.sub(r"^[\^~](?!=)", ">=", text.strip())
        found.append(f"{name}{'==' if text[:1].isdigit() else ''}{text}")
    return found or None


def _setup_cfg(text: str) -> list[str] | None:
    match = re.search(r"^install_requires\s*=((?:[^\n]*(?:\n[ \t]+[^\n]*)*))", text, re.MULTILINE)
    found = [line.strip() for line in match[1].split("\n") if line.strip()] if match else []
    return found or None


def _setup_py(text: str) -> list[str] | None:
    """Return `install_requires` of `setup(…)` where it is written as a list of strings."""
    if "install_requires" not in text:
        return None
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "install_requires" and isinstance(node.value, ast.List):
            found = [e.value for e in node.value.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
            return found or None
    return None


def _toml(reading: Reading, path: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only where such a file exists

    text = _lock_text(reading, path)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reading.unsure(path, f"it is not valid TOML: {error}", Location(file=path, line=1))
        return {}


def _json(reading: Reading, path: str) -> dict[str, Any]:
    try:
        return _table(json.loads(_lock_text(reading, path) or "{}"))
    except (ValueError, RecursionError) as error:
        reading.unsure(path, f"it is not valid JSON: {error}", Location(file=path, line=1))
        return {}


def _lock_text(reading: Reading, path: str) -> str:
    """Return a file's text; lock files are written by tools and may be larger than others."""
    text = reading.sources.read(path) if path.endswith(".lock") else reading.text(path)
    return (text or "").removeprefix("\ufeff").replace("\r\n", "\n")


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
