"""Flask-WTF, Flask-SeaSurf, Flask-Login, Flask-JWT-Extended and Flask-DebugToolbar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Outside, Understand

HEAD = "import os\nfrom flask import Flask, Blueprint\napp = Flask(__name__)\n"


@pytest.mark.parametrize("install", ["CSRFProtect(app)", "c = CSRFProtect()\nc.init_app(app)"])
def test_csrf_protection_sets_its_defaults(understand: Understand, install: str) -> None:
    seen = understand(HEAD + f"from flask_wtf.csrf import CSRFProtect\n{install}\n")
    assert seen.facts("extension")[0][0] == "flask_wtf.CSRFProtect"
    assert seen.facts("csrf")[0][1] == {"setting": "WTF_CSRF_ENABLED"}
    assert seen.config("WTF_CSRF_ENABLED") is True


def test_csrf_settings_of_the_app_stay(understand: Understand) -> None:
    seen = understand(
        HEAD + "from flask_wtf import CSRFProtect\napp.config['WTF_CSRF_ENABLED'] = False\nCSRFProtect(app)\n"
    )
    assert seen.config("WTF_CSRF_ENABLED") is False
    seen = understand(
        HEAD
        + "from flask_wtf import CSRFProtect\nif os.path.exists('x'):\n    app.config['WTF_CSRF_ENABLED'] = False\n"
        "CSRFProtect(app)\n"
    )
    assert seen.config("WTF_CSRF_ENABLED") == {False, True}
    seen = understand(
        HEAD + "from flask_wtf import CSRFProtect\nimport other\napp.config.update(other.X)\nCSRFProtect(app)\n"
    )
    assert seen.config("WTF_CSRF_ENABLED") == {True, "?unknown"}


def test_extensions_without_an_app_set_nothing(understand: Understand) -> None:
    seen = understand("from flask_wtf import CSRFProtect\nimport other\nCSRFProtect(other.app)\n")
    assert seen.facts("csrf")[0][0] is None


def test_views_blueprints_and_names_are_exempt(understand: Understand) -> None:
    seen = understand(
        HEAD + "from flask_wtf import CSRFProtect\ncsrf = CSRFProtect(app)\nbp = Blueprint('api', __name__)\n"
        "csrf.exempt(bp)\ncsrf.exempt('shop.views.pay')\n"
        "@app.post('/hook')\n@csrf.exempt\ndef hook():\n    return 'x'\n"
        "import other\ncsrf.exempt(other.view)\nRESULT = hook()\n"
    )
    assert [fact[0] for fact in seen.facts("csrf exempt")] == ["blueprint api", "shop.views.pay", "hook", "a view"]
    assert seen.name("RESULT") == "x"


@pytest.mark.parametrize(
    ("settings", "enabled"),
    [
        ("", True),
        ("app.config['CSRF_DISABLE'] = True", False),
        ("app.config['TESTING'] = True", False),
        ("app.config['SEASURF_INCLUDE_OR_EXEMPT_VIEWS'] = 'include'", "?unknown"),
    ],
)
def test_seasurf_reads_its_settings_once(understand: Understand, settings: str, enabled: object) -> None:
    seen = understand(
        HEAD + f"from flask_seasurf import SeaSurf\n{settings}\ns = SeaSurf(app)\n"
        "s.exempt_urls(('/a', '/b', open('x').read()))\n"
    )
    assert seen.facts("csrf")[0][1] == {"setting": "CSRF_DISABLE", "enabled": enabled}
    assert [fact[0] for fact in seen.facts("csrf exempt")] == ["/a", "/b"]


def test_login_sets_no_setting_and_writes_the_session(understand: Understand) -> None:
    seen = understand(
        HEAD + "from flask_login import LoginManager, login_required, login_user, logout_user, current_user\n"
        "m = LoginManager()\nm.init_app(app)\n@m.user_loader\ndef load(key):\n    return key\n"
        "@login_required\ndef view():\n    return 'x'\nRESULT = view(), load('k')\n"
        "login_user('u', remember=True)\nlogout_user()\nWHO = current_user\n"
    )
    assert len(seen.facts("login")) == 1
    assert len(seen.facts("session")) == 2
    assert seen.config("REMEMBER_COOKIE_SECURE") == "absent"
    assert seen.name("RESULT") == ["x", "k"]
    assert seen.name("WHO") == "?runtime"


def test_tokens_of_jwt_extended(understand: Understand) -> None:
    seen = understand(
        HEAD + "from flask_jwt_extended import JWTManager, jwt_required, create_access_token\n"
        "app.config['JWT_COOKIE_SECURE'] = True\njwt = JWTManager(app)\n"
        "@jwt.user_lookup_loader\ndef look(header, data):\n    return data\n"
        "@jwt_required()\ndef view():\n    return 'x'\nRESULT = view()\nTOKEN = create_access_token('me')\n"
    )
    assert len(seen.facts("jwt")) == 1
    assert seen.config("JWT_COOKIE_SECURE") is True
    assert seen.config("JWT_TOKEN_LOCATION") == ["headers"]
    assert (seen.name("RESULT"), seen.name("TOKEN")) == ("x", "?runtime")


@pytest.mark.parametrize(
    ("settings", "enabled"),
    [
        ("", False),
        ("app.debug = True", True),
        ("app.config['DEBUG_TB_ENABLED'] = True", True),
        ("app.debug = True\napp.config['DEBUG_TB_ENABLED'] = False", False),
    ],
)
def test_the_toolbar_follows_debug_when_it_is_installed(understand: Understand, settings: str, enabled: bool) -> None:  # noqa: FBT001 - the expected value
    source = (
        HEAD + f"from flask_debugtoolbar import DebugToolbarExtension\napp.secret_key = 'k'\n{settings}\n"
        "DebugToolbarExtension(app)\napp.debug = not app.debug\n"
    )
    seen = understand(source)
    assert seen.facts("tool")[0][:2] == ("Flask-DebugToolbar", enabled)
    assert seen.facts("tool")[0][3] is False


def test_the_toolbar_does_not_start_without_a_key(understand: Understand) -> None:
    source = (
        HEAD + "from flask_debugtoolbar import DebugToolbarExtension\napp.debug = True\nDebugToolbarExtension(app)\n"
    )
    assert "SECRET_KEY" in understand(source).stopped


def test_a_toolbar_without_an_app_is_not_decided(understand: Understand) -> None:
    source = "from flask_debugtoolbar import DebugToolbarExtension\nimport other\nDebugToolbarExtension(other.app)\n"
    assert understand(source).facts("tool")[0][1] == "?unknown"


REAL = """
import datetime
from flask import Flask
from flask_wtf import CSRFProtect
from flask_login import LoginManager
from flask_jwt_extended import JWTManager
from flask_debugtoolbar import DebugToolbarExtension
from flask_seasurf import SeaSurf
answer = []
for name in data:
    app = Flask("app")
    app.secret_key = "k"
    before = set(app.config)
    {"CSRFProtect": CSRFProtect, "LoginManager": LoginManager, "JWTManager": JWTManager,
     "DebugToolbarExtension": DebugToolbarExtension, "SeaSurf": SeaSurf}[name](app)
    new = {n: v for n, v in app.config.items() if n not in before}
    answer.append({n: sorted(v) if isinstance(v, set) else v for n, v in new.items()
        if not isinstance(v, datetime.timedelta)})
"""
CLASSES = {
    "CSRFProtect": "flask_wtf",
    "LoginManager": "flask_login",
    "JWTManager": "flask_jwt_extended",
    "DebugToolbarExtension": "flask_debugtoolbar",
    "SeaSurf": "flask_seasurf",
}


@pytest.mark.process
@pytest.mark.parametrize("name", list(CLASSES))
def test_settings_are_those_of_the_real_library(understand: Understand, outside: Outside, name: str) -> None:
    (real,) = outside(REAL, [name])
    seen = understand(HEAD + f"from {CLASSES[name]} import {name}\napp.secret_key = 'k'\n{name}(app)\n")
    ours: dict[str, Any] = {key: seen.config(key) for key in real if seen.config(key) != "absent"}
    assert ours == {key: real[key] for key in ours}
    assert set(ours) >= {
        key for key in real if key.endswith(("_ENABLED", "_SECURE", "_SAMESITE", "SECRET_KEY", "_CSRF_PROTECT"))
    }
