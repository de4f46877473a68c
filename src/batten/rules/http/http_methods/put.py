"""Anyone may put files on the site.

Whoever may PUT a file may put a page with a script there, which runs with the rights of the site in every visitor's
browser; or a program, where the server runs what it finds.

Batten puts one small text under a name that cannot be there, gets it, and takes it away again with DELETE; only on this
machine, or with `--active`. What could not be taken away is said.

Silent when the file is not there afterwards: many sites answer 200 to everything.

Fix: in nginx take `dav_methods` out, in Apache `Dav On`; in an app put a login before the route.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, rule
from batten.rules.samples import served, shown
from batten.understand.answers.methods import SeenPut
from batten.understand.answers.site import Site, parts_of, seen

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "4003caff1d6c"
"""What Batten makes up for this site."""
URL = f"/batten-{MARK}.txt"


@rule(
    id="http-methods/put",
    severity=Severity.HIGH,
    cwe=749,
    over=Site,
    sources=["RFC 9110 section 9.3.4", "OWASP WSTG-CONF-06, Test HTTP Methods"],
    bad=[
        Bad(
            "put, and there",
            answers={
                "GET /": shown(),
                f"PUT {URL} # <- here": served("", status="201 Created"),
                f"GET {URL}": served(MARK),
            },
        )
    ],
    good=[
        Good("a page for everything", answers={"GET *": shown(), "PUT *": shown()}),
        Good("created, but not there", answers={"GET /": shown(), "PUT *": served("", status="201 Created")}),
        Good("refused", answers={"GET /": shown(), "PUT *": served("", status="405 Method Not Allowed")}),
    ],
)
def file_was_put(site: Site) -> Iterator[Finding]:
    """Yield a finding when a file that was put was there afterwards."""
    for part in parts_of(site, SeenPut):
        left = "; DELETE did not take it away, so it is still there" if part.is_left else ""
        yield Finding(
            at=Location(url=part.answer.url),
            says=f"anyone may put files on the site{left}",
            evidence=(
                seen(part.answer, f"answered {part.answer.status} to a PUT"),
                seen(part.held, "gave back what had been put"),
            ),
            fix=Fix("Refuse PUT, or put a login before it."),
            symbol="PUT",
        )
