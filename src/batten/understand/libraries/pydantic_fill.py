"""Objects of pydantic models: each field checked, validators called in their order (pydantic 2.14 and 1.10)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from batten.understand.evaluate import environ
from batten.understand.evaluate.items import bound_only
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Mapping,
    OneOf,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import pydantic_said as said
from batten.understand.libraries.pydantic_check import At, check, is_empty_text
from batten.understand.libraries.pydantic_defaults import call_decorated, copied, inside, marked, paths, walked
from batten.understand.libraries.pydantic_models import Declared, Decorated, Model, model_of
from batten.understand.libraries.pydantic_names import NEW, OLD
from batten.understand.libraries.pydantic_types import NONE, Type, parts, union

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place

    Names = Callable[[Declared], tuple[str, ...]]

_ABSENT_ERRORS = ("ValidationError", "ValueError")


class Filling:
    """One object being made."""

    def __init__(self, machine: Interpreter, model: Model, instance: Instance, place: Place, major: int) -> None:
        """Begin with no field set."""
        self.machine = machine
        self.model = model
        self.instance = instance
        self.place = place
        self.major = major
        self.names: Names = lambda _: ()
        """The variables that would set a field."""
        self.delimiter = ""
        self.exact_case = False
        self.data = Mapping()
        """The fields that were checked, for the validators of later ones."""

    def at(self, declared: Declared) -> At:
        """Return where a field is checked."""
        return At(
            self.machine,
            declared.place,
            self.major,
            f"{self.model.cls.name}.{declared.name}",
            self.model.config,
            self.model.cls,
            self.data,
            self.names(declared),
            self.delimiter,
            self.place,
            self.exact_case,
        )

    @property
    def around(self) -> At:
        """Where the model as a whole is checked."""
        name = self.model.cls.name
        return At(self.machine, self.place, self.major, name, self.model.config, self.model.cls, self.data)

    def fill(self, given: Abstract) -> None:
        """Set the fields from what is given, and do all that pydantic does around it.

        Raises:
            InvalidError: pydantic refuses it, for certain.
        """
        if self.model.doubt:
            self._doubt(self.model.doubt, given)
        elif self.major == OLD:
            self._fill_old(given)
        else:
            self._fill_new(given)

    def _doubt(self, why: str, given: Abstract) -> None:
        for name in self.model.fields:
            self._set(name, Unknown(why, origin_of(given)))

    def _set(self, name: str, value: Abstract) -> None:
        self.machine.put(self.instance.cells, name, value)
        self.data.cells[name] = value

    # pydantic 2

    def _fill_new(self, given: Abstract) -> None:
        validators = self.model.of_kind("model", "old model")
        for one in reversed([one for one in validators if one.mode == "before"]):
            given = self._of_model(one, [given])

        def inner(data: Abstract) -> Abstract:
            self._fields(data)
            self._private()
            return self.instance

        action: Callable[[Abstract], Abstract] = inner
        for one in validators:
            if one.mode == "wrap":
                action = partial(self._wrapped, one, action)
            elif one.mode == "after":
                action = partial(self._after, one, action)
        action(given)

    def _wrapped(self, one: Decorated, action: Callable[[Abstract], Abstract], data: Abstract) -> Abstract:
        handler = Builtin("handler", lambda _machine, call: action(call.args[0]))
        return self._of_model(one, [data, handler])

    def _after(self, one: Decorated, action: Callable[[Abstract], Abstract], data: Abstract) -> Abstract:
        action(data)
        if one.kind == "old model":
            values = Mapping({name: self.instance.cells[name] for name in self.model.fields})
            self._take_over(self._of_model(one, [values]))
            return self.instance
        function = plain_object(one.function)
        if isinstance(function, Function) and function.kind == "function":
            said.called(one.function, [self.instance], self.around)
        else:
            self._of_model(one, [self.instance])
        return self.instance

    def _take_over(self, values: Abstract) -> None:
        found = plain_object(values)
        for name in self.model.fields:
            held = found.cells.get(name, ABSENT) if isinstance(found, Mapping) and not found.open else ABSENT
            self._set(name, held if held is not ABSENT else Unknown("a validator of the model changed it unseen"))

    def _of_model(self, one: Decorated, args: list[Abstract]) -> Abstract:
        """Return what a validator of the whole model gives; it is handed the class first."""
        return call_decorated(one, args, self.around)

    def _fields(self, given: Abstract) -> None:
        data = plain_object(given)
        if not isinstance(data, Mapping):
            if isinstance(data, Known | Sequence):
                raise self.around.invalid("Input should be a valid dictionary", data)
            self._doubt("it is made from something that is not known", given)
            return
        used: set[str] = set()
        for declared in self.model.fields.values():
            held = self._given(declared, data, used)
            value = self._field(declared, held)
            self._set(declared.name, value)
        self._extra(data, used)

    def _field(self, declared: Declared, held: Abstract) -> Abstract:
        at = self.at(declared)
        if declared.doubt:
            return at.doubt(declared.doubt, Known(None) if held is ABSENT else held)
        ways = [
            partial(self.default, declared, at) if choice is ABSENT else partial(self.checked, declared, choice, at)
            for choice in each(held)
        ]
        return self.machine.either_way(ways)

    def checked(self, declared: Declared, value: Abstract, at: At) -> Abstract:
        """Return a value as the field makes it, with its validators."""
        type_ = self.type_of(declared)
        validators = self.model.of_field(declared.name)
        if self.major == OLD:
            return self._checked_old(value, type_, validators, at)
        action: Callable[[Abstract], Abstract] = partial(_check, type_, at)
        for one in validators:
            action = partial(self._around, one, action, at)
        return action(value)

    def _around(self, one: Decorated, action: Callable[[Abstract], Abstract], at: At, value: Abstract) -> Abstract:
        if isinstance(value, OneOf):
            return self.machine.either_way([partial(self._around, one, action, at, choice) for choice in value.choices])
        if one.mode == "before":
            return action(self._each(one, value, at))
        if one.mode == "after":
            return self._each(one, action(value), at)
        if one.mode == "plain":
            return self._each(one, value, at)
        handler = Builtin("handler", lambda _machine, call: action(call.args[0]))
        return call_decorated(one, [value, handler], at)

    def _each(self, one: Decorated, value: Abstract, at: At) -> Abstract:
        """Return what a validator makes of a value, or of each element of it."""
        if isinstance(value, OneOf):
            return self.machine.either_way([partial(self._each, one, choice, at) for choice in value.choices])
        target = plain_object(value)
        if one.each and isinstance(target, Sequence) and target.items is not None:
            items = tuple(call_decorated(one, [item], at) for item in target.items)
            return Sequence(target.of, items, target.origin)
        if one.each and isinstance(target, Sequence | Mapping):
            return at.doubt("each element is checked by a function", value)
        return call_decorated(one, [value], at)

    def type_of(self, declared: Declared) -> Type:
        """Return a field's type; in pydantic 1 one whose default is None takes None."""
        type_ = declared.typed(self.machine)
        default = plain_object(declared.default) if declared.default is not None else None
        is_none = isinstance(default, Known) and default.value is None
        if self.major == OLD and is_none and type_.kind not in {"any", "pending", "unknown"}:
            return union((type_, NONE))
        return type_

    # Defaults

    def default(self, declared: Declared, at: At) -> Abstract:
        """Return what a field is when nothing is given for it.

        Raises:
            InvalidError: it has to be given.
        """
        held = self._written_default(declared, at)
        if held is None:
            return self._missing(declared, at)
        value = marked(held, at)
        return self.checked(declared, value, at) if self._is_checked(declared) else value

    def _written_default(self, declared: Declared, at: At) -> Abstract | None:
        if declared.factory is not None:
            function = plain_object(declared.factory)
            data = [self.data] if isinstance(function, Function) and said.positional(function) else []
            return self.machine.call_with(declared.factory, list(data), at.place)
        if declared.default is not None:
            return declared.default
        optional = any(part.kind in {"none", "any"} for part in parts(self.type_of(declared)))
        return Known(None, Origin(declared.place)) if self.major == OLD and optional and not declared.required else None

    def _is_checked(self, declared: Declared) -> bool:
        if self.major == OLD:
            always = any(one.always for one in self.model.of_field(declared.name))
            every = self.model.config.get("validate_all", Known(self.model.settings))
            return always or self.machine.truth(every) is not False
        said_of_field = declared.told.get("validate_default")
        if isinstance(said_of_field, Known) and said_of_field.value is not None:
            return bool(said_of_field.value)
        if any(one.always and one.kind == "old field" for one in self.model.of_field(declared.name)):
            return True
        return self.machine.truth(self.model.config.get("validate_default", Known(self.model.settings))) is not False

    def _missing(self, declared: Declared, at: At) -> Abstract:
        """Return the value of a field that has to be set: production is bound to set its variable."""
        if not at.names:
            raise at.invalid("Field required")
        if self.machine.catches(*_ABSENT_ERRORS):
            error = at.invalid(f"Field required: {at.names[0]} is not set")
            hop = (declared.place, f"{at.names[0]} is not set", None)
            error.unset = Origin(None, (hop,), frozenset(at.names))
            raise error
        type_ = self.type_of(declared)
        if at.delimiter and type_.kind == "model" and isinstance(type_.of, Class):
            return nested(Mapping(), type_.of, at)
        held = environ.read(self.machine, self.machine.environ.cells, at.names[0], None, declared.place)
        return self.checked(declared, held, at)

    # What is given

    def _given(self, declared: Declared, data: Mapping, used: set[str]) -> Abstract:
        """Return what is given for a field, ABSENT for nothing, both where either may be."""
        found: Abstract = ABSENT
        for path in paths(self.machine, self.model, declared, self.major):
            held = walked(data, path)
            if held is not ABSENT:
                used.add(str(path[0]))
            found = held if found is ABSENT else join(bound_only(found), held)
            if not any(choice is ABSENT for choice in each(found)):
                return found
        if found is ABSENT and data.open:
            return Unknown(f"{declared.name} may be given in a way that is not known")
        return found

    def _extra(self, data: Mapping, used: set[str]) -> None:
        extra = plain_object(self.model.config.get("extra", Known(self._usual_extra)))
        kind = getattr(extra, "value", None) if isinstance(extra, Known) else self._member(extra)
        for key, held in data.cells.items():
            if key in used or kind == "ignore":
                continue
            if kind == "forbid" and not any(choice is ABSENT for choice in each(held)):
                raise self.around.invalid(f"{key}: Extra inputs are not permitted", bound_only(held))
            if kind == "allow" and key in self.model.fields:
                self.instance.facts.setdefault("shadows", {})[key] = held  # a dump shows it in the field's place
            elif kind == "allow":
                self.machine.put(self.instance.cells, key, held)
                self.instance.facts.setdefault("extra", []).append(key)
        if kind == "allow" and data.open:
            self.instance.facts["open"] = True

    @property
    def _usual_extra(self) -> str:
        return "forbid" if self.model.settings else "ignore"

    @staticmethod
    def _member(value: Abstract) -> object:
        held = value.cells.get("value") if isinstance(value, Instance) else None
        return held.value if isinstance(held, Known) else None

    def _private(self) -> None:
        for name, one in self.model.private.items():
            call: Call = one.facts["args"]
            factory, default = call.kwargs.get("default_factory"), call.get("default", 0)
            if factory is not None and plain_object(factory) is not None and not isinstance(factory, Known):
                self.machine.put(self.instance.cells, name, self.machine.call_with(factory, [], self.place))
            elif default is not None:
                self.machine.put(self.instance.cells, name, default)
        if self.major == NEW:
            self.machine.special(self.instance, "model_post_init", [Known(None)], self.place)

    # pydantic 1

    def _fill_old(self, given: Abstract) -> None:
        validators = self.model.of_kind("old model")
        for one in [one for one in validators if one.mode == "before"]:
            given = self._of_model(one, [given])
        self._fields(given)
        for one in [one for one in validators if one.mode == "after"]:
            values = Mapping({name: self.instance.cells[name] for name in self.model.fields})
            self._take_over(self._of_model(one, [values]))
        self._private()

    def _checked_old(self, value: Abstract, type_: Type, validators: list[Decorated], at: At) -> Abstract:
        if isinstance(value, OneOf):
            ways = [partial(self._checked_old, choice, type_, validators, at) for choice in value.choices]
            return self.machine.either_way(ways)
        for one in validators:
            if one.mode == "before":
                value = self._each(one, value, at)
        value = check(value, type_, at)
        for one in validators:
            if one.mode == "after":
                value = self._each(one, value, at)
        return value


def _check(type_: Type, at: At, value: Abstract) -> Abstract:
    return check(value, type_, at)


def nested(value: Abstract, cls: Class, at: At) -> Abstract:
    """Return a value as a field of a model's type takes it.

    Raises:
        InvalidError: it is refused, for certain.
    """
    target = plain_object(value)
    if isinstance(target, Instance) and isinstance(target.of, Class) and cls in target.of.order:
        return copied(target) if at.major == OLD else value
    if at.major == OLD and isinstance(target, Sequence):
        empty = target.items is not None and not target.items
        return nested(Mapping(), cls, at) if empty else at.doubt("pairs that become a dict", value)
    if at.major == OLD and is_empty_text(target):
        return nested(Mapping(), cls, at)
    if not isinstance(target, Mapping):
        if isinstance(target, Known | Sequence):
            raise at.invalid(f"a dictionary or a {cls.name} is wanted", value)
        return at.doubt(f"a {cls.name} that is not known", value)
    model, machine = model_of(cls), at.machine
    if model.settings or any(isinstance(base, Class) and "__init__" in base.cells for base in cls.order):
        if any(choice is ABSENT for held in target.cells.values() for choice in each(held)):
            return at.doubt("what it is made from is not known", value)
        kwargs = {str(key): held for key, held in target.cells.items()}
        return machine.instantiate(cls, Call([], kwargs, at.made_at, open=target.open))
    made = Instance(cls, at.made_at, Origin(at.place))
    filling = Filling(machine, model, made, at.made_at, at.major)
    filling.names, filling.delimiter, filling.exact_case = partial(inside, at), at.delimiter, at.exact_case
    filling.fill(target)
    return made


def given_of(call: Call) -> Mapping:
    """Return the keywords of a call as a dict; open when more were passed that are not known."""
    data = Mapping(dict(call.kwargs), Origin(call.place))
    if call.open:
        data.more["rest"] = Known(value=True)
    return data
