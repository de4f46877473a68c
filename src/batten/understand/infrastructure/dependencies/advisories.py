"""What is publicly known of versions: the data that Batten carries, and the form that any other source has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from batten.understand.deploy.requirement_lines import normal
from batten.understand.infrastructure.dependencies.cvss import base_score
from batten.understand.infrastructure.dependencies.nouns import Advisory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from packaging.version import Version

_DATA = "advisories.json.xz"


class Package(NamedTuple):
    """A distribution in one version, which is what is asked about."""

    name: str
    """As PEP 503 writes it."""
    version: str


class Skipped(NamedTuple):
    """The answer where nothing could be looked up."""

    why: str


class Service(Protocol):
    """A source of advisories, in the shape of pip-audit's `VulnerabilityService`: what is skipped has a reason."""

    @property
    def name(self) -> str:
        """What the reader calls it, with its date where it has one."""

    @property
    def date(self) -> str:
        """The day of its data (ISO 8601), empty where it is asked live."""

    def query_all(self, packages: Iterable[Package]) -> Iterator[tuple[Package, tuple[Advisory, ...] | Skipped]]:
        """Yield each package with what is known of it."""


class Offline:
    """The PyPA advisory database as it was on one day: a part of the distribution, read when it is asked."""

    def __init__(self) -> None:
        """Read the data."""
        import lzma  # noqa: PLC0415 - only where a version is pinned
        from pkgutil import get_data  # noqa: PLC0415 - likewise

        data = json.loads(lzma.decompress(get_data(__package__, _DATA) or b""))
        self.date: str = data["date"]
        self.name = f"the PyPA advisory database of {self.date}"
        self._packages: dict[str, list[dict[str, Any]]] = {
            normal(name) if "." in name or "_" in name else name: rows for name, rows in data["packages"].items()
        }

    def query_all(self, packages: Iterable[Package]) -> Iterator[tuple[Package, tuple[Advisory, ...] | Skipped]]:
        """Yield each package with the advisories whose ranges hold its version (PEP 440)."""
        for package in packages:
            rows = self._packages.get(package.name)
            yield package, _matching(package.version, rows) if rows else ()


def _matching(text: str, rows: list[dict[str, Any]]) -> tuple[Advisory, ...] | Skipped:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - only where the data know the package

    try:
        version = Version(text)
    except InvalidVersion:
        return Skipped(f"{text} is not a version of PEP 440")
    found: dict[str, Advisory] = {}  # two entries of the database may be one CVE
    unread = ""
    for row in rows:
        if "withdrawn" in row:
            continue
        hit, fixed = text in row.get("versions", ()), ""
        for events in row["ranges"]:
            try:
                inside, until = _inside(version, events, Version)
            except InvalidVersion:
                unread = f"{_id(row)} names its versions in a way that PEP 440 does not know"
                continue
            hit, fixed = hit or inside, until if inside else fixed
        if hit:
            found[_id(row)] = Advisory(_id(row), fixed, _score(row))
    return Skipped(unread) if unread and not found else tuple(found.values())


def _inside(version: Version, events: list[dict[str, str]], read: type[Version]) -> tuple[bool, str]:
    """Return whether a version lies in a range of OSV's schema, and the version that ends it.

    OSV schema 1.6, Evaluation: the events in the order of their versions, each
    turns it on or off.
    """
    rows = [(read(text), kind, text) for event in events for kind, text in event.items()]
    hit = False
    for at, kind, text in sorted(rows, key=lambda row: (row[0], row[1] == "introduced")):
        if kind == "introduced":
            hit = hit or text == "0" or version >= at
        elif hit and (version < at or (kind == "last_affected" and version == at)):
            return True, text if kind == "fixed" else ""
        else:
            hit = False if kind == "last_affected" and version > at else hit and version < at
    return hit, ""


def _id(row: dict[str, Any]) -> str:
    cves = [alias for alias in row.get("aliases", ()) if alias.startswith("CVE-")]
    return cves[0] if cves else str(row["id"])


def _score(row: dict[str, Any]) -> float | None:
    scores = [score for vector in row.get("severity", ()) if (score := base_score(vector)) is not None]
    return max(scores, default=None)
