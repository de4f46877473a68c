"""environs and python-decouple, by themselves and against the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.libraries.decouple import boolean, env_file, ini_file

if TYPE_CHECKING:
    from .conftest import Outside, Understand

ENVIRONS = "import os\nfrom environs import Env\nenv = Env()\n"
DECOUPLE = "import os\nfrom decouple import config, Csv, Choices, AutoConfig, Config, RepositoryEnv, RepositoryIni\n"


# environs


def test_a_variable_without_default_is_required(understand: Understand) -> None:
    seen = understand(ENVIRONS + "A = env.str('SECRET_KEY')\nB = env('SECRET_KEY', None)\nC = env.int('N')\n")
    assert [seen.name(name) for name in "ABC"] == ["?error", "?error", "?error"]
    assert not seen.stopped


def test_a_missing_variable_may_be_caught(understand: Understand) -> None:
    seen = understand(
        ENVIRONS + "from environs import EnvError\ntry:\n    A = env('A')\nexcept EnvError:\n    A = 'caught'\n"
    )
    assert seen.name("A") == "caught"
    assert seen.value("A").origin.unset == {"A"}


def test_a_default_keeps_its_history(understand: Understand) -> None:
    seen = understand(ENVIRONS + "A = env.bool('DEBUG', default=True)\nB = env.bool('DEBUG', True)\n")
    for name in "AB":
        assert seen.name(name) is True
        assert seen.value(name).origin.unset == {"DEBUG"}


def test_the_file_is_kept_apart_since_15(understand: Understand) -> None:
    source = ENVIRONS + "FOUND = env.read_env()\nA = env.bool('DEBUG')\nB = os.environ.get('DEBUG', 'unset')\n"
    files = {".env": "DEBUG=yes\n"}
    seen = understand(source, files=files)
    assert (seen.name("A"), seen.name("B"), seen.name("FOUND")) == (True, "unset", True)
    assert str(seen.value("A").origin.home) == ".env:1"
    seen = understand(source, files=files, requirements={"environs": "==14.6.0"})
    assert (seen.name("A"), seen.name("B")) == (True, "yes")


def test_a_default_is_cast_before_14(understand: Understand) -> None:
    source = ENVIRONS + "A = env.bool('A', 'False')\nB = env.bool('B', None)\nC = env.list('C', 'x,y')\n"
    seen = understand(source)
    assert [seen.name(name) for name in "ABC"] == ["False", None, "x,y"]
    seen = understand(source, requirements={"environs": "==11.2.1"})
    assert [seen.name(name) for name in "ABC"] == [False, None, ["x", "y"]]


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("env.read_env('conf/prod.env')", "2"),
        ("env.read_env('/srv/nowhere.env')", "unset"),
        ("env.read_env('prod.env', recurse=False)", "unset"),
        ("env.read_env('.env', recurse=False)", "1"),
        ("env.read_env('.env')\nenv.read_env('conf/prod.env')", "1"),
        ("env.read_env('.env')\nenv.read_env('conf/prod.env', override=True)", "2"),
        ("env.read_env(open('x').read())", {"unset", "?unknown"}),
        ("pass", "unset"),
    ],
)
def test_which_file_is_read(understand: Understand, call: str, found: str | set[str]) -> None:
    files = {".env": "A=1\nB\n", "conf/prod.env": "A=2\n"}
    assert understand(ENVIRONS + f"{call}\nA = env('A', 'unset')\n", files=files).name("A") == found


def test_the_environment_stands_over_the_file(understand: Understand) -> None:
    seen = understand(ENVIRONS + "env.read_env()\nA = env('A')\n", files={".env": "A=file\n"}, env={"A": "set"})
    assert seen.name("A") == "set"


def test_prefixes_nest_and_end(understand: Understand) -> None:
    seen = understand(
        ENVIRONS + "with env.prefixed('A_'):\n    X = env('X')\n    with env.prefixed('B_'):\n        Y = env('Y')\n"
        "    Z = env('Z', 'unset')\nW = env('X', 'unset')\n"
        "with Env(prefix='A_').prefixed('B_') as inner:\n    V = inner('Y')\n",
        env={"A_X": "1", "A_B_Y": "2"},
    )
    assert [seen.name(name) for name in "XYZWV"] == ["1", "2", "unset", "unset", "2"]


def test_what_cannot_be_followed_is_not_known(understand: Understand) -> None:
    seen = understand(
        ENVIRONS
        + "import other\nA = env.dj_db_url('U', 'sqlite://')\nB = env(other.NAME)\nC = env('C', **other.MORE)\n"
        "D = Env(expand_vars=True)('E')\nE = env.timedelta('E')\nF = env.dict('D', subcast_values=int)\n"
        "G = env.list('L', subcast=other.cast)\nH = env.list('U2', default=other.X, subcast=int)\n"
        "from environs import FileAwareEnv\nI = FileAwareEnv()('PASSWORD')\nJ = FileAwareEnv()('L')\n",
        env={"E": "${X}", "D": "a=1", "L": "a", "PASSWORD_FILE": "/run/secrets/p"},
    )
    assert [seen.name(name) for name in "ABCDEFI"] == ["?unknown"] * 7
    assert (seen.name("G"), seen.name("J")) == (["?unknown"], "a")


def test_a_value_that_does_not_fit_stops_the_program(understand: Understand) -> None:
    for call in (
        "env.bool('X')",
        "env.int('X')",
        "env.float('X')",
        "env.list('X', subcast=int)",
        "env.json('X')",
        "env.dict('X')",
    ):
        assert "refuses to start" in understand(ENVIRONS + f"A = {call}\n", env={"X": "enabled"}).stopped, call


def test_the_ready_made_env_and_own_parsers(understand: Understand) -> None:
    seen = understand(
        "import environs\nfrom environs import env\nagain = environs.env\nQ = again.list('A', subcast=str)\n"
        "R = again.list('A', subcast=None)\n@env.parser_for('twice')\ndef twice(text):\n    return text * 2\n"
        "A = env('A')\nB = env.twice('A')\nenv.seal()\nC = twice('x')\nP = env.path('A').name\n",
        env={"A": "1"},
    )
    assert [seen.name(name) for name in "ABCPQR"] == ["1", "?unknown", "xx", "1", ["1"], ["1"]]


REAL_ENVIRONS = """
import os
from environs import Env
answer = []
for source, world in data:
    os.environ.clear()
    os.environ.update(world)
    try:
        value = eval(source, {"env": Env()})
        answer.append([type(value).__name__, value])
    except Exception as error:
        answer.append(["error", type(error).__name__])
"""
READS = [
    "env('X')",
    "env.str('X')",
    "env.bool('X')",
    "env.int('X')",
    "env.float('X')",
    "env.list('X')",
    "env.list('X', subcast=int)",
    "env.list('X', delimiter=' ')",
    "env.list('X', subcast=bool)",
    "env.dict('X')",
    "env.json('X')",
    "env.bool('Y', 'False')",
    "env.bool('Y', default=None)",
    "env.int('Y', '5')",
    "env.list('Y', ['a'])",
]
TEXTS = [
    "",
    "1",
    "0",
    "true",
    "TRUE",
    "No",
    "off",
    "enabled",
    " 1",
    "1.5",
    "nan",
    "1,0",
    "a b",
    "a=1,b=2",
    "[1]",
    '{"a": 1}',
    "None",
]


@pytest.mark.process
def test_environs_reads_as_understood(understand: Understand, outside: Outside) -> None:
    cases = [(read, {"X": text}) for read in READS for text in TEXTS]
    for (read, world), (kind, value) in zip(cases, outside(REAL_ENVIRONS, cases), strict=True):
        _same(understand, ENVIRONS, read, world, kind, value)


def _same(  # noqa: PLR0913 - what is compared
    understand: Understand,
    head: str,
    read: str,
    world: dict[str, str],
    kind: str,
    value: object,
    *,
    files: dict[str, str] | None = None,
) -> None:
    seen = understand(f"{head}A = {read}\n", env=world, files=files)
    if kind == "error":
        assert seen.stopped, (read, world, value)
        return
    assert not seen.stopped, (read, world, value, seen.stopped)
    ours = seen.name("A")
    assert repr(ours) == repr(value), (read, world)


# decouple


def test_the_environment_then_the_file_then_the_default(understand: Understand) -> None:
    source = (
        DECOUPLE
        + "A = config('A', default='default')\nB = config('B', default='default')\nC = config('C', 'default')\n"
    )
    seen = understand(source, files={".env": "A=file\nB=file\n"}, env={"A": "set"})
    assert [seen.name(name) for name in "ABC"] == ["set", "file", "default"]
    assert str(seen.value("B").origin.home) == ".env:2"
    assert not seen.value("B").origin.unset
    assert seen.value("C").origin.unset == {"C"}


def test_settings_ini_comes_before_env_and_ignores_case(understand: Understand) -> None:
    files = {"settings.ini": "[settings]\nA = 1\nBAD = %(x)s\n", ".env": "A=2\n"}
    seen = understand(DECOUPLE + "A = config('a')\nB = config('BAD')\n", files=files)
    assert (seen.name("A"), seen.name("B")) == ("1", "?unknown")
    assert str(seen.value("A").origin.home) == "settings.ini:2"
    seen = understand(
        DECOUPLE + "A = config('A', default='d')\n", files={"settings.ini": "no section", ".env": "A=2\n"}
    )
    assert seen.name("A") == {"?unknown", "d"}
    assert ini_file("x", "[other]\nA=1\n") == {}


def test_the_first_caller_settles_which_file_is_read(understand: Understand) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/conf.py": "from decouple import config\nA = config('A', default='d')\n",
        "pkg/.env": "A=inner\n",
        ".env": "A=outer\n",
    }
    seen = understand(DECOUPLE + "from pkg.conf import A\nB = config('A')\n", files=files)
    assert (seen.name("A"), seen.name("B")) == ("inner", "inner")
    seen = understand(DECOUPLE + "B = config('A')\nfrom pkg.conf import A\n", files=files)
    assert (seen.name("A"), seen.name("B")) == ("outer", "outer")
    del files["pkg/.env"]
    seen = understand("from pkg.conf import A\n", files=files)
    assert seen.name("A") == "outer"


def test_a_required_option_is_required(understand: Understand) -> None:
    seen = understand(DECOUPLE + "A = config('SECRET_KEY')\nB = config('N', cast=int)\nC = config('D', cast=bool)\n")
    assert [seen.name(name) for name in "ABC"] == ["?error", "?error", "?error"]
    seen = understand(
        DECOUPLE + "from decouple import UndefinedValueError\n"
        "try:\n    A = config('A')\nexcept UndefinedValueError:\n    A = 1\n"
    )
    assert seen.name("A") == 1


def test_files_named_by_hand(understand: Understand) -> None:
    seen = understand(
        DECOUPLE + "one = Config(RepositoryEnv('conf/x.env'))\ntwo = Config(RepositoryIni('conf/x.ini'))\n"
        "three = Config(RepositoryEnv('/run/none'))\nimport other\nnine = Config(RepositoryEnv(other.path))\n"
        "four = AutoConfig(search_path='conf')\nfive = AutoConfig()\n"
        "six = AutoConfig('/run/none')\nimport other\nseven = Config(other.repository)\n"
        "from decouple import RepositoryEmpty\neight = Config(RepositoryEmpty())\n"
        "A = one('A')\nB = two.get('B')\nC = three('C', default=1)\n"
        "D = four('D')\nE = five('E')\nF = six('F', default=1)\n"
        "G = seven('G', default=1)\nI = nine('I', default=1)\nH = eight('H', default=1)\n",
        files={"conf/x.env": "A=1\n", "conf/x.ini": "[settings]\nb=2\n", "conf/.env": "D=3\n", ".env": "E=4\n"},
    )
    assert [seen.name(name) for name in "ABDEH"] == ["1", "2", "3", "4", 1]
    assert [seen.name(name) for name in "CFGI"] == [{"?unknown", 1}] * 4


def test_casts_that_cannot_be_followed(understand: Understand) -> None:
    seen = understand(
        DECOUPLE + "import other\nA = config('A', cast=Csv(post_process=other.f))\nB = config('A', cast=other.f)\n"
        "C = config('A', **other.X)\nD = config(other.N)\nE = config('E', default=None, cast=Csv())\n"
        "F = config('F', default=other.D, cast=Csv())\nG = config('A', cast=Csv(cast=lambda t: t.upper()))\n"
        "H = config('A', cast=Choices(['a', 'b']))\nI = config('N', cast=Choices([1], cast=int))\n",
        env={"A": "a", "N": "1"},
    )
    assert [seen.name(name) for name in "ABCDEFGHI"] == [
        *["?unknown"] * 4,
        [],
        "?unknown",
        ["A"],
        "a",
        1,
    ]
    assert "not in list" in understand(DECOUPLE + "A = config('A', cast=Choices(['b']))\n", env={"A": "a"}).stopped


def test_words_and_lines() -> None:
    assert [boolean(text) for text in ("", "on", "N", 1, False)] == [False, True, False, True, False]
    with pytest.raises(ValueError, match="enabled"):
        boolean("Enabled")
    found = env_file("f", "# c\n\nexport A=1\nB = ' x '\nC\nD='\n")
    assert {name: getattr(held, "value", None) for name, held in found.items()} == {
        "export A": "1",
        "B": " x ",
        "D": "'",
    }


REAL_DECOUPLE = """
import os
from decouple import AutoConfig, Csv, Choices
from pathlib import Path
answer = []
for source, world in data:
    os.environ.clear()
    os.environ.update(world)
    Path(".env").write_text("F=file\\nQ='quoted'\\nB=on\\n")
    try:
        value = eval(source, {"config": AutoConfig(search_path="."), "Csv": Csv, "Choices": Choices})
        answer.append([type(value).__name__, value])
    except Exception as error:
        answer.append(["error", type(error).__name__])
"""
DECOUPLE_READS = [
    "config('X')",
    "config('X', cast=bool)",
    "config('X', cast=int)",
    "config('X', cast=float)",
    "config('X', cast=str)",
    "config('X', cast=Csv())",
    "config('X', cast=Csv(int))",
    "config('X', cast=Csv(delimiter=' '))",
    "config('X', cast=lambda v: v.split(','))",
    "config('Y', default=False, cast=bool)",
    "config('Y', default='no', cast=bool)",
    "config('Y', default='', cast=bool)",
    "config('Y', default='a, b', cast=Csv())",
    "config('Y', default=None)",
    "config('F')",
    "config('Q', default=1)",
    "config('B', default=False, cast=bool)",
]


@pytest.mark.process
def test_decouple_reads_as_understood(understand: Understand, outside: Outside) -> None:
    cases = [(read, {"X": text}) for read in DECOUPLE_READS for text in (TEXTS if "'X'" in read else ["1"])]
    file = {".env": "F=file\nQ='quoted'\nB=on\n"}
    for (read, world), (kind, value) in zip(cases, outside(REAL_DECOUPLE, cases), strict=True):
        _same(understand, DECOUPLE, read, world, kind, value, files=file)
