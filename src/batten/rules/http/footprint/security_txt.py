"""Nobody is named who wants to hear of a hole.

Whoever finds one by chance looks for `/.well-known/security.txt`. Without it the report goes to a sales address, or to
the public.

Shown to auditors only. Silent when the file names a contact, and when it could not be asked for.

Fix: serve `Contact: mailto:security@shop.example.com` and `Expires: 2027-12-31T00:00:00Z` there as text/plain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, rule
from batten.rules.samples import served, shown
from batten.understand.answers.footprint import Footprint
from batten.understand.answers.site import Site, parts_of, seen

if TYPE_CHECKING:
    from collections.abc import Iterator


URL = "/.well-known/security.txt"


@rule(
    id="footprint/security-txt",
    severity=Severity.INFO,
    cwe=1059,
    over=Site,
    persona="auditor",
    sources=["RFC 9116"],
    bad=[Bad("not there", answers={"GET /": shown(), f"GET {URL} # <- here": served("", status="404 Not Found")})],
    good=[
        Good("there", answers={"GET /": shown(), f"GET {URL}": served("Contact: mailto:security@shop.example.com\n")}),
        Good("behind a login", answers={"GET /": shown(), f"GET {URL}": served("", status="401 Unauthorized")}),
    ],
)
def nobody_named(site: Site) -> Iterator[Finding]:
    """Yield a finding when a plain no came back for security.txt."""
    for part in parts_of(site, Footprint):
        if part.security is None and part.absent is not None:
            yield Finding(
                at=Location(url=part.absent.url),
                says="no security.txt names whom to tell of a hole",
                evidence=(seen(part.absent, f"answered {part.absent.status}"),),
                fix=Fix("Serve `/.well-known/security.txt` with a Contact and an Expires line."),
                symbol="security.txt",
            )
