"""The decorator of all our nouns: a frozen dataclass to the type checker, a cheap one at run time.

`dataclass(frozen=True, slots=True)` compiles eight functions a class; with a
hundred classes that was a quarter of the start-up (CPython 3.11). Here the
first instance of a class lets `dataclasses` write its `__init__`, and equality,
hash and representation are told by the fields' names. That nothing is written
after it was made is held by `mypy --strict`, not at run time.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass
else:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        eq: bool = True,
        slots: bool = False,
    ) -> Any:  # noqa: ANN401 - a class, or a decorator of classes
        """Return the class as a dataclass; hashable by value where it is frozen."""

        def decorate(plain: type) -> type:
            return _Noun(plain, eq=eq, hashed=frozen and eq).begin(slots=slots)

        return decorate if cls is None else decorate(cls)


class _Noun:
    """A class whose `__init__` is not written yet; stands for its `__dataclass_fields__` until then."""

    def __init__(self, plain: type, *, eq: bool, hashed: bool) -> None:
        self.plain = plain
        self.made = plain
        self.eq = eq
        self.hashed = hashed
        self.own_init = False
        self.compared: Callable[[Any], Any] | None = None

    def begin(self, *, slots: bool) -> type:
        """Return the class that its users see: with slots, and with an `__init__` that finishes the class first."""
        if slots:
            self.made = self._slotted()
        made: Any = self.made
        self.own_init = "__init__" in made.__dict__
        if not self.own_init:

            def begin(instance: object, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - what the class takes
                self.finish()
                made.__init__(instance, *args, **kwargs)

            made.__init__ = begin
        made.__dataclass_fields__ = self
        made.__repr__ = self._representation()
        if self.eq:
            made.__eq__ = self._equality()
            made.__hash__ = self._hash() if self.hashed else None
        return self.made

    def _slotted(self) -> type:
        """Return the class again, with a slot for each field that no base has one for (as `dataclasses` does it)."""
        plain = self.plain
        told = plain.__dict__.get("__annotations__", {})  # noqa: RUF063 - importing inspect takes longer than all this
        fields = [name for name, type_ in told.items() if not str(type_).startswith("ClassVar")]
        above = {name for base in plain.__mro__[1:] for name in getattr(base, "__slots__", ())}
        left_out = {*fields, "__dict__", "__weakref__"}
        body = {name: value for name, value in plain.__dict__.items() if name not in left_out}
        body["__slots__"] = tuple(name for name in fields if name not in above)
        made = type(plain)(plain.__name__, plain.__bases__, body)
        made.__qualname__ = plain.__qualname__
        return made

    def _equality(self) -> Callable[[object, object], bool]:
        def __eq__(one: object, other: object) -> bool:  # noqa: N807 - its name in a traceback
            if other.__class__ is not one.__class__:
                return NotImplemented
            key = self.compared or self._compared()
            return bool(key(one) == key(other))

        return __eq__

    def _hash(self) -> Callable[[object], int]:
        def __hash__(one: object) -> int:  # noqa: N807 - its name in a traceback
            return hash((self.compared or self._compared())(one))

        return __hash__

    def _representation(self) -> Callable[[object], str]:
        @recursive_repr()
        def __repr__(one: object) -> str:  # noqa: N807 - its name in a traceback
            shown = [field.name for field in dataclasses.fields(self.made) if field.repr]
            told = (f"{name}={getattr(one, name)!r}" for name in shown)
            return f"{one.__class__.__qualname__}({', '.join(told)})"

        return __repr__

    def _compared(self) -> Callable[[Any], Any]:
        """Return what gives an instance's fields that are compared."""
        names = [field.name for field in dataclasses.fields(self.made) if field.compare]
        self.compared = attrgetter(*names) if names else lambda _: ()
        return self.compared

    def finish(self) -> dict[str, dataclasses.Field[Any]]:
        """Let `dataclasses` write the `__init__`, and return the fields."""
        plain, made = self.plain, self.made
        if made.__dict__["__dataclass_fields__"] is self:
            if made is plain:
                for name in ["__dataclass_fields__", *["__init__"] * (not self.own_init)]:
                    delattr(made, name)
            written = dataclasses.dataclass(plain, eq=False, repr=False).__dict__
            if made is not plain:
                for name in ("__init__", "__match_args__", "__dataclass_fields__", "__dataclass_params__"):
                    setattr(made, name, written[name])
        found: dict[str, dataclasses.Field[Any]] = made.__dict__["__dataclass_fields__"]
        return found

    def __get__(self, instance: object, owner: type) -> dict[str, dataclasses.Field[Any]]:
        """Return the fields of the class, which is finished for it."""
        return self.finish()


__all__ = ["dataclass"]
