"""Sanic: what Batten says of configuration, debug, addresses, cookies and CORS is what Sanic does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from batten.model import State
from batten.understand import DictSources, resolve, understand as understand_all

if TYPE_CHECKING:
    from batten.understand.subjects import App

    from .conftest import Outside, Understand

HEAD = "from sanic import Sanic\napp = Sanic('shop')\n"


def only(source: str, procfile: str = "web: python app.py\n", **files: str) -> App:
    """Return the one app that is deployed."""
    sources = DictSources({"app.py": source, "Procfile": procfile, **files})
    (app,) = understand_all(sources, resolve(sources, lambda _: None), {}).apps
    return app


CONFIGS: list[tuple[str, dict[str, str]]] = [
    ("", {}),
    ("", {"SANIC_DEBUG": "True", "SANIC_A": "1", "SANIC_B": "1.5", "SANIC_C": "off", "SANIC_D": "x y", "SANIC_e": "1"}),
    ("app.config.LEVEL = 1\napp.config['KEEP_ALIVE'] = False", {}),
    ("app.config.update({'A': 1}, B=2)\napp.update_config({'C': 3})", {}),
    ("class C:\n    A = 1\n    b = 2\napp.update_config(C)", {}),
    ("class C:\n    A = 1\n    b = 2\napp.update_config(C())", {}),
    ("app.update_config('./settings.py')", {}),
    ("app.update_config('own.C')", {}),
    ("app = Sanic('two', env_prefix='SHOP_')", {"SHOP_A": "yes", "SANIC_A": "no"}),
    (
        "from sanic.config import Config\nclass Own(Config):\n    pass\napp = Sanic('three', config=Own())",
        {"SANIC_X": "3"},
    ),
    ("from sanic.config import Config\napp = Sanic('four', config=Config(defaults={'Y': 1}))", {}),
    ("app.config.setdefault('KEEP_ALIVE', 5)\napp.config.setdefault('Z', 5)", {}),
    ("app.config.load_environment_vars('SHOP_')", {"SHOP_A": "1"}),
]


@pytest.mark.process
@pytest.mark.parametrize(("more", "env"), CONFIGS)
def test_the_configuration_is_sanics(understand: Understand, outside: Outside, more: str, env: dict[str, str]) -> None:
    source = HEAD + more + "\nALL = {k: app.config.get(k) for k in NAMES}\n"
    script = (
        "import os\nos.environ.update(data['env'])\nopen('settings.py', 'w').write('A = 1\\nb = 2\\n')\n"
        "open('own.py', 'w').write('class C:\\n    A = 1\\n    b = 2\\n')\n"
        "held = {'NAMES': ()}\nexec(data['source'], held)\n"
        "plain = (bool, int, float, str, type(None))\n"
        "answer = {n: v for n, v in dict(held['app'].config).items() if isinstance(v, plain) and n.isupper()}\n"
        "answer.pop('LOCAL_CERT_CREATOR')"
    )
    real = outside(script, {"source": source, "env": env})
    names = f"NAMES = {list(real)!r}\n"
    seen = understand(
        names + source, env=env, files={"settings.py": "A = 1\nb = 2\n", "own.py": "class C:\n    A = 1\n    b = 2\n"}
    )
    assert seen.name("ALL") == real


def test_settings_that_are_not_known(understand: Understand) -> None:
    seen = understand(
        "import os\n" + HEAD + "app.update_config('${HOME}/x.py')\nGONE = app.config.get('X')\n"
        "A = app.config[open('x').read()]\nB = app.config['KEEP_ALIVE']\nC = app.config.get(open('x').read())\n"
        "app.config[open('y').read()] = 1\nD = Sanic('b', env_prefix=open('z').read()).config.get('X')\n"
        "from sanic.config import Config\nConfig.get('x')\nConfig.update({'X': 1})\nConfig.load_environment_vars()\n"
        "Sanic.run()\nSanic.blueprint(3)\n"
    )
    assert seen.name("B") is True
    assert [seen.name(name) for name in "AC"] == ["?unknown", "?unknown"]
    assert all("?unknown" in str(seen.name(name)) for name in ("GONE", "D"))


RUNS = [
    "app.run()",
    "app.run('0.0.0.0', 80)",
    "app.run(host='0.0.0.0', debug=True)",
    "app.run(dev=True)",
    "app.run(debug=1, auto_reload=True, access_log=False)",
    "app.run(auto_reload=True)",
    "app.run(unix='/tmp/x.sock')",
    "app.run(auto_tls=True, port=None)",
    "app.prepare(port=9)",
    "app.config.DEBUG = True\napp.run()",
    "app.prepare(port=1, debug=True)\napp.prepare(port=2)",
]
PREPARED = """\
from unittest.mock import patch
import sanic.mixins.startup as s
seen = []
def helper(self, **given):
    if not self.state.is_debug:
        from sanic.application.constants import Mode
        self.state.mode = Mode.DEBUG if given["debug"] else Mode.PRODUCTION
    seen.append([given["unix"] or given["host"], None if given["unix"] else given["port"]])
    return {}
with patch.object(s.StartupMixin, "_helper", helper), patch.object(s.StartupMixin, "serve", lambda *a, **k: None):
    held = {}
    exec(data, held)
app = held["app"]
answer = [seen, app.debug, app.config.AUTO_RELOAD, app.config.ACCESS_LOG if "access_log" in data else None]
"""


@pytest.mark.process
@pytest.mark.parametrize("run", RUNS)
def test_run_is_sanics(understand: Understand, outside: Outside, run: str) -> None:
    where, debug, reload, log = outside(PREPARED, HEAD + run)
    seen = understand(HEAD + run + "\nDEBUG, RELOAD, LOG = app.debug, app.config.AUTO_RELOAD, app.config.ACCESS_LOG\n")
    told = [[fact[2]["host"], fact[2]["port"]] for fact in seen.facts("serve")]
    assert (told, seen.name("DEBUG")) == (where, debug)
    if "dev" not in run:
        assert bool(seen.name("RELOAD")) is reload
    if log is not None:
        assert seen.name("LOG") is log


FAILS = """\
import asyncio, logging
logging.disable(logging.CRITICAL)
from sanic import Sanic
from sanic.application.constants import Mode
import html
app = Sanic("x")
@app.get("/")
async def fails(request):
    password = "hunter2"
    raise RuntimeError("inside")
app.state.mode = Mode.DEBUG if data else Mode.PRODUCTION
app.error_handler.debug = app.debug
from sanic.errorpages import exception_response, TextRenderer
from unittest.mock import Mock
request = Mock(path="/", method="GET", headers={}, query_string="", id=1, version="1.1", app=app)
try:
    password = "hunter2"
    raise RuntimeError("inside")
except RuntimeError as error:
    text = exception_response(request, error, app.debug, "json", TextRenderer, TextRenderer).body.decode()
answer = "RuntimeError" in text
"""


@pytest.mark.process
@pytest.mark.parametrize("debug", [True, False])
def test_the_error_is_shown_as_said(outside: Outside, debug: bool) -> None:  # noqa: FBT001 - a parameter
    app = only(HEAD + f"app.run(debug={debug})\n")
    assert app.setting("sanic.debug").value is outside(FAILS, debug) is debug


COOKIES = [
    "response.add_cookie('a', 'x')",
    "response.add_cookie('a', 'x', secure=False, httponly=True, samesite=None)",
    "response.cookies.add_cookie('a', 'x', samesite='Strict')",
]


@pytest.mark.process
@pytest.mark.parametrize("call", COOKIES)
def test_cookie_flags_are_sanics(outside: Outside, call: str) -> None:
    source = (
        "from sanic import Sanic, text\napp = Sanic('x')\ndef sets(request):\n"
        f"    response = text('')\n    {call}\n    return response\n"
    )
    (cookie,) = only(source + "app.add_route(sets, '/')\napp.run()\n").cookies
    script = (
        "held = {}\nexec(data, held)\nc = held['sets'](None).cookies.get_cookie('a')\n"
        "answer = [c.secure, c.httponly, c.samesite]"
    )
    assert [cookie.secure.value, cookie.httponly.value, cookie.samesite.value] == outside(script, source)


POLICIES = [
    "",
    "app.config.CORS_ORIGINS = '*'",
    "app.config.CORS_ORIGINS = '*'\napp.config.CORS_SEND_WILDCARD = True",
    "app.config.CORS_ORIGINS = 'https://a.example, https://evil.example'\napp.config.CORS_SUPPORTS_CREDENTIALS = True",
    "app.config.CORS_ORIGINS = ['https://a.example']",
]
ASKED = """\
import asyncio, logging
logging.disable(logging.CRITICAL)
import sanic_ext
held = {}
exec(data, held)
app = held["app"]
@app.get("/page")
async def page(request):
    from sanic import text
    return text("")
async def asked():
    sent = []
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        sent.append(message)
    scope = {"type": "http", "asgi": {"version": "3"}, "http_version": "1.1", "method": "GET", "scheme": "http",
             "path": "/page", "raw_path": b"/page", "query_string": b"", "root_path": "",
             "headers": [(b"origin", b"https://evil.example"), (b"host", b"x")], "client": ("1", 1), "server": ("x", 1)}
    coming = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    async def events():
        return coming.pop(0)
    async def none(message):
        pass
    from sanic.asgi import ASGIApp
    app.asgi = True
    lifespan = {"type": "lifespan", "app": app, "asgi": {"version": "3"}}
    await app(lifespan, events, none)
    await app(scope, receive, send)
    return {k.decode(): v.decode() for k, v in sent[0]["headers"]}
headers = asyncio.run(asked())
answer = [headers.get("access-control-allow-origin"), headers.get("access-control-allow-credentials")]
"""


@pytest.mark.process
@pytest.mark.parametrize("policy", POLICIES)
def test_cors_is_sanic_extensions(outside: Outside, policy: str) -> None:
    source = f"from sanic import Sanic\nfrom sanic_ext import Extend\napp = Sanic('x')\n{policy}\nExtend(app)\n"
    app = only(source + "app.run()\n")
    origin, credentials = outside(ASKED, source)
    assert app.setting("cors.allow_origin").value == origin
    assert bool(app.setting("cors.allow_credentials").value) is (credentials == "true")


def test_the_documentation_of_sanic_extensions() -> None:
    source = "from sanic import Sanic\nfrom sanic_ext import Config, Extend\napp = Sanic('x')\n"
    (panel,) = only(source + "Extend(app)\napp.run()\n").panels
    assert (panel.kind, panel.path, panel.enabled.value) == ("openapi", "/docs", True)
    (panel,) = only(source + "Extend(app, config=Config(oas=False, oas_url_prefix='/x'))\napp.run()\n").panels
    assert (panel.path, panel.enabled.value) == ("/x", False)
    (panel,) = only(source + "Extend(app, config={'oas': False})\napp.run()\n").panels
    assert panel.enabled.value is False
    assert only(HEAD + "app.run()\n").panels == ()
    (panel,) = only(HEAD + "app.run()\n", **{"requirements.txt": "sanic-ext\n"}).panels
    assert panel.enabled.value is True


SHOP = """\
from sanic import Blueprint, Sanic, html, json, text
from sanic.exceptions import ServerError
app = Sanic("shop")
app.ctx.level = 1
part = Blueprint("part", url_prefix="/part")

@part.route("/x", methods=["POST"])
async def x(request):
    request.form.get("a")
    try:
        request.go()
    except Exception as problem:
        return json({"error": str(problem)})

@app.get("/y")
async def y(request):
    try:
        request.app.go(request.app.config.KEEP_ALIVE)
    except Exception as problem:
        raise ServerError(str(problem))

@app.exception(Exception)
async def failed(request, problem):
    return text(str(problem))

@app.middleware("response")
async def cors(request, response):
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin")
    response.headers.update({"Access-Control-Allow-Credentials": "true"})

@app.on_request
async def before(request):
    pass

@app.middleware
async def also(request):
    pass

@app.listener("before_server_start")
async def start(app):
    pass

app.blueprint([part])
app.blueprint(part)
app.add_route(y, "/z", methods=["GET", "POST"])
app.add_route(y, "/w")
app.register_middleware(before, "request")
Sanic.add_exception_handler(app, Exception, failed)
SAME = Sanic.get_app() is app
app.run()
"""


def test_what_an_app_does() -> None:
    app = only(SHOP)
    assert set("/x /y /z /w".split()) <= set(app.routes)
    assert {(e.function, e.handler) for e in app.errors} == {("x", False), ("y", False), ("failed", True)}
    (policy,) = app.cors
    assert (policy.reflects, policy.credentials.value) == (True, True)
    assert app.changes_state.value is True
    assert app.name == "app"
    assert app.body_limits[0].size_bytes.value == 100_000_000


COMMANDS: list[tuple[str, tuple[Any, ...]]] = [
    ("sanic app", ("127.0.0.1", 8000, False, "sanic")),
    ("sanic app:app -H 0.0.0.0 -p 80 --debug", ("0.0.0.0", 80, True, "sanic")),
    ("sanic app.app --dev", ("127.0.0.1", 8000, True, "sanic dev")),
    ("sanic app:create_app --factory -r", ("127.0.0.1", 8000, False, "sanic")),
]


@pytest.mark.parametrize(("command", "expected"), COMMANDS)
def test_the_command(command: str, expected: tuple[Any, ...]) -> None:
    source = "from sanic import Sanic\ndef create_app():\n    return Sanic('shop')\napp = create_app()\n"
    app = only(source, f"web: {command}\n")
    (server,) = app.servers
    told = (server.host.value, server.port.value, bool(app.setting("sanic.debug").value), server.kind)
    assert told == expected


def test_servers_by_hand(understand: Understand) -> None:
    seen = understand(
        "import asyncio, os\n" + HEAD + "async def main():\n    await app.create_server(port=3, debug=True)\n"
        "asyncio.run(main())\napp.run(sock=open('x'))\nDEBUG = app.debug\n"
        "other = Sanic('other')\nother.run(dev=os.getpid() > 4)\nSOME = other.debug\n"
    )
    assert [fact[2]["host"] for fact in seen.facts("serve")] == ["127.0.0.1", "?unknown", "127.0.0.1"]
    assert seen.name("DEBUG") is True
    assert seen.name("SOME") == "?runtime"


def test_a_configuration_that_may_hold_more() -> None:
    app = only("import other\n" + HEAD + "app.update_config(other.settings())\napp.run()\n")
    assert app.setting("KEEP_ALIVE").state is State.UNKNOWN
    assert app.setting("sanic.debug").value in {False, None}
