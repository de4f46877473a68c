"""The site lets in a login that everybody knows.

Programs try `admin` with `admin` on every login on the internet, all day. Whoever is let in does what the account
may: of an admin, everything.

Tried on this machine's own addresses, elsewhere with `--active` only: three pairs, after two logins that must fail,
and nothing more once an answer looks like a lock-out. Silent when the site turns each of them away; unsure when it
does not say plainly how it turns a visitor away.

Fix: change the password, and let no installation create an account with one that is written down: ask for a strong
one at set-up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, rule
from batten.rules.samples import served, shown
from batten.understand.answers.logins import Taken
from batten.understand.answers.site import seen

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKS = served("login", "text/plain", 'WWW-Authenticate: Basic realm="shop"', status="401 Unauthorized")
LET_IN = "GET /admin/ [authorization: Basic YWRtaW46YWRtaW4=]"
FORM = shown(
    '<form method="post"><input type="hidden" name="token" value="t1"><input name="user">'
    '<input type="password" name="pass"></form>'
)
INSIDE = "HTTP/1.1 302 Found\nLocation: /desk\n\n"


@rule(
    id="default-credentials/login",
    severity=Severity.CRITICAL,
    cwe=1392,
    over=Taken,
    sources=["OWASP ASVS 5.0, 6.3.2 and 13.2.3", "RFC 7617 (Basic)"],
    bad=[
        Bad("by HTTP Basic", answers={"GET /": shown(), "GET /admin/ # <- here": ASKS, LET_IN: shown("Welcome")}),
        Bad(
            "by a form",
            answers={
                "GET /": shown('<a href="/login">log in</a>'),
                "GET /login": FORM,
                "POST /login": FORM,
                "POST /login [user=admin&pass=admin]": INSIDE,
                "GET /desk # <- here": shown("Welcome"),
            },
        ),
    ],
    good=[
        Good("every login is turned away", answers={"GET /": shown(), "GET /admin/": ASKS, "GET /login": FORM}),
        Good(
            "every login is answered alike",
            answers={"GET /": shown(), "GET /login": FORM, "POST /login": INSIDE, "GET /desk": shown("Welcome")},
        ),
        Good(
            "it locks after a try",
            answers={
                "GET /": shown(),
                "GET /login": FORM,
                "POST /login": FORM,
                "POST /login [user=admin&pass=admin]": served("Too many tries", status="429 Too Many Requests"),
            },
        ),
    ],
)
def known_login_taken(taken: Taken) -> Iterator[Finding]:
    """Yield the finding that a login everybody knows is taken."""
    yield Finding(
        at=Location(url=taken.answer.url),
        says=f"{taken.user} with the password {taken.password} is let in by {taken.how}",
        evidence=(seen(taken.answer, f"answered {taken.answer.status} to {taken.user} and {taken.password}"),),
        fix=Fix("Change the password, and let the installation ask for a strong one."),
        symbol=f"login {taken.user}",
    )
