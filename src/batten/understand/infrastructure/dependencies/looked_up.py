"""Looks up what production installs, and tells what was not: nothing found is worth what was looked at."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from batten.understand.infrastructure.dependencies.advisories import Offline, Package, Skipped
from batten.understand.infrastructure.dependencies.nouns import Vulnerable
from batten.understand.infrastructure.nouns import Examined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batten.model import Location
    from batten.understand.infrastructure.dependencies.advisories import Service
    from batten.understand.infrastructure.dependencies.nouns import Advisory, Dependency, Installed
    from batten.understand.infrastructure.ground import Ground

FRESH_DAYS = 30
_NAMED = 5
_UNKNOWN = 7.0
"""How an advisory without a score is ordered: as a high one."""
NOT_ASKED = "no version is decided in the repository"
ELSEWHERE = "it is not taken from an index, and advisories speak of versions"


def vulnerable(ground: Ground, lists: Sequence[Installed]) -> Iterator[Vulnerable | Examined]:
    """Yield what is installed in a version with known vulnerabilities; how much was looked up is told as a note."""
    known, unknown = _by_version(lists)
    doubts = {why: names for why, names in unknown.items() if names}
    service = _service(ground) if known else None
    done = 0
    for package, answer in service.query_all(known) if service is not None else ():
        if isinstance(answer, Skipped):
            doubts.setdefault(answer.why, []).append(package.name)
            continue
        done += 1
        if answer and service is not None:
            yield _vulnerable(known[package], answer, service.name)
    for why, names in doubts.items():
        ground.reading.unsure(f"known vulnerabilities of {listed(names)}", why, _place(lists, names))
    if done:
        yield Examined(("deps/vulnerable",))
    if service is not None:
        asked = len(known) + sum(map(len, unknown.values()))
        ground.notes.append(f"{done} of {asked} dependencies were looked up in {service.name}{_age(ground, service)}")
        if not done and not service.date:
            ground.states["dependencies"] = f"nothing could be looked up in {service.name}"


def _by_version(lists: Iterable[Installed]) -> tuple[dict[Package, Dependency], dict[str, list[str]]]:
    """Return what is installed by name and version, and the names of which no version is known, by reason."""
    known: dict[Package, Dependency] = {}
    names: dict[str, str] = {}
    for held in lists:
        for one in held.dependencies:
            if one.version and one.name and not one.url:
                package = Package(one.name, one.version.partition("+")[0].lstrip("v"))
                before = known.get(package)
                if before is None or (before.group and not one.group):
                    known[package] = one
            elif one.name and not one.group:
                names.setdefault(one.name, ELSEWHERE if one.url else NOT_ASKED)
    told = {package.name for package in known}
    return known, {
        why: [name for name, reason in names.items() if reason == why and name not in told]
        for why in (NOT_ASKED, ELSEWHERE)
    }


def _service(ground: Ground) -> Service | None:
    if ground.advisories is not None:
        return ground.advisories
    try:
        return Offline()
    except ImportError:
        why = "this Python was built without lzma, which the advisories are packed with"
        ground.reading.unsure("known vulnerabilities", why)
        return None


def _vulnerable(dependency: Dependency, advisories: Sequence[Advisory], source: str) -> Vulnerable:
    ordered = sorted(advisories, key=lambda one: (-(_UNKNOWN if one.score is None else one.score), one.id))
    return Vulnerable(dependency, tuple(ordered), source, _fixed([one.fixed for one in advisories]))


def _fixed(versions: Sequence[str]) -> str:
    """Return the first version that has none of the advisories that have an end."""
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - only where something is found

    try:
        return max(filter(None, versions), key=Version, default="")
    except InvalidVersion:
        return ""


def _age(ground: Ground, service: Service) -> str:
    """Return how old the data are, where that is more than a month."""
    if not service.date:
        return ""
    days = (ground.today - dt.date.fromisoformat(service.date)).days
    if days <= FRESH_DAYS:
        return ""
    return f", {days} days old: what was published since is not in it (`--advisories osv` asks OSV)"


def _place(lists: Iterable[Installed], names: Sequence[str]) -> Location | None:
    """Return where the first of the names stands."""
    return next((one.at for held in lists for one in held.dependencies if one.name == names[0]), None)


def listed(names: Sequence[str]) -> str:
    """Return names for a sentence: the first few, and how many more."""
    shown, more = names[:_NAMED], len(names) - _NAMED
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join((", ".join(shown[:-1]), shown[-1])) if len(shown) > 1 else "".join(shown)
