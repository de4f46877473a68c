"""Starlette's `Config` and its values, by themselves and against the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Outside, Understand

HEAD = (
    "from starlette.config import Config, environ\nfrom starlette.datastructures import CommaSeparatedStrings, Secret\n"
)
FILE = """\
# a comment
PLAIN=text
SPACED = some words 
QUOTED="in quotes"
SINGLE='it''s'
HALF="open
EMPTY=
export EXPORTED=1
NOT A LINE
DEBUG=TRUE
PORT=8000
HOSTS=a.example, b.example
TWICE=1
TWICE=2
ENV=from the file
"""  # noqa: W291 - the space is looked at
ENV = {"ENV": "from the environment", "APP_DEBUG": "0", "NUMBER": " 7 ", "ORIGINS": "x,y"}
CASES = [
    "Config('.env')('PLAIN')",
    "Config('.env')('SPACED')",
    "Config('.env')('QUOTED')",
    "Config('.env')('SINGLE')",
    "Config('.env')('HALF')",
    "Config('.env')('EMPTY')",
    "Config('.env')('EMPTY', default='x')",
    "Config('.env')('EXPORTED', default='no')",
    "Config('.env')('export EXPORTED')",
    "Config('.env')('TWICE')",
    "Config('.env')('ENV')",
    "Config()('ENV', default='x')",
    "Config('missing')('PLAIN', default=None)",
    "Config('.env').get('DEBUG', bool)",
    "Config('.env')('DEBUG', cast=bool, default=False)",
    "Config('.env')('PORT', cast=int)",
    "Config('.env')('PORT', int, 1)",
    "Config()('MISSING', cast=int, default='9')",
    "Config()('MISSING', cast=int, default=None)",
    "Config()('MISSING', cast=bool, default='False')",
    "Config()('MISSING', cast=bool, default=1)",
    "Config()('MISSING', cast=float, default=1)",
    "Config()('NUMBER', cast=int)",
    "Config(env_prefix='APP_')('DEBUG', cast=bool)",
    "Config(env_prefix='APP_', env_file='.env')('PLAIN', default='other')",
    "Config(environ={'ENV': 'own'})('ENV')",
    "Config(environ={'X': '1'})('ENV', default='none of it')",
    "Config('.env', environ={})('ENV')",
    "str(Config('.env')('PLAIN', cast=Secret))",
    "bool(Secret(''))",
    "bool(Secret('x'))",
    "list(Config('.env')('HOSTS', cast=CommaSeparatedStrings))",
    "list(CommaSeparatedStrings('\"a, b\",c'))",
    "list(CommaSeparatedStrings(['a', 'b']))",
    "'b.example' in Config('.env')('HOSTS', cast=CommaSeparatedStrings)",
    "list(Config()('ORIGINS', cast=lambda text: text.split(',')))",
    "environ['ENV']",
    "environ.get('MISSING', 'x')",
    "'ENV' in environ",
]
RAISING = [
    "Config()('MISSING', cast=bool, default='yes')",
    "Config()('ENV', cast=bool)",
    "Config()('ENV', cast=int)",
    "Secret('x').value",
]


@pytest.mark.process
def test_known_values_are_the_real_ones(understand: Understand, outside: Outside) -> None:
    script = (
        "import os, warnings\nwarnings.simplefilter('ignore')\n"
        "os.environ.update(data['env'])\nopen('.env', 'w').write(data['file'])\n" + HEAD + "answer = []\n"
        "for case in data['cases']:\n"
        "    try:\n        answer.append(eval(case))\n    except Exception as error:\n"
        "        answer.append(['raises', type(error).__name__])\n"
    )
    real = outside(script, {"env": ENV, "file": FILE, "cases": [*CASES, *RAISING]})
    source = HEAD + "".join(f"V{index} = {case}\n" for index, case in enumerate(CASES))
    seen = understand(source, files={".env": FILE}, env=ENV)
    assert not seen.stopped
    told = [seen.name(f"V{index}") for index in range(len(CASES))]
    assert told == real[: len(CASES)]
    for case, answer in zip(RAISING, real[len(CASES) :], strict=True):
        assert answer[0] == "raises", case
        seen = understand(f"{HEAD}V = {case}\n", env=ENV)
        assert seen.stopped or seen.name("V").startswith("?"), case  # the variable that would do otherwise is required


def test_a_variable_that_nothing_sets_has_to_be_set(understand: Understand) -> None:
    seen = understand(HEAD + "KEY = Config()('KEY')\n")
    assert seen.name("KEY") == "?error"
    assert not seen.stopped


def test_what_was_read_cannot_be_set_any_more(understand: Understand, outside: Outside) -> None:
    late = HEAD + "config = Config()\nconfig('STAGE', default='x')\nenviron['STAGE'] = 'test'\n"
    early = HEAD + "environ['STAGE'] = 'test'\nSTAGE = Config()('STAGE')\n"
    assert "already been read" in understand(late).stopped
    assert understand(early).name("STAGE") == "test"
    script = (
        "scope = {}\ntry:\n    exec(data, scope)\n    answer = scope['STAGE']\n"
        "except Exception as error:\n    answer = str(error)\n"
    )
    assert "already been read" in outside(script, late)
    assert outside(script, early) == "test"


def test_a_file_that_is_not_known_may_set_anything(understand: Understand) -> None:
    seen = understand(HEAD + "import other\nDEBUG = Config(other.PATH)('DEBUG', cast=bool, default=False)\n")
    assert seen.name("DEBUG") == {False, "?unknown"}


def test_a_mapping_of_its_own_without_the_variable_is_an_error(understand: Understand) -> None:
    assert understand(HEAD + "KEY = Config(environ={})('KEY')\n").name("KEY") == "?error"
    assert understand(HEAD + "import other\nKEY = Config(environ=other.E)('KEY')\n").name("KEY") == "?unknown"
