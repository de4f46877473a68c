"""The admin stands where everybody looks for it.

Django's admin asks for a login, so this is no open door. But `/admin/` is what programs try all day
long with passwords from lists, and its page says which framework serves the app. Another path,
a second factor, or an address list of the proxy take it out of their reach.

Shown to auditors only, as information. Silent for another path, and without an admin.

Fix: `path("backstage-7f3/", admin.site.urls)`, better a proxy that lets only your network in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from batten.model import Bad, Finding, Fix, Good, Location, Severity, live, rule
from batten.rules.samples import django, served, shown
from batten.understand.answers.site import Site, seen
from batten.understand.exposures.panels import found
from batten.understand.subjects import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask
from flask_admin import Admin, BaseView
from flask_login import current_user

app = Flask(__name__)


class Sales(BaseView):
    def is_accessible(self):
        return current_user.is_authenticated


admin = Admin(app)  # <- here
admin.add_view(Sales())
"""

URLS = """\
from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),  # <- here
]
"""

USUAL = frozenset({"/admin", "/admin/"})


@rule(
    id="docs-exposed/default-admin",
    severity=Severity.INFO,
    cwe=497,
    over=Panel,
    persona="auditor",
    sources=["OWASP WSTG-CONF-05, Enumerate Infrastructure and Application Admin Interfaces"],
    bad=[
        Bad("the usual path", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad("Django's", django('INSTALLED_APPS = ["django.contrib.admin"]', urls=URLS)),
    ],
    good=[
        Good("Django's, somewhere else", django(urls=URLS.replace('"admin/"', '"backstage-7f3/"'))),
        Good(
            "another one",
            {
                "app.py": APP.replace("Admin(app)", 'Admin(app, url="/backstage-7f3")'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def usual_path(panel: Panel) -> Iterator[Finding]:
    """Yield the finding about an admin with a login, at the path that everybody tries."""
    if panel.kind == "admin" and panel.path in USUAL and panel.guarded.is_true() and not panel.enabled.is_false():
        yield Finding(
            at=panel.at,
            says=f"{panel.what} stands on {panel.path}, where everybody tries",
            evidence=panel.evidence,
            fix=Fix("Give it another path, or let only your own network reach it."),
            symbol=panel.what,
        )


FORM = shown(
    '<link href="/static/admin/css/base.css"><form method="post"><input type="hidden" name="csrfmiddlewaretoken">'
    '<input name="username"><input type="password" name="password"></form>'
)


@live(
    over=Site,
    bad=[
        Bad("Django's", answers={"GET /": shown(), "GET /admin/ # <- here": FORM}),
        Bad(
            "a redirect leads to it",
            answers={
                "GET /": shown(),
                "GET /admin/": served("", "text/html", "Location: /admin/login/?next=/admin/", status="302 Found"),
                "GET /admin/login/?next=/admin/ # <- here": FORM,
            },
        ),
    ],
    good=[
        Good("a login that stands everywhere", answers={"GET *": FORM}),
        Good(
            "the landing page leads to a login elsewhere",
            answers={
                "GET /": served("", "text/html", "Location: /backstage-7f3/login/", status="302 Found"),
                "GET /backstage-7f3/login/": FORM,
            },
        ),
        Good(
            "a login of the app's own",
            answers={"GET /": shown(), "GET /admin/": FORM.replace("/static/admin/css/base.css", "/static/shop.css")},
        ),
    ],
)
def usual_path_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding when the admin's login stands where everybody tries."""
    for what, parts in found(site, "default-admin"):
        usual = [part for part in parts if urlsplit(part.answer.url).path.startswith("/admin/")]
        if not usual:
            continue
        yield Finding(
            at=Location(url=usual[0].answer.url),
            says=f"{what} stands on /admin/, where everybody tries",
            evidence=tuple(seen(part.answer, f"answered 200: {part.line}") for part in usual),
            fix=Fix("Give it another path, or let only your own network reach it."),
            symbol=what,
        )
