"""Pages come without a Content-Security-Policy.

The policy tells browsers from where scripts may come. Without it, one unescaped value
in one template is a script with the visitor's rights; with it, the browser refuses to
run what the page's author did not name. It is the second lock behind escaping.

A policy that only reports (`…-Report-Only`) blocks nothing.

Silent when the app, an extension or the proxy sets one, for an app that serves no pages,
and when a hook could not be followed.

Fix: `response.headers["Content-Security-Policy"] = "default-src 'self'; object-src 'none';
base-uri 'none'; frame-ancestors 'none'"` in `after_request`, or Flask-Talisman; django-csp in Django.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules import advice
from batten.rules.headers import WITHOUT, absent, bare, lacking, may_say, pages
from batten.rules.samples import served, shown
from batten.understand.answers.page import tags
from batten.understand.answers.policies import of_header, of_page
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
    response.headers["Content-Security-Policy"] = "default-src 'self'; object-src 'none'"
    return response
"""


@rule(
    id="security-headers/csp-missing",
    severity=Severity.LOW,
    cwe=693,
    over=App,
    sources=["CSP Level 3", "OWASP A02:2025"],
    bad=[Bad("nothing sets it", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good("after every request", {"app.py": APP + HOOK, "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "Talisman",
            {
                "app.py": APP.replace("\n\napp =", "\nfrom flask_talisman import Talisman\n\napp =").replace(
                    "\n\n\n@app", "\nTalisman(app)\n\n\n@app"
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def no_policy(app: App) -> Iterator[Finding]:
    """Yield a finding when pages have no policy that blocks anything."""
    headers = lacking(app, "content-security-policy")
    if headers is not None:
        reports = may_say(headers, "content-security-policy-report-only")
        yield absent(
            app,
            headers,
            "Content-Security-Policy only reports, and blocks nothing"
            if reports
            else "no Content-Security-Policy on any response",
            advice.header(app, "Content-Security-Policy", _START),
            "content-security-policy",
        )


POLICY = "Content-Security-Policy: default-src 'self'; frame-ancestors 'none'"
META = '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'


@live(
    over=Site,
    bad=[
        Bad("not sent", answers={"GET / # <- here": shown()}),
        Bad(
            "it only reports", answers={"GET / # <- here": shown("", POLICY.replace("Policy:", "Policy-Report-Only:"))}
        ),
        Bad(
            "a page that others link to",
            answers={"GET /": shown('<a href="/about">about</a>', POLICY), "GET /about # <- here": shown()},
        ),
    ],
    good=[
        Good("sent", answers={"GET /": shown("", POLICY)}),
        Good("in the head of the page", answers={"GET /": shown(META)}),
        Good("data has no scripts", answers={"GET /": served("{}", "application/json")}),
    ],
)
def no_policy_sent(site: Site) -> Iterator[Finding]:
    """Yield a finding when pages that were seen have no policy that blocks anything."""
    judged = pages(site)
    lacking_it = [page for page in judged if not of_header(page.answer) and not _in_page(page)]
    reports = [page for page in lacking_it if page.answer.all("content-security-policy-report-only")]
    says = "Content-Security-Policy only reports, and blocks nothing"
    says = says if reports and len(reports) == len(lacking_it) else "Content-Security-Policy is not sent"
    fix = advice.header(site, "Content-Security-Policy", _START)
    yield from bare(lacking_it, judged, says, WITHOUT, fix, "content-security-policy")


def _in_page(page: Page) -> bool:
    return bool(of_page(page.answer, tags(page.answer.text)))


_START = "default-src 'self'; object-src 'none'; base-uri 'none'"
"""A policy to begin with."""
