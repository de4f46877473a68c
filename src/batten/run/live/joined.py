"""Joins what a visitor saw with the code that makes it so: the live finding gets the line that has to be mended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from batten.model import AppSummary, Finding, Location, Value


@dataclass(frozen=True, slots=True)
class Explained:
    """What the static audit of the project behind a site says."""

    findings: tuple[Finding, ...] = ()
    apps: tuple[AppSummary, ...] = ()
    inputs: tuple[str, ...] = ()

    @property
    def is_of_several(self) -> bool:
        """Whether the project has several apps, so that nobody can tell which one answered."""
        return len({(app.name, app.root) for app in self.apps}) > 1


def joined(live: Iterable[Finding], explained: Explained) -> tuple[Finding, ...]:
    """Return the live findings; each that the project explains stands at the file and line that make it so.

    In a project of several apps nothing is joined.
    """
    if explained.is_of_several:
        return tuple(live)
    return tuple(_with_static(finding, explained) for finding in live)


def _with_static(finding: Finding, explained: Explained) -> Finding:
    found = twin(finding, explained.findings)
    if found is not None:
        return replace(
            finding,
            at=_both(found.at, finding.at),
            evidence=(*found.evidence, *finding.evidence),
            fix=found.fix or finding.fix,
        )
    value = _setting(finding, explained.apps)
    if value is not None and value.at is not None and value.at.file is not None:
        return replace(finding, at=_both(value.at, finding.at), evidence=(*value.evidence, *finding.evidence))
    return finding


def twin(finding: Finding, static: Sequence[Finding]) -> Finding | None:
    """Return the static finding of the same fault: of the same rule and symbol, or the only one of its rule."""
    alike = [one for one in static if one.rule == finding.rule]
    same = [one for one in alike if one.symbol == finding.symbol]
    found = same or (alike if len(alike) == 1 else [])
    return found[0] if found and found[0].at.file is not None else None


def _setting(finding: Finding, apps: Sequence[AppSummary]) -> Value | None:
    """Return the setting of the one app that decides what was seen: `header.x-frame-options`, `DEBUG`."""
    if len(apps) != 1 or not finding.symbol:
        return None
    settings = apps[0].settings
    return settings.get(f"header.{finding.symbol}") or settings.get(finding.symbol)


def _both(file: Location, url: Location) -> Location:
    return replace(file, url=url.url)
