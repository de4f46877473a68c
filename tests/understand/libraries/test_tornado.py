"""Tornado: what Batten says of options, settings, cookies and addresses is what Tornado does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from batten.model import Location
from batten.understand import DictSources, resolve, understand as understand_all
from batten.understand.entry import Trees, evaluate
from batten.understand.stack import Stack, Start, Unit

from .conftest import Understood

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.understand.subjects import App

    from .conftest import Outside, Understand

CONFIG = """\
define('config', type=str, callback=lambda path: options.parse_config_file(path, final=False))
define('port', 1)
define('debug', False)
define('rate', 1.0)
"""
OPTIONS = [
    ("define('port', default=8888, type=int)\ndefine('debug', default=False)", "--port=80 --debug"),
    ("define('port', 8888)\ndefine('debug', False, bool)", "--debug=False --port=1 rest --port=2"),
    ("define('debug', default=True)", "--debug=0"),
    ("define('debug', default=True)", "--debug=no"),
    ("define('debug', type=bool)", "--debug=f"),
    ("define('name')\ndefine('rate', 1.5)", "--name=x=y --rate=2"),
    ("define('db_host', default='localhost')", "--db-host=db"),
    ("define('db-host', default='localhost')", "--db_host=db"),
    ("define('debug', default=False)", "-debug -- --debug=0"),
    ("define('debug', default=False)\noptions.debug = True", ""),
    ("define('debug', default=False)\noptions['debug'] = True", ""),
    ("define('hosts', multiple=True)", ""),
    (CONFIG, "--config=site.conf --port=5"),
    ("define('port', 1)\ndefine('debug', True)\nparse_config_file('site.conf')", "--debug=0"),
]
SITE = "port = 80\ndebug = 'true'\nother = 1\nrate = '2.5'\n"


def started(source: str, arguments: str, files: Mapping[str, str]) -> Understood:
    at = Location(file="Procfile", line=1)
    start = Start("python", "app.py", options={"arguments": arguments} if arguments else {})
    unit = Unit("web", "procfile", start, f"python app.py {arguments}", at)
    sources = DictSources({"app.py": source, **files})
    trees = Trees(lambda unsure: pytest.fail(str(unsure)))
    return Understood(evaluate(sources, Stack((unit,)), unit, {}, trees))


@pytest.mark.process
@pytest.mark.parametrize(("defined", "arguments"), OPTIONS)
def test_options_are_tornados(outside: Outside, defined: str, arguments: str) -> None:
    source = (
        "from tornado.options import define, options, parse_command_line, parse_config_file\n"
        f"{defined}\nREST = parse_command_line()\nALL = options.as_dict()\n"
    )
    seen = started(source, arguments, {"site.conf": SITE})
    script = (
        "open('site.conf', 'w').write(data['site'])\nsys.argv = ['app.py', *data['arguments'].split()]\n"
        "held = {}\nexec(data['source'], held)\nanswer = [held['ALL'], held['REST']]"
    )
    real, rest = outside(script, {"source": source, "arguments": arguments, "site": SITE})
    assert seen.name("ALL") == real
    assert seen.name("REST") == rest


def test_options_that_cannot_be_told(understand: Understand) -> None:
    head = (
        "import tornado.options\nfrom tornado.options import define, options\ndefine('a', 1)\ndefine('b', type=X())\n"
    )
    seen = understand(
        "def X():\n    import other\n    return other.kind\n" + head + "options.parse_command_line(open('x').read())\n"
        "A, C = options.a, options[open('x').read()]\ntornado.options.parse_config_file('gone.conf')\nB = options.b\n"
        "G = options.group_dict(open('y').read())\n",
    )
    assert [seen.name(name) for name in "CG"] == ["?unknown", "?unknown"]
    assert 1 in seen.name("A")
    assert seen.name("B") == {None, "?unknown"}


def test_an_expansion_on_the_command_line_is_not_known() -> None:
    head = "from tornado.options import define, options, parse_command_line\ndefine('port', 1)\nparse_command_line()\n"
    assert started(head + "PORT = options.port\n", "'--port=$PORT'", {}).name("PORT") == "?unknown"
    several = head.replace("'port', 1", "'port', [1], multiple=True")
    assert started(several + "PORT = options.port\n", "--port=1,2", {}).name("PORT") == "?unknown"


def test_options_by_group_and_parser(understand: Understand) -> None:
    seen = understand(
        "from tornado.options import OptionParser, add_parse_callback\nmine = OptionParser()\n"
        "mine.define('cookie_secret', 'x', group='application')\nmine.define('port', 1)\n"
        "mine.define('help_me')\nadd_parse_callback(print)\n"
        "REST = mine.parse_command_line(['app.py', '--port=5', 'a'])\n"
        "GROUP, PORT = mine.group_dict('application'), mine.port\n"
    )
    assert (seen.name("GROUP"), seen.name("PORT"), seen.name("REST")) == ({"cookie_secret": "x"}, 5, ["a"])


SETTINGS = [
    "",
    "debug=True",
    "debug=False",
    "debug=1",
    "debug='no'",
    "debug=None",
    "debug=True, autoreload=False",
    "debug=True, serve_traceback=False",
    "serve_traceback=True",
    "debug=0, cookie_secret='x' * 4, xsrf_cookies=True",
    "default_host='h', debug=True, **{'serve_traceback': False}",
]


@pytest.mark.process
@pytest.mark.parametrize("given", SETTINGS)
def test_settings_are_tornados(understand: Understand, outside: Outside, given: str) -> None:
    source = f"import tornado.web\ndef make():\n    return tornado.web.Application([], {given})\n"
    script = (
        "import asyncio\nheld = {}\nexec(data, held)\nasync def made():\n    return held['make']()\n"
        "answer = asyncio.run(made()).settings"
    )
    seen = understand(source + "app = make()\nALL = app.settings\n")
    assert seen.name("ALL") == outside(script, source)


@pytest.mark.process
def test_an_application_of_ones_own_in_three_ways(understand: Understand, outside: Outside) -> None:
    source = (
        "import tornado.web\nfrom tornado.web import Application\n"
        "class A(tornado.web.Application):\n    def __init__(self):\n"
        "        tornado.web.Application.__init__(self, [], debug=False, level=1)\n"
        "class B(Application):\n    def __init__(self, **kw):\n        super().__init__([], level=2, **kw)\n"
        "class C(Application):\n    pass\n"
        "def make():\n    return [A().settings, B(x=3).settings, C([], level=4).settings]\n"
    )
    assert understand(source + "ALL = make()\n").name("ALL") == outside(
        "held = {}\nexec(data, held)\nanswer = held['make']()", source
    )


def test_debug_that_is_not_known_leaves_the_others_unknown(understand: Understand) -> None:
    seen = understand(
        "import os, tornado.web\napp = tornado.web.Application([], debug=os.getpid() > 9)\nA = app.settings"
    )
    assert seen.name("A")["serve_traceback"] == "?runtime"
    seen = understand("import tornado.web\nopen_ = {}\nimport other\nopen_.update(other.all())\n"
                      "A = tornado.web.Application([], **open_).settings")  # fmt: skip
    assert seen.name("A") == {"?": "?"}


FAILING = """\
import asyncio, tornado.web, tornado.httpclient, tornado.netutil, tornado.httpserver, logging
logging.disable(logging.CRITICAL)
class Fails(tornado.web.RequestHandler):
    def get(self):
        raise RuntimeError("inside")
async def main():
    app = eval(data, {"Fails": Fails, "tornado": tornado})
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
    tornado.httpserver.HTTPServer(app).add_sockets(sockets)
    url = "http://127.0.0.1:%d/" % sockets[0].getsockname()[1]
    return (await tornado.httpclient.AsyncHTTPClient().fetch(url, raise_error=False)).body.decode()
answer = "RuntimeError: inside" in asyncio.run(main())
"""


@pytest.mark.process
@pytest.mark.parametrize("given", ["", "debug=True", "debug=True, serve_traceback=False", "serve_traceback=1"])
def test_a_traceback_is_served_as_said(outside: Outside, given: str) -> None:
    made = f"tornado.web.Application([('/', Fails)], {given})"
    source = f"import tornado.web\nclass Fails(tornado.web.RequestHandler):\n    pass\napp = {made}\napp.listen(1)\n"
    told = only(source).setting("serve_traceback")
    assert any(bool(case.value) for case in told.cases()) is outside(FAILING, made)


COOKIES = [
    "set_cookie('a', 'x')",
    "set_cookie('a', 'x', secure=True, httponly=True, samesite='Lax')",
    "set_cookie('a', 'x', Secure=True, HttpOnly=True)",
    "set_cookie('a', 'x', None, None, '/', 3, secure=0)",
    "set_secure_cookie('a', 'x', httponly=True)",
    "set_signed_cookie('a', 'x', 30, samesite='Strict')",
]


@pytest.mark.process
@pytest.mark.parametrize("call", COOKIES)
def test_cookie_flags_are_tornados(outside: Outside, call: str) -> None:
    head = "import tornado.web\nclass Sets(tornado.web.RequestHandler):\n    def get(self):\n        self."
    made = f"\napp = tornado.web.Application([('/', Sets)], cookie_secret='{'k' * 40}')\n"
    (cookie,) = only(head + call + made + "app.listen(1)\n").cookies
    script = (
        "import warnings\nwarnings.simplefilter('ignore')\nfrom unittest.mock import Mock\n"
        "held = {}\nexec(data, held)\n"
        "handler = held['Sets'](held['app'], Mock())\nhandler.get()\nmorsel = handler._new_cookie['a']\n"
        "answer = [bool(morsel['secure']), bool(morsel['httponly']), morsel['samesite']]"
    )
    ours = [bool(cookie.secure.value), bool(cookie.httponly.value), cookie.samesite.value or ""]
    assert ours == outside(script, head + call + made)
    assert (cookie.name, cookie.signed) == ("a", "_cookie('a'" in call and "set_cookie" not in call)


ADDRESSES = [
    ("app.listen(80)", "0.0.0.0"),
    ("app.listen(80, '')", "0.0.0.0"),
    ("app.listen(80, address='127.0.0.1')", "127.0.0.1"),
    ("tornado.httpserver.HTTPServer(app).listen(80)", "0.0.0.0"),
    ("s = tornado.httpserver.HTTPServer(app)\ns.bind(80, '::1')\ns.start(0)", "::1"),
    ("tornado.httpserver.HTTPServer(app).add_sockets(tornado.netutil.bind_sockets(80, '127.0.0.1'))", "127.0.0.1"),
    ("tornado.httpserver.HTTPServer(app).add_sockets(open('x'))", "?unknown"),
]


@pytest.mark.parametrize(("way", "host"), ADDRESSES)
def test_where_it_listens(understand: Understand, way: str, host: str) -> None:
    seen = understand(
        f"import tornado.web, tornado.httpserver, tornado.netutil\napp = tornado.web.Application([])\n{way}\n"
    )
    (fact,) = seen.facts("serve")
    assert (fact[0], fact[1], fact[2]["host"]) == ("tornado", "<tornado.web.Application>", host)


@pytest.mark.process
def test_no_address_is_every_one(outside: Outside) -> None:
    script = (
        "import tornado.netutil as n\n"
        "answer = [sorted(s.getsockname()[0] for s in n.bind_sockets(0, a)) for a in (None, '', '127.0.0.1')]"
    )
    bare, empty, loopback = outside(script, None)
    assert "0.0.0.0" in bare
    assert empty == bare
    assert loopback == ["127.0.0.1"]


def only(source: str, **files: str) -> App:
    """Return the one app of a program that `python app.py` starts."""
    sources = DictSources({"app.py": source, "Procfile": "web: python app.py\n", **files})
    (app,) = understand_all(sources, resolve(sources, lambda _: None), {}).apps
    return app


HANDLERS = """\
import traceback
import tornado.web, tornado.websocket, tornado.httpserver
from tornado.routing import Rule, PathMatches

class Api(tornado.web.RequestHandler):
    def set_default_headers(self):
        self.set_header("Access-Control-Allow-Origin", self.request.headers.get("Origin"))
        self.add_header("Access-Control-Allow-Credentials", "true")
        self.set_header(self.request.headers.get("X-Name"), "x")

    def write_error(self, status, **kwargs):
        self.finish(traceback.format_exc())

    def check_xsrf_cookie(self):
        pass

class Shop(Api):
    def post(self):
        if self.current_user and self.settings["level"] and self.application.settings and self.get_cookie("x"):
            self.write(self.get_argument("x"))
        if self.request.protocol == "https":
            self.set_cookie("theme", "x", secure=True)

class Chat(tornado.websocket.WebSocketHandler):
    def check_origin(self, origin):
        "Anybody."
        return True

class Strict(tornado.websocket.WebSocketHandler):
    def check_origin(self, origin):
        return origin == "https://shop.example"

app = tornado.web.Application(
    [("/", Shop), tornado.web.url("/chat", Chat), ("/chat2", Chat), (r"/strict", Strict), ("/s", "late.Late"),
     Rule(PathMatches("/r"), Api), ("/away", "tornado.web.RedirectHandler"), "nothing", (1,),
     tornado.web.URLSpec("/x")],
    xsrf_cookies=True, cookie_secret="s" * 40, level=1, login_url="/login",
)
app.add_handlers("shop.example", [("/more", Api)])
server = tornado.httpserver.HTTPServer(app, xheaders=True)
server.listen(8000, "127.0.0.1")
"""


LATE = "import tornado.web\nclass Late(tornado.web.RequestHandler):\n    pass\n"


def test_what_handlers_do() -> None:
    app = only(HANDLERS, **{"late.py": LATE})
    assert app.routes[:3] == ("/", "/chat", "/chat2")
    assert "/more" in app.routes
    assert [(e.what, e.function, e.handler) for e in app.errors] == [("traceback", "write_error", True)]
    by_hand, socket = app.cors
    assert (by_hand.reflects, by_hand.credentials.value) == (True, True)
    assert (socket.paths, socket.credentials.value, socket.wildcard_echoes) == ("the WebSocket /chat", True, True)
    (guard,) = app.csrf
    assert (guard.enabled.value, guard.setting, {name for name, _ in guard.exempt}) == (
        True,
        "xsrf_cookies",
        {"Shop", "Api"},
    )
    (proxy,) = app.proxies
    assert (proxy.trusted.value, proxy.what) == ("*", "Tornado's xheaders")
    assert app.changes_state.value is True
    assert app.form_tokens.value is True
    assert [cookie.name for cookie in app.cookies] == ["theme"]
    assert app.setting("login_url").value == "/login"


def test_headers_that_cannot_be_told_and_trust_that_is_not_known() -> None:
    app = only(
        "import os, tornado.web\nclass A(tornado.web.RequestHandler):\n    def get(self):\n"
        "        self.set_header('Access-Control-Allow-Origin', '*')\n"
        "app = tornado.web.Application([('/', A)])\n"
        "app.listen(1, xheaders=os.getpid() > 3)\napp.listen(2, xheaders=False)\n"
    )
    (policy,) = app.cors
    assert (policy.origins.value, policy.credentials.value, policy.reflects) == ("*", False, False)
    assert [proxy.trusted.value for proxy in app.proxies] == [None]
    assert app.setting("cors.allow_origin").value == "*"


def test_a_reloader_that_is_asked_for(understand: Understand) -> None:
    for given, expected in (("autoreload=True", True), ("debug=True", False), ("autoreload=0", False)):
        seen = understand(f"import tornado.web\napp = tornado.web.Application([], {given})\napp.listen(1)\n")
        assert seen.facts("serve")[0][2]["reload"] is expected


def test_a_door_to_a_wsgi_app_and_handlers_of_its_own(understand: Understand) -> None:
    source = (
        "from flask import Flask\nfrom tornado.wsgi import WSGIContainer\nfrom tornado.web import Application, "
        "FallbackHandler, RequestHandler\nclass Own(RequestHandler):\n    pass\nweb = Flask(__name__)\n"
        "Application([('/own', Own), ('.*', FallbackHandler, {'fallback': WSGIContainer(web)})]).listen(5)\n"
    )
    assert [fact[1] for fact in understand(source).facts("serve")] == ["<tornado.web.Application>", "<flask.Flask>"]


def test_a_strange_receiver_does_nothing(understand: Understand) -> None:
    calls: list[Any] = [
        "tornado.web.Application.__init__()",
        "tornado.web.Application.add_handlers(1, [])",
        "tornado.httpserver.HTTPServer.listen(3)",
        "tornado.httpserver.HTTPServer.add_sockets(3)",
        "define(open('x').read())",
        "options[open('x').read()] = 1",
    ]
    head = "import tornado.web, tornado.httpserver\nfrom tornado.options import define, options\n"
    seen = understand(head + "\n".join(calls) + "\nA = 1\n")
    assert seen.name("A") == 1
    assert seen.facts("serve") == []
