"""Which stages a probe has, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.run.live.crawl import crawl
from batten.run.live.errors import debugger, errors
from batten.run.live.exposed import exposed, rarely_exposed
from batten.run.live.footprint import footprint
from batten.run.live.landing import landing
from batten.run.live.login import login
from batten.run.live.methods import methods
from batten.run.live.panels import panels
from batten.run.live.served import listings, sourcemaps, traversal
from batten.run.live.strangers import absent, crossed, hosts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from batten.run.live.scene import Plan, Scene, Stage


TOPICS: Mapping[str, Collection[str]] = {
    "paths": (
        "directory-listing",
        "docs-exposed",
        "exposed-path",
        "footprint",
        "http-methods",
        "served-files",
        "status-page",
    ),
    "errors": ("debug-mode", "verbose-errors"),
    "tls": ("server-tls",),
    "login": ("default-credentials",),
}
"""The topics of each part; what stands in none is of `headers`."""


def part_of(topic: str) -> str:
    """Return the part of a probe that gathers what a topic's live rules read."""
    return next((part for part, topics in TOPICS.items() if topic in topics), "headers")


def plan(only: Collection[str] = ()) -> Plan:
    """Return the phases; `only` names the parts that are wanted (`PARTS` of the request), empty means all."""

    def wanted(*parts: str, stages: tuple[Callable[[Scene], Stage], ...]) -> tuple[Callable[[Scene], Stage], ...]:
        return stages if not only or set(parts) & set(only) else ()

    walks = (
        *wanted("headers", "errors", "login", "paths", stages=(crawl,)),
        *wanted("headers", stages=(absent, hosts)),
    )
    asks = (
        *wanted("errors", stages=(debugger,)),
        *wanted("errors", "paths", stages=(panels,)),
        *wanted("paths", stages=(exposed, footprint, methods)),
    )
    fails = (*wanted("headers", stages=(crossed,)), *wanted("errors", stages=(errors,)))
    files = wanted("paths", stages=(listings, traversal, sourcemaps))
    last = wanted("paths", stages=(rarely_exposed,))
    return ((landing,), (*walks, *asks), files, fails, wanted("login", stages=(login,)), last)
