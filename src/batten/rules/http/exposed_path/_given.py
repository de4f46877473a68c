"""What the rules over exposed files share: one finding for all that a site gives away of one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Finding, Fix, Location
from batten.understand.answers.site import seen
from batten.understand.exposures.entries import Exposed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.site import Site


def given(site: Site, kind: str, effect: str, fix: str) -> Iterator[Finding]:
    """Yield a finding for each severity of what the site gives away of a kind, with every address as evidence."""
    held = [part for part in site.parts if isinstance(part, Exposed) and part.kind == kind]
    for severity in dict.fromkeys(part.severity for part in held):
        parts = [part for part in held if part.severity is severity]
        first = parts[0]
        more = f", and {len(parts) - 1} more of the kind" if len(parts) > 1 else ""
        yield Finding(
            at=Location(url=first.answer.url),
            says=f"{first.what} is served{more}: {effect}",
            evidence=tuple(seen(part.answer, f"answered 200: {part.line}") for part in parts),
            severity=severity,
            fix=Fix(fix),
            symbol=f"{kind} {first.what}",
        )
