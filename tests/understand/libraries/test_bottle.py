"""Bottle: what Batten says of debug, addresses, cookies and apps is what Bottle does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from batten.understand import DictSources, resolve, understand as understand_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.model import Unsure
    from batten.understand.subjects import App

    from .conftest import Outside, Understand

RUNS = [
    "run()",
    "run(host='0.0.0.0', port=80, debug=True)",
    "run(None, 'waitress', '', 8)",
    "run(app=default_app(), server='gunicorn', debug=0)",
    "debug()\nrun(debug=None)",
    "debug(True)\nrun(debug=False)",
    "bottle.debug(0)\nbottle.run(reloader=False)",
    "bottle.DEBUG = True\nrun()",
    "mine = Bottle()\nrun(mine, port=1)",
    "mine = Bottle()\nmine.run(host='::1', debug='no')",
    "@route('/x')\ndef x():\n    return 1\nrun(debug=not bottle.DEBUG)",
    "run(server='auto')",
]
HEAD = "import bottle\nfrom bottle import Bottle, debug, default_app, route, run\n"
ASKED = """\
import bottle
seen = []
class Stop(bottle.ServerAdapter):
    def run(self, handler):
        seen.extend([self.host, self.port, handler is bottle.default_app()])
bottle.server_names = dict.fromkeys(bottle.server_names, Stop)
exec(data, {})
answer = [*seen, bottle.DEBUG]
"""


@pytest.mark.process
@pytest.mark.parametrize("started", RUNS)
def test_run_is_bottles(understand: Understand, outside: Outside, started: str) -> None:
    host, port, is_default, debug = outside(ASKED, HEAD + started)
    seen = understand(HEAD + started + "\nSTATE, DEFAULT = bottle.DEBUG, bottle.app()\n")
    (fact,) = [one for one in seen.program.machine.record if one[0] == "serve"]
    (told,) = seen.facts("serve")
    assert (told[2]["host"], told[2]["port"]) == (host or "0.0.0.0", port)
    assert (fact[2] is seen.value("DEFAULT")) is is_default
    assert seen.name("STATE") is debug


@pytest.mark.parametrize(
    ("server", "requirements", "kind"),
    [
        ("'wsgiref'", None, "bottle"),
        ("'waitress'", None, "waitress"),
        ("'auto'", {"bottle": ""}, "bottle"),
        ("'auto'", {"bottle": "", "waitress": ""}, "wsgi"),
        ("'auto'", None, "wsgi"),
        ("open('x').read()", None, "wsgi"),
        ("bottle.GeventServer(host='10.0.0.1', port=3)", None, "wsgi"),
        ("Mine(host='10.0.0.1', port=3)", None, "wsgi"),
    ],
)
def test_which_server_it_is(
    understand: Understand, server: str, requirements: Mapping[str, str] | None, kind: str
) -> None:
    source = (
        f"{HEAD}class Mine(bottle.ServerAdapter):\n    def run(self, handler):\n        pass\nrun(server={server})\n"
    )
    (fact,) = understand(source, requirements=requirements).facts("serve")
    assert fact[0] == kind
    if "GeventServer" in server:
        assert (fact[2]["host"], fact[2]["port"]) == ("10.0.0.1", 3)
    if "Mine" in server:
        assert fact[2]["host"] == "?unknown"


FAILS = """\
import bottle, io
held = {}
exec(data, held)
app = bottle.default_app()
def fail():
    raise RuntimeError("inside")
app.route("/fails", callback=fail)
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/fails", "wsgi.errors": io.StringIO(), "SERVER_NAME": "x",
           "SERVER_PORT": "1", "wsgi.url_scheme": "http"}
answer = "RuntimeError" in b"".join(app(environ, lambda *a: None)).decode()
"""


@pytest.mark.process
@pytest.mark.parametrize("switch", ["", "bottle.debug(True)", "bottle.debug(False)", "bottle.debug('no')"])
def test_a_traceback_is_served_as_said(outside: Outside, switch: str) -> None:
    source = f"import bottle\n{switch}\napp = bottle.default_app()\n"
    assert only(source, "web: gunicorn app:app\n").setting("bottle.debug").value is outside(FAILS, source)


COOKIES = [
    "set_cookie('a', 'x')",
    "set_cookie('a', 'x', secure=True, httponly=True, samesite='Lax')",
    "set_cookie('a', 'x', same_site='Strict', path='/')",
    "set_cookie('a', 'x', secret='k' * 40, httponly=True)",
    "set_cookie('a', 'x', 'k' * 40)",
]


@pytest.mark.process
@pytest.mark.parametrize("call", COOKIES)
def test_cookie_flags_are_bottles(outside: Outside, call: str) -> None:
    source = f"from bottle import response, route\n@route('/')\ndef sets():\n    response.{call}\n"
    app = only(source + "from bottle import default_app\napp = default_app()\n", "web: gunicorn app:app\n")
    (cookie,) = app.cookies
    script = (
        "import bottle\nheld = {}\nexec(data, held)\nbottle.response.bind()\nheld['sets']()\n"
        "m = bottle.response._cookies['a']\n"
        "answer = [bool(m['secure']), bool(m['httponly']), m['samesite'], m.value.startswith('!')]"
    )
    ours = [bool(cookie.secure.value), bool(cookie.httponly.value), str(cookie.samesite.value or "").lower()]
    assert [*ours, cookie.signed] == outside(script, source)
    assert [key.setting for key in app.keys] == ["the secret of the cookie 'a'"] * cookie.signed


def only(source: str, procfile: str = "web: python app.py\n", **files: str) -> App:
    """Return the one app that is deployed."""
    sources = DictSources({"app.py": source, "Procfile": procfile, **files})
    (app,) = understand_all(sources, resolve(sources, lambda _: None), {}).apps
    return app


SHOP = """\
from bottle import Bottle, HTTPResponse, abort, error, hook, install, request, response, route, run, redirect
import bottle
SECRET = "s" * 40
api = Bottle(catchall=False)

@api.get("/items")
def items():
    try:
        return api.load()
    except Exception as problem:
        return HTTPResponse(status=500, body=str(problem))

@hook("after_request")
def cors():
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin")
    response.set_header("Access-Control-Allow-Credentials", "true")
    response.add_header(request.get_header("X-Name"), "x")

@route("/login", ["GET", "POST"])
def login():
    if request.forms.get("name"):
        response.set_cookie("account", "x", secret=SECRET, secure=True)
        redirect("/")
    return request.get_cookie("account", secret=SECRET)

@route("/theme", method="POST")
def theme():
    if request.get_cookie("theme") is None:
        abort(500, request.problem)

bottle.mount("/api", api)
bottle.default_app().add_hook("before_request", cors)
bottle.default_app().add_hook("before_request")
install(print)
@error(500)
def failed(problem):
    return "failed"
bottle.post("/direct", callback=theme)
api.config["level"] = 1
bottle.default_app().catchall = bottle.default_app().catchall
run(port=80, config={"site": "x"})
"""


def test_what_an_app_does() -> None:
    app = only(SHOP)
    assert (app.framework, app.routes) == ("bottle", ("/login", "/theme", "/items", "/direct"))
    assert [(e.what, e.function) for e in app.errors] == [("exception text", "items")]
    (policy,) = app.cors
    assert (policy.reflects, policy.credentials.value) == (True, True)
    assert {key.setting for key in app.keys} == {"the secret of the cookie 'account'"}
    (cookie,) = app.cookies
    assert (cookie.name, cookie.signed, cookie.secure.value) == ("account", True, True)
    assert app.uses_session.value is True
    assert app.changes_state.value is True
    assert app.form_tokens.value is False
    assert app.setting("catchall").value is True
    assert app.servers[0].development
    assert app.name == "app"


def test_a_stack_of_apps(understand: Understand) -> None:
    seen = understand(
        "import bottle\nA = bottle.app.push()\nB = bottle.Bottle(catchall=False)\nbottle.app.push(B)\n"
        "TOP = bottle.app() is B\nPOPPED = bottle.app.pop() is B\nLEFT = bottle.default_app() is A\n"
        "bottle.app.pop()\nNONE = bottle.app.pop()\nCATCH = B.catchall\nB.catchall = 1\nNOW = B.config['catchall']\n"
    )
    assert [seen.name(name) for name in ("TOP", "POPPED", "LEFT", "NONE")] == [True, True, True, "?unknown"]
    assert (seen.name("CATCH"), seen.name("NOW")) == (False, True)


@pytest.mark.parametrize("line", ["from vendor.bottle import run", "from vendor import bottle\nrun = bottle.run"])
def test_a_copy_that_the_project_carries_along_is_bottle(line: str) -> None:
    copy = "__author__ = 'Marcel Hellkamp'\ndef run():\n    raise ValueError\n"
    app = only(f"{line}\nrun(debug=True)\n", **{"vendor/bottle.py": copy, "vendor/__init__.py": ""})
    assert app.setting("bottle.debug").value is True


COMMANDS: list[tuple[str, tuple[Any, ...]]] = [
    ("bottle app", ("localhost", 8080, False, True)),
    ("bottle --debug -b 0.0.0.0:80 app:api", ("0.0.0.0", 80, True, True)),
    ("bottle --bind [::1]:99 app", ("::1", 99, False, True)),
    ("python -m bottle -s waitress --bind :9 'app:make()'", ("0.0.0.0", 9, False, False)),
]


@pytest.mark.parametrize(("command", "expected"), COMMANDS)
def test_the_command(command: str, expected: tuple[Any, ...]) -> None:
    source = (
        "from bottle import Bottle, route, run\napi = Bottle()\n"
        "@route('/')\ndef index():\n    return ''\ndef make():\n    return api\nrun(debug=True, host='0.0.0.0')\n"
    )
    app = only(source, f"web: {command}\n")
    (server,) = app.servers
    assert (server.host.value, server.port.value, app.setting("bottle.debug").value, server.development) == expected


def test_the_command_of_a_module_that_is_not_there() -> None:
    sources = DictSources({"Procfile": "web: bottle gone:app\n"})
    found: list[Unsure] = []
    assert understand_all(sources, resolve(sources, found.append), {}).apps == []
