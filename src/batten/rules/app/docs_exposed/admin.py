"""An admin is open to everybody.

Its pages list the app's tables, search them, and change and delete their rows. Flask-Admin asks
nobody who he is: a view lets everybody in until its class overrides `is_accessible`. Addresses
like `/admin` are the first that strangers and their programs try.

High when nothing stands before it. Silent when every view refuses strangers, when a function before
each request may ask for a login, and for admins that bring a login (Django's): the page of
`docs-exposed/default-admin` is about those.

Fix: derive the views from a class of your own:
`def is_accessible(self): return current_user.is_authenticated and current_user.is_admin`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules.app.docs_exposed._opened import told
from batten.rules.app.docs_exposed._shown import opened
from batten.rules.samples import shown
from batten.understand.answers.site import Site
from batten.understand.exposures.panels import found
from batten.understand.subjects import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
import os

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_login import current_user

from models import User, db

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]


class Guarded(ModelView):
    def is_accessible(self):
        return current_user.is_authenticated and current_user.is_admin


admin = Admin(app)
admin.add_view(ModelView(User, db.session))  # <- here
"""

MODELS = """\
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
"""
FILES = {"models.py": MODELS, "Procfile": "web: gunicorn app:app\n"}

HOOK = """\


@app.before_request
def only_staff():
    if not current_user.is_authenticated:
        return "who are you?", 401
"""


@rule(
    id="docs-exposed/admin",
    severity=Severity.MEDIUM,
    cwe=306,
    over=Panel,
    sources=["Flask-Admin 2.2 docs, Authorization & Permissions", "ASVS 5.0, 13.4.5", "OWASP A02:2025"],
    bad=[
        Bad("Flask-Admin's own view", {"app.py": APP, **FILES}),
        Bad(
            "an override that lets everybody in",
            {
                "app.py": APP.replace("ModelView(User", "Guarded(User").replace(
                    "current_user.is_authenticated and current_user.is_admin", "True"
                ),
                **FILES,
            },
        ),
    ],
    good=[
        Good("the view refuses strangers", {"app.py": APP.replace("ModelView(User", "Guarded(User"), **FILES}),
        Good("a function asks before each request", {"app.py": APP.replace("  # <- here", "") + HOOK, **FILES}),
        Good(
            "the start page alone shows nothing",
            {"app.py": APP.replace("admin.add_view(ModelView(User, db.session))  # <- here\n", ""), **FILES},
        ),
        Good(
            "only in debug mode, which is off",
            {
                "app.py": APP.replace("admin = Admin(app)\nadmin", "if app.debug:\n    admin = Admin(app)\n    admin"),
                **FILES,
            },
        ),
    ],
)
def admin_open(panel: Panel) -> Iterator[Finding]:
    """Yield the finding about an admin without a login."""
    if panel.kind == "admin":
        fix = "Override `is_accessible` in the views' class, or put a login before them."
        yield from opened(panel, Severity.MEDIUM, "is open: nothing asks for a login", fix)


START = shown('<link href="/admin/static/admin/css/bootstrap4/admin.css"><a href="/admin/user/">User</a>')
ROWS = shown('<link href="/admin/static/admin/css/bootstrap4/admin.css"><table class="table model-list">')


@live(
    over=Site,
    bad=[
        Bad(
            "Flask-Admin shows rows",
            answers={"GET /": shown(), "GET /admin/ # <- here": START, "GET /admin/user/": ROWS},
        )
    ],
    good=[
        Good("the start page alone shows nothing", answers={"GET /": shown(), "GET /admin/": START}),
        Good(
            "the view asks for a password",
            answers={
                "GET /": shown(),
                "GET /admin/": START,
                "GET /admin/user/": ROWS + '<form><input type="password" name="p"></form>',
            },
        ),
    ],
)
def admin_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding when a visitor is in an admin without a login."""
    for what, parts in found(site, "admin"):
        effect = "is open: nothing asks for a login"
        yield told(what, parts, Severity.MEDIUM, effect, "Put a login before it.")
