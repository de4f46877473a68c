"""django-split-settings, against the library itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import State
from batten.understand import DictSources, resolve, understand

from .test_django import PROJECT, REST, compare, ours, real

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
INCLUDE = "from split_settings.tools import include, optional\n"
BASE = f"SECRET_KEY = 'k' * 30\nALLOWED_HOSTS = ['shop.example.com']\nDEBUG = False\n{REST}"

PROJECTS: dict[str, Mapping[str, str]] = {
    "a local file, which is there": {
        "shop/settings/__init__.py": f"{INCLUDE}include('base.py', optional('local.py'))\nAFTER = DEBUG\n",
        "shop/settings/base.py": BASE,
        "shop/settings/local.py": "DEBUG = True\nALLOWED_HOSTS += ['*']\n",
    },
    "none": {
        "shop/settings/__init__.py": f"{INCLUDE}include('base.py', optional('local.py'), optional(''))\n",
        "shop/settings/base.py": BASE,
    },
    "wildcards, the names of before, a scope, each file once": {
        "shop/settings/__init__.py": (
            f"{INCLUDE}COUNT = 0\ninclude('parts/*.py', 'parts/a.py', 'parts/[b].py', scope=globals())\n"
        ),
        "shop/settings/parts/a.py": BASE + "COUNT += 1\nHERE = __name__\n",
        "shop/settings/parts/b.py": "X_FRAME_OPTIONS = 'SAMEORIGIN'\nCOUNT += 1\n",
        "shop/settings/parts/.hidden.py": "DEBUG = True\n",
        "shop/settings/parts/deeper/c.py": "DEBUG = True\n",
    },
    "one that includes others, relative to itself": {
        "shop/settings/__init__.py": f"{INCLUDE}include('parts/main.py')\nfrom .last import *\n",
        "shop/settings/last.py": "LAST = True\n",
        "shop/settings/parts/main.py": f"{INCLUDE}include('base.py')\nfrom ..names import DEBUG\n",
        "shop/settings/parts/base.py": BASE,
        "shop/names.py": "DEBUG = True\n",
    },
}


@pytest.mark.parametrize("files", PROJECTS.values(), ids=PROJECTS)
def test_settings_are_what_django_has(files: Mapping[str, str], tmp_path: Path) -> None:
    known, _ = compare({**PROJECT, **files}, {}, tmp_path)
    assert known > 60, "as many as of a plain settings module"


def test_a_missing_file_stops_the_app(tmp_path: Path) -> None:
    files = {**PROJECT, **PROJECTS["none"], "shop/settings/__init__.py": f"{INCLUDE}include('base.py', 'gone.py')\n"}
    sources = DictSources(files)
    assert "No such file" in real(files, {}, tmp_path)["error"]
    assert understand(sources, resolve(sources, lambda _: None), {}).apps == []


@pytest.mark.parametrize("given", ["other.FILE", "*other.FILES", "optional(other.FILE)", "'base.py', scope=other.X"])
def test_what_is_not_known_may_set_everything(given: str) -> None:
    text = f"import other\n{INCLUDE}SECRET_KEY = 'k' * 30\nDEBUG = False\ninclude({given})\n"
    app = ours({**PROJECT, "shop/settings/__init__.py": text, "shop/settings/base.py": "DEBUG = True\n"})
    assert app.setting("DEBUG").state is State.UNKNOWN


def test_a_local_file_that_git_ignores_may_be_there() -> None:
    files = {**PROJECT, **PROJECTS["none"], ".gitignore": "local.py\n"}
    value = ours(files).setting("DEBUG")
    assert (value.state, value.value) == (State.KNOWN, False)
    assert any("local.py is not in the repository" in one.says for one in value.evidence)
