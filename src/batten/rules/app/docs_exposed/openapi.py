"""The API's documentation is open to everybody.

Swagger UI and `openapi.json` list every path, parameter and model, those that no page links to
too, with a form to try each. Whoever looks for a way in starts there. For a public API that
is its purpose; for one that only the own pages call, it is a map that strangers need not have.

Silent when the pages are switched off in production, when a decorator or a function before
each request may ask for a login, and for an app without such pages. Accept the finding, with
the reason, where the API is public.

Fix: switch it off in production: `openapi_url=None` (FastAPI), `doc=False` (Flask-RESTX),
`enable_openapi=False` (APIFlask), `doc_ui=False` (flask-openapi3), no OPENAPI_URL_PREFIX
(flask-smorest); or put a login before it (`decorators=[…]` of flasgger).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules.app.docs_exposed._opened import told
from batten.rules.app.docs_exposed._shown import opened
from batten.rules.samples import fastapi, served, shown
from batten.understand.answers.site import Site
from batten.understand.exposures.panels import found
from batten.understand.subjects import Panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

RESTX = """\
from flask import Flask
from flask_restx import Api

app = Flask(__name__)
api = Api(app, title="shop")  # <- here
"""

FLASGGER = """\
from flask import Flask
from flasgger import Swagger

app = Flask(__name__)
swagger = Swagger(app)  # <- here
"""

SMOREST = """\
import os

from flask import Flask
from flask_smorest import Api

app = Flask(__name__)
app.config["OPENAPI_URL_PREFIX"] = "/" if os.environ.get("APP_ENV", "production") == "dev" else None
api = Api(app)
"""


@rule(
    id="docs-exposed/openapi",
    severity=Severity.LOW,
    cwe=497,
    over=Panel,
    sources=[
        "FastAPI docs, Conditional OpenAPI",
        "Flask-RESTX 1.3 Api",
        "flasgger 0.9 Swagger",
        "ASVS 5.0, 13.4.5",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("FastAPI shows it on /docs unless told otherwise", fastapi("app = FastAPI()  # <- here")),
        Bad(
            "Flask-RESTX shows it on / unless told otherwise", {"app.py": RESTX, "Procfile": "web: gunicorn app:app\n"}
        ),
        Bad("flasgger", {"app.py": FLASGGER, "Procfile": "web: gunicorn app:app\n"}),
    ],
    good=[
        Good("FastAPI without a schema", fastapi("app = FastAPI(openapi_url=None)")),
        Good(
            "switched off",
            {"app.py": RESTX.replace('title="shop"', "doc=False"), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "its decorators may ask for a login",
            {
                "app.py": FLASGGER.replace(
                    "import Flask\n", "import Flask\nfrom flask_login import login_required\n"
                ).replace("Swagger(app)", "Swagger(app, decorators=[login_required])"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good("only in development", {"app.py": SMOREST, "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def documentation_open(panel: Panel) -> Iterator[Finding]:
    """Yield the finding about API documentation that is served to everybody."""
    if panel.kind == "openapi":
        fix = "Switch it off in production, or put a login before it."
        yield from opened(panel, Severity.LOW, "shows every path of the API to every visitor", fix)


@live(
    over=Site,
    bad=[
        Bad(
            "the schema",
            answers={
                "GET /": shown(),
                "GET /openapi.json # <- here": served('{"openapi": "3.1.0", "paths": {}}', "application/json"),
            },
        ),
        Bad(
            "Swagger UI on a path that the landing page links to",
            answers={
                "GET /": shown('<a href="/help/swagger">API</a>'),
                "GET /help/swagger # <- here": shown("<script>SwaggerUIBundle({})</script>"),
            },
        ),
    ],
    good=[
        Good(
            "a page for every address", answers={"GET *": shown("<script>SwaggerUIBundle({})</script><p>no such page")}
        ),
        Good(
            "a document for every address",
            answers={"GET *": served('{"openapi": "3.1.0", "paths": {}}', "application/json")},
        ),
        Good(
            "a login before it",
            answers={
                "GET /docs": shown(
                    '<script src="/swagger-ui-bundle.js"></script><form><input type="password" name="p"></form>'
                )
            },
        ),
        Good(
            "JSON that only names the word",
            answers={"GET /openapi.json": served('{"detail": "openapi: not found"}', "application/json")},
        ),
    ],
)
def documentation_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding when a visitor can read the API's documentation."""
    held = dict(found(site, "openapi"))
    names = [name for name in ("Swagger UI", "ReDoc", "the API's documentation", "the API's schema") if name in held]
    if names:
        what = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
        parts = [part for name in names for part in held[name]]
        effect = f"show{'' if len(names) > 1 else 's'} every path of the API to every visitor"
        yield told(what, parts, Severity.LOW, effect, "Switch it off in production, or put a login before it.")
