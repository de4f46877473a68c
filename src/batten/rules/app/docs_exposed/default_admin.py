"""The admin stands where everybody looks for it.

Django's admin asks for a login, so this is no open door. But `/admin/` is what programs try all day
long with passwords from lists, and its page says which framework serves the app. Another path,
a second factor, or an address list of the proxy take it out of their reach.

Shown to auditors only, as information. Silent for another path, and without an admin.

Fix: `path("backstage-7f3/", admin.site.urls)`, better a proxy that lets only your network in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import django
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
