"""aiohttp as a server: what Batten says of debug, addresses, sessions and CORS is what aiohttp does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from batten.model import State
from batten.understand import DictSources, resolve, understand as understand_all

if TYPE_CHECKING:
    from batten.understand.subjects import App

    from .conftest import Outside, Understand

HEAD = "from aiohttp import web\napp = web.Application({})\n"


def only(source: str, procfile: str = "web: python app.py\n", **files: str) -> App:
    """Return the one app that is deployed."""
    sources = DictSources({"app.py": source, "Procfile": procfile, **files})
    (app,) = understand_all(sources, resolve(sources, lambda _: None), {}).apps
    return app


FAILS = """\
import asyncio, os, logging
logging.disable(logging.CRITICAL)
os.environ.update(data["env"])
import warnings
warnings.simplefilter("ignore")
from aiohttp import web
held = {}
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
exec(data["source"], held)
async def fails(request):
    raise RuntimeError("inside")
async def asked():
    import aiohttp
    app = held["app"]
    app.router.add_get("/", fails)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with aiohttp.ClientSession() as session, session.get(site.name) as answer:
        return await answer.text()
text = loop.run_until_complete(asked())
answer = "RuntimeError: inside" in text
"""
DEBUGS: list[tuple[str, str, dict[str, str]]] = [
    ("", "", {}),
    ("debug=True", "", {}),
    ("debug=False", "", {"PYTHONASYNCIODEBUG": "1"}),
    ("", "import asyncio\nasyncio.get_event_loop().set_debug(True)\n", {}),
    ("", "import asyncio\nasyncio.get_event_loop().set_debug(False)\n", {"PYTHONASYNCIODEBUG": "1"}),
]


@pytest.mark.process
@pytest.mark.parametrize(("given", "more", "env"), DEBUGS)
def test_a_traceback_is_served_as_said(outside: Outside, given: str, more: str, env: dict[str, str]) -> None:
    source = HEAD.format(given) + more
    real = outside(FAILS, {"source": source, "env": {}}) if not env else None
    words = "".join(f"{name}={value} " for name, value in env.items())
    told = only(source + "web.run_app(app)\n", f"web: {words}python app.py\n").setting("aiohttp.debug")
    assert told.value is (real if real is not None else False)


@pytest.mark.process
@pytest.mark.parametrize("name", ["PYTHONASYNCIODEBUG", "PYTHONDEVMODE"])
@pytest.mark.parametrize("value", ["1", "0", ""])
def test_the_environment_is_asyncios(outside: Outside, name: str, value: str) -> None:
    script = (
        "import os, subprocess\ncode = 'import asyncio; print(asyncio.new_event_loop().get_debug())'\n"
        "answer = subprocess.run([sys.executable, '-c', code], env={**os.environ, **data}, capture_output=True, "
        "text=True).stdout.strip() == 'True'"
    )
    source = HEAD.format("") + "web.run_app(app)\n"
    told = only(source, f"web: {name}={value} python app.py\n").setting("aiohttp.debug")
    assert told.value is outside(script, {name: value})


def test_python_for_developers_and_asyncio_run() -> None:
    source = HEAD.format("") + "web.run_app(app)\n"
    assert only(source, "web: python -X dev app.py\n").setting("aiohttp.debug").value is True
    source = "import asyncio\nfrom aiohttp import web\nasync def main():\n    return web.Application()\n"
    assert only(source + "asyncio.run(main(), debug=True)\n").setting("aiohttp.debug").value is True
    assert only(source + "asyncio.run(main())\n").setting("aiohttp.debug").value is False
    source += "import os\nasyncio.new_event_loop().set_debug(os.getpid() > 4)\nmain()\n"
    assert only(source).setting("aiohttp.debug").state is State.RUNTIME


RUNS = [
    "web.run_app(app)",
    "web.run_app(app, host='127.0.0.1', port=80)",
    "web.run_app(app, host='')",
    "web.run_app(app, host=['127.0.0.1', '::1'])",
    "web.run_app(app, path='/tmp/x.sock')",
    "web.run_app(app, path='/tmp/x.sock', port=80)",
    "web.run_app(app, path=['/tmp/x.sock', '/tmp/y.sock'], host='::1')",
    "web.run_app(app, ssl_context=object())",
]
SITES = """\
import asyncio
from unittest.mock import patch
from aiohttp import web, web_runner
seen = []
async def start(self):
    if isinstance(self, web_runner.TCPSite):
        seen.append([self._host or "0.0.0.0", self._port])
    else:
        seen.append([self._path, None])
async def sleep(_):
    raise web.GracefulExit
with (patch.object(web_runner.TCPSite, "start", start), patch.object(web_runner.UnixSite, "start", start),
      patch("aiohttp.web.asyncio.sleep", sleep)):
    exec("import asyncio\\nfrom functools import partial\\n" + data.replace("run_app(app", "run_app(app, print=None"))
answer = seen
"""


@pytest.mark.process
@pytest.mark.parametrize("run", RUNS)
def test_run_app_listens_where_aiohttp_does(understand: Understand, outside: Outside, run: str) -> None:
    source = HEAD.format("") + run
    told = [[fact[2]["host"], fact[2]["port"]] for fact in understand(source).facts("serve")]
    assert told == outside(SITES, source)


SITED: list[tuple[str, list[tuple[Any, ...]]]] = [
    ("await web.TCPSite(runner).start()", [("0.0.0.0", 8080)]),
    ("await web.TCPSite(runner, 'localhost', 80).start()", [("localhost", 80)]),
    ("await web.TCPSite(runner, ssl_context=open('x')).start()", [("0.0.0.0", 8443)]),
    ("await web.UnixSite(runner, '/run/x.sock').start()", [("/run/x.sock", None)]),
    ("await web.TCPSite(open('x'), '::').start()", [("::", 8080)]),
    ("loop = asyncio.get_event_loop()\n    await loop.create_server(app.make_handler(), None, 80)", [("0.0.0.0", 80)]),
    ("await asyncio.get_event_loop().create_server(open('x'))", []),
]


@pytest.mark.parametrize(("way", "expected"), SITED)
def test_sites_by_hand(understand: Understand, way: str, expected: list[tuple[Any, ...]]) -> None:
    seen = understand(
        f"import asyncio\n{HEAD.format('')}async def main():\n    runner = web.AppRunner(app)\n"
        f"    await runner.setup()\n    {way}\nasyncio.run(main())\nweb.TCPSite.start()\n"
    )
    assert [(fact[2]["host"], fact[2]["port"]) for fact in seen.facts("serve")] == expected
    assert all(fact[1] in {"<aiohttp.web.Application>", "?unknown"} for fact in seen.facts("serve"))


def test_a_socket_and_arguments_that_are_not_known(understand: Understand) -> None:
    seen = understand(HEAD.format("") + "web.run_app(app, sock=open('x'))\nweb.run_app(app, **open('y').read())\n")
    assert seen.facts("serve")[0][2]["host"] == "?unknown"


STORAGES = [
    "EncryptedCookieStorage(b'k' * 32)",
    "EncryptedCookieStorage(b'k' * 32, secure=True, samesite='Lax', cookie_name='S')",
    "EncryptedCookieStorage(b'k' * 32, httponly=False)",
    "SimpleCookieStorage(secure=True)",
]


@pytest.mark.process
@pytest.mark.parametrize("storage", STORAGES)
def test_the_session_cookie_is_aiohttp_sessions(outside: Outside, storage: str) -> None:
    source = (
        "from aiohttp import web\nfrom aiohttp_session import SimpleCookieStorage, get_session, setup\n"
        "from aiohttp_session.cookie_storage import EncryptedCookieStorage\nasync def page(request):\n"
        "    session = await get_session(request)\n    session['seen'] = 1\n    return web.Response(text='x')\n"
        f"app = web.Application()\nsetup(app, {storage})\napp.router.add_get('/', page)\n"
    )
    (cookie,) = only(source + "web.run_app(app)\n").cookies
    script = (
        "import asyncio\nfrom http.cookies import SimpleCookie\nfrom aiohttp.test_utils import TestClient, TestServer\n"
        "held = {}\nexec(data, held)\nasync def asked():\n"
        "    async with TestClient(TestServer(held['app'])) as client:\n"
        "        return (await client.get('/')).headers['Set-Cookie']\n"
        "((name, m),) = SimpleCookie(asyncio.run(asked())).items()\n"
        "answer = [name, bool(m['secure']), bool(m['httponly']), m['samesite']]"
    )
    told = [cookie.name, bool(cookie.secure.value), bool(cookie.httponly.value), cookie.samesite.value or ""]
    assert told == outside(script, source)


KEYS: list[tuple[str, list[object]]] = [
    ("EncryptedCookieStorage(b'k' * 32)", [b"k" * 32]),
    ("EncryptedCookieStorage('text')", ["text"]),
    ("EncryptedCookieStorage(Fernet(b'made of'))", [b"made of"]),
    ("EncryptedCookieStorage(base64.urlsafe_b64decode(Fernet.generate_key()))", [None]),
    ("SimpleCookieStorage()", []),
    ("RedisStorage(pool, cookie_name=open('x').read())", []),
]


@pytest.mark.parametrize(("storage", "expected"), KEYS)
def test_the_key_of_a_session(storage: str, expected: list[object]) -> None:
    app = only(
        "import base64, aiohttp_session\nfrom aiohttp import web\nfrom cryptography.fernet import Fernet\n"
        "from aiohttp_session import SimpleCookieStorage\nfrom aiohttp_session.redis_storage import RedisStorage\n"
        "from aiohttp_session.cookie_storage import EncryptedCookieStorage\npool = None\n"
        f"app = web.Application(middlewares=[aiohttp_session.session_middleware({storage})])\nweb.run_app(app)\n"
    )
    assert [key.value.value for key in app.keys] == expected
    assert app.uses_session.value is True


CORS = [
    ("{'*': ResourceOptions()}", "False"),
    ("{'*': ResourceOptions(allow_credentials=True)}", "True"),
    ("{'https://shop.example': ResourceOptions(allow_credentials=True)}", "True"),
    ("{'*': {'allow_credentials': True}}", "True"),
]


@pytest.mark.process
@pytest.mark.parametrize(("defaults", "credentials"), CORS)
def test_cors_is_aiohttp_cors(outside: Outside, defaults: str, credentials: str) -> None:
    source = (
        "from aiohttp import web\nimport aiohttp_cors\nfrom aiohttp_cors import ResourceOptions\n"
        "async def page(request):\n    return web.Response(text='x')\napp = web.Application()\n"
        f"app.router.add_get('/', page)\ncors = aiohttp_cors.setup(app, defaults={defaults})\n"
        "for route in list(app.router.routes()):\n    cors.add(route)\n"
    )
    app = only(source + "web.run_app(app)\n")
    script = (
        "import asyncio\nfrom aiohttp.test_utils import TestClient, TestServer\nheld = {}\nexec(data, held)\n"
        "async def asked():\n    async with TestClient(TestServer(held['app'])) as client:\n"
        "        h = (await client.get('/', headers={'Origin': 'https://evil.example'})).headers\n"
        "    return [h.get('Access-Control-Allow-Origin'), h.get('Access-Control-Allow-Credentials')]\n"
        "answer = asyncio.run(asked())"
    )
    origin, allowed = outside(script, source)
    assert app.setting("cors.allow_origin").value == origin
    assert str(app.setting("cors.allow_credentials").value) == credentials
    assert allowed == ("true" if origin and credentials == "True" else None)


SHOP = """\
from aiohttp import web
import aiohttp_cors, aiohttp_debugtoolbar
routes = web.RouteTableDef()

@web.middleware
async def cors(request, handler):
    answer = await handler(request)
    answer.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin")
    answer.headers.update({"Access-Control-Allow-Credentials": "true"})
    return answer

@routes.get("/items")
async def items(request):
    try:
        return web.json_response(request.app["items"].load())
    except Exception as problem:
        return web.json_response({"error": str(problem)})

@routes.route("POST", "/order")
async def order(request):
    form = await request.post()
    answer = web.Response(text="x")
    answer.set_cookie("session_id", "x", secure=True)
    return answer

@routes.view("/view")
class Page(web.View):
    async def get(self):
        try:
            self.go()
        except Exception as problem:
            raise web.HTTPBadRequest(text=str(problem))

async def other(request):
    try:
        request.go()
    except Exception as problem:
        raise web.HTTPInternalServerError(text=str(problem))

inner = web.Application()
inner.router.add_route("GET", "/inner", other)
app = web.Application(middlewares=[cors], client_max_size=5)
app["items"] = 1
COUNT, NONE = app["items"], app["none"]
app.add_routes(routes)
app.add_routes([web.get("/a", other), web.route("*", "/b", other), web.static("/s", "s"), 3])
app.router.add_routes(routes)
app.router.add_view("/c", Page)
app.router.add_post("/d", handler=other)
app.add_subapp("/inner", inner)
config = aiohttp_cors.setup(app)
config.add(app.router.add_get("/e", other), {"https://shop.example": aiohttp_cors.ResourceOptions(),
                                             "https://x.example": open("x")})
aiohttp_debugtoolbar.setup(app, hosts=["0.0.0.0/0"], check_host=False)
aiohttp_debugtoolbar.setup(app)
web.Application.add_routes([])
web.Application.add_subapp("x", 3)
web.run_app(app)
"""


def test_what_an_app_does() -> None:
    app = only(SHOP)
    assert set("/items /order /view /a /b /c /d /e /inner".split()) <= set(app.routes)
    assert {(e.what, e.function) for e in app.errors} == {
        ("exception text", "items"),
        ("exception text", "other"),
    }
    by_hand = app.cors[0]
    assert (by_hand.reflects, by_hand.credentials.value) == (True, True)
    assert {policy.origins.value for policy in app.cors[1:]} == {"https://shop.example", "https://x.example"}
    assert [tool.console for tool in app.tools] == [True, False]
    (cookie,) = app.cookies
    assert (cookie.name, cookie.secure.value, cookie.httponly.value) == ("session_id", True, False)
    (limit,) = app.body_limits
    assert limit.size_bytes.value == 5
    assert app.changes_state.value is True
    assert app.uses_session.value is False


COMMANDS: list[tuple[str, tuple[Any, ...]]] = [
    ("python -m aiohttp.web app:make", ("localhost", 8080, False)),
    ("python -m aiohttp.web -H 0.0.0.0 -P 80 app:make", ("0.0.0.0", 80, False)),
    ("python -m aiohttp.web -U /run/x.sock app:make", ("/run/x.sock", None, False)),
    ("adev runserver", ("0.0.0.0", 8000, True)),
    ("adev runserver -p 5000 --app-factory make app.py", ("0.0.0.0", 5000, True)),
    ("gunicorn app:init --bind 127.0.0.1:80 --worker-class aiohttp.GunicornWebWorker", ("127.0.0.1", "80", False)),
]


@pytest.mark.parametrize(("command", "expected"), COMMANDS)
def test_the_commands(command: str, expected: tuple[Any, ...]) -> None:
    source = (
        "from aiohttp import web\n\n\ndef make(argv=None):\n    return web.Application()\n\n\n"
        "async def init():\n    return make()\n\n\nasync def create_app():\n    return make()\n"
    )
    app = only(source, f"web: {command}\n")
    (server,) = app.servers
    assert (server.host.value, server.port.value, bool(app.setting("aiohttp.debug").value)) == expected
    assert server.development is command.startswith("adev")


def test_adev_puts_the_app_into_debug_mode() -> None:
    app = only("from aiohttp import web\napp = web.Application()\n", "web: adev runserver .\n")
    assert app.setting("aiohttp.debug").value is True
    assert app.servers[0].reload.value is True
    assert app.servers[0].kind == "adev"


def test_a_module_that_is_run_imports_its_neighbours() -> None:
    files = {
        "shop/__init__.py": "",
        "shop/__main__.py": "from .app import app\nfrom aiohttp import web\nweb.run_app(app, port=5)\n",
        "shop/tools/serve.py": "from ..app import app\nfrom aiohttp import web\nweb.run_app(app, port=6)\n",
        "shop/tools/__init__.py": "",
        "shop/app.py": "from aiohttp import web\napp = web.Application()\n",
    }
    assert only("", "web: python -m shop\n", **files).setting("run.port").value == 5
    assert only("", "web: python -m shop.tools.serve\n", **files).setting("run.port").value == 6
    assert only("", "", **files).setting("run.port").value == 5
