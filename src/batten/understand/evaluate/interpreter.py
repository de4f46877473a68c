"""The whole evaluator: modules, imports, and the entry into a program."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import library
from batten.understand.evaluate.environ import UNPLACED, World
from batten.understand.evaluate.frame import Frame
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Environ,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Object,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.evaluate.statements import Statements
from batten.understand.sources import join as join_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.library import Call


class Interpreter(Statements):
    """Evaluates a program of the project from an entry point, without running it."""

    def __init__(self, world: World, parse: Callable[[str, str], ast.Module | None]) -> None:
        """Evaluate in `world`; `parse(path, text)` returns a syntax tree, or None and reports why."""
        super().__init__(world)
        self.parse = parse
        self.environ = Environ(world.variables(), of="environ")
        self.path = list(world.unit.roots)
        """Repository directories on the import path."""
        self.hooks: dict[str, list[Any]] = {}
        """Work that library models postpone, by name."""

    # Modules

    def find(self, name: str) -> tuple[str, bool] | None:
        """Return `(file, is a package)` of a module of the project, None when it has none."""
        for root in self.path:
            found = self._find_in(root, name, self.world.visible)
            if found is not None:
                return found
        for root in self.world.packaged():
            found = self._find_in(root, name, self.world.sources.exists)
            if found is not None:
                return found
        return None

    def _find_in(self, root: str, name: str, sees: Callable[[str], bool]) -> tuple[str, bool] | None:
        base = join_path(root, name.replace(".", "/"))
        if base is None:
            return None
        for path, package in ((f"{base}/__init__.py", True), (f"{base}.py", False)):
            if sees(path):
                return path, package
        if self.world.sources.exists(base) and base not in (".", root):
            return base, True
        return None

    def import_module(self, name: str, place: Any = None) -> Abstract:
        """Return a module by its absolute name: of the project, or a library.

        Raises:
            ThrownError: it is a module of the project and is not there.
        """
        module: Abstract | None = None
        parts = name.split(".")
        if self.find(parts[0]) is None:
            return self._library_module(name, place)
        for count in range(1, len(parts) + 1):
            full = ".".join(parts[:count])
            module = self._import_one(full, place)
            if count > 1 and isinstance(module, Module):
                parent = self.modules.get(".".join(parts[: count - 1]))
                if parent is not None:
                    self.put(parent.cells, parts[count - 1], module)
        return module or Unknown("no module")

    def _library_module(self, name: str, place: Any) -> Abstract:
        library.load(name)
        if self.world.installed(name) is None and self.catches("ImportError", "ModuleNotFoundError"):
            if self.world.stack.has_requirements:
                self.maybe_thrown += 1
            elif not library.MODELS.get(name.partition(".")[0]) and self._looks_local(name):
                raise ThrownError(
                    ("ModuleNotFoundError", "ImportError", "Exception"), f"No module named {name!r}", place
                )
            elif not library.MODELS.get(name.partition(".")[0]):
                self.maybe_thrown += 1
        return Library(library.canonical(name))

    @staticmethod
    def _looks_local(name: str) -> bool:
        return any(word in name for word in ("local", "secret", "private", "instance", "override", "custom"))

    def _import_one(self, name: str, place: Any) -> Abstract:
        if name in self.modules:
            return self.modules[name]
        found = self.find(name)
        if found is None:
            raise ThrownError(("ModuleNotFoundError", "ImportError", "Exception"), f"No module named {name!r}", place)
        path, package = found
        module = Module(name, path, package=package)
        self.modules[name] = module
        self.run_module(module)
        return module

    def run_module(self, module: Module) -> None:
        """Evaluate a module's body."""
        module.cells.update(self._globals(module))
        text = self.world.take(module.path) if module.path.endswith(".py") else ""
        tree = self.parse(module.path, text) if text else ast.Module([], [])
        if text is None or tree is None:
            module.cells["*"] = Known(value=True)
            module.loaded = True
            return
        frame = Frame(module.path, module.cells, module.cells, None, module)
        frame.open = "*" in module.cells
        try:
            self.block(tree.body, frame)
        finally:
            module.loaded = True
            if frame.open:
                module.cells["*"] = Known(value=True)

    def _globals(self, module: Module) -> dict[str, Abstract]:
        file = self.world.process_path(module.path)
        package = module.name if module.package else module.name.rpartition(".")[0]
        return {
            "__name__": Known(module.name),
            "__file__": Known(file, Origin((module.path, None))),
            "__package__": Known(package),
            "__doc__": Known(None),
        }

    def submodule(self, module: Module, name: str) -> Module | None:
        """Return an already imported submodule."""
        return self.modules.get(f"{module.name}.{name}")

    # Import statements

    def _do_Import(self, node: ast.Import, frame: Frame) -> None:
        for alias in node.names:
            module = self.import_module(alias.name, (frame.path, node))
            if alias.asname:
                self.put(frame.target(alias.asname), alias.asname, module)
            else:
                top = alias.name.partition(".")[0]
                held: Abstract = self.modules[top] if top in self.modules else Library(top)
                self.put(frame.target(top), top, held)

    def _do_ImportFrom(self, node: ast.ImportFrom, frame: Frame) -> None:
        place = (frame.path, node)
        name = self._absolute(node, frame, place)
        module = self.import_module(name, place)
        for alias in node.names:
            if alias.name == "*":
                self._import_star(module, frame, place)
                continue
            self.put(
                frame.target(alias.asname or alias.name),
                alias.asname or alias.name,
                self._member_of(module, alias.name, place),
            )

    @staticmethod
    def _absolute(node: ast.ImportFrom, frame: Frame, place: Any) -> str:
        if not node.level:
            return node.module or ""
        parts = frame.module.name.split(".")
        drop = node.level - (1 if frame.module.package else 0)
        if drop > 0 and len(parts) <= drop:
            raise ThrownError(("ImportError", "Exception"), "attempted relative import beyond top-level package", place)
        base = ".".join(parts[: len(parts) - drop] if drop else parts)
        return f"{base}.{node.module}" if node.module else base

    def _member_of(self, module: Abstract, name: str, place: Any) -> Abstract:
        if isinstance(module, Library):
            library.load(f"{module.name}.{name}")
            return self.library_attribute(module.name, name, place)
        if not isinstance(module, Module):
            return Unknown("imported from something that is not known", Origin(place))
        held = module.cells.get(name, ABSENT)
        if held is not ABSENT:
            return self.get_attribute(module, name, place)
        full = f"{module.name}.{name}"
        if module.package and (full in self.modules or self.find(full) is not None):
            found = self._import_one(full, place)
            self.put(module.cells, name, found)
            return found
        if "*" in module.cells:
            return Unknown(f"{full} could not be read", Origin(place))
        cycle = "" if module.loaded else " (import cycle: the module is still being imported)"
        raise ThrownError(
            ("ImportError", "Exception"), f"cannot import name {name!r} from {module.name!r}{cycle}", place
        )

    def _import_star(self, module: Abstract, frame: Frame, place: Any) -> None:
        if isinstance(module, Library):
            for name in library.exported(module.name):
                self.put(frame.target(name), name, self.library_attribute(module.name, name, place))
        if not isinstance(module, Module):
            frame.open = True
            return
        wanted = self.plain(module.cells["__all__"]) if "__all__" in module.cells else None
        names = wanted[0] if wanted else [n for n in module.cells if not str(n).startswith("_") and n != "*"]
        for name in names:
            self.put(frame.target(name), name, self._member_of(module, str(name), place))
        if "*" in module.cells:
            frame.open = True
            self.doubt(f"from {module.name} import *", "the module could not be read completely", place)

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
        for value in call.args:
            target = plain_object(value)
            headers = target.cells.get("headers") if isinstance(target, Instance) else None
            if isinstance(headers, Mapping):
                self.put(headers.more, "rest", Known(value=True))
            if isinstance(target, Mapping) and (target.cells is (call.frame.globals if call.frame else None)):
                self.doubt(f"{name}()", "it may change the settings of the module; it is not followed", call.place)

    def attribute_on_mapping(self, target: Mapping, name: str, value: Abstract, place: Any) -> None:
        """Note an attribute written on a dict-like object, which is no entry of it."""
        self.record.append(("attribute", target, name, value, place))

    # Plain data out

    def data(self, value: Abstract) -> tuple[Any] | None:
        """Return `(plain data,)`; None when a part is not known or holds a path that is not known."""
        plain = self.plain(value)
        return None if plain is None or _unplaced(plain[0]) else plain


def _unplaced(data: Any) -> bool:
    if isinstance(data, str):
        return UNPLACED in data
    if isinstance(data, list | tuple | set | frozenset):
        return any(_unplaced(item) for item in data)
    if isinstance(data, dict):
        return any(_unplaced(item) for item in data.values())
    return False


def parse_python(path: str, text: str, note: Callable[[str, str, int], None]) -> ast.Module | None:
    """Return the syntax tree of Python source; None after telling `note(path, why, line)` why not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, filename=path)
    except SyntaxError as error:
        why = f"it is not valid Python: {error.msg}"
        if error.msg and ("Missing parentheses in call to" in error.msg or "print" in (error.text or "")):
            why += " (Python 2?)"
        note(path, why, error.lineno or 1)
    except (RecursionError, MemoryError):
        note(path, "its expressions are nested too deeply", 1)
    except ValueError as error:
        note(path, f"it is not valid Python: {error}", 1)
    return None


__all__ = ["Function", "Instance", "Interpreter", "Object", "Sequence", "parse_python"]
