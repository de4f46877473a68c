"""Functions and classes come into being."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.understand.evaluate import enumerations, library
from batten.understand.evaluate.docstrings import docstring
from batten.understand.evaluate.generics import bare
from batten.understand.evaluate.loops import Loops
from batten.understand.evaluate.objects import (
    Abstract,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from batten.understand.evaluate.frame import Frame


_KEEPING = frozenset({"lru_cache", "cache", "cached_property"})


class Definitions(Loops):
    """The part of the evaluator that defines functions and classes."""

    def _do_FunctionDef(self, node: ast.FunctionDef, frame: Frame) -> None:
        made = self.function(node, frame)
        made.owner = frame.owner if frame.is_class else None
        self.functions.append(made)
        value: Abstract = made
        if node.decorator_list:
            self.defining.append(node.name)
            try:
                for decorator in reversed(node.decorator_list):
                    value = self._decorate(decorator, value, frame)
            finally:
                self.defining.pop()
        name = frame.mangled(node.name) if frame.is_class else node.name
        self.put(frame.target(name), name, value)

    _do_AsyncFunctionDef = _do_FunctionDef

    def _decorate(self, decorator: ast.expr, value: Abstract, frame: Frame) -> Abstract:
        if isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter"):
            getter = self.eval(decorator.value, frame)
            if isinstance(getter, Function) and getter.kind == "property":
                getter.cells[decorator.attr] = plain_object(value)  # as part of the statement that makes it
                return getter
        function = self.eval(decorator, frame)
        if isinstance(value, Function) and ast.unparse(decorator).partition("(")[0].rpartition(".")[2] in _KEEPING:
            value.keeps = True
        if isinstance(value, Function) and ast.unparse(decorator).partition("(")[0].endswith("wraps"):
            for name in ("__name__", "__qualname__", "__doc__"):
                self.put(value.cells, name, Unknown("the name of the function that is wrapped"))
        result = self.call_with(function, [value], (frame.path, decorator))
        lost = isinstance(result, Instance) and not library.method(result.library, "__call__")
        if isinstance(result, Unknown) or (lost and isinstance(value, Function | Class)):
            inner = plain_object(value)
            if isinstance(inner, Function):
                inner.wrapped = inner.wrapped or ast.unparse(decorator)[:60]
            return value
        return result

    def _do_ClassDef(self, node: ast.ClassDef, frame: Frame) -> None:
        bases = tuple(bare(plain_object(self.eval(base, frame))) for base in node.bases)
        cls = Class(node.name, bases, node, frame.module.name)
        cls.origin = Origin((frame.path, node))
        cls.order = resolution_order(cls)
        for base in cls.order[1:]:
            if isinstance(base, Class) and base.facts.get("enum"):
                cls.facts["enum"] = True
            if isinstance(base, Library) and base.name.startswith("enum."):
                cls.facts["enum"] = True
        inner = type(frame)(frame.path, frame.globals, cls.cells, frame.scope, frame.module)
        inner.owner = cls
        said = docstring(node, frame.path)
        if said is not None:
            self.put(cls.cells, "__doc__", said)
        self.block(node.body, inner)
        if "__doc__" not in cls.cells:
            self.put(cls.cells, "__doc__", Known(None))  # a class does not inherit it
        for name, held in list(cls.cells.items()):
            namer = self._hook(held, "__set_name__") if isinstance(held, Instance) else None
            if namer is not None:
                self.call_with(namer, [cls, Known(name)], (frame.path, node))
        if not self._has_plain_keywords(cls, node, frame):
            cls.order = (cls, Unknown(f"{cls.name} is made by a metaclass, which is not followed"))
        else:
            self._made_below(cls, node, frame)
        if len(cls.order) > 1 and isinstance(cls.order[1], Unknown):
            self.havoc(cls)
        if cls.facts.get("enum"):
            enumerations.make_members(self, cls)
        value: Abstract = cls
        for decorator in reversed(node.decorator_list):
            value = self._decorate(decorator, value, frame)
        self.class_made(cls, node, frame)
        self.put(frame.target(node.name), node.name, value)

    def yields(self, node: ast.AST) -> bool:
        """Return whether a function is a generator."""
        return not isinstance(node, ast.Lambda) and is_generator(node)

    def _has_plain_keywords(self, cls: Class, node: ast.ClassDef, frame: Frame) -> bool:
        """Return whether the keywords of a class statement do nothing that is not followed."""
        given = {keyword.arg or "**": self.eval(keyword.value, frame) for keyword in node.keywords}
        if "metaclass" in given and not self._is_harmless(given.pop("metaclass")):
            return False
        if self._below(cls) is not None:
            cls.facts["told"] = given
            return "**" not in given
        if not any(isinstance(base, Library) and base.name in library.CLASSES for base in cls.order):
            return not given
        cls.facts["keywords"] = given
        return True

    @staticmethod
    def _below(made: Class) -> Abstract | None:
        """Return the `__init_subclass__` that a new class is handed to, None without one in the project."""
        for base in made.order[1:]:
            if isinstance(base, Class) and "__init_subclass__" in base.cells:
                return base.cells["__init_subclass__"]
            if not isinstance(base, Class):
                return None
        return None

    def _made_below(self, cls: Class, node: ast.ClassDef, frame: Frame) -> None:
        """Run the `__init_subclass__` of the class that a new one inherits from."""
        hook = self._below(cls)
        if hook is not None:
            self.call(hook, library.Call([cls], cls.facts.get("told", {}), (frame.path, node)))

    @staticmethod
    def _is_harmless(metaclass: Abstract) -> bool:
        if isinstance(metaclass, Builtin):
            return metaclass.name == "type"
        return isinstance(metaclass, Library) and metaclass.name in {"abc.ABCMeta", "enum.EnumMeta"}

    def class_made(self, cls: Class, node: ast.ClassDef, frame: Frame) -> None:
        """Do what a library's metaclass does with a new class."""


def resolution_order(cls: Class) -> tuple[Abstract, ...]:
    """Return the C3 linearisation of a class; depth first when there is none."""
    sequences = [list(b.order) if isinstance(b, Class) else [b] for b in cls.bases]
    sequences.append(list(cls.bases))
    order: list[Abstract] = [cls]
    while sequences := [s for s in sequences if s]:
        for sequence in sequences:
            head = sequence[0]
            if not any(head in other[1:] for other in sequences):
                break
        else:
            head = sequences[0][0]
        order.append(head)
        sequences = [[c for c in s if c is not head] for s in sequences]
    return _mixins_last(order)


def _mixins_last(order: list[Abstract]) -> tuple[Abstract, ...]:
    """Return the order with a library's class that has a model before mixins that have none: those hand on to it."""
    known = sorted((c for c in order if isinstance(c, Library)), key=lambda c: c.name not in library.INITS)
    return tuple(known.pop(0) if isinstance(c, Library) else c for c in order)


def is_generator(node: ast.AST) -> bool:
    """Return whether a function yields; asked once for each node, however often it is defined."""
    known: bool | None = getattr(node, "yields", None)
    if known is None:
        known = _yields(node)
        node.yields = known  # type: ignore[attr-defined]
    return known


def _yields(node: ast.AST) -> bool:
    waiting = list(ast.iter_child_nodes(node))
    while waiting:
        child = waiting.pop()
        if isinstance(child, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(child))
    return False
