"""Litestar: what Batten says of debug, CORS, cookies, documentation and hosts is what Litestar does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from batten.model import State
from batten.understand import DictSources, resolve, understand as understand_all

if TYPE_CHECKING:
    from batten.understand.subjects import App

    from .conftest import Outside


def only(source: str, procfile: str = "web: uvicorn app:app\n", **files: str) -> App:
    """Return the one app that is deployed."""
    sources = DictSources({"app.py": source, "Procfile": procfile, **files})
    (app,) = understand_all(sources, resolve(sources, lambda _: None), {}).apps
    return app


DEBUGS: list[tuple[str, dict[str, str]]] = [
    ("Litestar([])", {}),
    ("Litestar([], debug=True)", {}),
    ("Litestar([], debug=False)", {"LITESTAR_DEBUG": "1"}),
    ("Litestar([], debug=None)", {"LITESTAR_DEBUG": "1"}),
    ("Litestar([])", {"LITESTAR_DEBUG": "1"}),
    ("Litestar([])", {"LITESTAR_DEBUG": "true"}),
    ("Litestar([], on_app_init=[switch])", {}),
    ("Litestar([], debug=True, plugins=[Plugin()])", {}),
    ("Litestar([], pdb_on_exception=True)", {"LITESTAR_PDB": "0"}),
    ("Litestar([])", {"LITESTAR_PDB": "1"}),
]
HEAD = """\
from litestar import Litestar
from litestar.plugins import InitPluginProtocol
def switch(config):
    config.debug = True
    return config
class Plugin(InitPluginProtocol):
    def on_app_init(self, app_config):
        app_config.debug = False
        return app_config
"""


@pytest.mark.process
@pytest.mark.parametrize(("made", "env"), DEBUGS)
def test_debug_is_litestars(outside: Outside, made: str, env: dict[str, str]) -> None:
    source = f"{HEAD}app = {made}\n"
    script = (
        "import os, warnings\nwarnings.simplefilter('ignore')\nos.environ.update(data['env'])\n"
        "held = {'__name__': '__main__'}\n"
        "exec(data['source'], held)\nanswer = [held['app'].debug, held['app'].pdb_on_exception]"
    )
    words = "".join(f"{name}={value} " for name, value in env.items())
    app = only(source, f"web: {words}uvicorn app:app\n")
    told = [app.setting("litestar.debug").value, app.setting("pdb_on_exception").value]
    assert told == outside(script, {"source": source, "env": env})


def test_debug_written_later_and_not_known() -> None:
    app = only("from litestar import Litestar\napp = Litestar([])\napp.debug = True\nSEEN = app.debug\n")
    assert app.setting("litestar.debug").value is True
    app = only("import other\nfrom litestar import Litestar\napp = Litestar(**other.settings())\n")
    assert app.setting("litestar.debug").state is State.UNKNOWN
    assert app.panels[0].enabled.state is State.UNKNOWN
    assert app.cors[0].origins.state is State.UNKNOWN


POLICIES = [
    "None",
    "CORSConfig()",
    "CORSConfig(allow_credentials=True)",
    "CORSConfig(allow_origins=['https://shop.example'], allow_credentials=True)",
    "CORSConfig(['https://evil.example'])",
    "CORSConfig(allow_origins=[], allow_origin_regex=r'https://.*\\.example')",
]
CORS = """\
from litestar.testing import TestClient
held = {'__name__': '__main__'}
exec(data, held)
with TestClient(held["app"]) as client:
    headers = {"Origin": "https://evil.example", "Cookie": "a=b"} if "credentials" in data else {
        "Origin": "https://evil.example"}
    found = client.get("/", headers=headers).headers
answer = [found.get("access-control-allow-origin"), found.get("access-control-allow-credentials")]
"""


@pytest.mark.process
@pytest.mark.parametrize("policy", POLICIES)
def test_cors_is_litestars(outside: Outside, policy: str) -> None:
    source = (
        "from litestar import Litestar, get\nfrom litestar.config.cors import CORSConfig\n"
        f"@get('/')\nasync def page() -> str:\n    return ''\napp = Litestar([page], cors_config={policy})\n"
    )
    app = only(source)
    origin, credentials = outside(CORS, source)
    if "regex" not in policy:
        assert app.setting("cors.allow_origin").value == origin
    else:
        assert origin == "https://evil.example"
        assert any(policy.pattern for policy in app.cors)
    assert any(policy.credentials.value for policy in app.cors) is (credentials == "true")


SESSIONS = [
    "CookieBackendConfig(secret=b'k' * 16)",
    "CookieBackendConfig(b'k' * 16, secure=True, samesite='strict', key='S')",
    "ServerSideSessionConfig(httponly=False)",
]


@pytest.mark.process
@pytest.mark.parametrize("config", SESSIONS)
def test_the_session_cookie_is_litestars(outside: Outside, config: str) -> None:
    source = (
        "from litestar import Litestar, Request, get\n"
        "from litestar.middleware.session.client_side import CookieBackendConfig\n"
        "from litestar.middleware.session.server_side import ServerSideSessionConfig\n"
        "@get('/')\nasync def page(request: Request) -> str:\n    request.session['a'] = 1\n    return ''\n"
        f"app = Litestar([page], middleware=[{config}.middleware])\n"
    )
    app = only(source)
    (cookie,) = app.cookies
    script = (
        "from http.cookies import SimpleCookie\nfrom litestar.testing import TestClient\n"
        "held = {'__name__': '__main__'}\n"
        "exec(data, held)\nwith TestClient(held['app']) as client:\n"
        "    header = client.get('/').headers['set-cookie']\n"
        "((name, m),) = SimpleCookie(header).items()\n"
        "answer = [name.split('-')[0], bool(m['secure']), bool(m['httponly']), m['samesite']]"
    )
    told = [cookie.name, bool(cookie.secure.value), bool(cookie.httponly.value), cookie.samesite.value]
    assert told == outside(script, source)
    assert [key.value.value for key in app.keys] == [b"k" * 16] * ("Cookie" in config)


DOCUMENTED = [
    ("", "/schema"),
    ("openapi_config=None", "/schema"),
    ("openapi_config=OpenAPIConfig(title='x', version='1', path='/docs')", "/docs"),
]


@pytest.mark.process
@pytest.mark.parametrize(("given", "path"), DOCUMENTED)
def test_the_documentation_is_served_as_said(outside: Outside, given: str, path: str) -> None:
    source = (
        "from litestar import Litestar, get\nfrom litestar.openapi import OpenAPIConfig\n"
        f"@get('/')\nasync def page() -> str:\n    return ''\napp = Litestar([page], {given})\n"
    )
    (panel,) = only(source).panels
    script = (
        "from litestar.testing import TestClient\nheld = {'__name__': '__main__'}\nexec(data[0], held)\n"
        "with TestClient(held['app']) as client:\n    answer = client.get(data[1]).status_code == 200"
    )
    assert panel.path == path
    assert panel.enabled.value is outside(script, [source, path])
    assert panel.enabled.default is (given == "")


SHOP = """\
from litestar import Controller, Litestar, Response, Router, get, post
from litestar.config.csrf import CSRFConfig
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.security.jwt import JWTAuth, JWTCookieAuth

@get("/items")
async def items() -> Response:
    answer = Response("x")
    answer.set_cookie("session_id", "x", httponly=True)
    return answer

class Orders(Controller):
    path = "/orders"

    @post("/new")
    async def new(self) -> str:
        return ""

async def plain() -> str:
    return ""

jwt = JWTAuth(retrieve_user_handler=None, token_secret="t" * 40)
cookie = JWTCookieAuth(retrieve_user_handler=None, token_secret="u" * 40, secure=True)
app = Litestar(
    [items, Orders, Router(path="/r", route_handlers=[plain]), "nothing"],
    csrf_config=CSRFConfig(secret="c" * 40, cookie_secure=True),
    allowed_hosts=AllowedHostsConfig(),
    request_max_body_size=5,
)
app.register(items)
Litestar.register(3)
"""


def test_what_an_app_does() -> None:
    app = only(SHOP)
    assert app.routes == ("/items", "/new")
    assert {key.setting for key in app.keys} == {
        "secret of CSRFConfig",
        "token_secret of JWTAuth",
        "token_secret of JWTCookieAuth",
    }
    (guard,) = app.csrf
    assert (guard.enabled.value, guard.setting) == (True, "csrf_config")
    roles = {(c.role, c.name, bool(c.secure.value), bool(c.httponly.value), c.samesite.value) for c in app.cookies}
    assert roles == {
        ("csrf", "csrftoken", True, False, "lax"),
        ("session", "token", True, True, "lax"),
        ("set", "session_id", False, True, "lax"),
    }
    (hosts,) = app.hosts
    assert hosts.allowed.value == ["*"]
    assert app.body_limits[0].size_bytes.value == 5


def test_hosts_as_a_list() -> None:
    source = "from litestar import Litestar\napp = Litestar([], allowed_hosts={})\n"
    assert only(source.format("['shop.example']")).hosts[0].allowed.value == ["shop.example"]
    assert only(source.format("[]")).hosts == ()
    assert only(source.format("[]").replace("app =", "import other\napp =").replace(
        "allowed_hosts=[]", "csrf_config=other.csrf()"
    )).csrf[0].enabled.state is State.UNKNOWN  # fmt: skip


COMMANDS: list[tuple[str, tuple[Any, ...]]] = [
    ("litestar run", ("127.0.0.1", 8000, False, False)),
    ("litestar --app app:create_app run -H 0.0.0.0 -p 80", ("0.0.0.0", "80", False, False)),
    ("LITESTAR_APP=app:create_app LITESTAR_HOST=:: litestar run --debug -r", ("::", 8000, True, True)),
    ("LITESTAR_DEBUG=1 litestar run", ("127.0.0.1", 8000, True, False)),
]


@pytest.mark.parametrize(("command", "expected"), COMMANDS)
@pytest.mark.parametrize("name", ["app", "shop", "create_app"])
def test_the_command(command: str, expected: tuple[Any, ...], name: str) -> None:
    source = "from litestar import Litestar\ndef create_app():\n    return Litestar([])\n"
    app = only(source + (f"{name} = Litestar([])\n" if name != "create_app" else ""), f"web: {command}\n")
    (server,) = app.servers
    told = (server.host.value, server.port.value, bool(app.setting("litestar.debug").value), server.reload.value)
    assert told == expected
    assert (server.kind, server.development) == ("litestar", False)


def test_the_command_finds_nothing() -> None:
    sources = DictSources({"app.py": "x = 1\n", "Procfile": "web: litestar run\n"})
    assert understand_all(sources, resolve(sources, lambda _: None), {}).apps == []
    sources = DictSources({"other.py": "x = 1\n", "Procfile": "web: litestar run\n"})
    assert understand_all(sources, resolve(sources, lambda _: None), {}).apps == []
