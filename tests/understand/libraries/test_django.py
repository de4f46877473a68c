"""What Batten says of Django projects, against Django itself: settings, headers, who is refused."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import global_settings  # type: ignore[import-untyped]

from batten.model import State
from batten.understand import DictSources, resolve, understand
from batten.understand.evaluate.environ import command_line
from batten.understand.libraries.django_defaults import defaults
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from batten.understand.subjects import App

WSGI = """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
"""
URLS = """\
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("hello"))]
"""
REST = """
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"]
"""
PROJECT = {"shop/__init__.py": "", "shop/wsgi.py": WSGI, "shop/urls.py": URLS, "Procfile": "web: gunicorn shop.wsgi\n"}
MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
)

ASK = """
import json, os, sys
sys.path.insert(0, os.getcwd())
try:
    from shop.wsgi import application
    from django.conf import settings
    names = [n for n in dir(settings) if n.isupper() and n != "DATABASES"]  # Django fills it up as it starts
    said = {}
    for name in names:
        try:
            held = getattr(settings, name)
            json.dumps(held)
            said[name] = list(held) if isinstance(held, tuple) else held
        except Exception:
            pass
    from django.test import Client
    client = Client()
    host = (settings.ALLOWED_HOSTS or ["localhost"])[0].replace("*", "localhost")
    secure = client.get("/", secure=True, headers={"Host": host, "Origin": "https://evil.example"})
    plain = client.get("/", headers={"Host": host})
    answer = {"settings": said, "headers": dict(secure.headers), "plain": plain.status_code}
except Exception as error:
    answer = {"error": repr(error)}
json.dump(answer, sys.stdout)
"""


def real(files: Mapping[str, str], env: Mapping[str, str], directory: Path) -> dict[str, Any]:
    """Return what Django itself says of a project."""
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=directory,
        env={"PATH": os.environ["PATH"], **env},
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def ours(files: Mapping[str, str], env: Mapping[str, str] | None = None) -> App:
    """Return what Batten says of it."""
    sources = DictSources(files)
    given = {name: Variable(name, value, command_line(name), "--env") for name, value in (env or {}).items()}
    seen = understand(sources, resolve(sources, lambda _: None), given)
    (app,) = seen.apps
    return app


def plain(value: object) -> object:
    """Return a value as JSON gives it back."""
    return json.loads(json.dumps(value, default=list))


def compare(files: Mapping[str, str], env: Mapping[str, str], directory: Path) -> tuple[int, int]:
    """Compare every setting and header; return how many are known, of how many."""
    said, app = real(files, env, directory), ours(files, env)
    if "error" in said:
        assert not any(
            value.state is State.KNOWN and not value.default
            for name, value in app.settings.items()
            if name in {"DEBUG", "SECRET_KEY", "ALLOWED_HOSTS"}
        ), said
        return 0, 0
    known = 0
    for name, wanted in said["settings"].items():
        value = app.setting(name)
        if name == "SECRET_KEY" and not wanted:
            assert value.state is State.ERROR
        elif value.state is State.KNOWN:
            assert plain(value.value) == wanted, name
            known += 1
        elif value.state is State.ONE_OF:
            assert wanted in [plain(case.value) for case in value.cases()], name
    for name, value in app.settings.items():
        if name.startswith("header.") and value.state is State.KNOWN:
            assert said["headers"].get(name.removeprefix("header.")) == value.value, name
    for name in ("Strict-Transport-Security", "X-Frame-Options", "Content-Security-Policy", "Referrer-Policy"):
        if name in said["headers"]:
            assert app.setting(f"header.{name}").state is not State.UNSET, name
    if "cors.allow_origin" in app.settings and app.setting("cors.allow_origin").state is State.KNOWN:
        wanted = said["headers"].get("access-control-allow-origin") or said["headers"].get(
            "Access-Control-Allow-Origin"
        )
        assert app.setting("cors.allow_origin").value == wanted
    return known, len(said["settings"])


def test_defaults_are_djangos() -> None:
    wrong = {
        name: value
        for name, value in defaults(None).items()
        if name in vars(global_settings) and vars(global_settings)[name] != value
    }
    assert not wrong


@pytest.mark.parametrize(("version", "frames", "nosniff"), [((2, 2), "SAMEORIGIN", False), ((5, 2), "DENY", True)])
def test_defaults_follow_the_version(version: tuple[int, ...], frames: str, nosniff: bool) -> None:  # noqa: FBT001 - a row
    assert defaults(version)["X_FRAME_OPTIONS"] == frames
    assert defaults(version)["SECURE_CONTENT_TYPE_NOSNIFF"] is nosniff


SETTINGS = {
    "as startproject writes it": 'SECRET_KEY = "django-insecure-1"\nDEBUG = True\nALLOWED_HOSTS = []\n',
    "words of the environment": (
        "import os\n\nSECRET_KEY = os.environ['KEY']\nDEBUG = os.environ.get('DEBUG', '') in ('1', 'true')\n"
        "ALLOWED_HOSTS = os.environ.get('HOSTS', 'a.example,b.example').split(',')\n"
        "if not DEBUG:\n    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True\n    SECURE_HSTS_SECONDS = 31_536_000\n"
        "    SECURE_HSTS_PRELOAD = True\n    SECURE_SSL_REDIRECT = True\n"
    ),
    "a list that grows": (
        "SECRET_KEY = 'k' * 30\nMIDDLEWARE = ['django.middleware.security.SecurityMiddleware']\n"
        "MIDDLEWARE += ['django.middleware.clickjacking.XFrameOptionsMiddleware']\n"
        "MIDDLEWARE.insert(0, MIDDLEWARE.pop())\nSTATIC_URL = 'static/'\nMEDIA_URL = 'https://cdn.example/m/'\n"
        "X_FRAME_OPTIONS = 'sameorigin'\nSECURE_REFERRER_POLICY = ['origin', 'same-origin']\n"
    ),
    "a class of the project that inherits": (
        "SECRET_KEY = 'k' * 30\nMIDDLEWARE = ['shop.own.Safe', 'shop.own.policy']\nSECURE_HSTS_SECONDS = 60\n"
    ),
    "no key": "import os\n\nSECRET_KEY = os.environ.get('NO_KEY', '')\nDEBUG = False\n",
    "a guard": (
        "import os\nfrom django.core.exceptions import ImproperlyConfigured\n\n"
        "SECRET_KEY = os.environ.get('NO_KEY', 'x')\n"
        "if SECRET_KEY == 'x':\n    raise ImproperlyConfigured('set NO_KEY')\n"
    ),
    "settings read settings": (
        "from django.conf import global_settings\n\nSECRET_KEY = 'k' * 30\nDEBUG = global_settings.DEBUG\n"
        "PASSWORD_HASHERS = ['own.Hasher', *global_settings.PASSWORD_HASHERS]\n"
    ),
}
OWN = """\
from django.middleware.security import SecurityMiddleware


class Safe(SecurityMiddleware):
    pass


def policy(get_response):
    def answer(request):
        response = get_response(request)
        response["Content-Security-Policy"] = "default-src 'self'"
        response.headers["X-Frame-Options"] = "DENY"
        return response

    return answer
"""


@pytest.mark.process
@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize(
    "env", [{"KEY": "a"}, {"KEY": "b", "DEBUG": "true", "HOSTS": "*"}], ids=["production", "debug"]
)
def test_settings_are_what_django_reads(name: str, env: dict[str, str], tmp_path: Path) -> None:
    files = {**PROJECT, "shop/settings.py": SETTINGS[name] + REST, "shop/own.py": OWN}
    compare(files, env, tmp_path)


@pytest.mark.process
def test_the_module_that_the_environment_names(tmp_path: Path) -> None:
    files = {
        **PROJECT,
        "shop/settings.py": SETTINGS["as startproject writes it"] + REST,
        "shop/production.py": "from .settings import *\n\nDEBUG = False\nSECRET_KEY = 'p' * 40\n",
    }
    env = {"DJANGO_SETTINGS_MODULE": "shop.production"}
    known, _ = compare(files, env, tmp_path)
    assert known
    app = ours(files, env)
    assert app.setting("DEBUG").value is False
    assert ours(files).setting("DEBUG").value is True


def _random_settings(dice: random.Random) -> str:
    """Return settings in which everything that headers depend on is drawn."""
    chosen = [name for name in MIDDLEWARE if dice.random() < 0.7]
    lines = ["SECRET_KEY = 'k' * 40", "ALLOWED_HOSTS = ['*']", f"MIDDLEWARE = {chosen!r}"]
    options: dict[str, list[object]] = {
        "SECURE_SSL_REDIRECT": [True, False],
        "SECURE_HSTS_SECONDS": [0, 60, 31_536_000],
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": [True, False],
        "SECURE_HSTS_PRELOAD": [True, False],
        "SECURE_CONTENT_TYPE_NOSNIFF": [True, False],
        "SECURE_REFERRER_POLICY": [None, "no-referrer", "origin, same-origin", ["origin", "same-origin"]],
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": [None, "same-origin-allow-popups"],
        "X_FRAME_OPTIONS": ["DENY", "sameorigin"],
        "CORS_ALLOW_ALL_ORIGINS": [True, False],
        "CORS_ALLOW_CREDENTIALS": [True, False],
        "CORS_ALLOWED_ORIGINS": [["https://a.example"], ["https://evil.example"]],
        "CORS_ALLOWED_ORIGIN_REGEXES": [[r"^https://\w+\.example$"], [r"^https://shop\.example$"]],
        "CONTENT_SECURITY_POLICY": [
            {"DIRECTIVES": {"default-src": ["'none'"], "script-src": ["'self'"], "upgrade-insecure-requests": True}},
            {"DIRECTIVES": {"img-src": "'self'"}},
        ],
    }
    for name, values in options.items():
        if dice.random() < 0.6:
            lines.append(f"{name} = {dice.choice(values)!r}")
    return "\n".join(lines) + "\n" + REST


@pytest.mark.process
@pytest.mark.parametrize("seed", range(8))
def test_headers_are_what_django_sends(seed: int, tmp_path: Path) -> None:
    settings = _random_settings(random.Random(seed))
    files = {**PROJECT, "shop/settings.py": settings}
    said = real(files, {}, tmp_path)
    app = ours(files)
    (headers,) = app.headers
    assert (said["plain"] == 301) is headers.https_only
    for name in ("strict-transport-security", "x-content-type-options", "referrer-policy", "x-frame-options"):
        value = headers.values.get(name)
        wanted = next((text for key, text in said["headers"].items() if key.lower() == name), None)
        assert (value.value if value is not None else None) == wanted, (name, settings)
    policy = next((text for key, text in said["headers"].items() if key.lower() == "content-security-policy"), None)
    held = headers.values.get("content-security-policy")
    assert sorted(str(held.value or "").split("; ") if held is not None else [""]) == sorted((policy or "").split("; "))
    allowed = next(
        (text for key, text in said["headers"].items() if key.lower() == "access-control-allow-origin"), None
    )
    if "corsheaders.middleware.CorsMiddleware" in app.setting("MIDDLEWARE").value:  # type: ignore[operator]
        answers = {policy.origins.value: policy for policy in app.cors if isinstance(policy.origins.value, str)}
        assert ("*" in answers) is (bool(allowed) and app.setting("CORS_ALLOW_ALL_ORIGINS").is_true())


CLASSES = """\
import os

from configurations import Configuration


class Common(Configuration):
    DOTENV = os.path.join(os.path.dirname(os.path.abspath(__file__)), "words.env")
    SECRET_KEY = "k" * 30
    DEBUG = False
    ROOT_URLCONF = "shop.urls"

    @classmethod
    def pre_setup(cls):
        super().pre_setup()
        cls.SIZE = 3

    @property
    def ALLOWED_HOSTS(self):
        return ["*"] if self.DEBUG else [os.environ["MARK"]]

    def INTERNAL_IPS(self):
        return ["127.0.0.1"] * self.SIZE


class Dev(Common):
    DEBUG = True


class Prod(Common):
    SESSION_COOKIE_SECURE = True
"""


@pytest.mark.process
@pytest.mark.parametrize("chosen", ["Dev", "Prod"])
def test_the_class_that_the_environment_names(chosen: str, tmp_path: Path) -> None:
    head, imported, named = WSGI.strip().split("\n\n")
    name, called = named.split("\n")
    imported = imported.replace("django.core", "configurations")
    wsgi = f"{head}\n{name}\n{imported}\n{called}\n"
    files = {
        **PROJECT,
        "shop/wsgi.py": wsgi,
        "shop/settings.py": CLASSES,
        "shop/words.env": 'MARK="shop\\.example"\n# a comment\n',
    }
    env = {"DJANGO_CONFIGURATION": chosen}
    compare(files, env, tmp_path)
    app = ours(files, env)
    assert app.setting("DEBUG").value is (chosen == "Dev")
    assert app.setting("INTERNAL_IPS").value == ["127.0.0.1"] * 3
