"""Servers that a program starts itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Understand, Understood

HEAD = "from flask import Flask\napp = Flask(__name__)\n"


def served(seen: Understood) -> list[tuple[Any, ...]]:
    """Return kind, host and port of each server."""
    return [(fact[0], fact[2]["host"], fact[2]["port"]) for fact in seen.facts("serve")]


WAYS = [
    ("from waitress import serve\nserve(app)", ("waitress", "0.0.0.0", 8080)),
    ("from waitress import serve\nserve(app, host='127.0.0.1', port=5000)", ("waitress", "127.0.0.1", 5000)),
    ("from waitress import serve\nserve(app, listen='*:80')", ("waitress", "0.0.0.0", 80)),
    ("from waitress import serve\nserve(app, listen=['[::1]:80'])", ("waitress", "::1", 80)),
    (
        "import os\nfrom waitress import serve\nserve(app, listen=f'0.0.0.0:{os.environ[\"PORT\"]}')",
        ("waitress", "0.0.0.0", "?unknown"),
    ),
    (
        "import os\nfrom waitress import serve\nserve(app, listen='127.0.0.1:' + os.environ.get('PORT', '80'))",
        ("waitress", "127.0.0.1", "?unknown"),
    ),
    (
        "import os\nfrom waitress import serve\nserve(app, listen=f'10.0.0.{os.environ[\"PORT\"]}:80')",
        ("waitress", "?unknown", "?unknown"),
    ),
    ("from waitress import serve\nserve(app, unix_socket='/run/a.sock')", ("waitress", "/run/a.sock", None)),
    ("import waitress\ns = waitress.create_server(app, port=1)\ns.run()", ("waitress", "0.0.0.0", 1)),
    ("from gevent.pywsgi import WSGIServer\nWSGIServer(('', 5000), app).serve_forever()", ("gevent", "0.0.0.0", 5000)),
    ("from gevent.pywsgi import WSGIServer\nWSGIServer(5000, application=app).start()", ("gevent", "0.0.0.0", 5000)),
    (
        "from gevent.pywsgi import WSGIServer\nWSGIServer('127.0.0.1:5', app).serve_forever()",
        ("gevent", "127.0.0.1", 5),
    ),
    ("from gevent.pywsgi import WSGIServer\nWSGIServer(X(), app).start()", ("gevent", "?unknown", "?unknown")),
    (
        "import eventlet\nimport eventlet.wsgi\neventlet.wsgi.server(eventlet.listen(('10.0.0.1', 8)), app)",
        ("eventlet", "10.0.0.1", 8),
    ),
    (
        (
            "import eventlet, eventlet.wsgi\n"
            "eventlet.wsgi.server(eventlet.wrap_ssl(eventlet.listen(('', 8)), server_side=True), app)"
        ),
        ("eventlet", "0.0.0.0", 8),
    ),
    (
        "from wsgiref.simple_server import make_server\nwith make_server('', 8000, app) as s:\n    s.serve_forever()",
        ("wsgiref", "0.0.0.0", 8000),
    ),
    (
        (
            "from cheroot.wsgi import Server, PathInfoDispatcher\n"
            "Server(('0.0.0.0', 9), PathInfoDispatcher({'/': app})).safe_start()"
        ),
        ("cheroot", "0.0.0.0", 9),
    ),
    (
        (
            "import cherrypy\ncherrypy.tree.graft(app, '/')\n"
            "cherrypy.config.update({'server.socket_host': '', 'x': 1})\n"
            "cherrypy.server.socket_port = 90\ncherrypy.engine.start()"
        ),
        ("cheroot", "0.0.0.0", 90),
    ),
    (
        "import uvicorn\nfrom asgiref.wsgi import WsgiToAsgi\nuvicorn.run(WsgiToAsgi(app))",
        ("uvicorn", "127.0.0.1", 8000),
    ),
    ("import uvicorn\nuvicorn.run(app, uds='/run/u')", ("uvicorn", "/run/u", 8000)),
    (
        "import uvicorn\nuvicorn.Server(uvicorn.Config(app, host='0.0.0.0', port=1)).run()",
        ("uvicorn", "0.0.0.0", 1),
    ),
    (
        (
            "import asyncio\nfrom hypercorn.config import Config\nfrom hypercorn.asyncio import serve\nc = Config()\n"
            "c.bind = ['0.0.0.0:80']\nasyncio.run(serve(app, c))"
        ),
        ("hypercorn", "0.0.0.0", 80),
    ),
    (
        "from hypercorn.asyncio import serve\nfrom hypercorn.config import Config\nserve(app, Config())",
        ("hypercorn", "127.0.0.1", 8000),
    ),
    (
        (
            "from tornado.wsgi import WSGIContainer\nfrom tornado.httpserver import HTTPServer\n"
            "HTTPServer(WSGIContainer(app)).listen(5000)"
        ),
        ("tornado", "0.0.0.0", 5000),
    ),
    (
        (
            "from tornado.wsgi import WSGIContainer\nfrom tornado.web import Application, FallbackHandler\n"
            "Application([('.*', FallbackHandler, dict(fallback=WSGIContainer(app)))]).listen(5, address='127.0.0.1')"
        ),
        ("tornado", "127.0.0.1", 5),
    ),
    ("import bjoern\nbjoern.run(app, '0.0.0.0', 8)", ("bjoern", "0.0.0.0", 8)),
    ("from meinheld import server\nserver.listen(('0.0.0.0', 8))\nserver.run(app)", ("meinheld", "0.0.0.0", 8)),
    ("from meinheld import server\nserver.run(app)", ("meinheld", "?unknown", "?unknown")),
    ("from werkzeug.serving import run_simple\nrun_simple('0.0.0.0', 80, app)", ("werkzeug", "0.0.0.0", 80)),
]


@pytest.mark.parametrize(("way", "expected"), WAYS)
def test_where_it_listens(understand: Understand, way: str, expected: tuple[Any, ...]) -> None:
    seen = understand(HEAD + f"def X():\n    import other\n    return other.address()\n{way}\n")
    assert served(seen) == [expected]
    assert seen.facts("serve")[0][1] == "<flask.Flask>"
    facts = seen.facts("serve")[0][2]
    assert (facts["debugger"], facts["reload"], facts["open"]) == (False, False, False)


def test_several_addresses_are_several_servers(understand: Understand) -> None:
    seen = understand(HEAD + "from waitress import serve\nserve(app, listen='127.0.0.1:80 *:8080')\n")
    assert served(seen) == [("waitress", "127.0.0.1", 80), ("waitress", "0.0.0.0", 8080)]


@pytest.mark.parametrize("listen", ["open('x').read()", "[open('x').read()]", "3", "[3]"])
def test_an_address_that_is_not_known(understand: Understand, listen: str) -> None:
    seen = understand(HEAD + f"from waitress import serve\nserve(app, listen={listen})\n")
    assert [one[1] for one in served(seen)] in (["?unknown"], ["?external"])


def test_uvicorn_imports_what_it_is_told(understand: Understand) -> None:
    files = {"shop.py": HEAD + "def make():\n    return app\n"}
    for target in ("'shop:app'", "'shop'", "'shop:make', factory=True"):
        seen = understand(f"import uvicorn\nuvicorn.run({target}, reload=True)\n", files=files)
        assert seen.facts("serve")[0][1] == "<flask.Flask>"
        assert seen.facts("serve")[0][2]["reload"] is True
    seen = understand("import uvicorn\nuvicorn.run('elsewhere:app')\n")
    assert seen.facts("serve")[0][1] == "?unknown"


def test_a_guarded_server_of_another_name_is_not_reached(understand: Understand) -> None:
    seen = understand(
        HEAD + "if __name__ == 'main':\n    from waitress import serve\n    serve(app)\n",
    )
    assert served(seen) == []


def test_middleware_around_the_app_is_looked_through(understand: Understand) -> None:
    seen = understand(
        HEAD + "from waitress import serve\nfrom paste.translogger import TransLogger\n"
        "class Prefix:\n    def __init__(self, app, prefix):\n        self.app = app\n        self.prefix = prefix\n"
        "serve(TransLogger(Prefix(app, '/x'), setup_console_handler=False))\n"
    )
    assert seen.facts("serve")[0][1] == "<flask.Flask>"


GUNICORN = """\
import gunicorn.app.base
class Standalone(gunicorn.app.base.BaseApplication):
    def __init__(self, app, options=None):
        self.options = options or {}
        self.application = app
        super().__init__()
    def load_config(self):
        config = {key: value for key, value in self.options.items() if key in self.cfg.settings and value is not None}
        for key, value in config.items():
            self.cfg.set(key.lower(), value)
    def load(self):
        return self.application
"""


@pytest.mark.parametrize(
    ("options", "env", "expected"),
    [
        ("{'bind': '%s:%s' % ('0.0.0.0', '80'), 'workers': 2, 'no_setting': 1}", {}, [("gunicorn", "0.0.0.0", 80)]),
        (
            "{'bind': ['127.0.0.1:1', 'unix:/run/g']}",
            {},
            [("gunicorn", "127.0.0.1", 1), ("gunicorn", "unix:/run/g", None)],
        ),
        ("{'bind': ':80,[::]:81'}", {}, [("gunicorn", "0.0.0.0", 80), ("gunicorn", "::", 81)]),
        ("{}", {}, [("gunicorn", "127.0.0.1", 8000)]),
        ("{}", {"PORT": "5000"}, [("gunicorn", "0.0.0.0", 5000)]),
    ],
)
def test_gunicorn_from_python(
    understand: Understand, options: str, env: dict[str, str], expected: list[tuple[Any, ...]]
) -> None:
    seen = understand(HEAD + GUNICORN + f"Standalone(app, {options}).run()\n", env=env)
    assert served(seen) == expected
    assert seen.facts("serve")[0][1] == "<flask.Flask>"


def test_gunicorn_settings_that_are_not_known(understand: Understand) -> None:
    source = GUNICORN.replace("key.lower(), value", "open('x').read(), value")
    seen = understand(HEAD + source + "Standalone(app, {'bind': '0.0.0.0:80'}).run()\n")
    assert served(seen) == [("gunicorn", "?unknown", "?unknown")]


SOCKETIO = "from flask_socketio import SocketIO\nsocketio = SocketIO(app{})\n"


def test_socketio_takes_werkzeug_unless_another_is_there(understand: Understand) -> None:
    run = HEAD + SOCKETIO + "socketio.run(app, debug=True, host='0.0.0.0')\n"
    for options, requirements, development in (
        ("", {"flask-socketio": ""}, True),
        ("", {"flask-socketio": "", "eventlet": ""}, False),
        ("", None, "?unknown"),
        (", async_mode='gevent'", None, False),
        (", async_mode='threading'", {"eventlet": ""}, True),
    ):
        seen = understand(run.format(options), requirements=requirements)
        facts = seen.facts("serve")[0][2]
        assert facts["development"] == development
        assert (facts["host"], facts["port"], facts["debug"], facts["debugger"]) == ("0.0.0.0", 5000, True, True)
        assert bool(seen.facts("tool")) is (development is False)


def test_socketio_defaults_follow_the_app(understand: Understand) -> None:
    seen = understand(
        HEAD + SOCKETIO.format("") + "app.config['SERVER_NAME'] = 'shop.example:81'\n"
        "@socketio.on('ping')\ndef ping():\n    return 'x'\nsocketio.run(app)\nRESULT = ping()\n"
    )
    facts = seen.facts("serve")[0][2]
    assert (facts["host"], facts["port"], facts["debug"], facts["reload"]) == ("127.0.0.1", 81, False, False)
    assert seen.name("RESULT") == "x"
    assert seen.facts("cors") == []


def test_socketio_with_any_origin_is_a_cors_policy(understand: Understand) -> None:
    seen = understand(HEAD + SOCKETIO.format(", cors_allowed_origins='*'"))
    policy = seen.facts("cors")[0][1]
    assert (policy["origins"], policy["credentials"], policy["echo"], policy["paths"]) == (
        "*",
        True,
        True,
        "/socket.io/",
    )


def test_werkzeugs_debugger_and_proxy_fix(understand: Understand) -> None:
    seen = understand(
        HEAD + "from werkzeug.debug import DebuggedApplication\nfrom werkzeug.middleware.proxy_fix import ProxyFix\n"
        "from werkzeug.middleware.profiler import ProfilerMiddleware\n"
        "app.wsgi_app = ProxyFix(app.wsgi_app, x_for=2)\n"
        "app.wsgi_app = DebuggedApplication(app.wsgi_app, evalex=True)\nDebuggedApplication(app, pin_security=False)\n"
        "from werkzeug.serving import run_simple\n"
        "run_simple('localhost', 1, ProfilerMiddleware(app), use_debugger=True)\n"
    )
    assert seen.facts("proxyfix")[0][:2] == (
        "<flask.Flask>",
        {"x_for": 2, "x_proto": 1, "x_host": 0, "x_port": 0, "x_prefix": 0},
    )
    assert [(fact[0], fact[1], fact[3]) for fact in seen.facts("tool")] == [
        ("Werkzeug's DebuggedApplication", True, True),
        ("Werkzeug's DebuggedApplication without a PIN", True, False),
        ("Werkzeug's ProfilerMiddleware", True, False),
    ]
    facts = seen.facts("serve")[0]
    assert (facts[1], facts[2]["debugger"], facts[2]["evalex"], facts[2]["debug"]) == (
        "<flask.Flask>",
        True,
        True,
        False,
    )


def test_password_hashes_are_made_at_run_time(understand: Understand) -> None:
    seen = understand(
        "from werkzeug.security import generate_password_hash, check_password_hash\n"
        "from werkzeug.utils import secure_filename\n"
        "A = generate_password_hash('x')\nB = check_password_hash(A, 'x')\nC = secure_filename('x')\n"
    )
    assert [seen.name(name) for name in "ABC"] == ["?runtime", "?runtime", "?unknown"]
