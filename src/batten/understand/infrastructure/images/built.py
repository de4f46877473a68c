"""Puts images together of the stages that they are built in: what each holds, and where it comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.committed import uncommitted
from batten.understand.deploy import dockerfile
from batten.understand.deploy.interpolation import sole_name
from batten.understand.infrastructure.images import bases, contents
from batten.understand.infrastructure.images.commands import commands
from batten.understand.infrastructure.images.leaks import leaks
from batten.understand.infrastructure.images.nouns import Base, Download, Held, Image, Setting, Taken
from batten.understand.infrastructure.images.running import runs_as
from batten.understand.infrastructure.images.unchecked import unchecked
from batten.understand.infrastructure.nouns import Container, DataStore
from batten.understand.infrastructure.secret_text import is_written, looks_real, names_secret
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.understand.deploy.image import Stage, Step
    from batten.understand.infrastructure.ground import Ground
    from batten.understand.stack import Variable

_URL = re.compile(r"(?:https?|git|ssh|ftp)://|git@", re.IGNORECASE)
_WRITTEN = re.compile(r"\$\{?\w+\}?/(?:[\w.-]+/)*[\w.-]+(?::[\w.-]+)?$")
"""Only the registry of an image is not known."""
_COMMIT = re.compile(r"#[0-9a-f]{40}(?::|$)")


class Builder:
    """Builds the images of a repository in the mind; a stage that several share is told with the first."""

    def __init__(self, ground: Ground, shipped: Sequence[Stage]) -> None:
        """Take the stages that are shipped."""
        self.ground = ground
        self.ships = {one.at for stage in shipped for one in stage.line()}
        self.done: set[Location] = set()
        """Stages whose parts were told with an image before."""
        self.begun: set[str | None] = set()
        """Files whose first arguments were told."""
        self.reading = ground.reading
        self.suspects: list[tuple[str, str]] | None = None
        self.held: dict[str, Held | None] = {}
        self.uncommitted = frozenset[str]()
        self.told = _told(ground)

    def image(self, stage: Stage, same: list[Stage]) -> Image:
        """Return the image of a stage; `same` is that stage in each way of building it."""
        path = stage.at.file or ""
        needed = [one for one in stage.needed() if one.at not in self.done]
        self.done |= {one.at for one in needed}
        containers = [c for c in self.ground.of(Container) if c.stage is not None and c.stage.at == stage.at]
        evidence = next((c.evidence for c in containers), ())
        settings = tuple(s for one in needed for s in self._settings(one))
        ran = tuple(c for one in needed for c in commands(_instructions(one), path, ships=one.at in self.ships))
        return Image(
            path if not stage.name or not containers else f"{path} ({stage.name})",
            path,
            stage.at,
            stage,
            runs_as(self.ground, stage, same, containers),
            tuple(base for one in needed for base in _bases(one, ships=one.at in self.ships)),
            settings,
            ran,
            tuple(t for one in needed for t in self._taken(one)),
            tuple(d for one in needed for d in _downloads(one)),
            tuple(unchecked(ran, settings)),
            tuple(leaks(ran)),
            tuple(port for one in needed if one.at in self.ships for port in _ports(one)),
            tuple(containers),
            evidence or (Evidence(stage.at, f"built from {path}"),),
        )

    def _settings(self, stage: Stage) -> Iterator[Setting]:
        steps = [(step, stage.at in self.ships) for step in stage.steps]
        if stage.at.file not in self.begun:
            self.begun.add(stage.at.file)
            steps = [*((step, False) for step in stage.header), *steps]
        taken = {variable.name for step, _ in steps for variable in step.variables if variable.says == "ARG"}
        for step, is_there in steps:
            written = {name: value for name, value, _ in dockerfile.pairs(step.instruction)} if step.variables else {}
            for variable in step.variables:
                name = sole_name(written.get(variable.name, "").strip("\"'")) or ""
                yield Setting(
                    variable.name,
                    variable.value,
                    variable.says,
                    variable.at,
                    is_there,
                    names_secret(variable.name),
                    _is_secret(variable, ships=is_there),
                    source=name if variable.says == "ENV" and name in taken else "",
                    told=(variable.at.file, variable.at.line) in self.told,
                )

    # What is copied from the context

    def _taken(self, stage: Stage) -> Iterator[Taken]:
        for step in stage.steps:
            if step.instruction.name not in ("COPY", "ADD") or not step.words:
                continue
            is_local = step.instruction.flag("from") is None
            at = Location(file=stage.at.file, line=step.instruction.line)
            held = [*self._held(step, stage), *(_missing(step, at) if is_local else ())]
            if held:
                text = f"{step.instruction.name} {step.instruction.text}"
                yield Taken(text, at, stage.at in self.ships, tuple(held))

    def _held(self, step: Step, stage: Stage) -> Iterator[Held]:
        if step.placed and self.suspects is None:
            self.suspects = contents.suspects(self.reading)
            self.uncommitted = uncommitted(self.reading.sources)
        ignored = frozenset(stage.ignored)
        for path, kind in self.suspects or ():
            if path not in ignored and any(_covers(source, path) for _, source in step.placed):
                if path not in self.held:
                    told = contents.held(self.reading, path, kind, committed=path not in self.uncommitted)
                    self.held[path] = told
                found = self.held[path]
                if found is not None:
                    yield found
        for _, source in step.placed:
            history = join(source, ".git/HEAD") or ""
            if history not in ignored and self.reading.sources.exists(history.removesuffix("/HEAD")):
                folder = history.removesuffix("/HEAD")
                yield Held(folder, "history", "the history of the repository", Location(file=folder), read=False)


def _missing(step: Step, at: Location) -> Iterator[Held]:
    """Yield what a copy names outright and the repository does not have: it is there where the image is built."""
    for source in step.words[:-1]:
        named = contents.kind_of(source) or contents.kind_of(step.words[-1])
        kind = None if _URL.match(source) or re.search(r"[*?\[$]", source) else named
        whole = join(source) if kind is not None else None
        if (
            kind is not None
            and whole is not None
            and not any(p == whole or p.endswith(f"/{whole}") for _, p in step.placed)
        ):
            yield Held(whole, kind, contents.NAMED[kind], at, committed=False, read=False, is_there=False)


def _is_secret(variable: Variable, *, ships: bool) -> bool:
    """Return whether a variable holds a secret; a stage that only builds gets many a word that stands for one."""
    text = variable.value
    return text is not None and is_written(variable.name, text) and (ships or looks_real(text))


def _covers(source: str, path: str) -> bool:
    return source in (".", path) or path.startswith(f"{source}/")


def _told(ground: Ground) -> frozenset[tuple[str | None, int | None]]:
    """Return the places of what apps and stores sign and log in with: rules on them tell of it."""
    found: set[tuple[str | None, int | None]] = set()
    for store in ground.of(DataStore):
        found |= {(login.at.file, login.at.line) for login in store.logins}
    for app in ground.seen.apps:
        values = [*(key.value for key in app.keys), *(credential.value for credential in app.credentials)]
        for value in values:
            for case in value.cases():
                found |= {(case.at.file, case.at.line)} if case.at is not None else set()
                found |= {(seen.at.file, seen.at.line) for seen in case.evidence if seen.at is not None}
    return frozenset(found)


def _instructions(stage: Stage) -> Iterator[dockerfile.Instruction]:
    return (step.instruction for step in stage.steps)


def _bases(stage: Stage, *, ships: bool) -> Iterator[Base]:
    if stage.parent is None:
        yield _base(stage.base, stage.at, known=stage.base_known, ships=ships)
    for step in stage.steps:
        for image in step.images:
            if "$" not in image and not image.isdigit():
                at = Location(file=stage.at.file, line=step.instruction.line)
                yield _base(image, at, ships=False)


def _base(image: str, at: Location, *, ships: bool, known: bool = True) -> Base:
    name, tag, digest = bases.parts(image)
    return Base(image, at, known or _WRITTEN.search(image) is not None, ships, name, tag, digest)


def _downloads(stage: Stage) -> Iterator[Download]:
    for step in stage.steps:
        if step.instruction.name != "ADD":
            continue
        checked = step.instruction.flag("checksum") is not None
        for source in step.words[:-1]:
            if _URL.match(source):
                at = Location(file=stage.at.file, line=step.instruction.line)
                yield Download(source, at, checked or _COMMIT.search(source) is not None)


def _ports(stage: Stage) -> Iterator[tuple[str, Location]]:
    for step in stage.steps:
        if step.instruction.name == "EXPOSE":
            at = Location(file=stage.at.file, line=step.instruction.line)
            yield from ((word, at) for word in step.instruction.text.split())
