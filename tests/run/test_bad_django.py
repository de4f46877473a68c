"""Settings that do what settings should not: what they come to is unknown with a reason, in bounded time."""

import time
from pathlib import Path

import pytest

from batten.model import Report, State, Value
from batten.run import Request, check

WSGI = """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
"""
PROJECT = {"shop/__init__.py": "", "shop/wsgi.py": WSGI, "Procfile": "web: gunicorn shop.wsgi\n"}
SLOWEST_S = 20
"""On a slow and busy machine."""


def audit(root: Path, settings: str, **files: str) -> Report:
    held = {**PROJECT, "shop/settings.py": settings, **{f"shop/{name}.py": text for name, text in files.items()}}
    for name, text in held.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    began = time.process_time()
    report = check(Request(target=str(root)))
    assert time.process_time() - began < SLOWEST_S
    return report


def debug(report: Report) -> Value:
    (app,) = report.apps
    return app.settings["DEBUG"]


WRITTEN_BY_OTHERS = {
    "exec of a file of the server": 'DEBUG = True\nexec(open("/etc/shop/settings.py").read())\n',
    "exec of compiled text": 'DEBUG = True\nexec(compile("DEBUG = False", "x", "exec"), globals())\n',
    "globals from a file": 'import json\nDEBUG = False\nglobals().update(json.load(open("/etc/shop.json")))\n',
    "setattr of names from a file": (
        "import json, sys\nDEBUG = False\n"
        'for name, value in json.load(open("/etc/shop.json")).items():\n'
        "    setattr(sys.modules[__name__], name, value)\n"
    ),
    "another object in its place": (
        "import sys\nDEBUG = False\n\n\nclass Other:\n    DEBUG = True\n\n\nsys.modules[__name__] = Other()\n"
    ),
    "a metaclass that answers": (
        "class Meta(type):\n    def __getattr__(cls, name):\n        return True\n\n\n"
        "class Held(metaclass=Meta):\n    pass\n\n\nDEBUG = Held.DEBUG\n"
    ),
    "a metaclass that writes": (
        "class Meta(type):\n    def __new__(cls, name, bases, held):\n"
        '        return type.__new__(cls, name, bases, {**held, "DEBUG": True})\n\n\n'
        "class Held(metaclass=Meta):\n    DEBUG = False\n\n\nDEBUG = Held.DEBUG\n"
    ),
    "a builtin in place of another": "import builtins\nbuiltins.bool = lambda value: True\nDEBUG = bool('')\n",
    "a class made by a call": 'DEBUG = type("Held", (), {"DEBUG": True}).DEBUG\n',
    "an object with a truth of its own": (
        "class Odd:\n    def __bool__(self):\n        return False\n\n    def __eq__(self, other):\n"
        "        return True\n\n\nDEBUG = Odd()\n"
    ),
    "a recursion without end": "def down(n):\n    return down(n - 1) if n else False\n\n\nDEBUG = down(10**5)\n",
}


@pytest.mark.parametrize("settings", WRITTEN_BY_OTHERS.values(), ids=list(WRITTEN_BY_OTHERS))
def test_what_something_else_may_write_is_unknown_with_a_reason(tmp_path: Path, settings: str) -> None:
    found = debug(audit(tmp_path, settings))
    assert found.state is State.UNKNOWN
    assert found.why


REPLACED = {
    "getenv": "import os\nos.getenv = lambda name, other=None: 'True'\nDEBUG = os.getenv('DEBUG', 'False') == 'True'\n",
    "environ": "import os\nos.environ = {'DEBUG': 'True'}\nDEBUG = os.environ.get('DEBUG', 'False') == 'True'\n",
    "imported later": (
        "import os\nos.getenv = lambda name, default=None: 'True'\nfrom os import getenv\n"
        "DEBUG = getenv('DEBUG', 'False') == 'True'\n"
    ),
    "its own module": "import sys\nDEBUG = False\nsys.modules[__name__].DEBUG = True\n",
    "vars": "DEBUG = False\nvars()['DEBUG'] = True\n",
    "locals": "DEBUG = False\nlocals()['DEBUG'] = True\n",
}


@pytest.mark.parametrize("settings", REPLACED.values(), ids=list(REPLACED))
def test_what_the_program_puts_in_place_of_a_name_counts(tmp_path: Path, settings: str) -> None:
    assert debug(audit(tmp_path, settings)).value is True


def test_a_name_that_may_be_replaced_is_either(tmp_path: Path) -> None:
    settings = (
        "import os, socket\nif socket.gethostname() == 'shop':\n    os.getenv = lambda name, default=None: 'True'\n"
        "DEBUG = os.getenv('DEBUG', 'False') == 'True'\n"
    )
    assert debug(audit(tmp_path, settings)).state is not State.KNOWN


def test_a_replaced_environment_is_the_one_that_getenv_reads(tmp_path: Path) -> None:
    settings = "import os\nos.environ = {}\nDEBUG = os.getenv('DEBUG', 'True') == 'True'\n"
    assert debug(audit(tmp_path, settings)).value is True


def test_settings_of_a_class_are_exported_by_its_members(tmp_path: Path) -> None:
    base = """\
import inspect
import os
import sys


class Settings:
    ROWS = 20
    _HIDDEN = True
    ALLOWED_HOSTS = ["*"]

    @property
    def DEBUG(self):
        return self.ROWS > 20

    @classmethod
    def load(cls, name):
        module = sys.modules[name]
        for member, value in inspect.getmembers(cls()):
            if member.isupper() and not member.startswith("_"):
                setattr(module, member, value)
"""
    settings = "from shop.base import Settings\n\n\nclass Production(Settings):\n    ROWS = {}\n\n\n"
    load = "Production.load(__name__)\n"
    report = audit(tmp_path / "on", settings.format(50) + load, base=base)
    assert debug(report).value is True
    assert {finding.rule for finding in report.findings} >= {"debug-mode/django", "allowed-hosts/any"}
    assert debug(audit(tmp_path / "off", settings.format(10) + load, base=base)).value is False
    unknown = "import mixins\nfrom shop.base import Settings\n" + settings.format(10).partition("\n")[2]
    unknown = unknown.replace("(Settings)", "(Settings, mixins.Some)")
    assert debug(audit(tmp_path / "unknown", unknown + load, base=base)).state is State.UNKNOWN


@pytest.mark.parametrize("name", ["pytest", "django"])
def test_a_server_that_is_started_has_no_tests_loaded(tmp_path: Path, name: str) -> None:
    found = debug(audit(tmp_path, f"import sys\nDEBUG = '{name}' in sys.modules\n"))
    assert (found.value is False) if name == "pytest" else (found.state is State.UNKNOWN)


ENDLESS = {
    "a loop": ("DEBUG = False\nn = 0\nwhile True:\n    n += 1\nSIZE = n\n", {}),
    "a loop that waits": (
        "import os\nSIZE = 0\nwhile not os.path.exists('/ready'):\n    SIZE += 1\nDEBUG = False\n",
        {},
    ),
    "settings that import themselves": ("from shop.settings import *\nDEBUG = False\n", {}),
    "settings in a circle": (
        "from shop.base import *\nDEBUG = False\n",
        {"base": "from shop.settings import *\nA = 1\n"},
    ),
    "URLs that include themselves": (
        "DEBUG = False\nROOT_URLCONF = 'shop.urls'\n",
        {"urls": "from django.urls import include, path\nurlpatterns = [path('a/', include('shop.urls'))]\n"},
    ),
    "many apps": ("DEBUG = False\nINSTALLED_APPS = [f'shop.a{n}' for n in range(20_000)]\n", {}),
    "a setting that doubles": (
        "DEBUG = False\nS0 = {}\n" + "".join(f"S{n} = {{'a': [S{n - 1}] * 3}}\n" for n in range(1, 200)),
        {},
    ),
}


@pytest.mark.parametrize(("settings", "files"), ENDLESS.values(), ids=list(ENDLESS))
def test_what_has_no_end_is_left_and_the_rest_is_known(tmp_path: Path, settings: str, files: dict[str, str]) -> None:
    found = debug(audit(tmp_path, settings, **files))
    assert found.value is False


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ("raise SystemExit('no')\n", "no (shop/settings.py:1)"),
        ("from shop.wsgi import application\nDEBUG = False\n", "import cycle"),
        ("import shop.gone\n", "No module named 'shop.gone'"),
    ],
)
def test_settings_that_do_not_start_are_told(tmp_path: Path, settings: str, why: str) -> None:
    report = audit(tmp_path, settings)
    assert report.gate.code == 4 or debug(report).state is State.UNKNOWN
    assert any(why in doubt.why for doubt in report.unsure), report.unsure


def test_five_thousand_modules_are_followed_in_time(tmp_path: Path) -> None:
    apps = [f"a{number}" for number in range(500)]
    listed = ", ".join(map(repr, apps))
    includes = ", ".join(f"path('{app}/', include('{app}.urls'))" for app in apps)
    view = (
        "from django.http import JsonResponse\nfrom .forms import clean\n\n\ndef show(request):\n    return clean({})\n"
    )
    for app in apps:
        folder = tmp_path / app
        folder.mkdir()
        (folder / "__init__.py").touch()
        (folder / "urls.py").write_text(
            "from django.urls import path\nfrom . import views\nurlpatterns = [path('', views.show)]\n"
        )
        (folder / "views.py").write_text(view)
        (folder / "models.py").write_text("from django.db import models\n\n\nclass Row(models.Model):\n    pass\n")
        for name in ("forms", "admin", "apps", "tasks", "signals", "rows"):
            (folder / f"{name}.py").write_text("from .models import Row\n\n\ndef clean(row):\n    return row\n")
    settings = f"DEBUG = False\nROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = [{listed}]\n"
    report = audit(tmp_path, settings, urls=f"from django.urls import include, path\nurlpatterns = [{includes}]\n")
    assert debug(report).value is False
    assert len(report.inputs) > 2_000


def test_settings_of_which_nothing_is_known_are_incomplete(tmp_path: Path) -> None:
    report = audit(tmp_path, "import os\nfrom elsewhere import load\nglobals().update(load(os.environ))\n")
    assert report.gate.code == 4
    assert "nothing of what it is configured with is known" in report.layers["app"]
    assert report.score.evaluated < report.score.applicable
    assert report.score.points < 80


def test_settings_of_which_one_is_known_are_looked_at(tmp_path: Path) -> None:
    report = audit(
        tmp_path, "import os\nfrom elsewhere import load\nglobals().update(load(os.environ))\nDEBUG = False\n"
    )
    assert report.layers["app"] == "evaluated"
