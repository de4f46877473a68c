"""Flask's `app.config`: its loaders, against the real Flask in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Outside, Understand

APP = "from flask import Flask\nimport json, os, tomllib\napp = Flask(__name__)\n"
FILES = {
    "settings.cfg": "A = 'cfg'\nlower = 1\nNESTED = {'a': 1}\n",
    "settings.json": '{"A": "json", "lower": 1, "LIST": [1, {"b": null}]}',
    "list.json": "[1]",
    "bad.json": "{",
    "settings.toml": 'A = "toml"\n[DB]\nhost = "db"\n',
    "conf/__init__.py": "A = 'package'\n",
    "conf/one.py": "A = 'one'\nclass Box:\n    A = 'box'\n    class In:\n        A = 'in'\n",
    "instance/own.cfg": "A = 'instance'\n",
}
INSTANCE = "app = Flask(__name__, instance_relative_config=True)\n"
CASES: list[tuple[str, dict[str, str]]] = [
    ("app.config.from_pyfile('settings.cfg')", {}),
    ("app.config.from_pyfile('no.cfg', silent=True)", {}),
    (INSTANCE + "app.config.from_pyfile('own.cfg')", {}),
    ("app.config.from_envvar('CONF')", {"CONF": "settings.cfg"}),
    ("app.config.from_envvar('CONF', silent=True)", {}),
    ("app.config.from_envvar('CONF', silent=True)", {"CONF": "no.cfg"}),
    ("app.config.from_file('settings.json', load=json.load)", {}),
    ("app.config.from_file('settings.toml', load=tomllib.load, text=False)", {}),
    ("app.config.from_object('conf')", {}),
    ("app.config.from_object('conf.one')", {}),
    ("app.config.from_object('conf.one.Box')", {}),
    ("app.config.from_object('conf.one:Box')", {}),
    ("from conf import one\napp.config.from_object(one.Box if os.environ.get('BOX') else one)", {"BOX": "1"}),
    ("app.config.from_object([1])", {}),
    ("app.config.from_mapping({'A': 'map', 'lower': 1}, LIST=[1])", {}),
    ("app.config.from_mapping([('A', 'pairs')])", {}),
    ("app.config.update([('A', 'pairs')], LIST=[2])", {}),
    ("app.config.from_prefixed_env()", {"FLASK_A": "1", "FLASK_DB__host": '"h"', "FLASK_DB__X__Y": "null", "A": "no"}),
    ("app.config.from_prefixed_env('OWN')", {"OWN_A": "plain", "OWN_LIST": "[1, 2]", "FLASK_A": "no"}),
    ("app.config.from_mapping(A_X=1, A_Y=2, B=3)\napp.config['A'] = app.config.get_namespace('A_')", {}),
    ("app.config.from_mapping(A_X=1)\napp.config['A'] = app.config.get_namespace('A_', False, False)", {}),
    (
        "app.config.from_mapping(DB={'host': 'here', 'port': 1})\napp.config.from_prefixed_env()",
        {"FLASK_DB__host": "there", "FLASK_DB__deep__er": "1"},
    ),
]
REAL = """
import os, pathlib, sys
answer = []
home = pathlib.Path.cwd()
before = dict(os.environ)
for number, (files, source, env) in enumerate(data):
    folder = home / f"case{number}"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / f"app{number}.py").write_text(source)
    os.environ.clear()
    os.environ.update(env)
    sys.path.insert(0, str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "conf"]:
        del sys.modules[name]
    config = __import__(f"app{number}").app.config
    sys.path.remove(str(folder))
    answer.append([config.get(name, "<none>") for name in ("A", "LIST", "DB", "NESTED", "lower")])
os.environ.clear()
os.environ.update(before)
"""


@pytest.mark.process
def test_settings_are_read_as_flask_reads_them(understand: Understand, outside: Outside) -> None:
    answers = outside(REAL, [[FILES, APP + source + "\n", env] for source, env in CASES])
    wrong: list[tuple[object, ...]] = []
    for (source, env), answer in zip(CASES, answers, strict=True):
        asked = "\n".join(
            f"{name}_ = app.config.get({name!r}, '<none>')" for name in ("A", "LIST", "DB", "NESTED", "lower")
        )
        seen = understand(f"{APP}{source}\n{asked}\n", files=FILES, env=env)
        ours: list[Any] = [seen.name(f"{name}_") for name in ("A", "LIST", "DB", "NESTED", "lower")]
        wrong += [] if ours == answer else [(source, env, ours, answer)]
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.parametrize(
    "source",
    [
        "app.config.from_envvar(other.name)",
        "app.config.from_envvar('CONF')",
        "app.config.from_envvar('GIVEN')",
        "app.config.from_pyfile(other.path)",
        "app.config.from_pyfile('no.cfg')",
        "app.config.from_file('no.json', load=json.load)",
        "app.config.from_file('bad.json', load=json.load)",
        "app.config.from_file('list.json', load=json.load)",
        "app.config.from_file('settings.json', load=other.load)",
        "app.config.from_object('elsewhere.settings')",
        "app.config.from_object(other.settings)",
        "app.config.from_object()",
        "app.config.from_mapping(other.settings)",
        "app.config.update(other.settings)",
        "app.config.from_prefixed_env(other.prefix)",
        "app.config.from_prefixed_env(loads=other.loads)",
    ],
)
def test_what_cannot_be_read_may_set_anything(understand: Understand, source: str) -> None:
    seen = understand(
        f"{APP}import other\n{source}\nNEW = app.config.get('NEW', 'none')\n",
        files=FILES,
        env={"GIVEN": "elsewhere.cfg"},
    )
    assert not seen.stopped
    assert seen.name("NEW") != "none"


def test_a_namespace_of_settings_that_are_not_known_is_open(understand: Understand) -> None:
    seen = understand(f"{APP}import other\nA = app.config.get_namespace(other.start)\n")
    assert seen.name("A") == {"?": "?"}


def test_one_of_two_objects_leaves_one_of_two_settings(understand: Understand) -> None:
    seen = understand(
        f"{APP}import random\nclass A:\n    X = 1\n    Y = 2\nclass B:\n    X = 3\n"
        "app.config.from_object(A if random.choice('ab') == 'a' else B)\n"
    )
    assert (seen.config("X"), seen.config("Y")) == ({1, 3}, {2, "absent"})
