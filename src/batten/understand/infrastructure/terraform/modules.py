"""Modules of Terraform: what their variables, locals and calls of other modules come to, and what they order."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.infrastructure.cloud.cells import Cell, Resource, Unknown
from batten.understand.infrastructure.terraform.evaluate import Evaluator, turns
from batten.understand.infrastructure.terraform.grammar import ListOf, Path
from batten.understand.infrastructure.terraform.registry import as_resource
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from batten.understand.infrastructure.terraform.evaluate import Budget
    from batten.understand.infrastructure.terraform.grammar import Block, Body, Expression

_DEEPEST = 6
"""Modules within modules."""
_META = frozenset(("count", "for_each", "provider", "depends_on", "lifecycle"))


class Folder:
    """The files of one folder, parsed."""

    def __init__(self, path: str, bodies: Mapping[str, Body]) -> None:
        """Hold the files by their paths."""
        self.path = path
        self.blocks = [(file, block) for file, body in bodies.items() for block in body.blocks]

    def of(self, kind: str, labels: int) -> Iterator[tuple[str, Block]]:
        """Yield the blocks of a kind that have so many labels, each with its file."""
        return ((file, block) for file, block in self.blocks if block.kind == kind and len(block.labels) == labels)

    def called(self) -> Iterator[str]:
        """Yield the folders in the repository that its module calls name."""
        for _, block in self.of("module", 1):
            source = getattr(block.body.attributes.get("source"), "value", None)
            folder = _local(self.path, source)
            if folder is not None:
                yield folder


class World:
    """All folders of a repository, and what every module shares."""

    def __init__(self, folders: Mapping[str, Folder], read: Callable[[str], str | None], budget: Budget) -> None:
        """Hold the folders by path."""
        self.folders = folders
        self.read = read
        self.budget = budget


class Module:
    """One folder as a configuration, or as one call of another uses it."""

    def __init__(
        self, world: World, folder: Folder, given: Mapping[str, Cell], address: str = "", depth: int = 0
    ) -> None:
        """Take the values of its variables that are given from outside."""
        self.world, self.folder, self.given, self.address, self.depth = world, folder, given, address, depth
        self._variables = {block.labels[0]: (file, block) for file, block in folder.of("variable", 1)}
        self._locals: dict[str, tuple[str, Expression]] = {
            name: (file, value)
            for file, block in folder.of("locals", 0)
            for name, value in block.body.attributes.items()
        }
        self._calls = {block.labels[0]: (file, block) for file, block in folder.of("module", 1)}
        self._outputs = {block.labels[0]: (file, block) for file, block in folder.of("output", 1)}
        self._known: dict[str, Cell] = {}
        self._children: dict[str, Module | None] = {}
        self._open: set[str] = set()

    def evaluator(self, file: str) -> Evaluator:
        """Return what evaluates the expressions of one of its files."""
        return Evaluator(file, self._look, self._read, self.world.budget)

    def _read(self, path: str) -> str | None:
        joined = join(self.folder.path, path)
        return self.world.read(joined) if joined is not None else None

    # Names

    def _look(self, root: str, path: Path, at: Location) -> tuple[Cell, int]:
        """Return what the first steps of a name come to, and how many steps that were."""
        steps = [step if isinstance(step, str) else "" for step in path.steps]
        name = steps[0] if steps else ""
        if root == "var":
            return self._once(f"var.{name}", lambda: self._variable(name, at), at), 1
        if root == "local":
            return self._once(f"local.{name}", lambda: self._local(name, at), at), 1
        if root == "module":
            wanted = next((step for step in steps[1:] if step), "")
            used = steps.index(wanted, 1) + 1 if wanted else len(steps)
            return self._once(f"module.{name}.{wanted}", lambda: self._output(name, wanted, at), at), used
        if root in ("path", "terraform", "self", "each", "count"):
            return Cell(Unknown(text=f"${{{root}.{name}}}"), at), len(steps)
        data = root == "data"
        kind, called = (name, steps[1] if len(steps) > 1 else "") if data else (root, name)
        address = f"{self.address}{'data.' if data else ''}{kind}.{called}"
        return Cell(Unknown((address,), f"${{{kind}.{called}}}"), at), len(steps)

    def _once(self, key: str, evaluate: Callable[[], Cell], at: Location) -> Cell:
        """Return a value that is evaluated once; unknown where it rests on itself."""
        if key not in self._known:
            if key in self._open:
                return Cell(Unknown(text=f"${{{key}}}"), at)
            self._open.add(key)
            self._known[key] = evaluate()
            self._open.discard(key)
        return self._known[key]

    def _variable(self, name: str, at: Location) -> Cell:
        held = self._variables.get(name)
        if name in self.given:
            cell = self.given[name]
            return cell if held is None or cell.is_given else self._default(name, *held)
        if held is None:
            return Cell(Unknown(text=f"${{var.{name}}}"), at)
        return self._default(name, *held)

    def _default(self, name: str, file: str, block: Block) -> Cell:
        place = Location(file=file, line=block.line)
        expression = block.body.attributes.get("default")
        if expression is None:
            return Cell(Unknown(text=f"${{var.{name}}}"), place)
        cell = self.evaluator(file).value(expression)
        return replace(cell.seen(cell.at, f"the default of the variable {name}"), default=not self.address)

    def _local(self, name: str, at: Location) -> Cell:
        held = self._locals.get(name)
        if held is None:
            return Cell(Unknown(text=f"${{local.{name}}}"), at)
        cell = self.evaluator(held[0]).value(held[1])
        return cell.seen(cell.at, f"local.{name}")

    def _output(self, name: str, wanted: str, at: Location) -> Cell:
        child = self.child(name)
        output = child._outputs.get(wanted) if child is not None else None  # noqa: SLF001 - of the same class
        if child is None or output is None or "value" not in output[1].body.attributes:
            return Cell(Unknown((f"{self.address}module.{name}",), f"${{module.{name}.{wanted}}}"), at)
        return child.evaluator(output[0]).value(output[1].body.attributes["value"])

    # Calls

    def child(self, name: str) -> Module | None:
        """Return a module that it calls, where that lies in the repository."""
        if name not in self._children:
            self._children[name] = None  # a module that calls itself ends here
            self._children[name] = self._called(name)
        return self._children[name]

    def _called(self, name: str) -> Module | None:
        file, block = self._calls.get(name, ("", None))
        source = getattr(block.body.attributes.get("source"), "value", None) if block is not None else None
        path = _local(self.folder.path, source)
        folder = self.world.folders.get(path) if path is not None else None
        if block is None or folder is None or self.depth >= _DEEPEST:
            return None
        evaluator = next(iter(self._turns(file, block)), None)
        if evaluator is None:
            return None
        body = self.body(evaluator, block).value
        given = {key: cell for key, cell in body.items() if key != "source"} if isinstance(body, dict) else {}
        return Module(self.world, folder, given, f"{self.address}module.{name}.", self.depth + 1)

    # What it orders

    def resources(self) -> Iterator[Resource]:
        """Yield what it orders and looks up, and what the modules do that it calls."""
        for kind in ("resource", "data"):
            for file, block in self.folder.of(kind, 2):
                yield from self._made(file, block, data=kind == "data")
        yield from self._settings()
        for file, block in self.folder.of("module", 1):
            child = self.child(block.labels[0])
            if child is not None:
                yield from child.resources()
            elif _local(self.folder.path, getattr(block.body.attributes.get("source"), "value", None)) is None:
                yield from map(as_resource, self._made(file, block))

    def _settings(self) -> Iterator[Resource]:
        """Yield its providers, and the variables that nobody gives a value to from outside."""
        for file, block in self.folder.of("provider", 1):
            name = f"provider.{block.labels[0]}"
            body = self.body(self.evaluator(file), block)
            yield Resource("provider", self.address + name, name, Location(file=file, line=block.line), body)
        for name in () if self.address else self._variables:
            yield self._setting(name, *self._variables[name])

    def _setting(self, name: str, file: str, block: Block) -> Resource:
        """Return a variable with the value that it has."""
        at = Location(file=file, line=block.line)
        value = self._once(f"var.{name}", lambda: self._variable(name, at), at)
        sensitive = self.body(self.evaluator(file), block).get("sensitive")
        return Resource(
            "variable", f"var.{name}", f"variable.{name}", at, Cell({"default": value, "sensitive": sensitive}, at)
        )

    def _made(self, file: str, block: Block, *, data: bool = False) -> Iterator[Resource]:
        kind = block.labels[0] if len(block.labels) > 1 else "module"
        shown = f"{'data.' if data else ''}{kind}.{block.labels[-1]}"
        for evaluator in self._turns(file, block):
            body = self.body(evaluator, block)
            name, at = shown + _key(evaluator), Location(file=file, line=block.line)
            yield Resource(kind, self.address + shown, name, at, body, data, _left_alone(block))

    def _turns(self, file: str, block: Block) -> Iterator[Evaluator]:
        """Yield an evaluator for each thing that a block makes: none, one, or one for each of a set."""
        evaluator = self.evaluator(file)
        at = evaluator.at(block.line)
        count = block.body.attributes.get("count")
        each = block.body.attributes.get("for_each")
        if count is not None:
            number = evaluator.value(count).number
            for turn in range(min(number, 20)) if number is not None else (None,):
                held = Cell(Unknown(text="${count.index}") if turn is None else turn, at)
                yield evaluator.with_names({"count": Cell({"index": held}, at)})
        elif each is not None:
            source = evaluator.value(each)
            is_set = isinstance(source.value, tuple)
            for key, value in turns(source, at):
                bound = Cell({"key": value if is_set else key, "value": value}, at)
                yield evaluator.with_names({"each": bound})
        else:
            yield evaluator

    def body(self, evaluator: Evaluator, block: Block) -> Cell:
        """Return the attributes and blocks of a block as one value; what `dynamic` makes is among them."""
        found: dict[str, Cell] = {}
        for name, expression in block.body.attributes.items():
            if name not in _META:
                cell = evaluator.value(expression)
                place = evaluator.at(block.body.lines[name])
                came = cell.came or ((Evidence(cell.at, "written here"),) if cell.at.file != place.file else ())
                found[name] = replace(cell, at=place, came=came)
        many: dict[str, list[Cell]] = {}
        for inner in block.body.blocks:
            if inner.kind == "dynamic" and inner.labels:
                many.setdefault(inner.labels[0], []).extend(self._dynamic(evaluator, inner))
            elif inner.kind not in _META:
                many.setdefault(inner.kind, []).append(self.body(evaluator, inner))
        at = evaluator.at(block.line)
        for name, cells in many.items():
            if cells:
                found[name] = Cell(tuple(cells), cells[0].at)
        return Cell(found, at)

    def _dynamic(self, evaluator: Evaluator, block: Block) -> Iterator[Cell]:
        each = block.body.attributes.get("for_each")
        content = next(iter(block.body.of("content")), None)
        if each is None or content is None:
            return
        named = block.body.attributes.get("iterator")
        iterator = named.root if isinstance(named, Path) else block.labels[0]
        source = evaluator.value(each)
        for key, value in turns(source, evaluator.at(block.line)):
            bound = Cell({"key": key, "value": value}, value.at)
            yield self.body(evaluator.with_names({str(iterator): bound}), content)


def _left_alone(block: Block) -> tuple[str, ...]:
    """Return the attributes that are only set when a thing is made, and changed by others after that."""
    told = [inner.body.attributes.get("ignore_changes") for inner in block.body.of("lifecycle")]
    items = [item for one in told for item in (one.items if isinstance(one, ListOf) else (one,))]
    roots = [item.root if isinstance(item, Path) else getattr(item, "value", None) for item in items]
    return tuple(root for root in roots if isinstance(root, str))


def _key(evaluator: Evaluator) -> str:
    """Return which of several a thing is: `[0]`, `["a"]`; nothing where that is not known."""
    count, each = evaluator.bound.get("count"), evaluator.bound.get("each")
    number = count.get("index").number if count is not None else None
    if number is not None:
        return f"[{number}]"
    key = each.get("key").text if each is not None else None
    return f'["{key}"]' if key is not None else ""


def _local(folder: str, source: object) -> str | None:
    """Return the folder of the repository that a module's source names."""
    if not isinstance(source, str) or not re.match(r"\.\.?(?:/|$)", source):
        return None
    return join(folder, source)
