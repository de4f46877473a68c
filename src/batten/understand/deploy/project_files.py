"""Reads what a project lists for itself: pyproject.toml, Pipfile, setup.cfg, setup.py, conda's environment.yml."""

from __future__ import annotations

import ast
import posixpath
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from batten.model.data import dataclass
from batten.understand.deploy.requirement_lines import Requirement, normal, requirement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

DEVELOPMENT = re.compile(
    r"(?:^|[-_.])(?:dev|develop\w*|tests?|testing|lint\w*|docs?|ci|typing|types|format\w*|check\w*)(?:$|[-_.])",
    re.IGNORECASE,
)
"""Names of groups and extras that production does without."""
_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?")
_KEY = re.compile(r"\s*[\"']?([\w.-]+)[\"']?\s*=")


@dataclass(frozen=True, slots=True)
class Listed:
    """One requirement of a project."""

    asked: Requirement
    group: str = ""
    """Empty: always; the name of a group (`dev`), `extra:NAME` of an extra, `optional:NAME` of an optional group."""


@dataclass(frozen=True, slots=True)
class Index:
    """A place that distributions are fetched from."""

    url: str
    line: int
    how: str
    """`index`, `extra` (asked besides another), `explicit` (only for what names it)."""
    is_verified: bool = True
    """TLS certificates are checked."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a project says of what it needs."""

    name: str = ""
    listed: tuple[Listed, ...] = ()
    python: tuple[str, int] | None = None
    """Which versions of Python it is made for, and the line."""
    files: tuple[str, ...] = ()
    """Requirements files that it reads its own from."""
    indexes: tuple[Index, ...] = ()
    default_groups: tuple[str, ...] = ("dev",)
    """Groups that a plain `uv sync` installs as well."""
    error: str = ""

    @property
    def groups(self) -> frozenset[str]:
        """The groups that it names."""
        return frozenset(one.group for one in self.listed if one.group)


def read(path: str, text: str) -> Manifest | None:
    """Return what a manifest says; None where the file is none."""
    reader = _READERS.get(posixpath.basename(path).lower())
    return reader(text) if reader is not None else None


@lru_cache(maxsize=64)
def toml(text: str) -> dict[str, Any]:
    """Return a TOML file's tables, to be read only.

    Raises:
        ValueError: it is not valid.
    """
    import tomllib  # noqa: PLC0415 - only where there is such a file

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        message = "it is nested too deeply"
        raise ValueError(message) from error


class Places:
    """Which line of a TOML file writes a key, or a text."""

    def __init__(self, text: str) -> None:
        """Look at each line once."""
        self._keys: dict[tuple[str, str], int] = {}
        self._texts: dict[str, int] = {}
        self.headers: dict[str, list[int]] = {}
        section = ""
        for number, row in enumerate(text.split("\n"), 1):
            header = _HEADER.match(row)
            if header is not None and "=" not in row.partition("]")[0]:
                section = header[1].replace('"', "").replace(" ", "")
                self.headers.setdefault(section, []).append(number)
                continue
            key = _KEY.match(row)
            if key is not None:
                self._keys.setdefault((section, key[1]), number)
            if '"' in row or "'" in row:
                for found in re.findall(r"\"([^\"\\]*)\"|'([^']*)'", row):
                    self._texts.setdefault(found[0] or found[1], number)

    def key(self, section: str, name: str) -> int:
        """Return the line of a key in a table, else of the table, else the first."""
        return self._keys.get((section, name)) or next(iter(self.headers.get(section, ())), 1)

    def text(self, written: str, section: str = "", name: str = "") -> int:
        """Return the line of a text, else of the key that holds it."""
        return self._texts.get(written) or self.key(section, name)


def table(value: object) -> dict[str, Any]:
    """Return a table, an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


@lru_cache(maxsize=64)
def _pyproject(text: str) -> Manifest:
    try:
        data = toml(text)
    except ValueError as error:
        return Manifest(error=f"it is not valid TOML: {error}")
    places = Places(text)
    project, tool = table(data.get("project")), table(data.get("tool"))
    poetry, uv = table(tool.get("poetry")), table(tool.get("uv"))
    listed = [*_listed(_texts(project.get("dependencies")), places, "project", "dependencies")]
    for name, given in table(project.get("optional-dependencies")).items():
        listed += _listed(_texts(given), places, "project.optional-dependencies", name, f"extra:{name}")
    groups = table(data.get("dependency-groups"))
    for name in groups:
        listed += _listed(_group(groups, name), places, "dependency-groups", name, name)
    listed += _listed(_texts(uv.get("dev-dependencies")), places, "tool.uv", "dev-dependencies", "dev")
    for name, given in table(table(tool.get("pdm")).get("dev-dependencies")).items():
        listed += _listed(_texts(given), places, "tool.pdm.dev-dependencies", name, name)
    listed += _poetry(poetry, places)
    python, at = project.get("requires-python"), places.key("project", "requires-python")
    if not isinstance(python, str):
        python = table(poetry.get("dependencies")).get("python")
        at = places.key("tool.poetry.dependencies", "python")
    dynamic = table(table(table(tool.get("setuptools")).get("dynamic")).get("dependencies")).get("file")
    files = [dynamic] if isinstance(dynamic, str) else _texts(dynamic)
    hatch = table(table(table(table(tool.get("hatch")).get("metadata")).get("hooks")).get("requirements_txt"))
    named = project.get("name") or poetry.get("name")
    default = uv.get("default-groups")
    return Manifest(
        name=normal(named) if isinstance(named, str) else "",
        listed=tuple(listed),
        python=(python, at) if isinstance(python, str) else None,
        files=(*files, *_texts(hatch.get("files"))),
        indexes=tuple(_indexes(tool, places)),
        default_groups=tuple(_texts(default)) if isinstance(default, list) else ("dev",),
    )


def _listed(texts: Iterable[str], places: Places, section: str, name: str, group: str = "") -> Iterator[Listed]:
    for text in texts:
        found = requirement(text, places.text(text, section, name))
        if found is not None:
            yield Listed(found, group)


def _group(groups: Mapping[str, Any], name: str, depth: int = 0) -> list[str]:
    """Return the requirements of a group, with those of the groups that it includes (PEP 735)."""
    given, found = groups.get(name), list[str]()
    for one in given if isinstance(given, list) and depth < len(groups) and depth < _DEEPEST else ():
        other = table(one).get("include-group")
        found += [one] if isinstance(one, str) else _group(groups, other, depth + 1) if isinstance(other, str) else []
    return found


_DEEPEST = 8


def _poetry(poetry: dict[str, Any], places: Places) -> Iterator[Listed]:
    yield from _rows(poetry.get("dependencies"), places, "tool.poetry.dependencies", "")
    yield from _rows(poetry.get("dev-dependencies"), places, "tool.poetry.dev-dependencies", "dev")
    for name, given in table(poetry.get("group")).items():
        section = f"tool.poetry.group.{name}.dependencies"
        optional = "optional:" if table(given).get("optional") is True else ""
        yield from _rows(table(given).get("dependencies"), places, section, f"{optional}{name}")


def _rows(given: object, places: Places, section: str, group: str) -> Iterator[Listed]:
    """Yield the requirements of a table of Poetry or Pipenv: a name, and a version or what more is said."""
    for name, told in table(given).items():
        rows = told if isinstance(told, list) else [told]
        for row in rows[:1] if name != "python" else ():
            line = places.key(section, name)
            said = {"version": row} if isinstance(row, str) else table(row)
            extra = "extra:" if said.get("optional") is True else ""
            yield Listed(_row(name, said, line), extra or group)


def _row(name: str, said: Mapping[str, Any], line: int) -> Requirement:
    found = Requirement(line, normal(name), marker=str(said.get("markers") or ""))
    for kind in ("git", "url", "path", "file"):
        if isinstance(said.get(kind), str):
            ref = said.get("rev") or said.get("tag") or said.get("ref") or said.get("branch")
            url = f"git+{said[kind]}" if kind == "git" else str(said[kind])
            return replace(found, url=f"{url}@{ref}" if kind == "git" and ref else url)
    version = said.get("version")
    text = version.strip() if isinstance(version, str) and version != "*" else ""
    text = re.sub(r"^[\^~](?!=)\s*", ">=", text)
    specifier = ("==" if text[:1].isdigit() else "") + re.sub(r"\s+", "", text)
    return replace(found, specifier=specifier)


def _indexes(tool: dict[str, Any], places: Places) -> Iterator[Index]:
    uv = table(tool.get("uv"))
    for kind, given, name in (
        ("tool.uv.index", uv.get("index"), "uv"),
        ("tool.poetry.source", table(tool.get("poetry")).get("source"), "poetry"),
        ("tool.pdm.source", table(tool.get("pdm")).get("source"), "pdm"),
    ):
        rows = given if isinstance(given, list) else []
        for row in rows:
            url = table(row).get("url")
            if isinstance(url, str):
                is_explicit = table(row).get("explicit") is True or table(row).get("priority") == "explicit"
                verified = table(row).get("verify_ssl") is not False
                # Only PDM asks all its sources alike; uv and Poetry take the first that knows the name.
                how = "explicit" if is_explicit else "extra" if name == "pdm" and row is not rows[0] else "index"
                yield Index(url, places.text(url, kind), how, verified)
    for key in ("index-url", "extra-index-url"):
        for url in [uv[key]] if isinstance(uv.get(key), str) else _texts(uv.get(key)):
            yield Index(url, places.text(url, "tool.uv", key), "index")


@lru_cache(maxsize=16)
def _pipfile(text: str) -> Manifest:
    try:
        data = toml(text)
    except ValueError as error:
        return Manifest(error=f"it is not valid TOML: {error}")
    places = Places(text)
    listed = [*_rows(data.get("packages"), places, "packages", "")]
    listed += _rows(data.get("dev-packages"), places, "dev-packages", "dev")
    python = table(data.get("requires"))
    version = python.get("python_full_version") or python.get("python_version")
    indexes = [
        Index(row["url"], places.text(row["url"], "source"), "index", row.get("verify_ssl") is not False)
        for row in data.get("source", ())
        if isinstance(table(row).get("url"), str)
    ]
    line = places.key("requires", "python_version")
    return Manifest(listed=tuple(listed), python=(f"=={version}.*", line) if version else None, indexes=tuple(indexes))


def _setup_cfg(text: str) -> Manifest:
    match = re.search(r"^install_requires\s*=((?:[^\n]*(?:\n[ \t]+[^\n]*)*))", text, re.MULTILINE)
    listed: list[Listed] = []
    if match is not None:
        first = text.count("\n", 0, match.start(1)) + 1
        for number, row in enumerate(match[1].split("\n"), first):
            found = requirement(re.sub(r"(?:^|\s)#.*", "", row), number)
            listed += [Listed(found)] if found is not None else []
    python = re.search(r"^python_requires\s*=\s*(\S[^\n]*)", text, re.MULTILINE)
    return Manifest(
        listed=tuple(listed),
        python=(python[1].strip(), text.count("\n", 0, python.start()) + 1) if python is not None else None,
    )


@lru_cache(maxsize=16)
def _setup_py(text: str) -> Manifest:
    """Return what `setup(…)` is given where it is written as literals."""
    if "install_requires" not in text and "python_requires" not in text:
        return Manifest()
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Manifest()
    listed, python = list[Listed](), None
    for node in ast.walk(tree):
        if not isinstance(node, ast.keyword):
            continue
        if node.arg == "install_requires" and isinstance(node.value, ast.List) and not listed:
            texts = [e for e in node.value.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
            listed = [Listed(found) for e in texts if (found := requirement(str(e.value), e.lineno)) is not None]
        if node.arg == "python_requires" and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            python = node.value.value, node.value.lineno
    return Manifest(listed=tuple(listed), python=python)


_READERS: Mapping[str, Callable[[str], Manifest]] = {
    "pyproject.toml": _pyproject,
    "pipfile": _pipfile,
    "setup.cfg": _setup_cfg,
    "setup.py": _setup_py,
}
