"""What is written into containers, and what is lost where something writes that is not followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate import environ, frozen
from batten.understand.evaluate.machine import VALUE_ERRORS, Machine, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Cells,
    Class,
    Environ,
    Function,
    Instance,
    Items,
    Known,
    Lazy,
    Library,
    Mapping,
    Module,
    Namespace,
    OneOf,
    Sequence,
    Unknown,
    each,
    join,
    known,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.evaluate.reasons import origin_of

if TYPE_CHECKING:
    from batten.understand.evaluate.origin import Place

_ANY_VARIABLE = "the program sets variables whose names are not known; it may be one of them"


class Effects(Machine):
    """The part of the evaluator that changes containers."""

    def iterate(self, value: Abstract, *, ordered: bool = True) -> list[Abstract] | None:
        """Return the elements a loop would see, None when they are not known."""
        raise NotImplementedError

    def entries_of(self, value: Abstract) -> list[Abstract] | None:
        """Return the pairs of anything that is no dict and no sequence; None when they are not known."""
        raise NotImplementedError

    def takes(self, target: Mapping, key: Abstract, value: Abstract, place: Place = None) -> None:
        """Let an entry be written that a mapping takes: the environment takes texts alone.

        Raises:
            ThrownError: it does not take it, for certain.
        """
        if not isinstance(target, Environ) or target.of != "environ":
            return
        for part in (key, value):
            if isinstance(part, OneOf) and not all(known(choice, str) for choice in part.choices):
                self.may_throw(VALUE_ERRORS)
            if isinstance(part, Known | Sequence | Mapping) and not known(part, str):
                raise ThrownError(("TypeError", "Exception", "BaseException"), "str expected", place)

    def merged(self, target: Mapping, source: Abstract) -> Mapping:
        """Return a dict that is being made, with the entries of `source` written over its own.

        With the environment in it, it knows of a variable what the environment does: what no file sets, is not set.
        """
        if isinstance(plain_object(source), Environ) and not isinstance(target, Environ):
            doubt: Cells = {"rest": Unknown(_ANY_VARIABLE)} if "rest" in target.more else {}
            target = Environ(target.cells, target.origin, "dict", doubt)
        self.update_mapping(target, source)
        return target

    def update_mapping(self, target: Mapping, source: Abstract) -> None:
        """Write all entries of `source` into `target`, as `dict.update` does."""
        origin = origin_of(source)
        source = plain_object(source)
        if isinstance(source, Instance) and "merged" in source.facts:
            source = source.facts["merged"]()
        if isinstance(source, Environ):
            self._replaceable(target, source)
        if isinstance(source, Mapping):
            if source.open and (not isinstance(target, Environ) or "rest" in source.more):
                self.obscure(target)
            self.keyed(target, source.origin)
            for key, held in list(source.cells.items()):
                value = held
                if any(choice is ABSENT for choice in each(held)):
                    kept = [choice for choice in each(held) if choice is not ABSENT]
                    value = join(target.cells.get(key, ABSENT), OneOf(tuple(kept)) if len(kept) > 1 else kept[0])
                self.takes(target, Known(key), value)
                self.put(target.cells, key, self.tainted(value, origin))
            for key, because in self.lacked(source.cells):
                self.missing.setdefault((id(target.cells), key), (target.cells, because))
            return
        pairs = self.iterate(source) if isinstance(source, Sequence) else self.entries_of(source)
        if pairs is None:
            self.obscure(target)
            return
        for pair in pairs:
            halves = self.iterate(pair)
            if halves is None or len(halves) != 2:  # noqa: PLR2004 - a key and a value
                self.obscure(target)
            else:
                self.set_item(target, halves[0], halves[1])

    def _replaceable(self, target: Mapping, variables: Environ) -> None:
        """Let what a dict holds rest on the variables that would replace it (`{**defaults, **os.environ}`)."""
        for key, held in list(target.cells.items()) if target.of != "environ" else ():
            if key in environ.SYSTEM:
                self.put(target.cells, key, join(held, Unknown(f"{key} is set by the system", of="str")))
            elif isinstance(key, str) and key not in variables.cells:
                self.put(target.cells, key, self.tainted(held, Origin(None, (), frozenset({key}))))

    @staticmethod
    def keyed(target: Mapping, because: Origin) -> None:
        """Note that which keys a dict has rests on something, for good."""
        if because.unset and target.of in {"dict", "defaultdict", "OrderedDict"}:
            target.origin = target.origin.also(Origin(None, (), because.unset))

    def set_item(self, target: Mapping, key: Abstract, value: Abstract) -> None:
        """Write one entry; a key that is not known makes the mapping open."""
        self.takes(target, plain_object(key), value)
        plain = frozen.constant(plain_object(key))
        if plain is not None:
            because = Origin(None, (), origin_of(key).unset)
            self.put(target.cells, plain[0], self.tainted(value, because))
            self.keyed(target, because)
            return
        if isinstance(plain_object(key), Class | Library) and not isinstance(target, Environ | Namespace):
            self._keyed(target, key, value)
            return
        if not all(isinstance(choice, Known) for choice in each(key)):
            self.obscure(target, value)
        for choice in each(key):
            if isinstance(choice, Known):
                self.put(target.cells, choice.value, join(target.cells.get(choice.value, ABSENT), value))

    def _keyed(self, target: Mapping, key: Abstract, value: Abstract) -> None:
        """Write an entry whose key is a class: it equals no constant, so other entries stay."""
        held = target.more.get("classes")
        before = held.items if isinstance(held, Items) else ()
        self.put(target.more, "classes", Items((*before, key, value)))
        self.put(target.more, "rest", Known(value=True))

    def obscure(self, target: Mapping, value: Abstract | None = None) -> None:
        """Note that entries which are not known were written: any may now hold `value`, or what it held."""
        written = value or Unknown("an entry of that name may have been written")
        if written is not ABSENT and isinstance(target, Environ):
            self.put(target.more, "rest", Unknown(_ANY_VARIABLE, of="str" if target.of == "environ" else ""))
        elif written is not ABSENT and isinstance(target, Namespace):
            self.put(target.cells, "*", Known(value=True))
        elif written is not ABSENT:
            self.put(target.more, "rest", Known(value=True))
        for key, held in list(target.cells.items()):
            if not str(key).startswith("__") and key != "*":
                self.put(target.cells, key, join(held, written))

    def havoc(self, value: Abstract) -> None:
        """Make what an object holds unknown: something that is not followed may have changed it."""
        changed = Unknown("it may have been changed by something that is not followed")
        if isinstance(value, Sequence):
            content = value.cells["items"]
            self.put(value.cells, "items", changed)
            if isinstance(value, Lazy):
                begun = value.cells["made"]
                self.put(value.cells, "made", Known(value=True))
                if value.in_parts is not None and not (isinstance(begun, Known) and begun.value):
                    value.in_parts()
            for items in each(content):
                self.touch(*(items.items if isinstance(items, Items) else ()))
        elif isinstance(value, Mapping) and id(value.cells) not in self.touching:
            entries = list(value.cells.items())
            self.obscure(value, changed)
            for key, held in entries:
                if not str(key).startswith("__") and not isinstance(held, Unknown):
                    self.put(value.cells, key, join(join(held, changed), ABSENT))
            self.touching.add(id(value.cells))  # it may hold itself: `names = globals()`
            self.touch(*(held for _, held in entries if not isinstance(held, Unknown)))
            self.touching.discard(id(value.cells))
        elif isinstance(value, Module):
            self.put(value.cells, "*", Known(value=True))
            for key, held in list(value.cells.items()):
                if not str(key).startswith("__") and not isinstance(held, Function | Class | Module | Library):
                    self.put(value.cells, key, join(held, changed))
        elif isinstance(value, Class | Instance):
            for key, held in list(value.cells.items()):
                if not isinstance(held, Function):
                    self.put(value.cells, key, join(held, changed))

    def touch(self, *values: Abstract, classes: bool = False) -> None:
        """Make unknown what objects hold that something may change which is no longer followed."""
        for value in values:
            for choice in each(value):
                target = plain_object(choice)
                if isinstance(target, Sequence) and isinstance(target.cells["items"], Unknown):
                    continue
                if isinstance(target, Mapping) and (target.of in {"flask.Config", "environ"} or not target.cells):
                    continue
                followed = isinstance(target, Instance) and not target.library
                if isinstance(target, Sequence | Mapping) or followed or (classes and isinstance(target, Class)):
                    self.havoc(target)

    def parts_lost(self, value: Abstract) -> None:
        """Note that a part of a container was taken which is not known: what is in it may change unseen."""
        for choice in each(value):
            target = plain_object(choice)
            if isinstance(target, Sequence):
                self.touch(*(target.items or ()), classes=True)
                for items in each(target.cells["items"]):
                    self.touch(*(items.items if isinstance(items, Items) else ()), classes=True)
            elif isinstance(target, Mapping) and target.of != "environ":
                self.touch(*target.cells.values(), classes=True)
