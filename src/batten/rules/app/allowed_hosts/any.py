"""The app answers to every host name.

An app that takes any name from the `Host` header, which the visitor writes, puts it into links, redirects
and mails: a password-reset mail then leads to the attacker's site, and hands him the token. A cache before
the app keeps such an answer for everybody.

`"*"` lets all names in (Django's `ALLOWED_HOSTS`, `TrustedHostMiddleware`), a suffix such as `.com`
half of the internet's. Medium; low on a platform whose router only hands on requests for the
app's own names.

Silent for a list of names, also with their subdomains (`.shop.example.com`), and for Django's empty
list, which refuses every name outside debug mode.

A visitor sees it where a link, a form or a redirect of the site leads to the name that he made up. Low on this
machine, where a proxy that refuses other names may stand before the app later. Silent for a redirect that only goes on
to https, and where the name is merely shown.

Fix: name the hosts: `ALLOWED_HOSTS = ["shop.example.com"]`,
`allowed_hosts=["shop.example.com"]`, `TRUSTED_HOSTS = ["shop.example.com"]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, live, rule
from batten.rules import advice
from batten.rules.form import first, one_per_place
from batten.rules.samples import SETTINGS, django, fastapi, served, shown
from batten.understand.answers.named_hosts import NamedHost
from batten.understand.answers.site import Site, parts_of, seen
from batten.understand.stack import Reach
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value
    from batten.understand.subjects import HostCheck

APP = """\
from flask import Flask

app = Flask(__name__)
app.config["TRUSTED_HOSTS"] = [".com"]  # <- here
"""

MIDDLEWARE = "from fastapi.middleware.trustedhost import TrustedHostMiddleware\n"

PRIVATE = frozenset(
    "localhost local localdomain internal intranet lan home corp test example invalid svc cluster".split()
)
"""Last labels that nobody can register a name under."""


@rule(
    id="allowed-hosts/any",
    severity=Severity.MEDIUM,
    cwe=644,
    over=App,
    sources=[
        "Django 5.2 docs, Settings, ALLOWED_HOSTS",
        "Starlette docs, TrustedHostMiddleware",
        "Flask 3.1 docs, Configuration Handling, TRUSTED_HOSTS",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("Django's star", django(settings=SETTINGS.replace('["shop.example.com"]', '["*"]  # <- here'))),
        Bad("a star that is added later", django('ALLOWED_HOSTS += ["*"]  # <- here')),
        Bad(
            "the star of TrustedHostMiddleware",
            fastapi(
                "app = FastAPI()",
                'app.add_middleware(TrustedHostMiddleware, allowed_hosts=["*"])  # <- here',
                imports=MIDDLEWARE,
            ),
        ),
        Bad("every name that ends in .com", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
    ],
    good=[
        Good("Django's list of names", django()),
        Good("Django's empty list lets nobody in", django(settings=SETTINGS.replace('["shop.example.com"]', "[]"))),
        Good(
            "names for TrustedHostMiddleware",
            fastapi(
                "app = FastAPI()",
                'app.add_middleware(TrustedHostMiddleware, allowed_hosts=["*.shop.example.com"])',
                imports=MIDDLEWARE,
            ),
        ),
        Good(
            "one name and its subdomains",
            {"app.py": APP.replace(".com", ".shop.example.com"), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "a network that nobody outside has names in",
            {"app.py": APP.replace(".com", ".internal"), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def any_host(app: App) -> Iterator[Finding]:
    """Yield a finding for each list of names that lets every name in."""
    yield from one_per_place(
        Finding(
            at=first(case.at, check.at),
            says=f"{check.setting} lets {what} in",
            evidence=case.evidence or check.evidence,
            confidence=case.confidence,
            severity=Severity.LOW if app.unit.reach is Reach.PLATFORM else Severity.MEDIUM,
            fix=Fix(advice.hosts(app)),
            symbol=check.setting,
        )
        for check in app.hosts
        for case in check.allowed.cases()
        if (what := _too_wide(check, case))
    )


def _too_wide(check: HostCheck, case: Value) -> str:
    """Return whom a list of names lets in that it should not, or nothing."""
    held = case.value
    names = [name for name in (held if isinstance(held, (list, tuple, set, frozenset)) else (held,)) if name]
    if check.any_host and check.any_host in names:
        return "every host name"
    for name in names:
        last = name.lower().removeprefix("*").removeprefix(".") if isinstance(name, str) else ""
        if last and name.startswith((".", "*.")) and "." not in last and last not in PRIVATE:
            return f"every name that ends in .{last}"
    return ""


@live(
    over=Site,
    bad=[
        Bad("a link", answers={"GET / # <- here": shown('<a href="https://{host}/reset">a new password</a>')}),
        Bad("a form", answers={"GET / # <- here": shown('<form action="//{host}/login" method="post"></form>')}),
        Bad("data", answers={"GET / # <- here": served('{"next": "https://{host}/items?page=2"}', "application/json")}),
    ],
    good=[
        Good(
            "a link by the site's own name",
            answers={"GET /": shown('<a href="https://shop.example.com/reset">new</a>')},
        ),
        Good("the name in a sentence", answers={"GET /": shown("<p>There is no shop called https://{host}/ here")}),
        Good(
            "on to https",
            answers={
                "GET http://shop.example.com/": "HTTP/1.1 301 Moved\nLocation: https://{host}/\n\n",
                "GET https://shop.example.com/": shown(),
            },
        ),
    ],
)
def host_was_taken(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site led a visitor to a host that he had made up."""
    for one in parts_of(site, NamedHost):
        leads = "a redirect leads" if one.redirect else "links of the page lead" if one.links else ""
        if leads:
            said = one.redirect or one.links[0]
            yield Finding(
                at=Location(url=one.answer.url),
                says=f"{leads} to whatever host the visitor names",
                evidence=(seen(one.answer, f"answered Host: {one.name} with", said[:_LONGEST]),),
                severity=Severity.LOW if site.is_loopback else Severity.MEDIUM,
                fix=Fix(advice.hosts(site)),
                symbol="ALLOWED_HOSTS" if site.framework == "django" else "host of links",
            )


_LONGEST = 120
