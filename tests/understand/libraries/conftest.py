"""Small programs evaluated, and the same programs run with the real libraries in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from batten.model import Location
from batten.understand.entry import Program, Trees, evaluate
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Mapping as Dict,
    OneOf,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.sources import DictSources
from batten.understand.stack import Stack, Start, Unit, Variable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

APP = "from flask import Flask\napp = Flask(__name__)\n"


def plain(value: object) -> Any:  # noqa: ANN401 - plain data
    """Return a value as plain data; `?why` where it is not known."""
    value = plain_object(value) if isinstance(value, Abstract) else value
    if isinstance(value, Known):
        return value.value
    if isinstance(value, OneOf):
        choices = [plain(choice) for choice in value.choices]
        return ["or", *choices] if any(isinstance(one, dict | list | set) for one in choices) else set(choices)
    if isinstance(value, Sequence):
        return "?" if value.items is None else [plain(item) for item in value.items]
    if isinstance(value, Dict):
        return {key: plain(item) for key, item in value.cells.items()} | ({"?": "?"} if value.open else {})
    if isinstance(value, Unknown):
        return f"?{value.kind}"
    if isinstance(value, Instance):
        return f"<{value.library}>"
    if value is ABSENT:
        return "absent"
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


@dataclass
class Understood:
    """An evaluated program."""

    program: Program

    def facts(self, kind: str) -> list[tuple[Any, ...]]:
        """Return the facts of one kind as plain data, in order, without the kind."""
        return [tuple(plain(part) for part in fact[1:]) for fact in self.program.machine.record if fact[0] == kind]

    def places(self, kind: str, index: int = -1) -> list[int]:
        """Return the lines of the facts of one kind."""
        return [fact[index][1].lineno for fact in self.program.machine.record if fact[0] == kind]

    @property
    def names(self) -> set[str]:
        """Return the module-level names."""
        return {str(name) for name in self.program.machine.modules["__main__"].cells}

    def name(self, name: str) -> Any:  # noqa: ANN401 - plain data
        """Return what a module-level name holds."""
        return plain(self.value(name))

    def value(self, name: str) -> Abstract:
        """Return the value of a module-level name."""
        return self.program.machine.modules["__main__"].cells[name]

    def config(self, name: str) -> Any:  # noqa: ANN401 - plain data
        """Return a setting of the app."""
        app = self.program.machine.modules["__main__"].cells["app"]
        assert isinstance(app, Instance)
        config = app.cells["config"]
        return plain(config.cells.get(name, ABSENT)) if isinstance(config, Dict) else None

    @property
    def stopped(self) -> str:
        """Return why the program ends early."""
        return self.program.stopped


class Understand(Protocol):
    def __call__(
        self,
        source: str,
        *,
        files: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
        requirements: Mapping[str, str] | None = None,
    ) -> Understood: ...


@pytest.fixture
def understand() -> Understand:
    def run(
        source: str,
        *,
        files: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
        requirements: Mapping[str, str] | None = None,
    ) -> Understood:
        at = Location(file="Procfile", line=1)
        variables = {name: Variable(name, value, at, "Procfile") for name, value in (env or {}).items()}
        unit = Unit("web", "procfile", Start("python", "app.py"), "python app.py", at, env=variables)
        stack = Stack((unit,), requirements=requirements or {}, has_requirements=requirements is not None)
        sources = DictSources({"app.py": source, **(files or {})})
        return Understood(evaluate(sources, stack, unit, {}, Trees(lambda unsure: pytest.fail(str(unsure)))))

    return run


class Outside(Protocol):
    def __call__(self, script: str, data: object) -> Any: ...  # noqa: ANN401 - plain data


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    """Run a script with the real libraries; it reads `data` and assigns `answer`, both JSON."""

    def run(script: str, data: object) -> Any:  # noqa: ANN401 - plain data
        (tmp_path / "script.py").write_text(
            f"import json, sys\ndata = json.load(sys.stdin)\n{script}\njson.dump(answer, sys.stdout)\n"
        )
        done = subprocess.run(
            [sys.executable, str(tmp_path / "script.py")],
            input=json.dumps(data),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin"},
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
