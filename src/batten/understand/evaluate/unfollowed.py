"""What code that is not followed may change: what it names, what it is handed, and what that leads to.

A function that is called in a way which is not followed (a generator, a callback of a library, one that calls itself
too deeply) still changes things. Its text is read, and that of the project's functions that it speaks of; each
assignment to an attribute or an item, and each call of a method that changes its object, names what is changed. Where
that is a parameter or a local variable, it may be anything that the code can reach.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.frame import Frame, owned
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Class,
    Environ,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Namespace,
    Sequence,
    Unknown,
    each,
    plain_object,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.evaluate.library import Call
    from batten.understand.evaluate.objects import Cells

_CHANGES = frozenset(
    "add append appendleft clear discard extend insert pop popitem popleft putenv remove reverse send setdefault sort "
    "unsetenv update __setitem__ __delitem__ __setattr__ __delattr__ from_object from_mapping from_pyfile "
    "from_prefixed_env from_file move_to_end rotate difference_update intersection_update "
    "symmetric_difference_update".split()
)
_ANYTHING = frozenset({"setattr", "delattr", "exec", "eval", "globals", "vars", "locals", "__dict__"})
_ANY_NAME = frozenset({"exec", "eval", "globals"})
_FRESH = (
    ast.List, ast.Dict, ast.Set, ast.Tuple, ast.ListComp, ast.DictComp, ast.SetComp, ast.Constant, ast.JoinedStr,
    ast.BinOp, ast.Compare,
)  # fmt: skip
_MAKERS = frozenset({"list", "dict", "set", "tuple", "str", "int", "len", "sorted", "range", "frozenset", "bool"})
MOST_FUNCTIONS = 200


def lost(machine: Any, function: Function, call: Call | None = None) -> None:
    """Make unknown what a function that is not followed may change."""
    reader = _Reader(machine, function, call)
    for change, *of in reader.changes:
        change(*of)
    reader.settle()


def touched(machine: Any, function: Function) -> tuple[list[tuple[Cells, Any]], list[Abstract]]:
    """Return the cells that a function may write, and the objects that it may change otherwise."""
    reader = _Reader(machine, function, None)
    cells = [(of[0], of[1]) for change, *of in reader.changes if change == machine.put]
    owners = [of[0] for change, *of in reader.changes if change != machine.put]
    return cells, owners + (list(reader.everything()) if reader.loose else [])


def changes(machine: Any, function: Function, call: Call) -> bool:
    """Return whether a function may change anything that others see."""
    reader = _Reader(machine, function, call)
    return bool(reader.changes or reader.loose or reader.attributes or reader.all_attributes)


class _Reader:
    """Reads functions, and notes what they may change."""

    def __init__(self, machine: Any, function: Function, call: Call | None) -> None:
        self.machine = machine
        self.changed = Unknown(f"{function.name}() may change it, which is not followed")
        self.changes: list[tuple[Any, ...]] = []
        """What is to be done about what is changed for certain: a function and its arguments."""
        self.waiting: list[Function] = []
        self.seen: set[Function] = set()
        self.bound: dict[tuple[Function, str], Abstract] = {}
        """What the parameters of the function at the start hold."""
        self.reached: list[Abstract] = []
        """What the code speaks of or is handed."""
        self.loose = False
        """Something that is not known by name is changed: it may be anything that was reached."""
        self.attributes: set[str] = set()
        """Attributes that are written on something that is not known by name."""
        self.all_attributes = False
        self._handed(function, call)
        while self.waiting:
            self.read(self.waiting.pop())

    def _put(self, cells: Cells, key: Any, value: Abstract) -> None:
        self.changes.append((self.machine.put, cells, key, value))

    def _handed(self, function: Function, call: Call | None) -> None:
        """Begin with a function and what it is called with."""
        self.waiting.append(function)
        arguments = function.node.args
        names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
        given = dict(zip(names, call.args, strict=False)) | call.kwargs if call is not None else {}
        for name, value in given.items():
            self.bound[function, name] = value
        self.reached += [*call.args, *call.kwargs.values()] if call is not None else []

    def read(self, function: Function) -> None:
        """Read one function."""
        if function in self.seen or len(self.seen) > MOST_FUNCTIONS:
            self.loose = self.all_attributes = self.loose or function not in self.seen
            return
        self.seen.add(function)
        scope = _Scope(function)
        for node in self.machine.parts_of(function.node):
            if isinstance(node, ast.Global):
                for name in node.names:
                    self._put(function.frame.globals, name, self.changed)
            elif isinstance(node, ast.Nonlocal):
                self._outside(function.frame, node.names)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self._mentions(node.id, scope)
            elif isinstance(node, ast.Attribute):
                self._attribute(node, scope)
            elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                self._changes(node.value, scope, node.slice)
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                self._changes(node.target, scope)
            elif isinstance(node, ast.Call):
                self._calls(node, scope)

    def _outside(self, frame: Frame, names: Iterable[str]) -> None:
        for name in names:
            outer: Frame | None = frame
            while outer is not None and name not in outer.locals:
                outer = outer.outer
            if outer is not None:
                self._put(outer.locals, name, self.changed)

    def _mentions(self, name: str, scope: _Scope) -> None:
        if name in _ANYTHING and name not in scope.own:
            self.loose = self.all_attributes = True
        if name in _ANY_NAME and name not in scope.own:
            self.changes.append((self.machine.obscure, Namespace(scope.function.frame.globals), self.changed))
        if name in scope.own:
            return
        value = scope.function.frame.lookup(name)
        self.reached.append(value)
        for choice in each(value):
            self._may_run(plain_object(choice))

    def _may_run(self, target: Abstract) -> None:
        """Note that a function, or the methods of a class, may run."""
        if isinstance(target, Function):
            self.waiting.append(target)
        elif isinstance(target, Bound):
            self._may_run(plain_object(target.function))
            self.reached.append(target.receiver)
        elif isinstance(target, Class):
            held = [cell for base in target.order if isinstance(base, Class) for cell in base.cells.values()]
            self.waiting += [one for one in map(plain_object, held) if isinstance(one, Function)]
        elif isinstance(target, Instance) and isinstance(target.of, Class):
            self._may_run(target.of)

    def _attribute(self, node: ast.Attribute, scope: _Scope) -> None:
        if node.attr in _ANYTHING:
            self.loose = self.all_attributes = True
        owners = self._resolve(node.value, scope)
        if isinstance(node.ctx, ast.Load):
            for owner in owners or ():
                for choice in each(self._part(owner, node.attr) or ABSENT):
                    self._may_run(plain_object(choice))
            return
        if owners is None:
            self.attributes.add(node.attr)
        for owner in owners or ():
            if isinstance(owner, Instance | Class | Module):
                self._put(owner.cells, node.attr, self.changed)

    def _calls(self, node: ast.Call, scope: _Scope) -> None:
        if isinstance(node.func, ast.Name) and node.func.id == "next":
            for argument in node.args[:1]:
                self._changes(argument, scope)
        if not isinstance(node.func, ast.Attribute):
            return
        if node.func.attr in _CHANGES:
            self._changes(node.func.value, scope, node.args[0] if node.args else None)
        owners = self._resolve(node.func.value, scope)
        if owners is not None and any(isinstance(owner, Library) for owner in owners):
            if node.func.attr in {"putenv", "unsetenv"}:
                self._hit(self.machine.environ, None)
            for argument in node.args:
                if isinstance(argument, ast.Name):
                    self._changes(argument, scope)

    def _changes(self, node: ast.expr, scope: _Scope, key: ast.expr | None = None) -> None:
        """Note that what an expression leads to is changed; a constant `key` says where."""
        found = self._resolve(node, scope)
        if found is None:
            self.loose = True
        for owner in found or ():
            self._hit(owner, key)

    def _hit(self, owner: Abstract, key: ast.expr | None) -> None:
        if isinstance(owner, Environ) and owner.of == "environ":
            if isinstance(key, ast.Constant):
                self._put(owner.cells, key.value, Unknown(self.changed.why, of="str"))
            else:
                self.changes.append((self.machine.obscure, owner, Unknown(self.changed.why, of="str")))
        elif isinstance(owner, Sequence | Mapping):
            self.changes.append((self.machine.havoc, owner))
        elif isinstance(owner, Instance):
            self.changes.append((self._all_of, owner))

    def _all_of(self, owner: Instance) -> None:
        self.machine.havoc(owner)
        self.machine.touch(*(cell for cell in owner.cells.values() if not isinstance(cell, Unknown)))

    def _resolve(self, node: ast.expr, scope: _Scope) -> list[Abstract] | None:
        """Return what an expression leads to; None when that is not known by name."""
        if isinstance(node, ast.Name):
            if (scope.function, node.id) in self.bound:
                return [plain_object(choice) for choice in each(self.bound[scope.function, node.id])]
            if node.id in scope.own:
                return [] if node.id in scope.fresh else None
            return [plain_object(choice) for choice in each(scope.function.frame.lookup(node.id))]
        if isinstance(node, ast.Subscript | ast.Starred):
            return self._resolve(node.value, scope)
        if isinstance(node, ast.Attribute):
            owners = self._resolve(node.value, scope)
            if owners is None:
                return None
            parts = [self._part(owner, node.attr) for owner in owners]
            return [plain_object(choice) for part in parts if part is not None for choice in each(part)]
        if isinstance(node, _FRESH):
            return []
        return None

    def _part(self, owner: Abstract, name: str) -> Abstract | None:
        """Return an attribute without running anything, None when there is none that can be changed."""
        if isinstance(owner, Library):
            found: Abstract = self.machine.library_attribute(owner.name, name, None)
            return found
        if isinstance(owner, Instance | Class | Module):
            held = owner.cells.get(name)
            of = owner.of if isinstance(owner, Instance) else owner
            order = of.order if held is None and isinstance(of, Class) else ()
            return held or next(
                (base.cells[name] for base in order if isinstance(base, Class) and name in base.cells), None
            )
        return None

    def settle(self) -> None:
        """Change what was reached, as far as something was changed that is not known by name."""
        if not (self.loose or self.attributes or self.all_attributes):
            return
        for owner in list(self.everything()):
            if isinstance(owner, Sequence | Mapping) and owner.of not in {"environ", "flask.Config"}:
                if self.loose:
                    self.machine.havoc(owner)
            elif isinstance(owner, Instance | Class | Module):
                names = set(owner.cells) if self.all_attributes else self.attributes
                for name in names:
                    if not isinstance(owner.cells.get(name), Function) and not str(name).startswith("__"):
                        self.machine.put(owner.cells, name, self.changed)
                if self.all_attributes and isinstance(owner, Instance):
                    self.machine.put(owner.cells, "*", Known(value=True))

    def everything(self) -> Iterator[Abstract]:
        """Yield each object that was reached, and what those hold."""
        waiting = [choice for value in self.reached for choice in each(value)]
        seen: set[int] = set()
        while waiting and len(seen) < MOST_FUNCTIONS:
            target = plain_object(waiting.pop())
            if id(target) in seen or isinstance(target, Unknown):
                continue
            seen.add(id(target))
            yield target
            if isinstance(target, Sequence):
                waiting += target.items or ()
            elif isinstance(target, Instance) or (isinstance(target, Mapping) and target.of != "environ"):
                waiting += [choice for cell in list(target.cells.values()) for choice in each(cell)]
            elif isinstance(target, Bound):
                waiting.append(target.receiver)


class _Scope:
    """The names of one function."""

    def __init__(self, function: Function) -> None:
        self.function = function
        arguments = function.node.args
        taken = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        inner = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name) and _binds(node)}
        declared = {
            name
            for node in ast.walk(function.node)
            if isinstance(node, ast.Global | ast.Nonlocal)
            for name in node.names
        }
        parameters = {one.arg for one in taken if one is not None}
        self.own = (owned(function.node) | parameters | inner) - declared
        self.fresh = _fresh(function.node) - parameters
        if arguments.vararg is not None:
            self.fresh |= {arguments.vararg.arg}
        if arguments.kwarg is not None:
            self.fresh |= {arguments.kwarg.arg}


def _binds(node: ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Load)


def _fresh(function: ast.AST) -> set[str]:
    """Return the local names that hold nothing but what the function itself makes."""
    made: set[str] = set()
    other: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {target.id for target in targets if isinstance(target, ast.Name)}
            (made if _is_fresh(node.value) else other).update(names)
            parts = [target for target in targets if not isinstance(target, ast.Name | ast.Attribute | ast.Subscript)]
            other |= {part.id for target in parts for part in ast.walk(target) if isinstance(part, ast.Name)}
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            other |= {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}
        elif isinstance(node, ast.NamedExpr):
            other.add(node.target.id)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            other |= {part.id for part in ast.walk(node.optional_vars) if isinstance(part, ast.Name)}
    return made - other


def _is_fresh(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in _MAKERS
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return all(_is_fresh(item) for item in node.elts)
    if isinstance(node, ast.Dict):
        return all(_is_fresh(item) for item in node.values)
    return isinstance(node, _FRESH)
