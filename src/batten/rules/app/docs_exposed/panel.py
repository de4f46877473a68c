"""A panel for operators is open to everybody.

Dashboards of queues, schedulers and profilers show what runs inside with its arguments, and most
have buttons: start again, delete, stop. RQ Dashboard says of itself that it brings no login.
Flask-APScheduler's API takes a job from whoever posts one, and a job is any function that
Python can import: that is a shell.

Critical when visitors run code, high when they change something, medium when they read.

Silent when the panel is switched off, when something before it may ask for a login, and for
panels that bring one. A password that everybody knows is told by
`default-credentials/seeded-user`.

Fix: `SCHEDULER_API_ENABLED = False`; for RQ Dashboard a login by `blueprint.before_request`,
or a process of its own that only the team reaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules.app.docs_exposed._opened import told
from batten.rules.app.docs_exposed._shown import opened
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site
from batten.understand.exposures.panels import found
from batten.understand.subjects import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

JOBS = """\
from flask import Flask
from flask_apscheduler import APScheduler

app = Flask(__name__)
app.config["SCHEDULER_API_ENABLED"] = True
scheduler = APScheduler()
scheduler.init_app(app)  # <- here
scheduler.start()
"""

QUEUES = """\
import rq_dashboard
from flask import Flask

app = Flask(__name__)
app.config["RQ_DASHBOARD_REDIS_URL"] = "redis://queue"
rq_dashboard.web.setup_rq_connection(app)
app.register_blueprint(rq_dashboard.blueprint, url_prefix="/rq")  # <- here
"""


@rule(
    id="docs-exposed/panel",
    severity=Severity.MEDIUM,
    cwe=306,
    over=Panel,
    sources=[
        "RQ Dashboard 0.9 rq_dashboard.web",
        "Flask-APScheduler 1.13 docs, API",
        "ASVS 5.0, 13.4.5",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("jobs from everybody", {"app.py": JOBS, "Procfile": "web: gunicorn app:app\n"}),
        Bad("queues for everybody", {"app.py": QUEUES, "Procfile": "web: gunicorn app:app\n"}),
    ],
    good=[
        Good("switched off", {"app.py": JOBS.replace("True", "False"), "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "a login before it",
            {
                "app.py": QUEUES.replace(
                    "app.register", 'rq_dashboard.cli.add_basic_auth(rq_dashboard.blueprint, "ops", "…")\napp.register'
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "SCHEDULER_AUTH asks for a login",
            {
                "app.py": JOBS.replace(
                    "scheduler = ", 'app.config["SCHEDULER_AUTH"] = HTTPBasicAuth()\nscheduler = '
                ).replace("import APScheduler", "import APScheduler\nfrom flask_apscheduler.auth import HTTPBasicAuth"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def panel_open(panel: Panel) -> Iterator[Finding]:
    """Yield the finding about an operators' panel that is served to everybody."""
    if panel.kind == "panel":
        fix = "Switch it off, or put a login before it."
        yield from opened(panel, Severity.MEDIUM, "is open to every visitor: nothing asks for a login", fix)


FLOWER = shown('<title>Workers · Flower</title><link href="/static/css/flower.css">').replace("<title>Shop</title>", "")
LAB = shown('<script id="jupyter-config-data" type="application/json">{}</script>')


@live(
    over=Site,
    bad=[
        Bad("Flower below its path", answers={"GET /": shown(), "GET /flower/ # <- here": FLOWER}),
        Bad(
            "Jupyter hands out its files",
            answers={
                "GET / # <- here": LAB,
                "GET /api/contents?content=0": served(
                    '{"name": "", "path": "", "type": "directory", "writable": true}', "application/json"
                ),
            },
        ),
    ],
    good=[
        Good("a login before it", answers={"GET /": shown(), "GET /flower/": served("", status="401 Unauthorized")}),
        Good(
            "Jupyter wants its token",
            answers={
                "GET /": LAB,
                "GET /api/contents?content=0": served("{}", "application/json", status="403 Forbidden"),
            },
        ),
        Good("every address shows it", answers={"GET *": FLOWER, "GET /": shown()}),
    ],
)
def panel_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding for each operators' panel that a visitor can open."""
    for what, parts in found(site, "panel"):
        effect = "is open to every visitor: nothing asks for a login"
        yield told(what, parts, Severity.MEDIUM, effect, "Switch it off, or put a login before it.")
