"""Libraries around Starlette and FastAPI apps: tokens against forged requests, logins, proxies, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import State
from batten.understand import DictSources, resolve, understand as understand_all
from batten.understand.evaluate.environ import command_line
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from batten.understand.subjects import App

    from .conftest import Understand

FASTAPI = "import os\nfrom fastapi import FastAPI\napp = FastAPI()\n"


def app_of(source: str, **env: str) -> App:
    sources = DictSources({"app.py": source, "Procfile": "web: uvicorn app:app\n"})
    given = {name: Variable(name, value, command_line(name), "--env") for name, value in env.items()}
    found = understand_all(sources, resolve(sources, lambda _: None), given)
    assert [program.stopped for program in found.programs] == [""]
    (app,) = found.apps
    return app


def flags(app: App) -> list[tuple[str, object, object, object]]:
    return [(one.name, one.secure.value, one.httponly.value, one.samesite.value) for one in app.cookies]


def test_starlette_csrf_guards_with_a_cookie_and_a_key() -> None:
    app = app_of(
        FASTAPI + "from starlette_csrf.middleware import CSRFMiddleware\n"
        "app.add_middleware(CSRFMiddleware, secret='dev-key', cookie_name='token', cookie_secure=True)\n"
    )
    (guard,) = app.csrf
    assert (guard.setting, guard.enabled.value) == ("CSRFMiddleware", True)
    assert flags(app) == [("token", True, False, "lax")]
    assert [(key.setting, key.value.value) for key in app.keys] == [("CSRFMiddleware secret", "dev-key")]


def test_asgi_csrf_wraps_an_app_which_stays_what_it_is() -> None:
    app = app_of(FASTAPI + "from asgi_csrf import asgi_csrf\napp = asgi_csrf(app, signing_secret=os.environ['KEY'])\n")
    (guard,) = app.csrf
    assert guard.setting == "asgi_csrf"
    assert flags(app) == [("csrftoken", False, False, "Lax")]
    assert app.framework == "fastapi"


def test_a_guard_whose_key_is_made_up_by_the_library_has_none_that_is_told() -> None:
    app = app_of(FASTAPI + "from asgi_csrf import asgi_csrf\napp = asgi_csrf(app)\n")
    assert len(app.csrf) == 1
    assert not app.keys


def test_csrf_protect_takes_its_settings_from_a_function(understand: Understand) -> None:
    head = (
        "from fastapi_csrf_protect import CsrfProtect\nfrom pydantic_settings import BaseSettings\n"
        "class Settings(BaseSettings):\n    secret_key: str = 'asecret'\n    cookie_secure: bool = True\n"
    )
    fields = head + "@CsrfProtect.load_config\ndef settings():\n    return Settings()\n"
    pairs = (
        head + "@CsrfProtect.load_config\ndef settings():\n    return [('SECRET_KEY', 'x'), ('httponly', False), 3]\n"
    )
    nothing = head + "@CsrfProtect.load_config\ndef settings():\n    return [('cookie_samesite', 'none')]\n"
    seen = understand(fields)
    assert [(fact[0], fact[1]) for fact in seen.facts("signing key")] == [("CsrfProtect secret_key", "asecret")]
    assert [fact[:2] for fact in seen.facts("library cookie")] == [("csrf", "fastapi-csrf-token")]
    seen = understand(pairs)
    assert [fact[1] for fact in seen.facts("signing key")] == ["x"]
    assert not understand(nothing).facts("signing key")
    assert not understand("from fastapi_csrf_protect import CsrfProtect\nCsrfProtect.load_config(3)\n").facts(
        "library cookie"
    )


def test_csrf_protect_sets_a_cookie_whose_flags_are_told() -> None:
    app = app_of(
        FASTAPI + "from fastapi_csrf_protect import CsrfProtect\n@CsrfProtect.load_config\n"
        "def settings():\n    return [('secret_key', 'asecret'), ('cookie_samesite', 'none')]\n"
    )
    assert flags(app) == [("fastapi-csrf-token", False, True, "none")]
    assert [(key.setting, key.value.value) for key in app.keys] == [("CsrfProtect secret_key", "asecret")]
    (cookie,) = app.cookies
    assert (cookie.secure.default, cookie.samesite.default) == (True, False)


def test_fastapi_users_signs_tokens_and_sets_a_cookie() -> None:
    app = app_of(
        FASTAPI + "from fastapi_users.authentication import CookieTransport, JWTStrategy\n"
        "def strategy():\n    return JWTStrategy(secret='SECRET', lifetime_seconds=3600)\nstrategy()\n"
        "CookieTransport('mine', cookie_secure=False)\nCookieTransport(cookie_httponly=os.getenv('HTTPONLY') == '1')\n",
        HTTPONLY="0",
    )
    assert flags(app) == [("mine", False, True, "lax"), ("fastapiusersauth", True, False, "lax")]
    assert [(key.setting, key.value.value) for key in app.keys] == [("JWTStrategy secret", "SECRET")]


def test_limits_leave_a_view_what_it_is(understand: Understand) -> None:
    seen = understand(
        "from slowapi import Limiter\nfrom slowapi.util import get_remote_address\n"
        "from fastapi_cache.decorator import cache\nlimiter = Limiter(key_func=get_remote_address)\n"
        "@limiter.limit('5/minute')\n@cache(expire=60)\ndef one():\n    return 1\n"
        "@limiter.exempt\ndef two():\n    return 2\nr, s = one(), two()\n"
    )
    assert (seen.name("r"), seen.name("s")) == (1, 2)
    assert [fact[0] for fact in seen.facts("extension")] == ["slowapi.Limiter"]


def test_whose_proxy_headers_are_believed() -> None:
    source = (
        FASTAPI + "from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware\n"
        "app.add_middleware(ProxyHeadersMiddleware{})\n"
    )
    (told,) = app_of(source.format(", trusted_hosts='10.0.0.1, 10.0.0.2'")).proxies
    assert told.trusted.value == ("10.0.0.1", "10.0.0.2")
    (listed,) = app_of(source.format(", trusted_hosts=['*']")).proxies
    assert listed.trusted.value == ["*"]
    assert not app_of(source.format("")).proxies


def test_which_hosts_are_answered() -> None:
    source = (
        FASTAPI + "from starlette.middleware.trustedhost import TrustedHostMiddleware\n"
        "app.add_middleware(TrustedHostMiddleware{})\n"
    )
    assert [host.allowed.value for host in app_of(source.format(", allowed_hosts=['a.example']")).hosts] == [
        ["a.example"]
    ]
    assert [host.allowed.value for host in app_of(source.format("")).hosts] == [["*"]]
    mounted = (
        FASTAPI + "from starlette.middleware.trustedhost import TrustedHostMiddleware\n"
        "inner = FastAPI()\ninner.add_middleware(TrustedHostMiddleware, allowed_hosts=['*'])\napp.mount('/x', inner)\n"
    )
    assert not app_of(mounted).hosts


def test_arguments_that_are_not_known_are_no_defaults() -> None:
    app = app_of(
        FASTAPI + "import other\nfrom starlette.middleware.sessions import SessionMiddleware\n"
        "app.add_middleware(SessionMiddleware, **other.options())\n"
        "@app.get('/')\ndef index(request):\n    request.session['n'] = 1\n"
    )
    (cookie,) = app.cookies
    assert cookie.secure.state is State.UNKNOWN
    assert "arguments that are not known" in cookie.secure.why


def test_credentials_that_are_not_known_leave_open_what_a_wildcard_answers() -> None:
    app = app_of(
        FASTAPI + "import other\nfrom fastapi.middleware.cors import CORSMiddleware\n"
        "app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=other.flag)\n"
    )
    answer = app.settings["cors.allow_origin"]
    assert (answer.state, answer.why) == (State.UNKNOWN, "it is `*` or the caller's own origin, as credentials are")
