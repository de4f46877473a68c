"""Calls that the models meet in no ordinary program, and must not stumble over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Understand

HEAD = "import other\nfrom flask import Flask\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    "source",
    [
        "from flask_wtf import CSRFProtect\nCSRFProtect.init_app(app)",
        "from environs import Env\nEnv.str('X')\nEnv.read_env()\nwith Env.prefixed('A_'):\n    pass",
        "from decouple import Config\nConfig.get('X')",
        "from gunicorn.app.base import BaseApplication\nBaseApplication.run()",
        "from gunicorn.config import Config\nConfig.set('bind', 'x')",
        "from secure import ContentSecurityPolicy\nContentSecurityPolicy.default_src('x')",
        "from secure import Secure, SecureHeaders\nSecure.set_headers(3)\nSecureHeaders().flask(3)",
        "from gevent.pywsgi import WSGIServer\nWSGIServer.start()",
        "from tornado.httpserver import HTTPServer\nHTTPServer.listen(80)",
        "import uvicorn\nuvicorn.Server(other.config).run()\nuvicorn.Server.run()",
        "import cherrypy\ncherrypy.engine.start()",
    ],
)
def test_methods_called_on_their_class_note_nothing(understand: Understand, source: str) -> None:
    seen = understand(HEAD + source + "\n", files={".env": "A=1\n"})
    assert not seen.stopped
    assert not [kind for kind in ("serve", "csrf", "headers") if seen.facts(kind)]


def test_servers_of_an_app_that_is_not_known(understand: Understand) -> None:
    seen = understand(
        "import other\nfrom werkzeug.serving import run_simple\nfrom flask_socketio import SocketIO\n"
        "run_simple('localhost', 1, other.app(), use_debugger=True)\n"
        "SocketIO.run(other.app(), port=other.port(), debug=True)\n"
        "SocketIO().run(None)\nSocketIO().run()\n"
    )
    ports = [(fact[0], fact[2]["port"], fact[2]["debug"]) for fact in seen.facts("serve")]
    assert ports == [
        ("werkzeug", 1, True),
        ("socketio", "?unknown", True),
        ("socketio", 5000, False),
        ("socketio", 5000, False),
    ]


def test_middleware_that_is_not_known(understand: Understand) -> None:
    seen = understand(
        HEAD + "from werkzeug.middleware.proxy_fix import ProxyFix\n"
        "from werkzeug.middleware.dispatcher import DispatcherMiddleware\nfrom werkzeug.serving import run_simple\n"
        "ProxyFix(other.Middleware())\nProxyFix(None)\n"
        "run_simple('localhost', 1, DispatcherMiddleware(app, {'/x': other.app}))\n"
    )
    assert seen.facts("proxyfix")[0][0] is None
    assert seen.facts("serve")[0][1] == "<flask.Flask>"


def test_a_deep_pile_of_middleware_is_left(understand: Understand) -> None:
    seen = understand(
        HEAD + "from waitress import serve\nimport paste\nheld = app\n"
        "for _ in range(20):\n    held = paste.Wrapper(held)\nserve(held)\nserve()\n"
    )
    assert [fact[1] for fact in seen.facts("serve")] == ["<paste.Wrapper>", "?unknown"]


def test_gunicorn_of_an_application_that_forgets_its_base(understand: Understand) -> None:
    seen = understand(
        HEAD + "from gunicorn.app.base import BaseApplication\nclass Own(BaseApplication):\n"
        "    def __init__(self):\n        self.x = 1\n"
        "    def load_config(self):\n        self.cfg.set('bind', other.bind())\n"
        "    def load(self):\n        return app\nOwn().run()\n"
    )
    assert [(fact[1], fact[2]["host"]) for fact in seen.facts("serve")] == [("<flask.Flask>", "?unknown")]


def test_talisman_for_an_app_that_is_not_known(understand: Understand) -> None:
    seen = understand(
        "from flask_talisman import Talisman\nimport other\n"
        "Talisman(other.app, content_security_policy={'default-src': other.SOURCE})\n"
    )
    app, headers, _, _ = seen.facts("headers")[0]
    assert app is None
    assert headers["content-security-policy"] == "?unknown"


def test_profilers_of_flask(understand: Understand) -> None:
    for settings, enabled in (
        ("app.config['flask_profiler'] = {'enabled': True}", True),
        ("app.config['FLASK_PROFILER'] = {}", False),
        ("", "?unknown"),
    ):
        seen = understand(HEAD + f"import flask_profiler\n{settings}\nflask_profiler.init_app(app)\n")
        assert seen.facts("tool")[0][:2] == ("flask-profiler", enabled)
    seen = understand(HEAD + "from flask_profiler import Profiler\nProfiler(app)\n")
    assert len(seen.facts("tool")) == len(seen.facts("extension")) == 1
