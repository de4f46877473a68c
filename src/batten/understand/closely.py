"""What only auditors are told: secrets that the code calls so, modules that never encrypt, what templates say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.understand import templates, unserved
from batten.understand.code_subjects import PlainImport, UnescapedBlock, WrittenSecret
from batten.understand.plain_imports import plain_imports
from batten.understand.written_secrets import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Location
    from batten.understand.apps import Understanding
    from batten.understand.sources import Sources
    from batten.understand.subjects import App


def look_closely(sources: Sources, seen: Understanding, only: str = "") -> None:
    """Add what only auditors are told to the apps of a project; `only` is the one file that was asked for."""
    found: list[WrittenSecret | PlainImport] = [*written(sources, seen.trees, only)]
    found += plain_imports(sources, seen.trees, only)
    for one in found:
        if not seen.apps:
            seen.apps.append(unserved.bare(sources, one.at))
        _give(seen, one, one.at, lambda _: True)
    if any(app.framework for app in seen.apps):
        for mark in templates.marks(sources):
            fits = _is_web if isinstance(mark, UnescapedBlock) else _is_django
            _give(seen, mark, mark.at, fits)


def _is_web(app: App) -> bool:
    return bool(app.framework)


def _is_django(app: App) -> bool:
    return app.framework == "django"


def _give(seen: Understanding, subject: object, at: Location, fits: Callable[[App], bool]) -> None:
    """Add a subject to that one of the apps in whose directory it stands, else to the first that fits."""

    def nearness(index: int) -> tuple[int, int]:
        root = seen.apps[index].root
        return (len(root) if (at.file or "").startswith(f"{root}/") else 0, -index)

    owner = max((index for index, app in enumerate(seen.apps) if fits(app)), key=nearness, default=None)
    if owner is not None:
        seen.apps[owner] = replace(seen.apps[owner], code=(*seen.apps[owner].code, subject))
