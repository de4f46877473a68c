"""Pyramid and PasteDeploy: what Batten says of settings, cookies, files and debug is what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from batten.model import State
from batten.understand import DictSources, resolve, understand as understand_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.understand.subjects import App

    from .conftest import Outside, Understand

NAMES = [
    f"{prefix}{name}"
    for prefix in ("", "pyramid.")
    for name in ("debug_all", "debug_authorization", "debug_notfound", "debug_routematch", "reload_all")
]


def found(files: Mapping[str, str]) -> tuple[App, ...]:
    """Return the apps that are deployed."""
    sources = DictSources(dict(files))
    return tuple(understand_all(sources, resolve(sources, lambda _: None), {}).apps)


def only(source: str, procfile: str = "web: python app.py\n", **files: str) -> App:
    """Return the one app that is deployed."""
    (app,) = found({"app.py": source, "Procfile": procfile, **files})
    return app


SETTINGS: list[tuple[dict[str, object], dict[str, str]]] = [
    ({}, {}),
    ({"pyramid.debug_all": "true"}, {}),
    ({"debug_all": "YES", "pyramid.debug_notfound": "false"}, {}),
    ({"pyramid.debug_notfound": True, "pyramid.reload_all": 1}, {}),
    ({"pyramid.debug_notfound": "nope"}, {"PYRAMID_DEBUG_NOTFOUND": "1"}),
    ({"pyramid.debug_all": True}, {"PYRAMID_DEBUG_ALL": "0"}),
    ({"debug_authorization": " on "}, {"PYRAMID_DEBUG_ROUTEMATCH": "t"}),
    ({}, {"PYRAMID_DEBUG_ALL": "1"}),
]


@pytest.mark.process
@pytest.mark.parametrize(("settings", "env"), SETTINGS)
def test_settings_are_pyramids(
    understand: Understand, outside: Outside, settings: dict[str, object], env: dict[str, str]
) -> None:
    source = (
        f"from pyramid.config import Configurator\nsettings = {settings!r}\n"
        f"config = Configurator(settings=settings)\nALL = {{n: config.get_settings()[n] for n in {NAMES!r}}}\n"
        "SAME = config.registry.settings['debug_all']\n"
    )
    script = (
        "import os\nos.environ.update(data[1])\nheld = {'__name__': '__main__'}\n"
        "exec(data[0], held)\nanswer = held['ALL']"
    )
    seen = understand(source, env=env)
    real = outside(script, [source, env])
    assert seen.name("ALL") == real
    assert seen.name("SAME") is real["debug_all"]


NOT_FOUND = """\
from pyramid.config import Configurator
from pyramid.request import Request
app = Configurator(settings=data).make_wsgi_app()
answer = "debug_notfound of url" in Request.blank("/nothing").get_response(app).text
"""


@pytest.mark.process
@pytest.mark.parametrize("settings", [{}, {"pyramid.debug_notfound": "true"}, {"pyramid.debug_all": "1"}])
def test_the_inside_is_told_as_said(outside: Outside, settings: dict[str, str]) -> None:
    source = f"from pyramid.config import Configurator\napp = Configurator(settings={settings!r}).make_wsgi_app()\n"
    app = only(source, "web: gunicorn app:app\n")
    assert app.setting("pyramid.debug_notfound").value is outside(NOT_FOUND, settings)


COOKIES = [
    "SignedCookieSessionFactory('s' * 40)",
    "SignedCookieSessionFactory('s' * 40, 'S', None, '/', None, True, True, 'Strict')",
    "SignedCookieSessionFactory('s' * 40, secure=True, samesite=None)",
    "AuthTktCookieHelper('s' * 40)",
    "AuthTktCookieHelper('s' * 40, secure=True, http_only=True, samesite='Strict', cookie_name='T')",
    "AuthTktAuthenticationPolicy('s' * 40, None, 'T', True, http_only=True)",
]
SET = """\
from http.cookies import SimpleCookie
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory
from pyramid.authentication import AuthTktAuthenticationPolicy, AuthTktCookieHelper
import warnings
warnings.simplefilter("ignore")
made = eval(data)
def view(request):
    response = Response("")
    if hasattr(made, "remember"):
        response.headerlist.extend(made.remember(request, "u"))
    else:
        request.session["a"] = 1
        request.add_response_callback(lambda request, response: None)
        return Response("") if False else response
    return response
config = Configurator(session_factory=None if hasattr(made, "remember") else made)
config.add_route("x", "/")
config.add_view(view, route_name="x")
header = Request.blank("/", environ={"REMOTE_ADDR": "1"}).get_response(config.make_wsgi_app()).headers["Set-Cookie"]
((name, m),) = SimpleCookie(header).items()
answer = [name, bool(m["secure"]), bool(m["httponly"]), m["samesite"] or None]
"""


@pytest.mark.process
@pytest.mark.parametrize("made", COOKIES)
def test_cookies_are_pyramids(outside: Outside, made: str) -> None:
    app = only(
        "from pyramid.config import Configurator\nfrom pyramid.session import SignedCookieSessionFactory\n"
        "from pyramid.authentication import AuthTktAuthenticationPolicy, AuthTktCookieHelper\n"
        f"held = {made}\napp = Configurator().make_wsgi_app()\n",
        "web: gunicorn app:app\n",
    )
    (cookie,) = app.cookies
    told = [cookie.name, bool(cookie.secure.value), bool(cookie.httponly.value), cookie.samesite.value]
    assert told == outside(SET, made)
    assert [key.value.value for key in app.keys] == ["s" * 40]


FILE = """\
[DEFAULT]
level = 1
name = shop

[app:main]
use = base
site = %(name)s at %(here)s
percent = 100%%
set level = 2
many =
    a
    b

[app:base]
paste.app_factory = shop:main
level = 3
color : red

[pipeline:all]
pipeline = filter main

[composite:both]
use = egg:Paste#urlmap
/ = main
/api = base

[server:main]
use = egg:waitress#main
listen = 127.0.0.1:6543 *:%(port)s
"""
SHOP = """\
from pyramid.config import Configurator
SEEN = []
def main(global_config, **settings):
    SEEN.append((dict(global_config), settings))
    return Configurator(settings=settings).make_wsgi_app()
"""


@pytest.mark.process
def test_a_file_is_read_as_paste_deploy_does(outside: Outside) -> None:
    script = (
        "open('shop.py', 'w').write('def main(global_config, **settings):\\n    return (global_config, settings)\\n')\n"
        "open('p.ini', 'w').write(data)\nimport os\nfrom paste.deploy import loadapp\nsys.path.insert(0, '.')\n"
        "made = loadapp('config:p.ini', relative_to=os.getcwd())\n"
        "answer = {k: v.replace(os.getcwd(), 'HERE') for k, v in made[1].items()}"
    )
    real = outside(script, FILE.replace("%(port)s", "80"))
    app_files = {"shop.py": SHOP, "p.ini": FILE, "Procfile": "web: pserve p.ini port=80\n"}
    (app,) = found(app_files)
    del app
    sources = DictSources(app_files)
    (program,) = understand_all(sources, resolve(sources, lambda _: None), {}).programs
    settings = program.machine.record[0][1].facts["settings"].cells
    told = {name: settings[name].value for name in real if name != "site"}
    assert told == {name: text for name, text in real.items() if name != "site"}
    assert real["site"] == "shop at HERE"


def test_servers_of_a_file() -> None:
    files = {"shop.py": SHOP, "p.ini": FILE}
    (app,) = found({**files, "Procfile": "web: pserve --reload p.ini port=80\n"})
    assert [(s.host.value, s.port.value, s.reload.value) for s in app.servers] == [
        ("127.0.0.1", 6543, True),
        ("0.0.0.0", 80, True),
    ]
    unknown = FILE.replace("listen = 127.0.0.1:6543 *:%(port)s", "host = %(host)s")
    (app,) = found({**files, "p.ini": unknown, "Procfile": "web: pserve p.ini\n"})
    assert app.servers[0].host.state is State.UNKNOWN
    for use, kind in (("egg:gunicorn#main", "gunicorn"), ("egg:pyramid#wsgiref", "wsgiref"), ("egg:other", "wsgi")):
        other = unknown.replace("egg:waitress#main", use).replace("%(host)s", "::1")
        (app,) = found({**files, "p.ini": other, "Procfile": "web: pserve p.ini\n"})
        assert (app.servers[0].kind, app.servers[0].host.value) == (kind, "::1")


WAYS = [
    ("web: pserve p.ini#main", {}),
    ("web: pserve p.ini#all", {}),
    ("web: pserve p.ini#both", {}),
    ("web: gunicorn --paste p.ini", {}),
    ("web: python run.py", {"run.py": "from pyramid.paster import get_app\napp = get_app('p.ini')\n"}),
    (
        "web: python run.py",
        {"run.py": "from paste.deploy import loadapp\napp = loadapp('config:p.ini', relative_to='.')\n"},
    ),
    (
        "web: python run.py",
        {
            "run.py": (
                "from pyramid.paster import get_appsettings\nfrom shop import main\n"
                "app = main({}, **get_appsettings('p.ini'))\n"
            )
        },
    ),
    ("web: pserve q.ini", {"q.ini": "[app:main]\nuse = config:p.ini\n[server:main]\nuse = egg:waitress\n"}),
    ("web: pserve q.ini", {"q.ini": "[filter-app:main]\nuse = egg:x\nnext = app\n[app:app]\nuse = call:shop:main\n"}),
    (
        "web: pserve q.ini",
        {"q.ini": "[app:main]\nuse = egg:My-Shop\n", "setup.py": "[paste.app_factory]\nmain = shop:main"},
    ),
    ("web: pserve q.ini", {"q.ini": "[app:main]\nuse = egg:shop\n"}),
    ("", {"production.ini": FILE, "development.ini": FILE}),
]


@pytest.mark.parametrize(("procfile", "files"), WAYS)
def test_ways_to_an_app(procfile: str, files: dict[str, str]) -> None:
    apps = found({"shop.py": SHOP, "p.ini": FILE, **files, **({"Procfile": f"{procfile}\n"} if procfile else {})})
    assert {app.framework for app in apps} == {"pyramid"}
    assert len(apps) in {1, 2}


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: pserve gone.ini\n"},
        {"Procfile": "web: pserve q.ini\n", "q.ini": "[app:main]\nuse = egg:gone\n"},
        {"Procfile": "web: pserve q.ini\n", "q.ini": "[app:main]\nuse = config:gone.ini\n"},
        {"Procfile": "web: pserve q.ini\n", "q.ini": "[pipeline:main]\npipeline = main\n"},
        {"Procfile": "web: pserve q.ini#other\n", "q.ini": "[app:main]\n"},
        {
            "Procfile": "web: python run.py\n",
            "run.py": "from pyramid.paster import get_app\nget_app(open('x').read())\n",
        },
        {"Procfile": "web: python run.py\n", "run.py": "from pyramid.paster import get_app\nget_app('gone.ini')\n"},
    ],
)
def test_files_that_lead_nowhere(files: dict[str, str]) -> None:
    assert found(files) == ()


def test_a_file_of_settings_that_is_not_there(understand: Understand) -> None:
    seen = understand(
        "from pyramid.paster import get_appsettings, setup_logging\nsetup_logging('x')\n"
        "from pyramid.config import Configurator\nALL = get_appsettings('gone.ini')\n"
        "app = Configurator(settings=ALL).make_wsgi_app()\n"
    )
    assert seen.name("ALL") == {"?": "?"}


SITE = {
    "Procfile": "web: pserve p.ini\n",
    "p.ini": (
        "[app:main]\nuse = egg:site\npyramid.includes = pyramid_debugtoolbar\n    .extra\ndebugtoolbar.hosts = {}\n"
    ),
    "site/__init__.py": """\
from pyramid.config import Configurator
def main(global_config, **settings):
    with Configurator(settings=settings) as config:
        config.include("pyramid_jinja2")
        config.include(".routes")
        config.include("site.more:setup")
        config.include(later)
        from site import routes
        config.include(routes)
        config.add_settings({"level": "1"}, other=2)
        config.set_default_csrf_options(require_csrf=True)
        config.add_view("site.views.plain", route_name="home")
        config.scan()
        config.scan(".views")
        config.scan("gone")
    return config.make_wsgi_app()
def later(config):
    config.add_route("later", "/later")
""",
    "site/routes.py": (
        "def includeme(config):\n    config.add_route('home', '/')\n    config.add_route('post', '/post')\n"
    ),
    "site/more.py": "def setup(config):\n    config.add_route('more', '/more')\n",
    "site/extra.py": "def includeme(config):\n    pass\n",
    "site/tests/test_x.py": "raise ValueError\n",
    "site/views.py": """\
from pyramid.httpexceptions import HTTPBadRequest
from pyramid.response import Response
from pyramid.security import remember
from pyramid.view import view_config, view_defaults

@view_config(route_name="home", renderer="json")
def home(request):
    try:
        request.go(request.session["a"])
    except Exception as problem:
        return {"error": str(problem)}

@view_config(route_name="post", request_method="POST", require_csrf=False)
def post(request):
    request.POST["x"]
    request.response.set_cookie("session_id", "x", secure=True)
    request.response.headers["X-A"] = request.headers.get("Origin")
    request.response.headers.update({"X-B": "1"})
    try:
        request.go(request.registry.settings["level"])
    except Exception as problem:
        raise HTTPBadRequest(str(problem))
    return Response("x", headers=remember(request, "u"))

@view_defaults(route_name="more")
class More:
    @view_config(request_method=("GET", "PUT"), require_csrf=False)
    def get(self):
        return Response("")
""",
}


def test_what_an_app_does() -> None:
    (app,) = found({**SITE, "p.ini": SITE["p.ini"].format("127.0.0.1")})
    assert (app.name, set(app.routes)) == ("site", {"/", "/post"})
    assert {(e.what, e.function) for e in app.errors} == {("exception text", "home"), ("exception text", "post")}
    (guard,) = app.csrf
    assert (guard.enabled.value, {name for name, _ in guard.exempt}) == (True, {"post", "get"})
    (cookie,) = app.cookies
    assert (cookie.name, cookie.secure.value, cookie.httponly.value) == ("session_id", True, False)
    assert app.uses_session.value is True
    assert app.changes_state.value is True
    (tool,) = app.tools
    assert (tool.console, tool.enabled.value) == (False, True)
    assert str(tool.at).startswith("p.ini")


@pytest.mark.parametrize(
    ("hosts", "console"), [("0.0.0.0/0", True), ("127.0.0.1 ::1", False), ("%(gone)s", True), ("10.0.0.0/8", True)]
)
def test_whom_the_toolbar_answers(hosts: str, console: bool) -> None:  # noqa: FBT001 - a parameter
    (app,) = found({**SITE, "p.ini": SITE["p.ini"].format(hosts)})
    assert app.tools[0].console is console


def test_the_toolbar_switched_off() -> None:
    (app,) = found({**SITE, "p.ini": SITE["p.ini"] + "debugtoolbar.enabled = false\n"})
    assert app.tools[0].enabled.value is False
    source = "from pyramid.config import Configurator\nimport pyramid_debugtoolbar\nconfig = Configurator()\n"
    app = only(
        source + "config.include(pyramid_debugtoolbar)\napp = config.make_wsgi_app()\n", "web: gunicorn app:app\n"
    )
    assert app.tools[0].enabled.value is True


def test_odd_configurators(understand: Understand) -> None:
    seen = understand(
        "import os\nfrom pyramid.config import Configurator\nfrom pyramid.settings import asbool, aslist\n"
        "A = [asbool('Yes'), asbool(None), asbool(True), asbool('0')]\nB = aslist('a b')\nC = aslist(['x'])\n"
        "Configurator.include('x')\nD = Configurator.get_settings()\nConfigurator.scan('x')\n"
        "Configurator.make_wsgi_app()\n"
        "config = Configurator(settings={'pyramid.debug_all': os.getpid() > 4, **open('x').read()})\n"
        "E = config.get_settings()['pyramid.debug_notfound']\nF = aslist(open('y').read())\n"
        "config.include(open('z').read())\nconfig.set_default_csrf_options(False)\n"
    )
    assert [seen.name(name) for name in "ABC"] == [[True, False, True, False], ["a", "b"], ["x"]]
    assert (seen.name("D"), seen.name("F")) == ("?unknown", "?external")
    assert seen.name("E") == {"?unknown", "?runtime"}
    assert seen.facts("pyramid csrf")[0][0] is False


def test_a_switch_that_is_set_in_a_way_that_is_not_known() -> None:
    source = "import other\nfrom pyramid.config import Configurator\n"
    app = only(source + "app = Configurator(settings=other.settings()).make_wsgi_app()\n", "web: gunicorn app:app\n")
    assert app.setting("pyramid.debug_all").state is State.UNKNOWN


def test_answers_by_hand() -> None:
    app = only(
        "from pyramid.config import Configurator\nfrom pyramid.httpexceptions import HTTPForbidden\n"
        "config = Configurator()\ndef view(request):\n    try:\n        request.go()\n"
        "    except Exception as e:\n        return HTTPForbidden(str(e))\n"
        "config.add_route('x', '/x')\nconfig.add_view(view, route_name='x', require_csrf=0, request_method='POST')\n"
        "config.set_default_csrf_options(require_csrf=False)\napp = config.make_wsgi_app()\n",
        "web: gunicorn app:app\n",
    )
    assert [e.function for e in app.errors] == ["view"]
    assert [(guard.enabled.value, guard.exempt) for guard in app.csrf] == [(False, ())]


def values_of(app: App) -> dict[str, Any]:
    """Return what is known of an app."""
    return {name: value.value for name, value in app.settings.items() if value.state is State.KNOWN}


def test_settings_of_an_app() -> None:
    app = only(
        "from pyramid.config import Configurator\napp = Configurator().make_wsgi_app()\n", "web: gunicorn app:app\n"
    )
    assert values_of(app)["pyramid.debug_all"] is False
