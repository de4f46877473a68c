"""Quart: what Batten says of its configuration, its servers and its CORS is what Quart does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from batten.understand import DictSources, resolve, understand as understand_all

if TYPE_CHECKING:
    from batten.understand.subjects import App

    from .conftest import Outside, Understand

HEAD = "from quart import Quart\napp = Quart(__name__)\n"


@pytest.mark.process
@pytest.mark.parametrize("env", [{}, {"QUART_DEBUG": "1"}, {"FLASK_DEBUG": "1"}, {"QUART_LEVEL": "3", "FLASK_X": "1"}])
def test_the_configuration_is_quarts(understand: Understand, outside: Outside, env: dict[str, str]) -> None:
    script = (
        "import os\nos.environ.update(data['env'])\nheld = {'__name__': 'app'}\nexec(data['source'], held)\n"
        "answer = {n: v for n, v in held['app'].config.items() if isinstance(v, (bool, int, str, type(None)))}"
    )
    source = HEAD + "app.config.from_prefixed_env()\n"
    real = outside(script, {"source": source, "env": env})
    seen = understand(source, env=env)
    assert {name: seen.config(name) for name in real} == real


RUNS: list[tuple[str, dict[str, str]]] = [
    ("app.run()", {}),
    ("app.run('0.0.0.0', 80, True)", {}),
    ("app.run(host='0.0.0.0', debug=False, use_reloader=False)", {"QUART_DEBUG": "1"}),
    ("app.run()", {"QUART_DEBUG": "true"}),
    ("app.run()", {"QUART_DEBUG": "no", "FLASK_DEBUG": "1"}),
    ("app.run()", {"FLASK_DEBUG": "1"}),
    ("app.config['SERVER_NAME'] = 'shop.example:81'\napp.run()", {}),
    ("app.config['SERVER_NAME'] = 'shop.example'\napp.run(port=3)", {}),
    ("app.debug = True\napp.run(debug=None)", {}),
]
STARTED = """\
import asyncio, os
from unittest.mock import patch
import quart.app
os.environ.update(data["env"])
seen = {}
async def serve(app, config, shutdown_trigger=None):
    seen.update(bind=config.bind, debug=bool(app.debug))
async def watch(*args):
    seen["reload"] = True
with patch("quart.app.serve", serve), patch("quart.app.observe_changes", watch), patch("builtins.print"):
    exec(data["source"], {"__name__": "app"})
answer = [*seen["bind"], seen["debug"], seen.get("reload", False)]
"""


@pytest.mark.process
@pytest.mark.parametrize(("started", "env"), RUNS)
def test_run_is_quarts(understand: Understand, outside: Outside, started: str, env: dict[str, str]) -> None:
    bind, debug, reload = outside(STARTED, {"source": HEAD + started, "env": env})
    ((kind, _, options, _, _),) = understand(HEAD + started, env=env).facts("serve")
    told = (kind, f"{options['host']}:{options['port']}", bool(options["debug"]), options["reload"])
    assert told == ("quart", bind, debug, reload)
    assert options["debugger"] is False


PAGE = """\
import asyncio, logging
logging.disable(logging.CRITICAL)
held = {"__name__": "app"}
exec(data, held)
@held["app"].get("/")
async def fails():
    password = "hunter2"
    raise RuntimeError("inside")
async def asked():
    from quart.asgi import ASGIHTTPConnection
    sent = []
    scope = {"type": "http", "asgi": {}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": "/",
             "raw_path": b"/", "query_string": b"", "root_path": "", "headers": [], "client": ("x", 1), "server": None}
    coming = [{"type": "http.request", "body": b"", "more_body": False}]
    async def receive():
        return coming.pop() if coming else await asyncio.sleep(3600)
    async def send(message):
        sent.append(message)
    try:
        await held["app"](scope, receive, send)
    except RuntimeError:
        pass
    return b"".join(m.get("body", b"") for m in sent)
answer = b"hunter2" in asyncio.run(asked())
"""


@pytest.mark.process
@pytest.mark.parametrize("line", ["", "app.debug = True", "app.config['TESTING'] = True", "app.config['DEBUG'] = ''"])
def test_variables_are_shown_as_said(outside: Outside, line: str) -> None:
    app = only(HEAD + line + "\n", "web: hypercorn app:app\n")
    shown = any(case.value for name in ("DEBUG", "TESTING") for case in app.setting(name).cases())
    assert shown is outside(PAGE, HEAD + line)


def only(source: str, procfile: str, **files: str) -> App:
    """Return the one app that is deployed."""
    named = {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
    sources = DictSources({"app.py": source, "Procfile": procfile, **named})
    (app,) = understand_all(sources, resolve(sources, lambda _: None), {}).apps
    return app


COMMANDS: list[tuple[str, tuple[Any, ...]]] = [
    ("quart run", ("127.0.0.1", 5000, False, False)),
    ("QUART_APP='app:create_app()' quart run -h 0.0.0.0 -p 80", ("0.0.0.0", "80", False, False)),
    ("QUART_DEBUG=1 quart run --no-reload", ("127.0.0.1", 5000, True, False)),
    ("quart --app app --debug run", ("127.0.0.1", 5000, True, True)),
    ("QUART_DEBUG=1 QUART_RUN_HOST=:: quart --no-debug run", ("::", 5000, False, False)),
]


@pytest.mark.parametrize(("command", "expected"), COMMANDS)
def test_the_command(command: str, expected: tuple[Any, ...]) -> None:
    source = (
        "from quart import Quart\n\ndef create_app():\n    app = Quart(__name__)\n    app.debug = 1\n    return app\n"
    )
    app = only(source + "app = create_app()\n", f"web: {command}\n")
    (server,) = app.servers
    told = (server.host.value, server.port.value, bool(app.setting("DEBUG").value), server.reload.value)
    assert told == expected
    assert (server.kind, server.development, app.framework) == ("quart run", True, "quart")


def test_the_command_reads_quartenv_and_not_flaskenv() -> None:
    app = only(HEAD, "web: quart run\n", _quartenv="QUART_DEBUG=1\n", _flaskenv="FLASK_DEBUG=0\nQUART_RUN_PORT=1\n")
    assert app.setting("DEBUG").value is True
    assert app.servers[0].port.value == 5000


def test_the_command_finds_no_app() -> None:
    sources = DictSources({"app.py": "x = 1\n", "Procfile": "web: quart run\n"})
    assert understand_all(sources, resolve(sources, lambda _: None), {}).apps == []


def test_a_task_that_is_awaited(understand: Understand) -> None:
    seen = understand(
        "import asyncio\nfrom quart import Quart\napp = Quart(__name__)\nasync def main():\n"
        "    await app.run_task(host='0.0.0.0', port=3, debug=True)\nasyncio.run(main())\nQuart.run_task()\n"
    )
    ((kind, _, options, _, _),) = seen.facts("serve")
    assert (kind, options["host"], options["port"], options["debug"]) == ("quart", "0.0.0.0", 3, True)


def test_names_that_are_flasks(understand: Understand) -> None:
    seen = understand(
        "from quart import Blueprint, Quart, make_response, request, session\nfrom quart.app import Quart as Q\n"
        "app = Q(__name__)\npart = Blueprint('part', __name__)\napp.register_blueprint(part)\n"
        "@part.route('/x', methods=['POST'])\nasync def x():\n    answer = await make_response('')\n"
        "    answer.set_cookie('a', 'b')\n    return answer\napp.run(**open('x').read())\nQuart.run()\n"
    )
    assert len(seen.facts("blueprint")) == 1
    assert seen.facts("serve")[0][2]["host"] == "?unknown"


POLICIES = [
    "cors(app)",
    "cors(app, allow_origin='https://shop.example', allow_credentials=True)",
    "cors(app, allow_origin=['https://shop.example', 'https://a.example'])",
    "app.config['QUART_CORS_ALLOW_ORIGIN'] = ['https://evil.example']\napp = cors(app)",
]
CORS = """\
import asyncio
held = {"__name__": "app"}
exec(data, held)
@held["app"].get("/")
async def page():
    return ""
async def asked():
    found = await held["app"].test_client().get("/", headers={"Origin": "https://evil.example"})
    return found.headers.get("Access-Control-Allow-Origin")
answer = asyncio.run(asked())
"""


@pytest.mark.process
@pytest.mark.parametrize("policy", POLICIES)
def test_cors_is_quart_cors(outside: Outside, policy: str) -> None:
    source = f"from quart import Quart\nfrom quart_cors import cors\napp = Quart(__name__)\n{policy}\n"
    app = only(source, "web: hypercorn app:app\n")
    assert app.setting("cors.allow_origin").value == outside(CORS, source)
    assert app.setting("cors.allow_credentials").value is ("credentials" in policy)


def test_cors_of_some_routes() -> None:
    app = only(
        HEAD + "from quart_cors import cors_exempt, route_cors\n@app.get('/')\n@route_cors(allow_origin='*')\n"
        "async def page():\n    return ''\n@cors_exempt\nasync def other():\n    return ''\n",
        "web: hypercorn app:app\n",
    )
    assert [policy.paths for policy in app.cors] == ["some routes"]
    assert app.routes == ("/",)
