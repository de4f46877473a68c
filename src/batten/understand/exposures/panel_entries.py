"""Where panels are looked for, and the marks that each product itself writes.

Looked at with Flask-Admin 2, SQLAdmin 0.32, starlette-admin 1, Flower 2, RQ Dashboard 0.9, django-debug-toolbar 8,
django-silk 5, pyramid_debugtoolbar 4.12, Flask-DebugToolbar 0.16, JupyterLab 4.6, MLflow 3, Locust 2, sqlite-web,
Supervisor 4, Dask and marimo 0.25.
"""

from __future__ import annotations

import re

from batten.understand.exposures.documents import described
from batten.understand.exposures.health import inside_told
from batten.understand.exposures.panels import CHANGES, RUNS, PanelEntry, introspected, login, shows
from batten.understand.exposures.proofs import as_file, every, first_line, keys, some_line

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
        power=CHANGES,
    ),
    PanelEntry(
        "admin",
        "SQLAdmin",
        shows(r"/admin/statics/css/tabler", r"/admin/statics/js/main\.js", says="SQLAdmin's start page"),
        ("admin/",),
        inside=re.compile(r"/admin/[\w-]+/list$"),
        inner=shows(r"/admin/statics/js/main\.js", _TABLE, says="SQLAdmin's list of rows"),
        power=CHANGES,
    ),
    PanelEntry(
        "admin",
        "starlette-admin",
        shows(*_STARLETTE_ADMIN, says="starlette-admin's start page"),
        ("admin/",),
        inside=re.compile(r"/admin/[\w-]+/list$"),
        inner=shows(*_STARLETTE_ADMIN, _TABLE, says="starlette-admin's list of rows"),
        power=CHANGES,
    ),
    PanelEntry("metrics", "Prometheus metrics", _METRICS, ("metrics",)),
    PanelEntry(
        "panel",
        "Flower",
        shows(r"<title>[^<]*Flower</title>", r"/css/flower\.css", says="Flower's dashboard"),
        ("flower/",),
        api="api/workers",
        api_proof=keys(),
        api_power=CHANGES,
    ),
    PanelEntry(
        "panel",
        "RQ Dashboard",
        shows(r"<title>[^<]*RQ (?:Dashboard|Instances)", r"/static/(?:css|js)/", says="RQ Dashboard"),
        ("rq/",),
        power=CHANGES,
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
        power=CHANGES,
    ),
    PanelEntry(
        "panel",
        "pgAdmin",
        shows(r"<title>pgAdmin 4</title>", r"pgadmin", says="pgAdmin, logged in"),
        power=CHANGES,
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
    PanelEntry("status", "the health page", inside_told, ("health",)),
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
        api_power=RUNS,
    ),
    PanelEntry(
        "panel",
        "MLflow",
        shows(r"<title>MLflow</title>", says="MLflow's page"),
        api="api/2.0/mlflow/experiments/search?max_results=1",
        api_proof=keys("experiments"),
        needs_api=True,
        api_power=CHANGES,
    ),
    PanelEntry(
        "panel",
        "Locust",
        shows(r"<title>Locust", r"templateArgs|locust", says="Locust's page"),
        api="stats/requests",
        api_proof=keys("stats", "state", "errors"),
        needs_api=True,
        api_power=CHANGES,
    ),
    PanelEntry(
        "panel",
        "Airflow",
        shows(r"<title>[^<]*Airflow", says="Airflow's page"),
        api="api/v1/dags?limit=1",
        api_proof=keys("dags", "total_entries"),
        needs_api=True,
        api_power=RUNS,
    ),
    PanelEntry(
        "panel",
        "Airflow",
        shows(r"<title>[^<]*Airflow", says="Airflow's page"),
        api="api/v2/dags?limit=1",
        api_proof=keys("dags", "total_entries"),
        needs_api=True,
        api_power=RUNS,
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
        api_power=CHANGES,
    ),
    PanelEntry(
        "panel",
        "Ray's dashboard",
        shows(r"<title>Ray Dashboard", says="Ray's dashboard"),
        api="api/version",
        api_proof=keys("ray_version"),
        needs_api=True,
        api_power=RUNS,
    ),
    PanelEntry(
        "panel",
        "sqlite-web",
        shows(r"<title>SQLite Web:", r"/css/sqlbrowse\.css", says="sqlite-web, with the database open"),
        power=CHANGES,
    ),
    PanelEntry(
        "panel",
        "Supervisor",
        shows(r"<title>Supervisor Status</title>", r"supervisor\.css", says="Supervisor's status page"),
        power=CHANGES,
    ),
    PanelEntry("panel", "Dask's dashboard", shows(r"<title>Dask", r"dask-logo|bokeh", says="Dask's dashboard")),
    PanelEntry(
        "panel",
        "marimo",
        shows(r"<marimo-version\b", r"\"mode\":\s*\"(?:edit|home)\"", says="marimo's editor"),
        api="api/status",
        api_proof=keys("mode", "sessions", "version"),
        needs_api=True,
        api_power=RUNS,
    ),
    PanelEntry(
        "panel",
        "TensorBoard",
        shows(r"<title>TensorBoard</title>", says="TensorBoard's page"),
        api="data/environment",
        api_proof=keys("data_location", "version"),
        needs_api=True,
    ),
)
