"""Where production's distributions are fetched from: indexes in files, commands, images, and their certificates."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy.install_commands import installs
from batten.understand.deploy.locks import manifest_of
from batten.understand.deploy.requirement_lines import Option, lines
from batten.understand.infrastructure.dependencies.nouns import Source
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batten.understand.deploy.image import Stage
    from batten.understand.infrastructure.dependencies.nouns import Installed
    from batten.understand.infrastructure.ground import Ground

_OPTIONS = {
    "index-url": "index",
    "default-index": "index",
    "index": "index",
    "extra-index-url": "extra",
    "trusted-host": "trusted",
}
_VARIABLE = "PIP_EXTRA_INDEX_URL"
"""Of pip 25, in the environment of an image."""


def sources(ground: Ground, lists: Sequence[Installed], stages: Iterable[Stage]) -> Iterator[Source]:
    """Yield where production fetches from, each place once."""
    seen: set[tuple[str, str]] = set()
    for one in (*_files(ground, lists), *_commands(ground), *_variables(stages), *_projects(ground, lists)):
        if one.url and "$" not in one.url and (one.how, one.url) not in seen:
            seen.add((one.how, one.url))
            yield one


def _files(ground: Ground, lists: Sequence[Installed]) -> Iterator[Source]:
    for held in lists:
        if held.kind != "requirements":
            continue
        is_hashed = held.is_hashed and all(one.is_hashed for one in held.dependencies)
        for line in lines(ground.reading.text(held.path) or ""):
            if isinstance(line, Option) and line.name in _OPTIONS:
                at = Location(file=held.path, line=line.line)
                yield Source(line.value, at, _OPTIONS[line.name], f"--{line.name}", is_hashed)


def _commands(ground: Ground) -> Iterator[Source]:
    """Yield the further indexes that commands name; `image-source` tells what is not encrypted."""
    for text, at in ground.joined.installs if ground.joined is not None else ():
        for made in installs(text):
            for line in made.lines:
                # uv 0.9 takes the first index that knows a name, so that a further one is no confusion
                is_first = made.tool == "uv pip" and not made.has("--index-strategy")
                if isinstance(line, Option) and _OPTIONS.get(line.name) == "extra" and not is_first:
                    yield Source(line.value, at, "extra", f"--{line.name}", made.has("--require-hashes"))


def _variables(stages: Iterable[Stage]) -> Iterator[Source]:
    for stage in stages:
        variable = stage.env.get(_VARIABLE)
        if variable is not None:
            yield from (Source(url, variable.at, "extra", _VARIABLE) for url in (variable.value or "").split())


def _projects(ground: Ground, lists: Sequence[Installed]) -> Iterator[Source]:
    for held in lists:
        if held.kind != "project":
            continue
        folder = posixpath.dirname(held.path) or "."
        for name in ("pyproject.toml", "Pipfile"):
            path = join(folder, name)
            manifest = manifest_of(ground.reading, path) if path is not None else None
            for index in manifest.indexes if manifest is not None else ():
                at = Location(file=path, line=index.line)
                yield Source(index.url, at, index.how, "source", is_hashed=bool(held.lock))
                if not index.is_verified:
                    yield Source(index.url, at, "trusted", "verify_ssl = false", is_hashed=bool(held.lock))
