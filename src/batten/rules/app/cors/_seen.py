"""What a site's answers say to pages of other origins, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Evidence, Finding, Fix, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.model import Severity
    from batten.understand.answers.sharing import Sharing

_SHOWN = 3
ANY = ("Access-Control-Allow-Origin: {origin}",)
"""An answer of an example: it allows whoever asks."""
WITH_COOKIES = (*ANY, "Access-Control-Allow-Credentials: true")


def told(answers: Sequence[Sharing], says: str, fix: str, symbol: str, severity: Severity) -> Iterator[Finding]:
    """Yield the finding about an address that lets other origins read; `answers` show it."""
    evidence = tuple(
        Evidence(Location(url=one.url), f"answered Origin: {one.sent} with Access-Control-Allow-Origin:", _value(one))
        for one in answers
    )[:_SHOWN]
    yield Finding(Location(url=answers[0].url), says, evidence, severity=severity, fix=Fix(fix), symbol=symbol)


def _value(one: Sharing) -> str:
    allowed = ", ".join(one.allowed)
    return f"{allowed}; Access-Control-Allow-Credentials: {one.credentials}" if one.credentials else allowed
