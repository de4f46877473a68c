"""Strangers' pages count as the app's own.

A request that comes from a trusted origin needs no proof that the app's own page made it.
`https://*.com` takes in half of the internet, `https://*.vercel.app` everybody who opens an account
there, and a page under `http://` whoever shares the visitor's network.

Medium for names that anybody can have, low for plain HTTP.

Silent for one's own names, with their subdomains too, for localhost, and for Django's default, an
empty list. Django takes `https://*` alone for no name at all.

Fix: name the origins: `CSRF_TRUSTED_ORIGINS = ["https://shop.example.com"]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.form import first, one_per_place
from batten.rules.samples import django
from batten.understand.subjects import CsrfGuard

if TYPE_CHECKING:
    from collections.abc import Iterator

TRUSTED = 'CSRF_TRUSTED_ORIGINS = ["https://*.vercel.app"]  # <- here'

SHARED = frozenset(
    "herokuapp.com vercel.app netlify.app github.io gitlab.io pages.dev workers.dev web.app firebaseapp.com "
    "onrender.com fly.dev ngrok.io ngrok.app ngrok-free.app azurewebsites.net cloudfront.net appspot.com run.app "
    "railway.app up.railway.app pythonanywhere.com repl.co replit.dev gitpod.io glitch.me surge.sh loca.lt "
    "trycloudflare.com app.github.dev s3.amazonaws.com".split()
)
"""Domains under which anybody gets a name."""
PRIVATE = frozenset("localhost local localdomain internal intranet lan home corp test example invalid".split())
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "0.0.0.0", "host.docker.internal"})  # noqa: S104 - names of the own machine


@rule(
    id="csrf/trusted-origins",
    severity=Severity.MEDIUM,
    cwe=352,
    over=CsrfGuard,
    sources=["Django 5.2 docs, Settings, CSRF_TRUSTED_ORIGINS", "OWASP CSRF Prevention Cheat Sheet", "OWASP A02:2025"],
    bad=[
        Bad("a platform on which anybody gets a name", django(TRUSTED)),
        Bad("every .com", django(TRUSTED.replace("*.vercel.app", "*.com"))),
        Bad(
            "plain HTTP",
            django(TRUSTED.replace("https://*.vercel.app", "http://shop.example.com")),
        ),
    ],
    good=[
        Good(
            "one's own name and its subdomains",
            django(TRUSTED.replace("*.vercel.app", "*.shop.example.com")),
        ),
        Good(
            "one's own name on the platform",
            django(TRUSTED.replace("*.vercel.app", "shop.vercel.app")),
        ),
    ],
)
def strangers_trusted(guard: CsrfGuard) -> Iterator[Finding]:
    """Yield a finding for each trusted origin that strangers can have."""
    yield from one_per_place(
        Finding(
            at=first(case.at, guard.at),
            says=f"{guard.trusted_setting} trusts {origin}: {why}",
            evidence=case.evidence,
            confidence=case.confidence,
            severity=Severity.LOW if why == HTTP else Severity.MEDIUM,
            fix=Fix("Name your own origins, with https."),
            symbol=f"{guard.trusted_setting} {origin}",
        )
        for case in guard.trusted.cases()
        for origin in (case.value if isinstance(case.value, (list, tuple, set, frozenset)) else ())
        if isinstance(origin, str) and (why := _why(origin))
    )


HTTP = "whoever shares the network can speak for it"


def _why(origin: str) -> str:
    """Return why an origin is not the app's alone, or nothing."""
    scheme, _, rest = origin.lower().partition("://")
    host = rest.partition("/")[0].rpartition(":")[0] or rest.partition("/")[0]
    if host in LOOPBACK or host.removeprefix("*").removeprefix(".") in PRIVATE:
        return ""
    if host.startswith("*."):
        suffix = host.removeprefix("*.")
        if suffix in SHARED or (suffix and "." not in suffix):
            return "anybody can have a name there"
    return HTTP if scheme == "http" and host.rpartition(".")[2] not in PRIVATE and "." in host else ""
