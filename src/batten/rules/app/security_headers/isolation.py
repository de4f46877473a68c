"""Pages share their browser process with other sites.

A window that opened the app keeps a handle on it, and a site that embeds its pictures or
data gets them into its own memory, where timing attacks read them. Two headers keep
them apart: `Cross-Origin-Opener-Policy` for windows, `Cross-Origin-Resource-Policy` for
what is embedded.

Shown to auditors only. Silent when both are set, and for an app that serves no pages.

Fix: `Cross-Origin-Opener-Policy: same-origin` and
`Cross-Origin-Resource-Policy: same-origin`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules import advice
from batten.rules.headers import absent, bare, lacking, pages
from batten.rules.samples import shown
from batten.understand.answers.site import Site
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

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
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
"""

NAMES = ("Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy")


@rule(
    id="security-headers/isolation",
    severity=Severity.LOW,
    cwe=693,
    over=App,
    persona="auditor",
    sources=["HTML standard, Cross-origin opener policies", "Fetch standard, CORP", "OWASP A02:2025"],
    bad=[
        Bad("neither", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "one of the two",
            {
                "app.py": APP.replace("  # <- here", "")
                + HOOK.replace('    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"\n', "").replace(
                    "def headers(response):", "def headers(response):  # <- here"
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
    good=[Good("both", {"app.py": APP + HOOK, "Procfile": "web: gunicorn app:app\n"})],
)
def pages_not_isolated(app: App) -> Iterator[Finding]:
    """Yield one finding that names the headers which are missing."""
    found = [(name, headers) for name in NAMES if (headers := lacking(app, name.lower())) is not None]
    if found:
        names = " and ".join(name for name, _ in found)
        yield absent(
            app,
            found[0][1],
            f"no {names} on any response",
            " ".join(advice.header(app, name, "same-origin") for name, _ in found),
            "isolation",
        )


@live(
    over=Site,
    bad=[
        Bad("neither", answers={"GET / # <- here": shown()}),
        Bad("one of the two", answers={"GET / # <- here": shown("", "Cross-Origin-Opener-Policy: same-origin")}),
    ],
    good=[
        Good("both", answers={"GET /": shown("", *(f"{name}: same-origin" for name in NAMES))}),
    ],
)
def pages_sent_bare(site: Site) -> Iterator[Finding]:
    """Yield one finding that names the headers which pages came without."""
    judged = pages(site)
    names = [name for name in NAMES if any(not page.answer.all(name) for page in judged)]
    found = [page for page in judged if any(not page.answer.all(name) for name in names)]
    said = " and ".join(names)
    fix = " ".join(advice.header(site, name, "same-origin") for name in names)
    are = "are" if len(names) > 1 else "is"
    yield from bare(found, judged, f"{said} {are} not sent", f"without {said}", fix, "isolation")
