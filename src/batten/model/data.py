"""The decorator of all our nouns: a frozen dataclass to the type checker, a cheap one at run time.

`dataclass(frozen=True, slots=True)` compiles eight functions a class; with a
hundred classes that was a quarter of the start-up (CPython 3.11). Here the
first instance of a class lets `dataclasses` write its methods: most runs make
instances of few of them. That nothing is written after it was made is held by
`mypy --strict`, not at run time.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        eq: bool = True,
        slots: bool = False,
        **options: Any,  # noqa: ANN401 - as the original takes them
    ) -> Any:  # noqa: ANN401 - a class, or a decorator of classes
        """Return the class as a dataclass; hashable by value where it is frozen."""
        options["unsafe_hash"] = options.get("unsafe_hash", False) or (frozen and eq)
        options["eq"] = eq

        def decorate(plain: type) -> type:
            if "__init__" in plain.__dict__:
                return dataclasses.dataclass(plain, slots=slots, **options)
            return _Pending(plain, options).begin(slots=slots)

        return decorate if cls is None else decorate(cls)


_WRITTEN = frozenset(
    "__init__ __repr__ __eq__ __hash__ __lt__ __le__ __gt__ __ge__ __match_args__ __dataclass_fields__ "
    "__dataclass_params__".split()
)


class _Pending:
    """A class whose methods `dataclasses` has not written yet; stands for its `__dataclass_fields__` until then."""

    def __init__(self, plain: type, options: dict[str, Any]) -> None:
        self.plain = plain
        self.options = options
        self.made = plain

    def begin(self, *, slots: bool) -> type:
        """Return the class that its users see: with slots, and with an `__init__` that finishes the class first."""
        if slots:
            self.made = self._slotted()
        made: Any = self.made

        def begin(instance: object, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - what the class takes
            self.finish()
            made.__init__(instance, *args, **kwargs)

        made.__init__ = begin
        made.__dataclass_fields__ = self
        return self.made

    def _slotted(self) -> type:
        """Return the class again, with a slot for each field that no base has one for (as `dataclasses` does it)."""
        plain = self.plain
        told = plain.__dict__.get("__annotations__", {})  # noqa: RUF063 - importing inspect takes longer than all of this
        fields = [name for name, type_ in told.items() if not str(type_).startswith("ClassVar")]
        above = {name for base in plain.__mro__[1:] for name in getattr(base, "__slots__", ())}
        body = {
            name: value for name, value in plain.__dict__.items() if name not in {*fields, "__dict__", "__weakref__"}
        }
        body["__slots__"] = tuple(name for name in fields if name not in above)
        made = type(plain)(plain.__name__, plain.__bases__, body)
        made.__qualname__ = plain.__qualname__
        return made

    def finish(self) -> dict[str, dataclasses.Field[Any]]:
        """Let `dataclasses` write the methods, and return the fields."""
        plain, made = self.plain, self.made
        if made.__dict__["__dataclass_fields__"] is self:
            if made is plain:
                for name in ("__init__", "__dataclass_fields__"):
                    delattr(made, name)
            written = dataclasses.dataclass(plain, **self.options).__dict__
            if made is not plain:
                for name in written.keys() & _WRITTEN:
                    setattr(made, name, written[name])
        found: dict[str, dataclasses.Field[Any]] = made.__dict__["__dataclass_fields__"]
        return found

    def __get__(self, instance: object, owner: type) -> dict[str, dataclasses.Field[Any]]:
        """Return the fields of the class, which is finished for it."""
        return self.finish()


__all__ = ["dataclass"]
