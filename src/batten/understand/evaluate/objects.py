"""What the evaluator computes with: values that are known, one of several, or unknown.

Constants are immutable and carry their origin. Everything with identity
(lists, dicts, classes, instances, modules, functions) keeps its content in a
plain dict of cells, so that one journal can undo and join all writes.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.origin import NOWHERE, Origin
from batten.understand.evaluate.values import ABSENT, Absent, Abstract, Items, Known, OneOf, Unknown

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

Cells = dict[Any, "Abstract"]


class OwnCells(dict[Any, "Abstract"]):
    """The cells of one object; they know when it came into being."""

    __slots__ = ("born",)

    def __init__(self, cells: Cells | None = None) -> None:
        """Start with `cells`, born now."""
        super().__init__(cells or {})
        self.born = next(SERIAL)


SERIAL = count()
"""The order in which objects come into being."""


class Object(Abstract):
    """Something with identity; its content is cells."""

    __slots__ = ("cells", "origin")

    def __init__(self, cells: Cells | None = None, origin: Origin = NOWHERE) -> None:
        """Start with `cells`."""
        self.cells: Cells = cells if isinstance(cells, OwnCells) else OwnCells(cells)
        self.origin = origin


class Sequence(Object):
    """A list, tuple, set, frozenset, range or iterator.

    The cell `items` holds `Items`, a `OneOf` of them, or `Unknown`.
    """

    __slots__ = ("of",)

    def __init__(self, of: str, items: Abstract | tuple[Abstract, ...], origin: Origin = NOWHERE) -> None:
        """Hold elements of a sequence of type `of`."""
        content = Items(items) if isinstance(items, tuple) else items
        super().__init__({"items": content}, origin)
        self.of = of

    @property
    def items(self) -> tuple[Abstract, ...] | None:
        """The elements, or None when they are not known."""
        content = self.cells["items"]
        return content.items if isinstance(content, Items) else None


Enough = Callable[[Abstract], bool]


class Lazy(Sequence):
    """A generator: its elements come into being when they are asked for."""

    __slots__ = ("first", "in_parts", "make")

    def __init__(
        self, make: Callable[[Enough | None], Sequence], origin: Origin = NOWHERE, first: Enough | None = None
    ) -> None:
        """Hold a function that returns the elements; it is called once, and may raise what the program raises.

        It is given a function that tells of an element whether no further one is wanted, or None. `first` is that
        function where only one element is asked for, and asking for more could be noticed.
        """
        super().__init__("iterator", Unknown("a generator that was not asked for its elements"), origin)
        self.make = make
        self.first = first
        self.in_parts: Callable[[], object] | None = None
        """What to do where the elements are asked for one at a time, with other code between; None: it is the same."""
        self.cells["made"] = Known(value=False)


class View(Sequence):
    """`dict.keys()`, `.values()` or `.items()`: it follows the dict."""

    __slots__ = ("look",)

    def __init__(self, look: Callable[[], tuple[Abstract, ...] | None], origin: Origin = NOWHERE) -> None:
        """Hold a function that returns the elements as they are now, None when they are not known."""
        super().__init__("view", Unknown("a view of a dict"), origin)
        self.look = look

    @property
    def items(self) -> tuple[Abstract, ...] | None:
        """The elements, or None when they are not known."""
        return self.look()


class Mapping(Object):
    """A dict; `rest` in `more` stands for further keys that are not known."""

    __slots__ = ("more", "of")

    def __init__(
        self, cells: Cells | None = None, origin: Origin = NOWHERE, of: str = "dict", more: Cells | None = None
    ) -> None:
        """Hold entries: constant key to value."""
        super().__init__(cells, origin)
        self.more: Cells = more or {}
        self.of = of

    @property
    def open(self) -> bool:
        """Whether it may hold keys that are not known."""
        return "rest" in self.more


class Environ(Mapping):
    """The process's environment (`of` is "environ"), or a dict with it: a variable not in its cells no file sets.

    Once the program has set variables whose names are not known, any that is not in its cells may be set: `rest` in
    `more` then holds what they may be.
    """

    __slots__ = ()

    @property
    def open(self) -> bool:
        """Whether it may hold keys that are not known: the machine sets variables of its own."""
        return True

    def held(self, name: Any) -> Abstract:
        """Return what a variable holds, ABSENT where nothing sets it, both where something may."""
        found = self.cells.get(name, ABSENT)
        return OneOf((ABSENT, self.more["rest"])) if found is ABSENT and "rest" in self.more else found


class Namespace(Mapping):
    """`globals()`, `locals()`, `vars()`: names as a dict; the name `*` stands for names that are not known."""

    __slots__ = ()

    @property
    def open(self) -> bool:
        """Whether it may hold keys that are not known."""
        return "*" in self.cells or "rest" in self.more


class Module(Object):
    """A module of the project; cells are its globals."""

    __slots__ = ("loaded", "name", "outside", "package", "path", "within")

    def __init__(self, name: str, path: str, *, package: bool) -> None:
        """Stand for the file `path`, imported as `name`."""
        super().__init__()
        self.name = name
        self.path = path
        self.package = package
        self.loaded = False
        self.outside = False
        """The repository does not have it, and git ignores it: production may."""
        self.within = ""
        """The package that `__main__` belongs to (`python -m package.module`)."""


class Function(Object):
    """A function of the project."""

    __slots__ = ("defaults", "frame", "keeps", "kind", "name", "node", "owner", "path", "wrapped")

    def __init__(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        path: str,
        frame: Any,
    ) -> None:
        """Stand for `node`, closing over `frame`."""
        super().__init__()
        self.node = node
        self.path = path
        self.frame = frame
        self.name = getattr(node, "name", "<lambda>")
        self.defaults: dict[str, Abstract] = {}
        self.kind = "function"
        self.owner: Class | None = None
        self.wrapped = ""
        self.keeps = False
        """Results are kept and given again (`functools.lru_cache`, `cached_property`)."""


class Class(Object):
    """A class of the project."""

    __slots__ = ("bases", "facts", "module", "name", "node", "order")

    def __init__(self, name: str, bases: tuple[Abstract, ...], node: ast.ClassDef | None, module: str) -> None:
        """Stand for a class statement; `order` is its method resolution order."""
        super().__init__()
        self.name = name
        self.bases = bases
        self.node = node
        self.module = module
        self.order: tuple[Abstract, ...] = (self,)
        self.facts: dict[str, Any] = {}


class Library(Object):
    """Something imported from outside the project, by its dotted name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        """Stand for `name`, for example `flask.Flask`."""
        super().__init__()
        self.name = name


class Instance(Object):
    """An object made by calling a class of the project or of a library."""

    __slots__ = ("facts", "made", "of")

    def __init__(self, of: Class | Library, made: Any = None, origin: Origin = NOWHERE) -> None:
        """Stand for an instance of `of`; `made` is the place of the call."""
        super().__init__(origin=origin)
        self.of = of
        self.made = made
        self.facts: dict[str, Any] = {}

    @property
    def library(self) -> str:
        """Dotted name of the library class it is (or inherits from), or nothing."""
        order = self.of.order if isinstance(self.of, Class) else (self.of,)
        return next((c.name for c in order if isinstance(c, Library)), "")


class Bound(Abstract):
    """A function with its first argument, or a library function with its receiver."""

    __slots__ = ("function", "receiver")

    def __init__(self, function: Abstract, receiver: Abstract) -> None:
        """Hold `function` to be called with `receiver` first."""
        self.function = function
        self.receiver = receiver


class Builtin(Abstract):
    """A function that the evaluator itself provides."""

    __slots__ = ("call", "name")

    def __init__(self, name: str, call: Callable[..., Abstract]) -> None:
        """Hold `call(machine, call) -> Abstract`."""
        self.name = name
        self.call = call


class Ref(Abstract):
    """An object, chosen or found through values whose origin matters."""

    __slots__ = ("origin", "others", "target")

    def __init__(self, target: Object, origin: Origin, others: tuple[Object, ...] = ()) -> None:
        """Hold `target`; what is read through it inherits `origin`. `others` would be there with variables set."""
        self.target = target
        self.origin = origin
        self.others = others


def each(value: Abstract) -> Iterator[Abstract]:
    """Yield the alternatives of a value, or the value itself."""
    if isinstance(value, OneOf):
        yield from value.choices
    else:
        yield value


def plain_object(value: Abstract) -> Abstract:
    """Return what a reference points to, or the value itself."""
    return value.target if isinstance(value, Ref) else value


def known(value: Abstract, kind: type | tuple[type, ...] = object) -> bool:
    """Return whether `value` is a constant of the given type."""
    return isinstance(value, Known) and isinstance(value.value, kind)


def distinct(items: tuple[Abstract, ...]) -> tuple[Abstract, ...]:
    """Return the elements of a set, equal constants once."""
    kept: list[Abstract] = []
    for item in items:
        if not any(isinstance(k, Known) and isinstance(item, Known) and k.value == item.value for k in kept):
            kept.append(item)
    return tuple(kept)


MOST_CHOICES = 8


def join(first: Abstract, second: Abstract) -> Abstract:
    """Return the value that is one or the other."""
    if first is second:
        return first
    choices: list[Abstract] = []
    for value in (*each(first), *each(second)):
        for index, kept in enumerate(choices):
            if _same(value, kept):
                choices[index] = _resting(kept, value)
                break
        else:
            choices.append(value)
    if len(choices) == 1:
        return choices[0]
    if len(choices) > MOST_CHOICES:
        return Unknown(f"one of more than {MOST_CHOICES} values", choices[0].origin)
    return OneOf(tuple(choices))


def _resting(kept: Abstract, other: Abstract) -> Abstract:
    """Return a value that another one equals, resting on the variables that the other rests on too."""
    if isinstance(other, Ref) and isinstance(kept, Object):
        return other
    if not isinstance(other, Known | Ref) or not isinstance(kept, Known | Ref) or kept is other:
        return kept
    more = other.origin.unset - kept.origin.unset
    if not more:
        return kept
    origin = kept.origin.also(Origin(None, other.origin.hops, more))
    return Known(kept.value, origin) if isinstance(kept, Known) else Ref(kept.target, origin, kept.others)


def alike(first: Abstract, second: Abstract) -> bool:
    """Return whether two values are the same, as far as a join tells them apart."""
    ones, others = list(each(first)), list(each(second))
    return len(ones) == len(others) and all(map(_same, ones, others))


def _same(first: Abstract, second: Abstract) -> bool:
    if first is second:
        return True
    if isinstance(first, Known) and isinstance(second, Known):
        return type(first.value) is type(second.value) and first.value == second.value
    if isinstance(first, Unknown) and isinstance(second, Unknown):
        return all(getattr(first, part) == getattr(second, part) for part in ("why", "kind", "labels", "prefix"))
    if isinstance(first, Ref) or isinstance(second, Ref):
        return plain_object(first) is plain_object(second)
    if isinstance(first, Items) and isinstance(second, Items):
        return len(first.items) == len(second.items) and all(map(_same, first.items, second.items))
    return False


__all__ = [
    "ABSENT",
    "MOST_CHOICES",
    "SERIAL",
    "Absent",
    "Abstract",
    "Bound",
    "Builtin",
    "Cells",
    "Class",
    "Enough",
    "Environ",
    "Function",
    "Instance",
    "Items",
    "Known",
    "Lazy",
    "Library",
    "Mapping",
    "Module",
    "Namespace",
    "Object",
    "OneOf",
    "OwnCells",
    "Ref",
    "Sequence",
    "Unknown",
    "View",
    "alike",
    "distinct",
    "each",
    "join",
    "known",
    "plain_object",
]
