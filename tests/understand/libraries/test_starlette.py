"""FastAPI and Starlette: what Batten tells of an app, against what the real one answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import Confidence, State
from batten.understand import DictSources, resolve, understand
from batten.understand.evaluate.environ import command_line
from batten.understand.stack import Variable
from tests.understand.libraries.asgi_programs import MEASURE, PROGRAMS as FIRST
from tests.understand.libraries.asgi_route_programs import MORE

if TYPE_CHECKING:
    from batten.understand.subjects import App
    from tests.understand.libraries.asgi_programs import Program

    from .conftest import Outside

PROGRAMS = [*FIRST, *MORE]
MEASURED = (
    "debug",
    "cors.allow_origin",
    "cors.allow_credentials",
    "cookie.secure",
    "session.same_site",
    "session.max_age",
)


def app_of(program: Program) -> App:
    sources = DictSources({"app.py": program.source, "Procfile": "web: uvicorn app:app\n"})
    env = {name: Variable(name, value, command_line(name), "--env") for name, value in program.env.items()}
    found = understand(sources, resolve(sources, lambda _: None), env)
    assert [p.stopped for p in found.programs] == [""], found.programs[0].stopped
    (app,) = found.apps
    return app


def measurable(name: str) -> bool:
    return name in MEASURED or name.startswith(("status ", "header."))


@pytest.mark.process
def test_known_values_are_what_the_real_app_answers(outside: Outside) -> None:
    apps = {program: app_of(program) for program in PROGRAMS}
    asked = {program: [name for name in app.settings if measurable(name)] for program, app in apps.items()}
    real = outside(MEASURE, [{"source": p.source, "env": p.env, "asked": asked[p]} for p in PROGRAMS])
    wrong: list[str] = []
    for program, answers in zip(PROGRAMS, real, strict=True):
        for name in asked[program]:
            value = apps[program].settings[name]
            sure = value.state is State.KNOWN and value.confidence is not Confidence.POSSIBLE
            if sure and value.value != answers[name]:
                wrong.append(f"{program}: {name} is {answers[name]!r}, told as {value.value!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_everything_else_is_told(program: Program) -> None:
    app = app_of(program)
    doubtful = {
        name: value.why for name, value in app.settings.items() if measurable(name) and value.state is not State.KNOWN
    }
    assert set(doubtful) == program.not_told, doubtful
