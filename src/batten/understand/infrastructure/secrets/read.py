"""Looks for secrets in the files of the repository that nothing else reads for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.understand.code_subjects import Login
from batten.understand.committed import stays_outside
from batten.understand.deploy.candidates import aside
from batten.understand.infrastructure.secrets import files, keys, slots, tokens
from batten.understand.infrastructure.secrets.nouns import Held, SecretFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.ground import Ground
    from batten.understand.infrastructure.secrets.nouns import Slot

_TELLERS = frozenset(("Handed", "Kept", "CloudSecret", "CiVariable", "Login"))
"""Parts that tell a secret at its place themselves."""
_READ_BY_OTHERS = ("recipes", "terraform", "tfvars", "tfstate", "workflow", "gitlab")
"""Kinds of files whose secrets their own rules judge, by all that they say."""


def read(ground: Ground) -> Iterator[object]:
    """Yield the secrets, and the files that hold them."""
    sources, seen = ground.reading.sources, 0
    told = set(_told(ground))
    texts = {getattr(part, "text", "") for part in ground.parts if type(part).__name__ == "Handed"}
    others = {path for kind in _READ_BY_OTHERS for path in ground.files.get(kind, ())}
    if ground.joined is not None:
        others |= {*ground.joined.found.compose, *ground.joined.found.platform}
    for path in sources.files():
        if not files.is_looked_at(path):
            continue
        seen += 1
        if seen > files.MOST_FILES:
            ground.reading.unsure(".", f"secrets were looked for in {files.MOST_FILES:,} files, and in no more")
            return
        data = sources.raw(path, files.LARGEST)
        for part in _in_file(ground, path, data, told, is_judged=path in others) if data else ():
            untold = _untold(part, texts) if isinstance(part, SecretFile) else part
            if untold is not None:
                yield untold


def _in_file(
    ground: Ground, path: str, data: bytes, told: set[tuple[str | None, int | None]], *, is_judged: bool
) -> Iterator[object]:
    """Yield what one file holds; whether git has the file is asked only where it holds something."""
    found: list[tokens.Found | keys.Found] = []
    held: list[Slot] = []
    if not is_judged:
        found += [*tokens.read(path, data, ground.today), *keys.read(path, data)]
        held = _slots(path, data)
    found = [one for one in found if (path, one.at.line) not in told]
    lines = {one.at.line for one in found}
    held = [one for one in held if (path, one.at.line) not in told and one.at.line not in lines]
    state = _held(ground, path) if found or held else None
    if state is None:
        return
    yield from (one.made(state) for one in found)
    if held:
        yield SecretFile(path, "env" if files.is_env(path) else "config", tuple(held), state)


def _untold(file: SecretFile, texts: set[str]) -> SecretFile | None:
    """Return a file without the secrets that are told where a container gets the same text, None where none is left."""
    held = tuple(slot for slot in file.slots if slot.text not in texts)
    return replace(file, slots=held) if held else None


def _slots(path: str, data: bytes) -> list[Slot]:
    """Return the secrets that a file of settings writes beside their names; files for the desk are set aside."""
    is_env = files.is_env(path)
    if not (is_env or files.is_config(path)) or aside(path) is not None:
        return []
    text = data.decode(errors="replace").removeprefix("\ufeff")
    return list(slots.env(path, text) if is_env else slots.config(path, text))


def _held(ground: Ground, path: str) -> Held | None:
    """Return whether git has a file, None where it stays outside."""
    tracked = ground.reading.sources.tracked(path)
    if tracked:
        return Held.COMMITTED
    if stays_outside(ground.reading.sources, path):
        return None
    return Held.COMMITTED if tracked is None else Held.NEXT


def _told(ground: Ground) -> Iterator[tuple[str | None, int | None]]:
    """Yield the places whose secret something else tells: what an app signs and logs in with, what containers get."""
    for app in ground.seen.apps:
        values = [*(key.value for key in app.keys), *(one.value for one in app.credentials)]
        values += [one.secret for one in app.code if isinstance(one, Login)]
        for value in values:
            for case in value.cases():
                yield from ((seen.at.file, seen.at.line) for seen in case.evidence)
    for part in ground.parts:
        if type(part).__name__ in _TELLERS:
            at = getattr(part, "at", None)
            if at is not None:
                yield at.file, at.line
