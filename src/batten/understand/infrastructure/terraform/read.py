"""Reads the Terraform configurations of a repository: each folder that no other one calls is one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.infrastructure.cloud.cells import Cell, Order, Unknown
from batten.understand.infrastructure.terraform.evaluate import Budget, Evaluator
from batten.understand.infrastructure.terraform.modules import Folder, Module, World
from batten.understand.infrastructure.terraform.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.ground import Ground
    from batten.understand.infrastructure.terraform.grammar import Body, Broken

_ALWAYS = re.compile(r"(?:^|/)(?:terraform\.tfvars|[^/]*\.auto\.tfvars)$")
_PRODUCTION = re.compile(r"(?:^|[/._-])(?:prod|production|live)(?:[/._-]|$)")
_MOST_RESOURCES = 3_000


def read(ground: Ground) -> Iterator[Order]:
    """Yield what each Terraform configuration orders."""
    gathered: dict[str, dict[str, Body]] = {}
    for path in ground.files.get("terraform", ()):
        if path.endswith(".json"):
            ground.reading.unsure(path, "Terraform's form in JSON is not read", Location(file=path))
        elif "/.terraform/" not in f"/{path}":
            gathered.setdefault(path.rpartition("/")[0] or ".", {})[path] = parsed(ground, path)
    world = World(
        {path: Folder(path, bodies) for path, bodies in gathered.items()}, ground.reading.sources.read, Budget()
    )
    called = {path for folder in world.folders.values() for path in folder.called()}
    for path, folder in sorted(world.folders.items()):
        if path in called:
            continue
        found = []
        for one in Module(world, folder, _given(ground, path, world.budget)).resources():
            found.append(one)
            if len(found) >= _MOST_RESOURCES or world.budget.is_spent:
                ground.reading.unsure(path, "too large a Terraform configuration to follow to its end", one.at)
                break
        if found:
            yield Order(path, "terraform", tuple(found))


def parsed(ground: Ground, path: str) -> Body:
    """Return a file's blocks; what is broken is told with its line."""

    def broken(fault: Broken) -> None:
        ground.reading.unsure(path, f"it is not valid Terraform: {fault.why}", Location(file=path, line=fault.line))

    return parse(ground.reading.text(path) or "", broken)


def _given(ground: Ground, folder: str, budget: Budget) -> dict[str, Cell]:
    """Return the values of variables that the files beside a configuration give.

    Terraform itself loads `terraform.tfvars` and `*.auto.tfvars`; of the
    others the one that is named for production, or the only one, is meant.
    """
    prefix = "" if folder == "." else f"{folder}/"
    beside = [path for path in ground.files.get("tfvars", ()) if path.rpartition("/")[0] == prefix.rstrip("/")]
    always = [path for path in beside if _ALWAYS.search(path)]
    others = [path for path in ground.files.get("tfvars", ()) if path.startswith(prefix) and path not in always]
    named = [path for path in others if _PRODUCTION.search(path)] or others
    given: dict[str, Cell] = {}
    for path in [*always, *(named if len(named) == 1 else ())]:
        evaluator = Evaluator(path, lambda _root, _path, at: (Cell(Unknown(), at), 0), lambda _: None, budget)
        for name, expression in parsed(ground, path).attributes.items():
            cell = evaluator.value(expression)
            given[name] = cell.seen(cell.at, f"the value of the variable {name}")
    return given
