"""The grade of a copy of the lab: it is started and audited like any project, and each finding is one door's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.collect.host.conversation import identify
from batten.collect.lab import ADDRESS
from batten.model import BattenError, Severity
from batten.model.lab import Grade, Tried
from batten.run.lab.doors import DOORS, REST, opened
from batten.run.request import Request
from batten.run.whole.audit import audit
from batten.run.whole.request import AuditRequest
from batten.understand.services.talk import Auth, Manners

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Report
    from batten.run.lab.stack import Stack

_INCOMPLETE = 4
_LOOKED_AT = ("app", "http")
_REQUESTS = 400
"""A probe of a shop of this size needs 150; a door must not stay untried because a learner added pages."""


def grade(stack: Stack, doing: Callable[[str], None] = lambda _: None) -> Grade:
    """Return which doors of a running copy are open, by the whole audit: its files evaluated, its site probed.

    Raises:
        BattenError: the shop runs, and was not answered for (code 4).
    """
    directory = stack.copy.directory
    terms = Request(target=directory, accepted=(), baseline=False)
    report = audit(AuditRequest(terms=terms, urls=(stack.url,), active=True, max_requests=_REQUESTS), doing=doing)
    _whole(report)
    found = opened(finding for finding in report.findings if finding.graded is not Severity.INFO)
    seen = {"redis": _redis(stack)}
    doors = (*DOORS, *([REST] if REST.name in found else []))
    tried = tuple(Tried(door, tuple(found.get(door.name, ())), seen.get(door.name, "")) for door in doors)
    notes = (f"Redis was judged by its files only: {stack.no_cache}",) if stack.no_cache else ()
    untried = tuple(f"{one.what}: {one.why}" for one in report.unsure if one.layer in _LOOKED_AT)
    return Grade(directory, tried, notes, untried)


def _whole(report: Report) -> None:
    """Do nothing where both halves were looked at: a door that nobody tried is not shut.

    Raises:
        BattenError: one was not.
    """
    for layer in _LOOKED_AT:
        state = report.layers[layer]
        if not state.startswith(("evaluated", "nothing found")):
            raise BattenError(f"the {layer} of this copy could not be looked at: {state}", code=_INCOMPLETE)


def _redis(stack: Stack) -> str:
    """Return what a Redis that lets in whoever asks says; empty where it asks for a password, or none runs."""
    if stack.cache_port is None:
        return ""
    spoken = identify(ADDRESS, stack.cache_port, Manners(logins=True)).spoken
    open_ways = (Auth.NONE, Auth.DEFAULT)
    return f"port {stack.cache_port}: {spoken.says}" if spoken is not None and spoken.auth in open_ways else ""
