"""Links away from the app may carry its addresses along.

Addresses hold more than they seem to: a password-reset token, a search, a customer's
number. `Referrer-Policy` says how much of the address browsers tell the next site. Today's
browsers tell only the origin unless the page says otherwise; older ones and embedded
ones tell all of it. `unsafe-url` asks all of them to.

Silent when another policy is set, for an app that serves no pages, and when a hook could
not be followed.

Fix: `response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"` in
`after_request`, or Flask-Talisman; in Django `SECURE_REFERRER_POLICY`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules import advice
from batten.rules.headers import WITHOUT, absent, bare, lacking, pages, said, sent_wrong, wrong
from batten.rules.samples import shown
from batten.understand.answers.page import tags
from batten.understand.answers.site import Site
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding
    from batten.understand.answers.site import Page

APP = """\
from flask import Flask, render_template

app = Flask(__name__)  # <- here


@app.get("/")
def index():
    return render_template("index.html")
"""

HOOK = """\


@app.after_request
def headers(response):
    response.headers["Referrer-Policy"] = "same-origin"
    return response
"""


@rule(
    id="security-headers/referrer",
    severity=Severity.LOW,
    cwe=693,
    over=App,
    sources=["Referrer Policy, W3C", "OWASP A02:2025"],
    bad=[
        Bad("nothing sets it", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "the whole address, for everybody",
            {
                "app.py": APP.replace("  # <- here", "") + HOOK.replace('"same-origin"', '"unsafe-url"  # <- here'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
    good=[Good("after every request", {"app.py": APP + HOOK, "Procfile": "web: gunicorn app:app\n"})],
)
def addresses_told(app: App) -> Iterator[Finding]:
    """Yield a finding when nothing limits what other sites learn of the app's addresses."""
    fix = advice.header(app, "Referrer-Policy", "strict-origin-when-cross-origin")
    headers = lacking(app, "referrer-policy")
    if headers is not None:
        yield absent(app, headers, "no Referrer-Policy on any response", fix, "referrer-policy")
    for where, case, text in said(app, "referrer-policy"):
        # Referrer Policy section 8.1: the last value that the browser knows counts.
        if text.split(",")[-1].strip().lower() == "unsafe-url":
            yield wrong(app, where, case, f"Referrer-Policy is {case}", fix, "referrer-policy")


@live(
    over=Site,
    bad=[
        Bad("not sent", answers={"GET / # <- here": shown()}),
        Bad("a word that no browser knows", answers={"GET / # <- here": shown("", "Referrer-Policy: no-referer")}),
        Bad("the last word counts", answers={"GET / # <- here": shown("", "Referrer-Policy: no-referrer, unsafe-url")}),
    ],
    good=[
        Good("sent", answers={"GET /": shown("", "Referrer-Policy: same-origin")}),
        Good("in the page", answers={"GET /": shown('<meta name="referrer" content="no-referrer">')}),
        Good("for old and new browsers", answers={"GET /": shown("", "Referrer-Policy: no-referrer, strict-origin")}),
    ],
)
def addresses_told_by(site: Site) -> Iterator[Finding]:
    """Yield a finding when nothing limits what other sites learn of the addresses that were seen."""
    fix = advice.header(site, "Referrer-Policy", "strict-origin-when-cross-origin")
    judged = pages(site)
    said = {id(page): _policy(page) for page in judged}
    silent = [page for page in judged if not said[id(page)]]
    yield from bare(silent, judged, "Referrer-Policy is not sent", WITHOUT, fix, "referrer-policy")
    loud = next((page for page in judged if said[id(page)] == "unsafe-url"), None)
    if loud is not None and not silent:
        yield sent_wrong(loud, "Referrer-Policy", "unsafe-url", "so that every site learns the whole address", fix)


def _policy(page: Page) -> str:
    """Return the policy that a browser goes by: the last that it knows, of the header, else of a meta tag."""
    written = page.answer.joined("referrer-policy")
    if written is None:
        metas = (tag for tag in tags(page.answer.text) if tag.name == "meta" and not tag.inert)
        written = ",".join(tag.get("content") or "" for tag in metas if (tag.get("name") or "").lower() == "referrer")
    known = [word for part in written.split(",") if (word := part.strip().lower()) in _KNOWN]
    return known[-1] if known else ""


_KNOWN = frozenset(
    "no-referrer no-referrer-when-downgrade same-origin origin strict-origin origin-when-cross-origin "
    "strict-origin-when-cross-origin unsafe-url".split()
)
"""Referrer Policy section 3."""
