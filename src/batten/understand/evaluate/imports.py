"""Imports: modules of the project are found, evaluated once, and give their names."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Any

from batten.understand.committed import stays_outside
from batten.understand.evaluate import distributions, library
from batten.understand.evaluate.docstrings import docstring
from batten.understand.evaluate.frame import Frame
from batten.understand.evaluate.machine import ExhaustedError, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Known,
    Library,
    Mapping,
    Module,
    Sequence,
    Unknown,
    each,
    join,
)
from batten.understand.evaluate.origin import Origin, locate
from batten.understand.evaluate.statements import Statements
from batten.understand.sources import join as join_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NO_MODULE = ("ModuleNotFoundError", "ImportError", "Exception", "BaseException")
CARRIED = {"bottle": "Marcel Hellkamp"}
"""Libraries of one file that projects carry along, and what stands in the real one."""
_NO_NAME = ("ImportError", "Exception", "BaseException")


class Imports(Statements):
    """The part of the evaluator that imports."""

    parse: Callable[[str, str], ast.Module | None]
    path: list[str]
    libraries: set[str]
    loaded: Mapping

    # Where modules are

    def find(self, name: str) -> tuple[str, bool] | None:
        """Return `(file, is a package)` of a module of the project, None when it has none."""
        roots = [(root, self.world.visible) for root in self.path]
        roots += [(root, self.world.sources.exists) for root in self.world.packaged()]
        bases = [(join_path(root, name.replace(".", "/")), root, sees) for root, sees in roots]
        for base, _, sees in bases:
            for path, package in ((f"{base}/__init__.py", True), (f"{base}.py", False)):
                if path in self.world.renamed:
                    return self.world.renamed[path], package
                if base is not None and sees(path):
                    return path, package
        elsewhere = self._distributed(name)
        if elsewhere is not None:
            return elsewhere
        for base, root, _ in bases:  # a directory without `__init__.py` counts when there is nothing else
            if base is not None and base not in (".", root) and self.world.sources.exists(base):
                return base, True
        return None

    def _distributed(self, name: str) -> tuple[str, bool] | None:
        """Return where a distribution of the repository has a module whose package the process does not see itself."""
        top = name.partition(".")[0]
        sources = self.world.sources
        if top in sys.stdlib_module_names or top in library.MODELS:
            return None  # a library that is known is read as it is released, also beside its own source
        for base in (join_path(root, top) for root in self.path):
            if base is not None and (self.world.visible(f"{base}.py") or distributions.holds_modules(sources, base)):
                return None
        return distributions.module(sources, name)

    def _places(self, name: str) -> Iterator[str]:
        """Yield the files in which a module would be."""
        for root in self.path:
            base = join_path(root, name.replace(".", "/"))
            if base is not None:
                yield from (f"{base}.py", f"{base}/__init__.py")

    # Importing

    def import_module(self, name: str, place: Any = None) -> Abstract:
        """Return a module by its absolute name: of the project, or a library.

        Raises:
            ThrownError: it is a module of the project and is not there.
        """
        module: Abstract | None = None
        parts = name.split(".")
        if parts[0] in self.loaded.cells and parts[0] not in self.modules:
            return self._import_one(parts[0], place)
        held = self.modules.get(parts[0])
        if (held is None or not (held.outside or held.path.endswith(".py"))) and self._is_elsewhere(parts):
            return self._library_module(name, place)
        for count in range(1, len(parts) + 1):
            full = ".".join(parts[:count])
            module = self._import_one(full, place)
            if count > 1 and isinstance(module, Module | Library):
                parent = self.modules.get(".".join(parts[: count - 1]))
                if parent is not None:
                    self.put(parent.cells, parts[count - 1], module)
        return module or Unknown("no module")

    def _is_elsewhere(self, parts: list[str]) -> bool:
        """Return whether a module is none of the project's.

        A directory without `__init__.py` is a package only where nothing that is installed has its name.
        """
        found = self.find(parts[0])
        if found is None or found[0].endswith(".py"):
            return found is None
        return len(parts) > 1 and self.find(".".join(parts[:2])) is None

    def _library_module(self, name: str, place: Any) -> Abstract:
        library.load(name)
        self.libraries.add(name.partition(".")[0])
        if self.world.installed(name) is None:
            outside = next((path for path in self._places(name) if stays_outside(self.world.sources, path)), None)
            if outside is not None:
                return self._outside(name, outside, place)
        if self.world.installed(name) is None and self.catches("ImportError", "ModuleNotFoundError"):
            if not library.MODELS.get(name.partition(".")[0]) and _looks_local(name):
                raise self._missing_module(name, place)
            if self.world.stack.has_requirements or not library.MODELS.get(name.partition(".")[0]):
                self.maybe_thrown += 1
        return Library(library.canonical(name))

    def _put_there(self, name: str, place: Any) -> Abstract | None:
        """Return what the program put into `sys.modules` in place of a module, None where it did not."""
        held = self.loaded.cells.get(name, ABSENT)
        put_there = [choice for choice in each(held) if choice not in (ABSENT, self.modules.get(name))]
        if not put_there:
            return None
        return held if len(put_there) == len([*each(held)]) else Unknown(f"{name} may be another", Origin(place))

    def _import_one(self, name: str, place: Any) -> Abstract:
        other = self._put_there(name, place)
        if other is not None:
            return other
        if name in self.modules:
            module = self.modules[name]
            if name in self.elsewhere and not self.same_environment(self.elsewhere[name]):
                self._again(module)
            if module.outside:
                self.may_throw(frozenset(_NO_MODULE))
            return module
        found = self.find(name)
        if found is None:
            outside = next((path for path in self._places(name) if stays_outside(self.world.sources, path)), None)
            if outside is not None and not self.world.sources.exists(outside):
                return self._outside(name, outside, place)
            raise self._missing_module(name, place)
        path, package = found
        carried = self._carried(path)
        if carried:
            library.load(carried)
            return Library(carried)
        module = Module(name, path, package=package)
        self.modules[name] = module
        self.imported(name)
        try:
            self.run_module(module)
        except ThrownError:
            del self.modules[name]  # so that it is tried again, as Python does
            raise
        return self._put_there(name, place) or module

    def _carried(self, path: str) -> str:
        """Return the name of a library that the project carries along in one file, nothing where it is no library."""
        name = path.rpartition("/")[2].removesuffix(".py")
        return name if name in CARRIED and CARRIED[name] in (self.world.sources.read(path) or "") else ""

    def _again(self, module: Module) -> None:
        """Evaluate a module again that was imported on another way, with other variables set; join what it holds."""
        other = Module(module.name, module.path, package=module.package)
        self.elsewhere.pop(module.name)
        self.run_module(other)
        for name in {**module.cells, **other.cells}:
            one, two = module.cells.get(name, ABSENT), other.cells.get(name, ABSENT)
            self.put(module.cells, name, join(one, two))

    def _outside(self, name: str, path: str, place: Any) -> Module:
        """Return a module that git ignores: production may have it, with whatever names."""
        self.may_throw(frozenset(_NO_MODULE))
        self.doubt(path, "git ignores it: what it sets in production is not in the repository", place)
        module = Module(name, path, package=path.endswith("/__init__.py"))
        module.cells.update({"__name__": Known(name), "*": Known(value=True)})
        module.loaded = module.outside = True
        self.modules[name] = module
        return module

    def _missing_module(self, name: str, place: Any) -> ThrownError:
        """Return the error of a module that the repository does not have; where it is caught, that is an assumption."""
        error = ThrownError(_NO_MODULE, f"No module named {name!r}", place)
        path = next(self._places(name), "")
        if self.catches("ImportError", "ModuleNotFoundError") and not self._held_back(name):
            error.unset = _not_here(path or name, place)
        return error

    def _held_back(self, name: str) -> bool:
        """Return whether the repository has the module and the process does not see it."""
        return any(self.world.sources.exists(path) for path in self._places(name))

    def run_module(self, module: Module, *, anything: bool = False) -> None:
        """Evaluate a module's body; with `anything`, whatever its file is called."""
        module.cells.update(self._globals(module))
        text = self.world.take(module.path) if anything or module.path.endswith(".py") else ""
        tree = self.parse(module.path, text) if text else ast.Module([], [])
        module.cells["__doc__"] = docstring(tree, module.path) or Known(None)
        if text is None or tree is None:
            module.cells["*"] = Known(value=True)
            module.loaded = True
            return
        frame = Frame(module.path, module.cells, module.cells, None, module)
        try:
            self.block(tree.body, frame)
        except (ExhaustedError, RecursionError):
            module.cells["*"] = Known(value=True)  # what it would still have defined is not known
            raise
        finally:
            module.loaded = True

    def _globals(self, module: Module) -> dict[str, Abstract]:
        file = self.world.process_path(module.path)
        package = module.within or (module.name if module.package else module.name.rpartition(".")[0])
        found: dict[str, Abstract] = {
            "__name__": Known(module.name),
            "__file__": Known(file, Origin((module.path, None))),
            "__package__": Known(package),
            "__doc__": Known(None),
            "__spec__": Unknown("an object of the import system"),
            "__loader__": Unknown("an object of the import system"),
        }
        if module.package:
            here = Known(file.rpartition("/")[0] if file.endswith(".py") else file, Origin((module.path, None)))
            found["__path__"] = Sequence("list", (here,))
        return found

    def submodule(self, module: Module, name: str) -> Module | None:
        """Return an already imported submodule."""
        return self.modules.get(f"{module.name}.{name}")

    # Statements

    def _do_Import(self, node: ast.Import, frame: Frame) -> None:
        for alias in node.names:
            module = self.import_module(alias.name, (frame.path, node))
            if alias.asname:
                self.put(frame.target(alias.asname), alias.asname, module)
            else:
                top, _, further = alias.name.partition(".")
                held: Abstract = self.modules[top] if top in self.modules else Library(top)
                self.put(frame.target(top), top, held if further or isinstance(module, Library) else module)

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
        return absolute(frame.module, node.level, node.module or "", place)

    def _member_of(self, module: Abstract, name: str, place: Any) -> Abstract:
        if isinstance(module, Library):
            library.load(f"{module.name}.{name}")
            return self.library_attribute(module.name, name, place)
        if not isinstance(module, Module):
            return Unknown("imported from something that is not known", Origin(place))
        held = module.cells.get(name, ABSENT)
        if held is not ABSENT:
            if any(choice is ABSENT for choice in each(held)):
                self.may_throw(frozenset(_NO_NAME))
            return self.get_attribute(module, name, place)
        full = f"{module.name}.{name}"
        if module.package and (full in self.modules or self.find(full) is not None):
            found = self._import_one(full, place)
            self.put(module.cells, name, found)
            return found
        if "*" in module.cells:
            self.may_throw(frozenset(_NO_NAME))
            return Unknown(f"{full} could not be read", Origin(place))
        hook = module.cells.get("__getattr__")
        if hook is not None:
            return self.call_with(hook, [Known(name)], place)
        if module.package and any(stays_outside(self.world.sources, path) for path in self._places(full)):
            return self._import_one(full, place)
        cycle = "" if module.loaded else " (import cycle: the module is still being imported)"
        raise ThrownError(_NO_NAME, f"cannot import name {name!r} from {module.name!r}{cycle}", place)

    def _import_star(self, module: Abstract, frame: Frame, place: Any) -> None:
        if isinstance(module, Library):
            for name in library.exported(module.name):
                self.put(frame.target(name), name, self.library_attribute(module.name, name, place))
        if not isinstance(module, Module):
            self.put(frame.globals, "*", Known(value=True))
            return
        if module.outside:
            self.assume_kept(frame, module.path, place)
        elif "*" in module.cells:
            self.may_bind(frame, f"from {module.name} import * may bind it: the module could not be read completely")
        every = module.cells.get("__all__")
        wanted = self.plain(every) if every is not None else None
        public = [n for n in module.cells if not str(n).startswith("_") and n != "*"]
        if every is not None and wanted is None:
            self.may_bind(frame, f"{module.name}.__all__ is not known", {n: module.cells[n] for n in public})
            self.put(frame.globals, "*", Known(value=True))
            return
        for name in wanted[0] if wanted else public:
            held = module.cells.get(str(name), ABSENT)
            if wanted is None and any(choice is ABSENT for choice in each(held)):
                kept = frame.target(name).get(name, ABSENT)  # it is not bound on some ways: there the old one stays
                self.put(frame.target(name), name, join(held, kept) if kept is not ABSENT else held)
                continue
            self.put(frame.target(name), name, self._member_of(module, str(name), place))
        if "*" in module.cells:
            self.put(frame.globals, "*", Known(value=True))
            if not module.outside:
                self.doubt(f"from {module.name} import *", "the module could not be read completely", place)

    def assume_kept(self, frame: Frame, path: str, place: Any) -> None:
        """Note that all names hold what they hold unless a file replaces them that is not in the repository."""
        origin = _not_here(path, place)
        for name, held in list(frame.locals.items()):
            if not str(name).startswith("__"):
                self.put(frame.locals, name, self.tainted(held, origin))

    def may_bind(self, frame: Frame, why: str, names: dict[Any, Abstract] | None = None) -> None:
        """Note that any name of a body may have been bound anew: to one of `names`, else to something unknown."""
        for name, held in {**dict.fromkeys(names or (), ABSENT), **frame.locals}.items():
            if not str(name).startswith("__") and (names is None or name in names):
                made = names[name] if names is not None else Unknown(why)
                self.put(frame.locals, name, join(held, made))


def absolute(module: Module, level: int, name: str, place: Any) -> str:
    """Return the absolute name that `from ..name import` means in a module.

    Raises:
        ThrownError: it leads out of the top package.
    """
    parts = f"{module.within}.{module.name}".lstrip(".").split(".")
    drop = level - (1 if module.package else 0)
    if drop > 0 and len(parts) <= drop:
        raise ThrownError(_NO_NAME, "attempted relative import beyond top-level package", place)
    base = ".".join(parts[: len(parts) - drop] if drop else parts)
    return f"{base}.{name}" if name else base


def _looks_local(name: str) -> bool:
    return any(word in name for word in ("local", "secret", "private", "instance", "override", "custom"))


def _not_here(path: str, place: Any) -> Origin:
    """Return what a value depends on that holds only without a file which is not in the repository."""
    at = locate(place)
    return Origin(None, ((at, f"{path} is not in the repository: it may set it", None),), frozenset({path}))


__all__ = ["Imports", "absolute"]
