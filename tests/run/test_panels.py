"""What a visitor can open: each panel is known by what it writes itself, and a login keeps it shut."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from batten.model import Severity
from batten.rules.samples import served, shown
from batten.run import check_answers
from batten.run.live.drive import drive
from batten.run.live.landing import landing
from batten.run.live.memory import MemorySite
from batten.run.live.panels import panels
from batten.run.live.plan import plan
from batten.run.live.scene import Scene
from batten.run.live.served import listings, sourcemaps, traversal
from batten.understand.answers.http import Answer, Request
from batten.understand.answers.links import Links, may_change
from batten.understand.answers.listings import is_listing, listed
from batten.understand.exposures.documents import addresses, described
from batten.understand.exposures.health import inside_told
from batten.understand.exposures.panel_entries import ENTRIES
from batten.understand.exposures.panels import SeenPanel
from batten.understand.exposures.proofs import keys
from batten.understand.exposures.sourcemaps import map_of, mapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.understand.answers.http import Chain
    from batten.understand.answers.wish import Wish

URL = "https://shop.example.com/"
PASSWORD = '<form><input type="password" name="p"></form>'
FLASK_ADMIN = '<link href="/admin/static/admin/css/bootstrap4/admin.css?v=1.1.1"><a href="/admin/user/">User</a>'
SQLADMIN = (
    '<link href="/admin/statics/css/tabler.min.css"><script src="/admin/statics/js/main.js"></script>'
    '<a href="/admin/user/list">Users</a>'
)
STARLETTE_ADMIN = (
    '<link href="/admin/static/css/vendor/tabler.min.css"><script src="/admin/static/js/vendor/tabler.min.js"></script>'
    '<a href="/admin/user/list">Users</a>'
)


def page(title: str, body: str = "") -> str:
    return served(f"<!doctype html><html><head><title>{title}</title></head><body>{body}", "text/html")


def data(**held: object) -> str:
    return served(json.dumps(held), "application/json")


PANELS: dict[str, tuple[dict[str, str], str, str]] = {
    "FastAPI's docs": ({"GET /docs": page("x", "<script>const ui = SwaggerUIBundle({})</script>")}, "Swagger UI", ""),
    "FastAPI's redoc": ({"GET /redoc": page("x", '<redoc spec-url="/openapi.json"></redoc>')}, "ReDoc", ""),
    "a schema in YAML": ({"GET /api/schema/": served("openapi: 3.0.3\npaths: {}\n", "x/y")}, "the API's schema", ""),
    "Swagger 2": ({"GET /swagger.json": data(swagger="2.0", paths={})}, "the API's schema", ""),
    "a description that the page names": (
        {
            "GET /docs": page("x", '<script>SwaggerUIBundle({url: "/v7/api.json"})</script>' + PASSWORD),
            "GET /": page("x", '<redoc spec-url="/v7/api.json"></redoc>' + PASSWORD),
            "GET /v7/api.json": data(openapi="3.1.0", paths={}),
        },
        "the API's schema",
        "",
    ),
    "GraphiQL": ({"GET /graphql": page("GraphiQL", "<script>GraphiQL.createFetcher()</script>")}, "GraphiQL", ""),
    "SQLAdmin": (
        {
            "GET /admin/": page("Admin", SQLADMIN),
            "GET /admin/user/list": page("Admin", SQLADMIN + '<table class="table card-table">'),
        },
        "SQLAdmin",
        "changes data",
    ),
    "Flask-Admin": (
        {
            "GET /admin": "HTTP/1.1 308 Permanent Redirect\nLocation: /admin/\n\n",
            "GET /admin/": page("Home - Admin", FLASK_ADMIN),
            "GET /admin/user/": page("User - Admin", FLASK_ADMIN + '<table class="table model-list">'),
        },
        "Flask-Admin",
        "changes data",
    ),
    "Flower at the root": (
        {"GET /": page("Workers · Flower", '<link href="/static/css/flower.css?v=1">')},
        "Flower",
        "",
    ),
    "Flower with its API": (
        {
            "GET /flower/": page("Flower", '<link href="/flower/static/css/flower.css">'),
            "GET /flower/api/workers": data(**{"celery@a": {"registered": []}}),
        },
        "Flower",
        "changes data",
    ),
    "starlette-admin": (
        {
            "GET /admin/": page("Admin", STARLETTE_ADMIN),
            "GET /admin/user/list": page("Users", STARLETTE_ADMIN + '<table class="table">'),
        },
        "starlette-admin",
        "changes data",
    ),
    "ReDoc where Sanic has it": ({"GET /docs": page("x", '<redoc spec-url="/a.json"></redoc>')}, "ReDoc", ""),
    "Scalar": (
        {"GET /docs": page("x", '<script src="/@scalar/api-reference"></script>')},
        "the API's documentation",
        "",
    ),
    "RQ Dashboard": (
        {"GET /rq/": page("Queues - RQ Dashboard", '<link href="/rq/static/css/main.css">')},
        "RQ Dashboard",
        "changes data",
    ),
    "silk": ({"GET /silk/": page("Silky - Summary", '<a href="/silk/requests/">')}, "django-silk", ""),
    "Jupyter": (
        {
            "GET /": "HTTP/1.1 302 Found\nLocation: /lab\n\n",
            "GET /lab": page("JupyterLab", '<script id="jupyter-config-data" type="application/json">{}</script>'),
            "GET /api/contents?content=0": data(name="", path="", type="directory", writable=True),
        },
        "Jupyter",
        "runs code",
    ),
    "MLflow": (
        {
            "GET /": page("MLflow"),
            "GET /api/2.0/mlflow/experiments/search?max_results=1": data(experiments=[]),
        },
        "MLflow",
        "changes data",
    ),
    "Locust": (
        {
            "GET /": page("Locust", "<script>window.templateArgs = {}</script>"),
            "GET /stats/requests": data(stats=[], state="ready", errors=[]),
        },
        "Locust",
        "changes data",
    ),
    "Airflow 2": (
        {"GET /": page("DAGs - Airflow"), "GET /api/v1/dags?limit=1": data(dags=[], total_entries=0)},
        "Airflow",
        "runs code",
    ),
    "Ray": (
        {"GET /": page("Ray Dashboard"), "GET /api/version": data(ray_version="2.9")},
        "Ray's dashboard",
        "runs code",
    ),
    "sqlite-web": (
        {"GET /": page("SQLite Web: shop.db", '<link href="/static/css/sqlbrowse.css">')},
        "sqlite-web",
        "changes data",
    ),
    "Supervisor": (
        {"GET /": page("Supervisor Status", '<link href="stylesheets/supervisor.css">')},
        "Supervisor",
        "changes data",
    ),
    "Dask": ({"GET /": page("Dask Diagnostic UI", '<li id="dask-logo">')}, "Dask's dashboard", ""),
    "marimo": (
        {
            "GET /": page("x", '<marimo-version data-version="0.25.2" hidden></marimo-version>{"mode": "edit"}'),
            "GET /api/status": data(mode="edit", sessions=0, version="0.25.2"),
        },
        "marimo",
        "runs code",
    ),
    "TensorBoard": (
        {"GET /": page("TensorBoard"), "GET /data/environment": data(data_location="/runs", version="2.20")},
        "TensorBoard",
        "",
    ),
    "phpMyAdmin, logged in": (
        {"GET /phpmyadmin/": page("localhost | phpMyAdmin 5.2", "<script>var PMA_x = 1</script>")},
        "phpMyAdmin",
        "changes data",
    ),
    "Adminer": (
        {"GET /": page("Login - Adminer", '<input name="auth[server]"><input type="password" name="auth[password]">')},
        "Adminer",
        "",
    ),
    "Pyramid's toolbar": (
        {"GET /": page("x", '<div id="pDebug"><div id="pDebugToolbarHandle">')},
        "pyramid_debugtoolbar",
        "",
    ),
}


def opened(table: dict[str, str]) -> list[SeenPanel]:
    scene = Scene(URL)
    drive([[landing], [panels]], scene, MemorySite({"GET /": shown(), **table}))
    assert not [doubt for doubt in scene.doubts if doubt.detail]
    return [part for part in scene.parts if isinstance(part, SeenPanel)]


@pytest.mark.parametrize(("table", "what", "power"), PANELS.values(), ids=PANELS)
def test_a_panel_is_opened(table: dict[str, str], what: str, power: str) -> None:
    assert [(one.what, one.power) for one in opened(table)] == [(what, power)]


@pytest.mark.parametrize(
    "name", [name for name in PANELS if name not in {"Adminer", "a description that the page names"}]
)
def test_a_panel_behind_a_login_is_not_open(name: str) -> None:
    table, _, _ = PANELS[name]
    asked = {
        key: text + PASSWORD if "<!doctype" in text else served("", status="401 Unauthorized")
        for key, text in table.items()
    }
    assert opened(asked) == []


@pytest.mark.parametrize("name", ["Jupyter", "MLflow", "Locust", "Airflow 2", "Ray", "marimo", "TensorBoard"])
def test_a_page_whose_api_turns_strangers_away_is_not_open(name: str) -> None:
    table, _, _ = PANELS[name]
    assert opened({key: text for key, text in table.items() if "json" not in text or "config-data" in text}) == []


@pytest.mark.parametrize("name", ["Jupyter", "MLflow", "Locust", "Airflow 2", "Ray", "marimo", "TensorBoard"])
def test_an_api_that_answers_every_name_alike_proves_nothing(name: str) -> None:
    table, _, _ = PANELS[name]
    api = next(text for text in table.values() if "application/json\n\n{" in text)
    assert opened({**table, "GET /api/*": api, "GET /stats/*": api, "GET /data/*": api}) == []


def test_what_is_described_can_be_made_to_fail() -> None:
    item = {"get": {"parameters": [{"in": "query", "name": "page"}, {"$ref": "#/components/parameters/Size"}]}}
    paths = {"/items/{id}": item, "/orders": {"post": {}}, "/logout": {"get": {}}, "/odd": 7}
    components = {"parameters": {"Size": {"in": "query", "name": "size"}}}
    told = data(openapi="3.1.0", paths=paths, components=components, servers=[{"url": "/v1"}])
    broken = "<title>Starlette Debugger</title><div class='traceback-container'>"
    table = {
        "GET /": data(hello="world"),
        "GET /openapi.json": told,
        "GET /v1/items/1?page=-1*": served(broken, "text/html", status="500 Internal Server Error"),
    }
    assert "debug-mode/starlette" in [finding.rule for finding in check_answers(table)]


def answered(body: str, path: str = "openapi.json", kind: str = "application/json", *, cut: bool = False) -> Answer:
    return Answer(Request("GET", URL + path), 200, "", (("Content-Type", kind),), body.encode(), cut=cut)


def test_addresses_of_a_description_are_its_own() -> None:
    text = json.dumps({"swagger": "2.0", "basePath": "/v2", "paths": {"/a/{b}": {"get": {}}, "/c": {"delete": {}}}})
    assert list(addresses(answered(text))) == [f"{URL}v2/a/1"]
    away = json.dumps({"openapi": "3.0.0", "servers": [{"url": "https://other.example"}], "paths": {"/a": {"get": {}}}})
    assert list(addresses(answered(away))) == []
    bad = json.dumps({"openapi": "3.0.0", "servers": [{"url": "http://["}], "paths": {"/a": {"get": {}}}})
    assert list(addresses(answered(bad))) == [f"{URL}a"]
    assert list(addresses(answered("[]"))) == []
    assert list(addresses(answered('{"openapi": "3.0.0", "paths": []}'))) == []
    odd = {
        "parameters": ["x", {"$ref": "#/nowhere/at"}, {"$ref": 7}],
        "get": {"parameters": [{"in": "path", "name": "b"}]},
    }
    assert list(addresses(answered(json.dumps({"openapi": "3", "paths": {"/a": odd}})))) == [f"{URL}a"]


def test_a_description_that_is_cut_is_read_as_far_as_it_goes() -> None:
    text = '{"openapi":"3.1.0","paths":{"/items/{id}":{"get":{"summary":"x"}},"/b":{"post":{'
    assert described(answered(text)) is None
    assert described(answered(text, cut=True)) is not None
    assert list(addresses(answered(text, cut=True))) == [f"{URL}items/1"]
    assert described(answered('{"a": 1', cut=True)) is None
    assert described(answered('{"openapi": 3, "paths": {}}')) is None
    assert described(answered("openapi: 3.0.3\n")) is None


LISTINGS = {
    "nginx": "<title>Index of /a/</title><h1>Index of /a/</h1><a href='../'>..</a><a href='b.txt'>b</a>",
    "Apache": "<title>Index of /a</title><h1>Index of /a</h1><a href='?C=N'>N</a><a href='/'>P</a><a href='b.txt'>b",
    "http.server": "<title>Directory listing for /a/</title><h1>Directory listing for /a/</h1><a href='b.txt'>b</a>",
    "aiohttp": "<html><head><title>Index of /.</title></head><body><h1>Index of /.</h1><a href='/a/b.txt'>b</a>",
    "Django": "<title>\n    Index of a/\n</title><h1>Index of a/</h1><a href='../'>../</a><a href='b.txt'>b</a>",
    "Caddy": "<title>/a/</title><a href='./b.txt'>b</a><footer>Served with <a href='https://caddyserver.com'>Caddy</a>",
}


@pytest.mark.parametrize("text", LISTINGS.values(), ids=LISTINGS)
def test_a_listing_is_known_with_its_names(text: str) -> None:
    assert listed(answered(text, "a/", "text/html")) == ("b.txt",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<title>Index of our shops</title><p>Index of all", "text/html"),
        ("<title>Index of /other/</title><h1>Index of /other/</h1><p>about nginx", "text/html"),
        ("<h1>Index of /a/</h1>", "text/html"),
        ("<title>Shop</title><footer>Served with <a href='https://caddyserver.com'>Caddy</a>", "text/html"),
        ("<title>Index of /a/</title><h1>Index of /a/</h1>", "text/plain"),
    ],
)
def test_a_page_about_a_listing_is_none(text: str, kind: str) -> None:
    assert not is_listing(answered(text, "a/", kind))
    assert listed(answered("<a href='//['>x</a>" + text, "a/", kind)) == ()


def test_names_that_are_listed_are_asked_exactly() -> None:
    table = {
        "GET /": served(LISTINGS["http.server"].replace("/a/", "/").replace("b.txt", "shop_settings.py"), "text/html"),
        "GET /shop_settings.py": served("import os\nDEBUG = True\n"),
    }
    assert "exposed-path/source" in [finding.rule for finding in check_answers(table)]


def parts(stage: object, table: dict[str, str], links: Links) -> list[object]:
    scene = Scene(URL)
    drive([[landing]], scene, MemorySite({"GET /": shown(), **table}))
    scene.links = links
    before = len(scene.parts)
    drive([[stage]], scene, MemorySite({"GET /": shown(), **table}))  # type: ignore[list-item]
    return scene.parts[before:]


def test_a_folder_above_is_served_under_another_name_too() -> None:
    css = served("a {}", "text/css")
    table = {"GET /static/x.css": css, "GET /static../staticfiles/x.css": css}
    found = parts(traversal, table, Links((), (f"{URL}static/x.css",)))
    assert [one.answer.url for one in found] == [f"{URL}static../staticfiles/x.css"]  # type: ignore[attr-defined]
    assert parts(traversal, {}, Links((), (f"{URL}x.css",))) == []


def test_maps_of_own_scripts_are_read() -> None:
    table = {
        "GET /js/shop.js": served("a\n//# sourceMappingURL=shop.js.map", "text/javascript"),
        "GET /js/shop.js.map": data(version=3, sources=["src/a.ts"], mappings=""),
    }
    (found,) = parts(sourcemaps, table, Links((), (f"{URL}js/shop.js", f"{URL}js/jquery.min.js")))
    assert (found.sources, found.with_text) == (1, False)  # type: ignore[attr-defined]
    assert parts(listings, {}, Links()) == []


@pytest.mark.parametrize(
    "end",
    ["", "//# sourceMappingURL=data:x", "//# sourceMappingURL=https://cdn.example/a.map", "//# sourceMappingURL=//["],
)
def test_a_map_elsewhere_is_not_asked(end: str) -> None:
    assert map_of(answered(f"a\n{end}", "js/shop.js", "text/javascript")) == ""


def test_a_script_that_is_missing_names_no_map() -> None:
    gone = Answer(Request("GET", URL + "shop.js"), 404, body=b"//# sourceMappingURL=shop.js.map")
    assert map_of(gone) == ""


def test_a_map_is_known_by_its_keys() -> None:
    whole = {"version": 3, "sources": ["src/a.ts", "node_modules/b.js"], "sourcesContent": ["x"], "mappings": ""}
    assert mapped(answered(")]}'\n" + json.dumps(whole))) == (1, True)
    assert mapped(answered("[]")) is None
    assert mapped(answered("<html>")) is None
    assert mapped(answered("{", cut=False)) is None
    start = '{"version": 3, "sources": ["src/a.ts"], "sourcesContent": ["'
    assert mapped(answered(start, cut=True)) == (1, True)
    assert mapped(answered('{"sources": ["a"]', cut=True)) is None
    assert mapped(answered(start.replace("src/a.ts", "node_modules/a"), cut=True)) is None


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.kind} {entry.what}")
def test_an_empty_answer_proves_no_panel(entry: object) -> None:
    for body in (b"", b"{}", b"[]", b"null", b"\xff" * 100):
        for kind in ("text/html", "application/json", "text/plain"):
            answer = Answer(Request("GET", URL), 200, "", (("Content-Type", kind),), body)
            assert entry.proof(answer) is None  # type: ignore[attr-defined]


def test_two_servers_each_tell_of_their_status() -> None:
    apache = shown("<h1>Apache Server Status for shop</h1><dt>Server Version: Apache/2.4</dt>")
    nginx = served("Active connections: 2 \nserver accepts handled requests\n 9 9 12 \n")
    health = data(pid=7, hostname="a", checks={"disk": {"free": 1}, "redis": {}})
    table = {"GET /": shown(), "GET /server-status": apache, "GET /nginx_status": nginx, "GET /health": health}
    found = [finding for finding in check_answers(table) if finding.topic == "status-page"]
    assert sorted((one.rule, one.severity) for one in found) == [
        ("status-page/apache", Severity.MEDIUM),
        ("status-page/health", Severity.LOW),
        ("status-page/nginx", Severity.LOW),
    ]
    near = {key.replace("/", "http://127.0.0.1:5000/", 1): text for key, text in table.items()}
    local = [one for one in check_answers(near, url="http://127.0.0.1:5000/") if one.topic == "status-page"]
    assert [one.severity for one in local] == [Severity.LOW] * 3


def test_names_in_a_listing_are_those_of_the_same_folder() -> None:
    links = "".join(f"<a href='{to}'>x</a>" for to in ("b.txt", "/c.txt", "d/e.txt", "https://other.example/f", "g/"))
    assert listed(answered(f"<title>Index of /a/</title><h1>Index of /a/</h1>{links}", "a/", "text/html")) == (
        "b.txt",
        "g/",
    )


def test_a_file_of_keys_has_to_be_whole() -> None:
    assert keys("a")(answered('{"a": 1')) is None
    assert keys("a")(answered('{"a": 1}')) is not None


@pytest.mark.parametrize(
    ("address", "changes"),
    [
        ("index.html?action=restartall", True),
        ("index.html?processname=x&action=stop", True),
        ("index.html?action=refresh", False),
        ("jobs/7/kill", True),
        ("skills/7", False),
        ("start", False),
        ("logout", True),
        ("do?cmd=show", False),
    ],
)
def test_an_address_that_changes_something_is_not_followed(address: str, changes: bool) -> None:  # noqa: FBT001 - a table
    assert may_change(URL + address) is changes
    assert may_change(f"https://stop.example/{address}") is changes


def test_a_link_that_stops_a_process_is_never_asked() -> None:
    links = ("index.html?p=x&action=restart", "index.html?action=stopall", "tail?p=x")
    shop = shown("".join(f'<a href="{link}">x</a>' for link in links))
    site = MemorySite({"GET /": shop, "GET /tail?p=x": shown()})
    asked: list[str] = []

    def fetch(wishes: Sequence[Wish]) -> list[Chain]:
        asked.extend(wish.request.url for wish in wishes)
        return site(wishes)

    drive(plan(), Scene(URL, active=True), fetch)
    assert f"{URL}tail?p=x" in asked
    assert not [url for url in asked if "action=" in url]


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "ok",
        '{"status": "ok"}',
        '{"pid": null, "hostname": "", "memory": {}}',
        '{"pid": 7, "cpu": 2, "x": {}}',
        '{"memory": "ok", "disk": {"status": "up"}, "dependencies": {"redis": "Working", "db": true}}',
        '{"a": {"b": {"c": {"d": {"pid": 7, "cpu": 2, "hostname": "a"}}}}}',
    ],
)
def test_a_health_page_that_says_whether_all_is_well_tells_nothing(body: str) -> None:
    assert inside_told(answered(body, "health")) is None
