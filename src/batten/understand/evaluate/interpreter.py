"""The whole evaluator: modules, imports, and the entry into a program."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from enum import Enum
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import constants, library, newer_syntax
from batten.understand.evaluate.arguments import options_told
from batten.understand.evaluate.environ import UNPLACED, World
from batten.understand.evaluate.imports import Imports
from batten.understand.evaluate.objects import (
    Abstract,
    Class,
    Environ,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Object,
    Sequence,
    Unknown,
    plain_object,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.library import Call


class Interpreter(Imports):
    """Evaluates a program of the project from an entry point, without running it."""

    def __init__(self, world: World, parse: Callable[[str, str], ast.Module | None]) -> None:
        """Evaluate in `world`; `parse(path, text)` returns a syntax tree, or None and reports why."""
        super().__init__(world)
        self.parse = parse
        self.environ = Environ(world.variables(), of="environ")
        self.loaded = Mapping(of="sys.modules", more={"rest": Known(value=True)})
        """`sys.modules`, as far as the program asked for it."""
        self.path = list(world.unit.roots)
        """Repository directories on the import path."""
        self.libraries: set[str] = set()
        """First parts of the names of the libraries that were imported."""
        self.hooks: dict[str, list[Any]] = {}
        """Work that library models postpone, by name."""

    def environ_now(self) -> Abstract:
        """Return what `os.environ` is: the program may have put something else in its place."""
        return self.library_attribute("os", "environ", None)

    # Hooks for libraries

    def class_made(self, cls: Class, node: ast.ClassDef, frame: Frame) -> None:
        """Do what a library's metaclass does with a new class."""
        del node
        for base in cls.order:
            model = library.CLASSES.get(base.name) if isinstance(base, Library) else None
            if model is not None:
                model(self, cls, frame)

    def escaped(self, name: str, call: Call) -> None:
        """Note that a library without a model was handed values."""
        self.record.append(("call", name, call))
        options_told(self, call, name)
        for value in call.args:
            target = plain_object(value)
            headers = target.cells.get("headers") if isinstance(target, Instance) else None
            if isinstance(headers, Mapping):
                self.put(headers.more, "rest", Known(value=True))
            if isinstance(target, Mapping) and (target.cells is (call.frame.globals if call.frame else None)):
                self.put(target.cells, "*", Known(value=True))
                self.doubt(f"{name}()", "it may change the settings of the module; it is not followed", call.place)

    def attribute_on_mapping(self, target: Mapping, name: str, value: Abstract, place: Any) -> None:
        """Note an attribute written on a dict-like object, which is no entry of it."""
        self.record.append(("attribute", target, name, value, place))
        if target is self.environ:
            self.obscure(target, Unknown(f"os.environ.{name} was replaced, which is not followed", of="str"))

    # Plain data out

    def data(self, value: Abstract) -> tuple[Any] | None:
        """Return `(plain data,)`; None when a part is not known, no plain data, or a path that is not known."""
        plain = self.plain(value)
        if plain is None or _unplaced(plain[0]):
            return None
        return (_bare(plain[0]),)


def _bare(data: Any) -> Any:
    """Return plain data with members of enumerations as the texts and numbers that they are."""
    if isinstance(data, list | tuple | set | frozenset):
        return type(data)(_bare(item) for item in data)
    if isinstance(data, dict):
        return {_bare(key): _bare(item) for key, item in data.items()}
    return data.value if isinstance(data, Enum) else data


def _unplaced(data: Any) -> bool:
    if isinstance(data, str):
        return UNPLACED in data
    if isinstance(data, list | tuple | set | frozenset):
        return any(_unplaced(item) for item in data)
    if isinstance(data, dict):
        return any(_unplaced(item) for pair in data.items() for item in pair)
    return not isinstance(data, constants.PLAIN)


_NEWER = re.compile(
    r"f-string|multiple exception types|expected '\('|invalid syntax|unterminated string|unmatched '\)'"
)
"""What Python 3.11 says of syntax that later versions have (PEP 695, 701, 758)."""


def parse_python(path: str, text: str, note: Callable[[str, str, int], None]) -> ast.Module | None:
    """Return the syntax tree of Python source; None after telling `note(path, why, line)` why not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, filename=path)
    except SyntaxError as error:
        tree = newer_syntax.parse(text, path) if _NEWER.search(error.msg or "") else None
        if tree is not None:
            return tree
        why = f"it is not valid Python {sys.version_info[0]}.{sys.version_info[1]}: {error.msg}"
        if error.msg and ("Missing parentheses in call to" in error.msg or "print" in (error.text or "")):
            why += " (Python 2?)"
        elif sys.version_info < (3, 14) and _NEWER.search(error.msg or ""):
            why += "; if it was written for a newer Python, run Batten with that one"
        note(path, why, error.lineno or 1)
    except (RecursionError, MemoryError):
        note(path, "its expressions are nested too deeply", 1)
    except ValueError as error:
        note(path, f"it is not valid Python: {error}", 1)
    return None


__all__ = ["Function", "Instance", "Interpreter", "Object", "Sequence", "parse_python"]
