"""Objects of the project's classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import constants, dataclass_init, enumerations, frozen, library
from batten.understand.evaluate.calls import Calls
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Bound,
    Builtin,
    Class,
    Function,
    Instance,
    Library,
    Sequence,
    Unknown,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import NOWHERE, Origin, Place, combined
from batten.understand.evaluate.reasons import rests_on

if TYPE_CHECKING:
    from collections.abc import Callable


MOST_ELEMENTS = 500
"""How many elements an iterator of the project may give to be followed."""


class Instances(Calls):
    """The part of the evaluator that makes objects."""

    def instantiate(self, cls: Class, call: Call) -> Abstract:
        """Return a new instance of a class of the project."""
        if cls.facts.get("enum"):
            return enumerations.chosen(self, cls, call)
        name = next((base.name for base in cls.order if isinstance(base, Library)), "")
        made = library.CALLS.get(f"{name}.__new__") if name else None
        if made is not None:
            return made(self, call.bound(cls))  # type: ignore[arg-type]
        instance = Instance(cls, call.place, Origin(call.place))
        made_by = self._hook(instance, "__new__")
        if isinstance(made_by, Bound):
            self.havoc(cls)
            if isinstance(made_by.function, Function):
                self.unfollowed(made_by.function, call)
            return Unknown(f"{cls.name} has __new__, which is not followed", Origin(call.place))
        hook = self._hook(instance, "__init__")
        written = dataclass_init.writer(cls)
        if written is not None:
            self._made(cls, instance, call, dataclass_init.fill(self, written, instance, call))
        elif hook is not None:
            self.call(hook, call)
        elif name:
            self.init_library(name, instance, call)
        if any("passw" in given for given in call.kwargs):
            self.record.append(("made", cls, call))  # perhaps an account that the code creates
        return instance

    def hooked(self, value: Instance, name: str) -> bool:
        """Return whether a class of the project defines a special method of the object."""
        return self._hook(value, name) is not None

    def entries_of(self, value: Abstract) -> list[Abstract] | None:
        """Return the pairs of an object of a library that is a mapping; None when they are not known."""
        full = library.method(value.library, "items") if isinstance(value, Instance) else None
        if not full or not isinstance(value, Instance) or self.hooked(value, "keys") or self.hooked(value, "items"):
            return None
        return self.iterate(self.call_library(full, Call([], {}, None, receiver=value)))

    def elements(self, value: Abstract) -> list[Abstract] | None:
        """Return the elements of an object that a library model, or a constant, can tell."""
        held = frozen.constant(value)
        if held is not None and isinstance(held[0], tuple):
            return [self.lift(part, rests_on(value)) for part in held[0]]
        if isinstance(value, Class) and enumerations.is_enumeration(value):
            return enumerations.members(value)
        if isinstance(value, Instance) and (self.hooked(value, "__iter__") or self.hooked(value, "__getitem__")):
            return self._gone_through(value)
        full = library.method(value.library, "__iter__") if isinstance(value, Instance) else None
        if full and isinstance(value, Instance) and not self.hooked(value, "__iter__"):
            found = self.call_library(full, Call([], {}, None, receiver=value))
            if isinstance(plain_object(found), Sequence):
                return self.iterate(found)
        return super().elements(value)

    def _gone_through(self, value: Instance) -> list[Abstract] | None:
        """Return what an iterable of the project gives, None when that is not certain."""
        over: Abstract = value
        if self.hooked(value, "__iter__"):
            over = plain_object(self.special(value, "__iter__", [], None) or Unknown("nothing"))
        if not isinstance(over, Instance) or not self.hooked(over, "__next__"):
            if over is not value:
                return self.iterate(over)
            self._passed_by(value)
            return None
        found: list[Abstract] = []
        self.catching.append(frozenset({"StopIteration"}))
        thrown, maybe = self.maybe_thrown, len(self.maybe)
        try:
            while len(found) < MOST_ELEMENTS and thrown == self.maybe_thrown and maybe == len(self.maybe):
                found.append(self.special(over, "__next__", [], None) or Unknown("nothing"))
        except ThrownError as error:
            if "StopIteration" not in error.kinds:
                raise
            return found
        finally:
            self.catching.pop()
        self._passed_by(over)
        return None

    def _passed_by(self, value: Instance) -> None:
        """Note that the methods of an object run which are not followed."""
        for name in ("__iter__", "__next__", "__getitem__", "__len__"):
            hook = self._hook(value, name)
            if isinstance(hook, Bound) and isinstance(hook.function, Function):
                self.unfollowed(hook.function, Call([value], {}, None))

    def compares_by_identity(self, value: Instance) -> bool:
        """Return whether an object equals nothing but itself."""
        if self.hooked(value, "__eq__") or not isinstance(value.of, Class):
            return False
        if any(isinstance(base, Class) and base.facts.get("dataclass") for base in value.of.order):
            return False
        return all(isinstance(b, Class) or getattr(b, "name", "") in {"object", "enum.Enum"} for b in value.of.order)

    def instance_truth(self, value: Instance) -> bool | None:
        """Return the truth value of an object, None when it could be either."""
        for name in ("__bool__", "__len__"):
            hook = self._hook(value, name)
            full = library.method(value.library, name) if hook is None else None
            if hook is not None or full is not None:
                return self.truth(self.call_with(hook or Bound(Library(str(full)), value), [], None))
        held = frozen.constant(value)
        if held is not None:
            return bool(held[0])
        if isinstance(value.of, Class) and value.of.facts.get("enum"):
            mixed = any(
                isinstance(base, Builtin) or (isinstance(base, Library) and base.name != "enum.Enum")
                for base in value.of.order
            )
            return self.truth(value.cells.get("value", Unknown("no value"))) if mixed else True
        if isinstance(value.of, Class) and not all(isinstance(base, Class | Library) for base in value.of.order):
            return None
        return True if value.library in {"", "object"} or value.library in library.INITS else None

    def _made(self, cls: Class, instance: Instance, call: Call, handed: list[Abstract]) -> None:
        """Do what follows when the fields of a dataclass are set."""
        for base in cls.order:
            if isinstance(base, Class) and "converts" in base.facts:
                base.facts["converts"](self, instance)
        hook = self._hook(instance, "__post_init__")
        if hook is not None:
            self.call_with(hook, handed, call.place)

    def attempted(self, read: Callable[[], Abstract]) -> tuple[Abstract | None, bool]:
        """Return what `read` gives, None when it raises; and whether it may raise."""
        self.catching.append(frozenset({"AttributeError"}))
        thrown, maybe = self.maybe_thrown, len(self.maybe)
        self.failed = NOWHERE
        try:
            found: Abstract | None = read()
        except ThrownError as error:
            if "AttributeError" not in error.kinds:
                raise
            found, self.failed = None, error.unset
        finally:
            self.catching.pop()
        return found, found is None or self.maybe_thrown > thrown or len(self.maybe) > maybe

    @staticmethod
    def ordered(function: Callable[[], Any], place: Place) -> Any:
        """Return what Python gives for plain data.

        Raises:
            ThrownError: Python raises.
        """
        try:
            return constants.run(function)
        except constants.RefusedError as error:
            raise ThrownError(error.kinds, str(error), place) from None

    def either(self, first: Abstract, second: Abstract) -> Abstract:
        """Return the value that is one or the other."""
        return join(first, second)

    def depends(self, place: Place, *values: Abstract) -> Origin:
        """Return the origin of something decided at `place` by `values`."""
        return combined(place, *map(rests_on, values))
