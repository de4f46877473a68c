"""Metrics are open to everybody.

`/metrics` tells the paths of the app with how often and how fast each is called, how many errors
there are, the versions of Python and of libraries, and what the team counts besides: orders,
logins, queues. Competitors and attackers read along.

Silent when a decorator or a function before each request may ask for a login, when the metrics are
served on a port of their own, and without them.

Fix: serve them on another port (`path=None` and `start_http_server`), or let the proxy refuse
`/metrics`, or pass `metrics_decorator=auth.login_required`.
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

APP = """\
from flask import Flask
from prometheus_flask_exporter import PrometheusMetrics

app = Flask(__name__)
metrics = PrometheusMetrics(app)  # <- here
"""

MOUNTED = """\
from flask import Flask
from prometheus_client import make_wsgi_app
from werkzeug.middleware.dispatcher import DispatcherMiddleware

app = Flask(__name__)
app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/metrics": make_wsgi_app()})  # <- here
"""


@rule(
    id="docs-exposed/metrics",
    severity=Severity.LOW,
    cwe=497,
    over=Panel,
    sources=[
        "prometheus_flask_exporter 0.23 PrometheusMetrics",
        "prometheus_client docs, Flask",
        "ASVS 5.0, 13.4.5",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("on the app's own port", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad("mounted beside the app", {"app.py": MOUNTED, "Procfile": "web: gunicorn app:app\n"}),
    ],
    good=[
        Good(
            "on a port of their own",
            {"app.py": APP.replace("(app)  # <- here", "(app, path=None)"), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "a decorator may ask for a login",
            {
                "app.py": APP.replace(
                    "import Flask\n", "import Flask\nfrom flask_login import login_required\n"
                ).replace("(app)  # <- here", "(app, metrics_decorator=login_required)"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def metrics_open(panel: Panel) -> Iterator[Finding]:
    """Yield the finding about metrics that are served to everybody."""
    if panel.kind == "metrics":
        fix = "Serve them on a port of their own, or let the proxy refuse the path."
        yield from opened(panel, Severity.LOW, "tells every visitor how the app is used", fix)


@live(
    over=Site,
    bad=[
        Bad(
            "on the app's own port",
            answers={
                "GET /": shown(),
                "GET /metrics # <- here": served(
                    "# HELP orders_total Orders\n# TYPE orders_total counter\norders_total 7\n"
                ),
            },
        )
    ],
    good=[
        Good(
            "a text for every address",
            answers={"GET *": served("# HELP a b\n# TYPE a counter\na 1\n"), "GET /": shown()},
        ),
        Good(
            "a page about metrics",
            answers={"GET /": shown(), "GET /metrics": shown("# HELP a b\n# TYPE a counter\na 1\n")},
        ),
    ],
)
def metrics_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding when a visitor can read the metrics."""
    for what, parts in found(site, "metrics"):
        effect = "tell every visitor how the app is used"
        yield told(
            what, parts, Severity.LOW, effect, "Serve them on a port of their own, or let the proxy refuse the path."
        )
