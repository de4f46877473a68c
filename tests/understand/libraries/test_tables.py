"""The tables of library models: whatever is loaded first, each name has the same model."""

from __future__ import annotations

import functools
import importlib
import json
import pkgutil
import subprocess
import sys
from typing import Any

import pytest

from batten.understand import libraries
from batten.understand.evaluate import library

TABLES = ("CALLS", "INITS", "ATTRIBUTES", "SETTERS", "METHODS", "OPTIONS", "HANDED", "VALUES", "CLASSES")
MAPS = ("ALIASES", "BASES")


def owner(model: Any) -> str:  # noqa: ANN401 - any kind of model
    """Return the function that a model is, or is made by."""
    while isinstance(model, functools.partial):
        model = model.func
    return f"{getattr(model, '__module__', '')}.{getattr(model, '__qualname__', type(model).__name__)}"


def loaded(order: str) -> dict[str, str]:
    """Return the owner of each entry when all models are imported in that order."""
    names = sorted(module.name for module in pkgutil.iter_modules(libraries.__path__))
    for name in names if order == "forwards" else reversed(names):
        importlib.import_module(f"{libraries.__name__}.{name}")
    found = {f"{table} {name}": owner(model) for table in TABLES for name, model in getattr(library, table).items()}
    found |= {f"{table} {name}": repr(held) for table in MAPS for name, held in getattr(library, table).items()}
    return found


@pytest.mark.process
def test_the_order_of_imports_decides_nothing() -> None:
    told = []
    for order in ("forwards", "backwards"):
        words = [sys.executable, "-m", "tests.understand.libraries.test_tables", order]
        answer = subprocess.run(words, capture_output=True, text=True, check=True)
        told.append(json.loads(answer.stdout))
    forwards, backwards = told
    assert len(forwards) > 1500
    assert {
        name: (model, backwards.get(name)) for name, model in forwards.items() if backwards.get(name) != model
    } == {}
    assert forwards.keys() == backwards.keys()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(loaded(sys.argv[1])))
