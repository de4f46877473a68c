"""Pages for developers and operators: where each is looked for, what proves it, and what a visitor can do there.

A page that asks for a password is no open door, so each proof wants the page without one; Django's admin is told for
its address alone. Marks are what the product itself writes, in the versions beside them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.page import tags
from batten.understand.exposures.documents import described
from batten.understand.exposures.proofs import Proved, as_file, every, first_line, keys, some_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer
    from batten.understand.answers.site import Site
    from batten.understand.exposures.proofs import Proof

_WELL = 200
_READ_CHARACTERS = 256 * 1024
_RUNS, _CHANGES = "runs code", "changes data"


@dataclass(frozen=True, slots=True)
class PanelEntry:
    """One panel, and where it is looked for."""

    kind: str
    """`openapi`, `graphql`, `admin`, `default-admin`, `metrics`, `panel`, `toolbar`, `status`."""
    what: str
    """As the static rules call it, where they know it."""
    proof: Proof
    paths: tuple[str, ...] = ()
    """Relative to where the site begins; none is asked where only the landing page tells of it."""
    accept: str = ""
    inside: re.Pattern[str] | None = None
    """The panel counts only where a page that it links to, of such an address, is open as well."""
    inner: Proof | None = None
    """What proves that page."""
    api: str = ""
    """What is asked besides, from the same folder: whether the panel serves strangers, and how far."""
    api_proof: Proof | None = None
    needs_api: bool = False
    """The page alone says nothing: it is shown to whoever has no password too."""
    power: str = ""
    """What a visitor can do there beyond reading: `changes data`, `runs code`."""
    api_power: str = ""
    """The same, where the API serves strangers."""


@dataclass(frozen=True, slots=True)
class SeenPanel:
    """A panel that a visitor can open."""

    kind: str
    what: str
    answer: Answer
    line: str
    """What proves it."""
    power: str = ""
    more: tuple[Answer, ...] = ()
    """What else of it was opened."""


def found(site: Site, kind: str) -> Iterator[tuple[str, list[SeenPanel]]]:
    """Yield each panel of a kind by its name, with all that was opened of it."""
    held = [part for part in site.parts if isinstance(part, SeenPanel) and part.kind == kind]
    for what in dict.fromkeys(part.what for part in held):
        yield what, [part for part in held if part.what == what]


def shows(*marks: str, says: str, flags: int = re.IGNORECASE) -> Proof:
    """Return the proof that an answer is a page which holds all of these marks and no field for a password."""
    return _page(marks, says, flags, asks_password=False)


def login(*marks: str, says: str) -> Proof:
    """Return the proof that an answer is a page which holds all of these marks and asks for a password."""
    return _page(marks, says, re.IGNORECASE, asks_password=True)


def _page(marks: tuple[str, ...], says: str, flags: int, *, asks_password: bool) -> Proof:
    compiled = [re.compile(mark, flags) for mark in marks]

    def prove(answer: Answer) -> Proved | None:
        if answer.status != _WELL or answer.media_type not in ("text/html", "application/xhtml+xml"):
            return None
        text = answer.text[:_READ_CHARACTERS]
        if not all(mark.search(text) for mark in compiled) or has_password(text) is not asks_password:
            return None
        return Proved(says)

    return prove


def has_password(text: str) -> bool:
    """Return whether a page has a field for a password."""
    if "password" not in text.lower():
        return False
    return any(tag.name == "input" and (tag.get("type") or "").strip().lower() == "password" for tag in tags(text))


def introspected(answer: Answer) -> Proved | None:
    """Return the proof that a schema was told: data, which no server that only echoes the question has."""
    try:
        held = json.loads(answer.body)
        name = held["data"]["__schema"]["queryType"]["name"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return None
    return Proved(f"introspection is answered: queryType {name[:40]}") if isinstance(name, str) and name else None


_METRICS = as_file(
    every(some_line(r"# TYPE \S+ (?:counter|gauge|histogram|summary|untyped|info)"), some_line(r"# HELP \S+ "))
)
_ADMIN_FORM = r"name=[\"']username[\"']"
_FLASK_ADMIN = r"/admin/css/bootstrap\d/admin\.css"
_STARLETTE_ADMIN = (r"/admin/statics?/css/vendor/tabler", r"/admin/statics?/js/vendor/tabler")
_TABLE = r"<table[^>]*\bclass=[\"'][^\"']*"

_DOCS = ("docs", "redoc", "api/docs/", "apidocs/")

ENTRIES: tuple[PanelEntry, ...] = (
    PanelEntry(
        "openapi",
        "the API's schema",
        described,
        (
            "openapi.json",
            "swagger.json",
            "api/openapi.json",
            "api/v1/openapi.json",
            "api/schema/",
            "apispec_1.json",
            "schema/openapi.json",
        ),
        accept="application/json, */*;q=0.5",
    ),
    PanelEntry("openapi", "Swagger UI", shows(r"SwaggerUIBundle|swagger-ui-bundle", says="Swagger UI"), _DOCS),
    PanelEntry("openapi", "ReDoc", shows(r"<redoc\b|Redoc\.init\(|redoc\.standalone", says="ReDoc"), _DOCS),
    PanelEntry(
        "openapi",
        "the API's documentation",
        shows(r"@scalar/api-reference|<rapi-doc\b|<elements-api\b", says="a page of the API"),
        _DOCS,
    ),
    PanelEntry(
        "graphql",
        "GraphiQL",
        shows(
            r"GraphiQL|GraphQLPlayground|GraphQL Playground|apollo-sandbox|embeddable-sandbox",
            r"<script",
            says="a page to try queries",
        ),
        ("graphql",),
        accept="text/html",
    ),
    PanelEntry(
        "graphql",
        "GraphiQL",
        introspected,
        ("graphql?query=%7B__schema%7BqueryType%7Bname%7D%7D%7D",),
        accept="application/json",
    ),
    PanelEntry(
        "default-admin",
        "Django's admin",
        login(
            r"/admin/css/(?:login|base)(?:\.\w+)?\.css", "csrfmiddlewaretoken", _ADMIN_FORM, says="Django's login form"
        ),
        ("admin/",),
    ),
    PanelEntry(
        "default-admin",
        "Wagtail's admin",
        login(r"/wagtailadmin/", "csrfmiddlewaretoken", says="Wagtail's login form"),
        ("admin/",),
    ),
    PanelEntry(
        "admin",
        "Flask-Admin",
        shows(_FLASK_ADMIN, says="Flask-Admin's start page"),
        ("admin/",),
        inside=re.compile(r"/admin/[\w-]+/$"),
        inner=shows(_FLASK_ADMIN, _TABLE + r"\bmodel-list\b", says="Flask-Admin's list of rows"),
        power=_CHANGES,
    ),
    PanelEntry(
        "admin",
        "SQLAdmin",
        shows(r"/admin/statics/css/tabler", r"/admin/statics/js/main\.js", says="SQLAdmin's start page"),
        ("admin/",),
        inside=re.compile(r"/admin/[\w-]+/list$"),
        inner=shows(r"/admin/statics/js/main\.js", _TABLE, says="SQLAdmin's list of rows"),
        power=_CHANGES,
    ),
    PanelEntry(
        "admin",
        "starlette-admin",
        shows(*_STARLETTE_ADMIN, says="starlette-admin's start page"),
        ("admin/",),
        inside=re.compile(r"/admin/[\w-]+/list$"),
        inner=shows(*_STARLETTE_ADMIN, _TABLE, says="starlette-admin's list of rows"),
        power=_CHANGES,
    ),
    PanelEntry("metrics", "Prometheus metrics", _METRICS, ("metrics",)),
    PanelEntry(
        "panel",
        "Flower",
        shows(r"<title>[^<]*Flower</title>", r"/css/flower\.css", says="Flower's dashboard"),
        ("flower/",),
        api="api/workers",
        api_proof=keys(),
        api_power=_CHANGES,
    ),
    PanelEntry(
        "panel",
        "RQ Dashboard",
        shows(r"<title>[^<]*RQ (?:Dashboard|Instances)", r"/static/(?:css|js)/", says="RQ Dashboard"),
        ("rq/",),
        power=_CHANGES,
    ),
    PanelEntry("panel", "django-silk", shows(r"<title>\s*Silky - ", "/silk/", says="Silk's summary"), ("silk/",)),
    PanelEntry(
        "toolbar",
        "django-debug-toolbar",
        as_file(keys("content", "scripts")),
        ("__debug__/render_panel/?store_id=0&request_id=0&panel_id=0",),
    ),
    PanelEntry(
        "toolbar",
        "django-debug-toolbar",
        shows(r"id=[\"']djDebug[\"']", r"data-render-panel-url|data-store-id", says="the toolbar stands on the page"),
    ),
    PanelEntry(
        "toolbar",
        "Flask-DebugToolbar",
        shows(r"id=[\"']flDebug[\"']", r"id=[\"']flDebugToolbar", says="the toolbar stands on the page"),
    ),
    PanelEntry(
        "toolbar",
        "pyramid_debugtoolbar",
        shows(r"<title>Pyramid Debug Toolbar", "toolbar/", says="the toolbar's page"),
        ("_debug_toolbar/",),
    ),
    PanelEntry(
        "toolbar",
        "pyramid_debugtoolbar",
        shows(r"id=[\"']pDebug[\"']", r"id=[\"']pDebugToolbarHandle", says="the toolbar stands on the page"),
    ),
    PanelEntry(
        "panel",
        "Adminer",
        login(
            r"<title>[^<]*Adminer</title>",
            r"name=[\"']auth\[server\]",
            says="Adminer's form, which asks for any server",
        ),
    ),
    PanelEntry(
        "panel",
        "phpMyAdmin",
        shows(r"<title>[^<]*phpMyAdmin", r"pma_|PMA_", says="phpMyAdmin, logged in"),
        ("phpmyadmin/",),
        power=_CHANGES,
    ),
    PanelEntry(
        "panel",
        "pgAdmin",
        shows(r"<title>pgAdmin 4</title>", r"pgadmin", says="pgAdmin, logged in"),
        power=_CHANGES,
    ),
    PanelEntry(
        "status",
        "Apache's status page",
        shows(r"<title>Apache Status</title>|Apache Server Status for", "Server Version:", says="Apache Server Status"),
        ("server-status",),
    ),
    PanelEntry(
        "status",
        "nginx's status page",
        as_file(every(first_line(r"Active connections:\s+\d+"), some_line(r"server accepts handled requests"))),
        ("nginx_status",),
    ),
    # Whole sites of their own, known by their landing page.
    PanelEntry(
        "panel",
        "Jupyter",
        shows(
            r"jupyter-config-data|<title>Jupyter|jupyter-main-app",
            "data-jupyter-api-token|jupyter-config-data|jupyter",
            says="Jupyter's page",
        ),
        api="/api/contents?content=0",
        api_proof=keys("name", "path", "type", "writable"),
        needs_api=True,
        api_power=_RUNS,
    ),
    PanelEntry(
        "panel",
        "MLflow",
        shows(r"<title>MLflow</title>", says="MLflow's page"),
        api="api/2.0/mlflow/experiments/search?max_results=1",
        api_proof=keys("experiments"),
        needs_api=True,
        api_power=_CHANGES,
    ),
    PanelEntry(
        "panel",
        "Locust",
        shows(r"<title>Locust", r"templateArgs|locust", says="Locust's page"),
        api="stats/requests",
        api_proof=keys("stats", "state", "errors"),
        needs_api=True,
        api_power=_CHANGES,
    ),
    PanelEntry(
        "panel",
        "Airflow",
        shows(r"<title>[^<]*Airflow", says="Airflow's page"),
        api="api/v1/dags?limit=1",
        api_proof=keys("dags", "total_entries"),
        needs_api=True,
        api_power=_RUNS,
    ),
    PanelEntry(
        "panel",
        "Airflow",
        shows(r"<title>[^<]*Airflow", says="Airflow's page"),
        api="api/v2/dags?limit=1",
        api_proof=keys("dags", "total_entries"),
        needs_api=True,
        api_power=_RUNS,
    ),
    PanelEntry(
        "panel",
        "Superset",
        shows(r"<title>[^<]*Superset", says="Superset's page"),
        api="api/v1/database/",
        api_proof=keys("count", "result", "ids"),
        needs_api=True,
    ),
    PanelEntry(
        "panel",
        "Redis Insight",
        shows(r"<title>Redis\s?Insight", says="Redis Insight's page"),
        api="api/info",
        api_proof=keys("appVersion"),
        needs_api=True,
        api_power=_CHANGES,
    ),
    PanelEntry(
        "panel",
        "Ray's dashboard",
        shows(r"<title>Ray Dashboard", says="Ray's dashboard"),
        api="api/version",
        api_proof=keys("ray_version"),
        needs_api=True,
        api_power=_RUNS,
    ),
)
