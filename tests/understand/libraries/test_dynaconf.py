"""dynaconf: programs with settings files, understood and run with the real library."""
# ruff: noqa: E501 - programs and their settings stand on one line each

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Outside, Understand

MADE = "from dynaconf import Dynaconf, Validator\nsettings = Dynaconf({})\n"
TOML = (
    'DEBUG = true\nname = "shop"\nPORTS = [1, 2]\n[DATABASE]\nhost = "db"\nPORT = 5432\n'
    "[DATABASE.options]\nssl = false\n"
)
LAYERS = (
    '[default]\nDEBUG = false\nname = "base"\nHOSTS = ["a"]\n[default.DB]\nhost = "d"\nport = 1\n'
    '[development]\nDEBUG = true\nSECRET_KEY = "dev"\n'
    '[production]\nname = "prod"\nHOSTS = ["b", "dynaconf_merge"]\n[production.DB]\nhost = "p"\ndynaconf_merge = true\n'
    "[global]\nEVERY = 1\n"
)
YAML = "default:\n  debug: yes\n  flag: true\n  list: [a, b]\n  nothing:\nproduction:\n  flag: false\n"
FILES: dict[str, dict[str, str]] = {
    "toml": {"settings.toml": TOML},
    "twice": {"settings.toml": "[DB]\nhost = 'a'\n[db]\nport = 1\n"},
    "local": {"settings.toml": TOML, "settings.local.toml": "DEBUG = false\n[DATABASE]\nhost = 'here'\n"},
    "secrets": {"settings.toml": TOML, ".secrets.toml": "SECRET_KEY = 's'\nDEBUG = 1\n"},
    "layers": {"settings.toml": LAYERS},
    "yaml": {"settings.yaml": YAML},
    "json": {"settings.json": '{"default": {"DEBUG": true, "N": {"a": [1]}}, "production": {"debug": null}}'},
    "python": {
        "settings.py": "DEBUG = True\nHOSTS = ('a', 'b')\nlower = 1\nDB = {'host': 'x'}\nDB__port = 3\n",
        "production_settings.py": "DEBUG = False\n",
    },
    "config": {"config/settings.toml": TOML, ".env": "DYNACONF_NAME=dotenv\nENV_FOR_DYNACONF=production\n"},
    "merge": {"settings.toml": TOML, "more.toml": "dynaconf_merge = true\nPORTS = [3]\n[DATABASE]\nuser = 'u'\n"},
    "late": {
        "settings.toml": 'A = "x"\nB = "@format {this.A}-{env[WHO]}"\n'
        'C = "@jinja {{ this.A }}/{{ env.WHO }}{{ env.NO }}"\n'
        'D = "@int @format {this.N}"\nN = "5"\nE = "@get N @int"\nF = "@get NONE 7"\nG = "@upper abc"\nH = "@none"\n'
    },
    "nested": {"settings.toml": "V = [1, 2]\n"},
    "tables": {"settings.toml": "[V]\nL = [1, 2]\n[V.inner]\na = 1\nb = 2\n"},
    "include": {
        "settings.toml": 'dynaconf_include = ["extra.toml", "conf.d/*.toml"]\nA = 1\n',
        "extra.toml": "B = 2\nA = 3\n",
        "conf.d/b.toml": "C = 'b'\n",
        "conf.d/a.toml": "C = 'a'\n",
    },
}
CASES: list[tuple[str, str, dict[str, str], str]] = [
    (
        "toml",
        "settings_files=['settings.toml']",
        {},
        "DEBUG name NAME ports database.host DATABASE__PORT database.options",
    ),
    (
        "toml",
        "settings_files=['settings.toml'], envvar_prefix='SHOP'",
        {"SHOP_DEBUG": "false", "SHOP_NAME": "'q'"},
        "DEBUG NAME",
    ),
    (
        "toml",
        "settings_file='settings.toml'",
        {"DYNACONF_DATABASE__HOST": "other", "DYNACONF_PORTS": "[9]"},
        "database PORTS",
    ),
    (
        "toml",
        "settings_files='settings.toml'",
        {"DYNACONF_DATABASE__options__ssl": "True", "DYNACONF_A__b": "1"},
        "database A",
    ),
    (
        "toml",
        "settings_files=['settings.toml'], envvar_prefix=False",
        {"DEBUG": "False", "NAME": "plain text"},
        "DEBUG NAME",
    ),
    ("toml", "settings_files=['settings.toml'], envvar_prefix=None", {"DYNACONF_DEBUG": "false"}, "DEBUG"),
    (
        "toml",
        "settings_files=['settings.toml'], envvar_prefix='A,B'",
        {"A_NAME": "1", "B_NAME": "2", "DYNACONF_NAME": "0"},
        "NAME",
    ),
    (
        "toml",
        "settings_files=['settings.toml'], ignore_unknown_envvars=True",
        {"DYNACONF_NAME": "n", "DYNACONF_X": "x"},
        "NAME X",
    ),
    ("toml", "settings_files=['settings.toml'], DEBUG=False, OTHER='@int 3'", {}, "DEBUG OTHER"),
    ("toml", "", {"SETTINGS_FILE_FOR_DYNACONF": "settings.toml", "DYNACONF_PORTS": "@merge 7"}, "PORTS DEBUG"),
    ("toml", "settings_files=['settings.toml']", {"DYNACONF_PORTS": "@merge_unique [2, 3]"}, "PORTS"),
    (
        "toml",
        "settings_files=['settings.toml']",
        {"DYNACONF_PORTS": "@del", "DYNACONF_DATABASE": "@merge user=me,port=1"},
        "PORTS DATABASE",
    ),
    ("toml", "settings_files=['settings.toml']", {"DYNACONF_PORTS": "[5, 'dynaconf_merge']"}, "PORTS"),
    ("toml", "settings_files=['settings.toml']", {"DYNACONF_DATABASE": "{dynaconf_merge=true, user='x'}"}, "DATABASE"),
    (
        "toml",
        "settings_files=['settings.toml'], merge_enabled=True",
        {"DYNACONF_DATABASE": "{user='x'}", "DYNACONF_PORTS": "[1,2]"},
        "DATABASE PORTS",
    ),
    ("twice", "settings_files=['settings.toml'], merge_enabled=True", {}, "DB"),
    ("local", "settings_files=['settings.toml']", {}, "DEBUG DATABASE NAME"),
    ("local", "settings_files=['settings.toml'], merge_enabled=True", {}, "DEBUG DATABASE NAME"),
    ("secrets", "settings_files=['settings.toml', '.secrets.toml']", {}, "DEBUG SECRET_KEY"),
    ("secrets", "settings_files=['settings.toml'], secrets='.secrets.toml'", {}, "DEBUG SECRET_KEY"),
    ("secrets", "settings_files=['*.toml', '.secrets.toml']", {}, "DEBUG SECRET_KEY"),
    (
        "layers",
        "settings_files=['settings.toml'], environments=True",
        {},
        "DEBUG NAME SECRET_KEY HOSTS DB EVERY current_env",
    ),
    (
        "layers",
        "settings_files=['settings.toml'], environments=True",
        {"ENV_FOR_DYNACONF": "production"},
        "DEBUG NAME SECRET_KEY HOSTS DB",
    ),
    (
        "layers",
        "settings_files=['settings.toml'], environments=True, env='production'",
        {},
        "DEBUG NAME HOSTS DB EVERY",
    ),
    (
        "layers",
        "settings_files=['settings.toml'], environments=True, env_switcher='STAGE'",
        {"STAGE": "Production"},
        "DEBUG NAME DB",
    ),
    (
        "layers",
        "settings_files=['settings.toml'], environments=True, env_switcher='STAGE'",
        {"ENV_FOR_DYNACONF": "production"},
        "DEBUG NAME",
    ),
    ("layers", "settings_files=['settings.toml'], environments=True, default_env='production'", {}, "DEBUG NAME HOSTS"),
    (
        "layers",
        "settings_files=['settings.toml'], environments=True",
        {"ENV_FOR_DYNACONF": "development,production"},
        "DEBUG NAME HOSTS",
    ),
    ("layers", "settings_files=['settings.toml']", {}, "default DEBUG production.name"),
    ("yaml", "settings_files=['settings.yaml'], environments=True", {}, "DEBUG FLAG LIST NOTHING"),
    ("yaml", "settings_files=['settings.yaml'], environments=True", {"ENV_FOR_DYNACONF": "production"}, "DEBUG FLAG"),
    ("json", "settings_files=['settings.json'], environments=True", {"ENV_FOR_DYNACONF": "production"}, "DEBUG N N.a"),
    ("python", "settings_files=['settings.py']", {}, "DEBUG HOSTS LOWER DB"),
    (
        "python",
        "settings_files=['settings.py'], environments=True",
        {"ENV_FOR_DYNACONF": "production"},
        "DEBUG HOSTS DB",
    ),
    ("config", "settings_files=['settings.toml'], load_dotenv=True", {}, "NAME DEBUG"),
    ("config", "settings_files=['settings.toml'], load_dotenv=True", {"DYNACONF_NAME": "set"}, "NAME"),
    ("config", "settings_files=['settings.toml']", {}, "NAME"),
    ("config", "settings_files=['settings.toml']", {"LOAD_DOTENV_FOR_DYNACONF": "true"}, "NAME"),
    ("config", "settings_files=['settings.toml'], root_path='config'", {}, "NAME"),
    ("merge", "settings_files=['settings.toml', 'more.toml']", {}, "PORTS DATABASE"),
    ("merge", "settings_files=['more.toml', 'settings.toml']", {}, "PORTS DATABASE"),
    ("late", "settings_files=['settings.toml']", {"WHO": "me"}, "A B C D E F G H"),
    ("include", "settings_files=['settings.toml']", {"DYNACONF_B": "9"}, "A B C"),
    ("include", "settings_files=['settings.toml'], includes=['conf.d/a.toml']", {}, "A B C"),
    (
        "toml",
        "settings_files=['settings.toml'], validators=[Validator('X', default='@int 5'), Validator('Y', default='+1'), Validator('Z', default='+1', is_type_of=str)]",
        {},
        "X Y Z",
    ),
    (
        "toml",
        "settings_files=['settings.toml'], validators=[Validator('NAME', default='no'), Validator('NAME', eq='shop')]",
        {},
        "NAME",
    ),
    ("toml", "settings_files=['settings.toml'], validators=[Validator('NAME', ne='shop')]", {}, "NAME"),
    (
        "toml",
        "settings_files=['settings.toml'], validators=[Validator('NAME', cast=lambda v: v.upper()), Validator('L', default=['a'])]",
        {},
        "NAME L",
    ),
    ("toml", "settings_files=['settings.toml'], validators=[Validator('NAME', must_exist=False)]", {}, "NAME"),
    (
        "layers",
        "settings_files=['settings.toml'], environments=True, validators=[Validator('Q', default=1, env='development')]",
        {},
        "Q",
    ),
    *(
        ("nested", f"settings_files=['settings.toml'], merge_enabled={merged}", {"DYNACONF_V": text}, "V")
        for merged in (True, False)
        for text in (
            "['dynaconf_merge_unique', 2, 5]",
            "['dynaconf_merge', 2, 5]",
            "[2, 5]",
            "@merge_unique [2, 5]",
            "@merge 5",
            "@del",
            "{dynaconf_merge=true, a=1}",
            "{dynaconf_merge=false, a=1}",
            "{dynaconf_merge_unique=true, L=[2, 5]}",
        )
    ),
    *(
        ("tables", f"settings_files=['settings.toml'], merge_enabled={merged}", env, "V")
        for merged in (True, False)
        for env in (
            {"DYNACONF_V": "{a=1}"},
            {"DYNACONF_V": "{dynaconf_merge=true, inner={c=3}}"},
            {"DYNACONF_V": "{dynaconf_merge=false, inner={c=3}}"},
            {"DYNACONF_V": "{dynaconf_merge=true, inner={dynaconf_merge=true, c=3}}"},
            {"DYNACONF_V": "{dynaconf_merge=true, L=['dynaconf_merge', 3]}"},
            {"DYNACONF_V": "{dynaconf_merge=true, L=['dynaconf_merge_unique', 2, 3]}"},
            {"DYNACONF_V": "{dynaconf_merge=true, L='@merge 3', inner='@del'}"},
            {"DYNACONF_V": "{dynaconf_merge=true, L='@merge_unique 2,3', other='@merge 1'}"},
            {"DYNACONF_V__L": "@merge 3", "DYNACONF_V__inner__b": "@del"},
            {"DYNACONF_V__L": "['dynaconf_merge', 3]"},
            {"DYNACONF_V": "@merge L=3,new=@int 4"},
        )
    ),
    *(
        ("toml", "", {"DYNACONF_V": text}, "V")
        for text in (
            *(
                "",
                "1",
                "1.5",
                "true",
                "True",
                "TRUE",
                " False ",
                "[1, 2]",
                "{a=1}",
                "'q'",
                '"q"',
                "a b",
                "null",
                "1_000",
                "0x1f",
            ),
            *(
                "@bool yes",
                "@bool no",
                "@bool",
                "@int 3",
                "@int x",
                "@float 1",
                "@str 1",
                "@json [1]",
                "@json {'a': True}",
            ),
            *(
                "@none",
                "@lower ABC",
                "@split a b",
                "@unknown x",
                "2020-01-01",
                "+1",
                "a=b",
                "@int @format 4",
                "@format {env[NO]}",
            ),
            *(
                "@json {",
                "@json x {'a': 1}",
                "@title a b",
                "@reset [1]",
                "@reset @int 1",
                "@insert 0 x",
                "@merge 7",
                "@merge x",
                "@merge 1,2",
                "@merge {'a': 1}",
                "@merge @int 7",
                "@merge @none",
                "@merge @format x",
                "@bool @jinja {{ 1 }}",
                "@upper @format a",
                "{a = '@int 1', b = ['@bool no']}",
                "['@int 2', '@none']",
            ),
        )
    ),
]
NOT_FOLLOWED = {"@reset [1]", "@reset @int 1", "@insert 0 x", "@merge @format x", "@bool @jinja {{ 1 }}"}
"""Texts whose value is said to be unknown."""
REAL = """
import os, pathlib, warnings
from dynaconf import Dynaconf, Validator
warnings.simplefilter("ignore")
answer = []
home = pathlib.Path.cwd()
before = dict(os.environ)
for number, (files, keywords, env, names) in enumerate(data):
    folder = home / f"case{number}"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    found = []
    try:
        settings = eval(f"Dynaconf({keywords})")
        for name in names.split():
            value = settings.current_env if name == "current_env" else settings.get(name, "<none>")
            found.append([type(value).__name__, repr(value)])
    except Exception as error:
        found = ["error", type(error).__name__]
    answer.append(found)
os.environ.clear()
os.environ.update(before)
"""


@pytest.mark.process
def test_settings_are_read_as_dynaconf_reads_them(understand: Understand, outside: Outside) -> None:
    answers = outside(REAL, [[FILES[files], keywords, env, names] for files, keywords, env, names in CASES])
    wrong: list[tuple[object, ...]] = []
    for (files, keywords, env, names), answer in zip(CASES, answers, strict=True):
        asked = (files, keywords, env)
        lines = [f"V{i} = settings.get({n!r}, '<none>')" for i, n in enumerate(names.split())]
        source = MADE.format(keywords) + "\n".join(lines).replace(
            "settings.get('current_env', '<none>')", "settings.current_env"
        )
        seen = understand(source + "\n", files=FILES[files], env=env)
        if answer[:1] == ["error"]:
            wrong += [] if seen.stopped or seen.name("V0") in {"?error", "?unknown"} else [(asked, answer)]
            continue
        if seen.stopped:
            wrong.append((asked, seen.stopped))
            continue
        for i, (_, value) in enumerate(answer):
            ours: Any = seen.name(f"V{i}")
            untold = value.startswith("datetime") or NOT_FOLLOWED.intersection(env.values())
            if ours == "?unknown" and untold:
                continue
            wrong += [] if repr(ours) == value else [(asked, names.split()[i], ours, value)]
    assert wrong == [], "\n".join(map(str, wrong))


# By themselves

FLASK = "from flask import Flask\nfrom dynaconf import FlaskDynaconf, Dynaconf\napp = Flask(__name__)\n"


def test_a_setting_that_nothing_sets_is_required(understand: Understand) -> None:
    seen = understand(MADE.format("envvar_prefix='SHOP'") + "A = settings.SECRET_KEY\nB = settings['OTHER']\n")
    assert [seen.name(name) for name in "AB"] == ["?error", "?error"]
    seen = understand(MADE.format("") + "try:\n    A = settings.KEY\nexcept AttributeError:\n    A = 'caught'\n")
    assert seen.name("A") == "caught"
    assert seen.value("A").origin.unset == {"DYNACONF_KEY"}
    seen = understand(MADE.format("validators=[Validator('KEY', must_exist=True)]") + "A = settings.get('KEY')\n")
    assert seen.name("A") == "?error"


def test_a_default_keeps_its_history(understand: Understand) -> None:
    seen = understand(
        MADE.format("validators=[Validator('A', default=True)]") + "A = settings.a\nB = settings('B', 1)\n"
    )
    assert [seen.name("A"), seen.name("B")] == [True, 1]
    assert seen.value("A").origin.unset == {"DYNACONF_A"}
    assert seen.value("B").origin.unset == {"DYNACONF_B"}


def test_a_file_knows_its_line_and_the_environment_that_chose_it(understand: Understand) -> None:
    made = MADE.format("settings_files=['settings.toml'], environments=True")
    seen = understand(made + "A = settings.SECRET_KEY\nB = settings.EVERY\n", files=FILES["layers"])
    assert str(seen.value("A").origin.home) == "settings.toml:10"
    assert seen.value("A").origin.unset == {"ENV_FOR_DYNACONF"}
    assert not seen.value("B").origin.unset


def test_a_secrets_file_that_is_not_here_may_set_what_is_missing(understand: Understand) -> None:
    made = MADE.format("settings_files=['settings.toml', '.secrets.toml']")
    seen = understand(
        made + "A = settings.SECRET_KEY\nB = settings.get('B', 1)\nC = settings.DEBUG\nD = 'X' in settings\n",
        files=FILES["toml"],
    )
    assert [seen.name(name) for name in "ABCD"] == ["?external", {1, "?external"}, True, "?unknown"]


def test_all_ways_of_reading(understand: Understand) -> None:
    seen = understand(
        MADE.format("settings_files=['settings.toml']")
        + "A = settings.database.HOST\nB = settings['DATABASE']['port']\nC = settings.as_bool('DEBUG')\n"
        "D = settings.get('NAME', cast='@upper')\nE = 'name' in settings\nF = settings.exists('none')\n"
        "G = settings.DATABASE.get('HOST')\nH = 'port' in settings.DATABASE\nI = getattr(settings, 'NO', 0)\n"
        "J = sorted(settings.as_dict())\nK = [k for k, v in settings.items()][0]\nL = settings.from_env('x').NAME\n"
        "try:\n    M = settings.DATABASE.nothing\nexcept AttributeError:\n    M = 'caught'\n"
        "settings.NAME = 'new'\nsettings['Q'] = 2\nsettings.set('r', 3)\nN = settings.name, settings.Q, settings.R\n"
        "O = settings.get('NAME')\nP = settings.DATABASE_FOR_DYNACONF if False else settings.ENV_FOR_DYNACONF\n",
        files=FILES["toml"],
    )
    assert [seen.name(name) for name in "ABCDEFGHI"] == ["db", 5432, True, "SHOP", True, False, "db", True, 0]
    assert seen.name("J") == ["DATABASE", "DEBUG", "NAME", "PORTS"]
    assert [seen.name(name) for name in "KLMNOP"] == ["DEBUG", "shop", "caught", ["new", 2, 3], "new", "DEVELOPMENT"]


@pytest.mark.parametrize(
    "made",
    [
        "settings_files=__import__('x').FILES",
        "settings_files=['settings.ini']",
        "settings_files=['settings.toml'], redis_enabled=True",
        "settings_files=['settings.toml'], post_hooks=[print]",
        "settings_files=['shop.settings']",
        "**__import__('x').OPTIONS",
    ],
)
def test_what_is_not_followed_is_not_known(understand: Understand, made: str) -> None:
    seen = understand(
        MADE.format(made) + "A = settings.DEBUG\nB = settings.get('B', 1)\n",
        files={**FILES["toml"], "settings.ini": "DEBUG = True\n"},
    )
    assert (seen.name("A"), seen.name("B")) == ("?unknown", "?unknown")
    assert "dynaconf's settings" in {unsure.what for unsure in seen.program.machine.unsure.values()}


def test_a_call_that_changes_settings_is_told(understand: Understand) -> None:
    source = MADE.format("settings_files=['settings.toml']") + "settings.load_file('x.toml')\nA = settings.DEBUG\n"
    assert understand(source, files=FILES["toml"]).name("A") == {True, "?unknown"}


def test_flask_takes_the_settings_over_its_own(understand: Understand) -> None:
    for made in (
        "FlaskDynaconf(app, settings_files=['settings.toml'])",
        "FlaskDynaconf(settings_files=['settings.toml']).init_app(app)",
        "FlaskDynaconf(app, dynaconf_instance=Dynaconf(settings_files=['settings.toml'], environments=True))",
        "app.config.update(Dynaconf(settings_files=['settings.toml'], environments=True).as_dict())",
    ):
        seen = understand(f"{FLASK}{made}\n", files=FILES["layers"])
        assert (seen.config("DEBUG"), seen.config("SECRET_KEY")) == (True, "dev"), made
    seen = understand(
        FLASK + "FlaskDynaconf(app)\n", files=FILES["layers"], env={"FLASK_ENV": "production", "FLASK_NAME": "@int 3"}
    )
    assert (seen.config("DEBUG"), seen.config("NAME")) == (False, 3)


def test_from_object_takes_no_settings(understand: Understand) -> None:
    seen = understand(
        FLASK + "app.config.from_object(Dynaconf(settings_files=['settings.toml']))\n", files=FILES["toml"]
    )
    assert "_REGISTERED_HOOKS" in seen.stopped


REAL_FLASK = """
import os
for name, text in data["files"].items():
    open(name, "w").write(text)
os.environ.update(data["env"])
from flask import Flask
from dynaconf import Dynaconf, FlaskDynaconf
app = Flask("app")
try:
    app.config.from_object(Dynaconf())
except AttributeError as error:
    assert "_REGISTERED_HOOKS" in str(error)
FlaskDynaconf(app)
answer = [app.config["DEBUG"], app.config["NAME"], app.config["SECRET_KEY"], app.debug, app.secret_key]
"""


@pytest.mark.process
@pytest.mark.parametrize("env", [{}, {"FLASK_ENV": "production"}, {"FLASK_DEBUG": "1", "FLASK_SECRET_KEY": "'k'"}])
def test_flask_reads_as_the_real_one(understand: Understand, outside: Outside, env: dict[str, str]) -> None:
    real = outside(REAL_FLASK, {"files": FILES["layers"], "env": env})
    seen = understand(FLASK + "FlaskDynaconf(app)\n", files=FILES["layers"], env=env)
    assert [seen.config(name) for name in ("DEBUG", "NAME", "SECRET_KEY", "DEBUG", "SECRET_KEY")] == real


DJANGO_SETTINGS = (
    "import dynaconf\nSECRET_KEY = 'in-repo'\nDEBUG = False\nINSTALLED_APPS = []\n"
    "settings = dynaconf.DjangoDynaconf(__name__)\n"
)
REAL_DJANGO = """
import os
os.makedirs("shop", exist_ok=True)
for name, text in data["files"].items():
    open(name, "w").write(text)
os.environ.update(data["env"], DJANGO_SETTINGS_MODULE="shop.settings")
from django.conf import settings
settings.DEBUG
from django.conf import settings
answer = [settings.DEBUG, settings.NAME, settings.SECRET_KEY, settings.HOSTS]
"""


@pytest.mark.process
@pytest.mark.parametrize("env", [{}, {"DJANGO_ENV": "production"}, {"DJANGO_DEBUG": "0", "DJANGO_HOSTS": "@merge z"}])
def test_django_reads_as_the_real_one(understand: Understand, outside: Outside, env: dict[str, str]) -> None:
    files = {"shop/__init__.py": "", "shop/settings.py": DJANGO_SETTINGS, "settings.toml": LAYERS}
    real = outside(REAL_DJANGO, {"files": files, "env": env})
    source = (
        "from django.conf import settings\nA = [settings.DEBUG, settings.NAME, settings.SECRET_KEY, settings.HOSTS]\n"
    )
    seen = understand(source, files=files, env={**env, "DJANGO_SETTINGS_MODULE": "shop.settings"})
    assert seen.name("A") == real


def test_the_settings_that_all_files_share(understand: Understand) -> None:
    source = "from dynaconf import settings\nA = settings.NAME\nB = settings.DEBUG\n"
    seen = understand(source, files=FILES["layers"])
    assert (seen.name("A"), seen.name("B")) == ("base", True)


def test_validators_refuse_and_are_not_always_followed(understand: Understand) -> None:
    def run(validators: str, name: str = "NAME") -> Any:  # noqa: ANN401 - plain data
        source = MADE.format(f"settings_files=['settings.toml'], validators=[{validators}]")
        seen = understand(f"{source}A = settings.get({name!r}, 0)\n", files=FILES["toml"])
        return (seen.stopped and "stopped") or seen.name("A")

    assert run("Validator('NAME', is_in=['a'])") == "stopped"
    assert run("Validator('NAME', len_min=2, startswith='s')") == "shop"
    assert run("Validator('NAME', gt=3)") == "stopped"
    assert run("Validator('X', default=1, when=Validator('NAME', eq='a'))", "X") == "?unknown"
    assert run("Validator('NAME', cast=len)") == 4
    assert run("Validator('A') | Validator('B')") == "shop"
    seen = understand(
        MADE.format("")
        + "settings.validators.register(Validator('A', default=1))\nsettings.validators.validate()\nA = settings.A\n"
    )
    assert seen.name("A") == 1
