"""From variables to the fields of settings (pydantic-settings 2.16 `sources/providers/env.py` and `dotenv.py`)."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.evaluate.items import bound_only
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Instance,
    Known,
    Mapping,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of
from batten.understand.libraries.pydantic_defaults import aliases, by_field_name
from batten.understand.libraries.pydantic_models import Declared, Model, model_of
from batten.understand.libraries.pydantic_names import NEW
from batten.understand.libraries.pydantic_types import Type, parts
from batten.understand.libraries.pydantic_variables import NoneText

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.libraries.pydantic_variables import Options, Variables

SETTINGS_ERROR = ("SettingsError", "ValueError", "Exception", "BaseException")
_COMPLEX = frozenset("list set frozenset tuple tuple... dict mapping sequence model dataclass".split())
_UNCLEAR = frozenset({"unknown", "pending", "foreign", "instance"})
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Name:
    """One variable that may set a field."""

    key: str
    """The key under which pydantic is then given the value."""
    variable: str
    """Folded."""
    decoded: bool
    """It holds JSON."""


def names_of(machine: Interpreter, model: Model, declared: Declared, options: Options) -> list[Name]:
    """Return the variables that may set a field, the first wins (`_extract_field_info`)."""
    found: list[Name] = []
    by_alias = machine.truth(model.config.get("validate_by_alias", Known(value=True))) is not False
    other = aliases(machine, model, declared, NEW) if by_alias else None
    for path in other or ():
        prefix = options.prefix if options.prefix_target in {"alias", "all"} else ""
        found.append(Name(str(path[0]), options.folded(f"{prefix}{path[0]}"), len(path) > 1))
    if not other or by_field_name(machine, model.config):
        prefix = options.prefix if options.prefix_target in {"variable", "all"} else ""
        type_ = declared.typed(machine)
        decoded = len(parts(type_)) > 1 and complexity(type_) is True
        found.append(Name(declared.name, options.folded(prefix + declared.name), decoded))
    return found


def complexity(type_: Type) -> bool | None:
    """Return whether a type is read as JSON, None when that is not followed (`_annotation_is_complex`)."""
    if type_.kind == "union":
        found = {complexity(member) for member in type_.args}
        return True if True in found else None if None in found else False
    if type_.kind == "annotated":
        return complexity(type_.args[0])
    return None if type_.kind in _UNCLEAR else type_.kind in _COMPLEX


def _is_decoded(type_: Type, options: Options) -> bool:
    """Return whether JSON is decoded before pydantic sees it (`NoDecode`, `ForceDecode`)."""
    said = set()
    while type_.kind == "annotated":
        said.add(type_.name)
        type_ = type_.args[0]
    return "NoDecode" not in said and (options.decodes or "ForceDecode" in said)


class Reader:
    """Reads the fields of one class from one set of variables."""

    def __init__(self, machine: Interpreter, model: Model, options: Options, variables: Variables) -> None:
        """Read `variables` for the fields of `model`."""
        self.machine = machine
        self.model = model
        self.options = options
        self.variables = variables

    def read(self) -> Mapping:
        """Return what the variables set, by the keys that pydantic is given.

        Raises:
            ThrownError: a variable holds no JSON where JSON is wanted.
        """
        data = Mapping()
        for declared in self.model.fields.values():
            key, held = self._field(declared)
            if held is not ABSENT:
                data.cells[key] = held
        return data

    def _field(self, declared: Declared) -> tuple[str, Abstract]:
        names = names_of(self.machine, self.model, declared, self.options)
        found: Abstract = ABSENT
        name = names[-1]
        for name in names:
            held = self.variables.get(name.variable, declared.place)
            found = held if found is ABSENT else join(bound_only(found), held)
            if not any(choice is ABSENT for choice in each(found)):
                break
        key = name.key
        by_name = by_field_name(self.machine, self.model.config)
        if not (name.decoded or (by_name and key == declared.name)) and not names[0].decoded:
            key = names[0].key
        result: Abstract | None = None
        for choice in each(found):
            one = self._prepared(declared, choice, decoded=name.decoded)
            result = one if result is None else join(result, one)
        return key, ABSENT if result is None else self._named(declared.typed(self.machine), result)

    def _prepared(self, declared: Declared, held: Abstract, *, decoded: bool) -> Abstract:
        """Return a variable's value as pydantic is given it (`prepare_field_value`)."""
        type_ = declared.typed(self.machine)
        is_complex = complexity(type_)
        if self.options.enums:
            held = self._member(type_, held)
        if is_complex is None and held is not ABSENT:
            return Unknown(f"the type of {declared.name} is not followed", origin_of(held))
        if not (is_complex or decoded) or (isinstance(held, Known) and isinstance(held.value, NoneText)):
            return held
        if held is ABSENT:
            return self._exploded(declared)
        lenient = is_complex is True and len(parts(type_)) > 1
        value = self._decoded(held, type_, declared, lenient=lenient)
        if isinstance(value, Mapping):
            return merged(value, self._inner(declared))
        return ABSENT if isinstance(value, Known) and value.value is None else value

    def _member(self, type_: Type, held: Abstract) -> Abstract:
        """Return the member of an enumeration that a variable names (`env_parse_enums`)."""
        for part in parts(type_):
            if part.kind == "enum" and isinstance(part.of, Class) and isinstance(held, Known):
                found = part.of.cells.get(held.value)
                if isinstance(found, Instance):
                    return found
        return held

    def _decoded(self, held: Abstract, type_: Type, declared: Declared, *, lenient: bool) -> Abstract:
        return self._json(held, declared, lenient=lenient) if _is_decoded(type_, self.options) else held

    def _json(self, held: Abstract, declared: Declared, *, lenient: bool) -> Abstract:
        if not isinstance(held, Known):
            return Unknown(getattr(held, "why", "JSON"), origin_of(held), kind=getattr(held, "kind", "unknown"))
        try:
            return self.machine.lift(json.loads(str(held.value)), held.origin)
        except (ValueError, RecursionError):
            if lenient:
                return held
        error = ThrownError(SETTINGS_ERROR, f"error parsing value for field {declared.name!r}", declared.place)
        error.unset = held.origin
        raise error

    # Nested variables

    def _exploded(self, declared: Declared) -> Abstract:
        built = self._inner(declared)
        if isinstance(built, Mapping) and not built.cells:
            return ABSENT
        if isinstance(built, Mapping):
            certain = any(not any(one is ABSENT for one in each(held)) for held in built.cells.values())
            return built if certain else join(ABSENT, built)
        return built

    def _inner(self, declared: Declared) -> Abstract:
        """Return what nested variables say of a field, as nested dicts (`explode_env_vars`)."""
        built, delimiter = Mapping(), self.options.delimiter
        if not delimiter:
            return built
        names = names_of(self.machine, self.model, declared, self.options)
        starts = [f"{name.variable}{delimiter}" for name in names]
        splits = (self.options.splits or 0) - 1
        for variable, held in self.variables.items(declared.place):
            start = next((one for one in starts if variable.startswith(one)), None)
            if start is None:
                continue
            keys = variable[len(start) :].split(delimiter, splits)
            if len(keys) > DEEPEST or not self._put(built, keys, held, declared):
                return Unknown(f"variables of {declared.name} contradict each other", origin_of(held))
        return built

    def _put(self, built: Mapping, keys: list[str], held: Abstract, declared: Declared) -> bool:
        """Put one nested variable in its place; return whether nothing else is there."""
        target: Declared | Type | None = declared
        parent, inner = declared, built
        for key in keys[:-1]:
            target = self._next(target, key)
            parent = target if isinstance(target, Declared) else parent
            deeper = inner.cells.setdefault(key, Mapping())
            if not isinstance(deeper, Mapping):
                return False
            inner = deeper
        last = keys[-1]
        target = self._next(target, last)
        is_dict = _bare(declared.typed(self.machine)).kind == "dict"
        if last in inner.cells:
            return False
        inner.cells[last] = self._leaf(held, target, parent, is_dict=is_dict)
        return True

    def _leaf(self, held: Abstract, target: Declared | Type | None, parent: Declared, *, is_dict: bool) -> Abstract:
        result: Abstract | None = None
        for choice in each(held):
            one = choice
            empty = isinstance(choice, Known) and (not choice.value or isinstance(choice.value, NoneText))
            if choice is not ABSENT and not empty and (target is not None or is_dict):
                one = self._nested(choice, target, parent)
            result = one if result is None else join(result, one)
        return ABSENT if result is None else result

    def _nested(self, held: Abstract, target: Declared | Type | None, parent: Declared) -> Abstract:
        if isinstance(target, Declared):
            type_ = target.typed(self.machine)
            held = self._member(type_, held) if self.options.enums else held
            lenient = len(parts(type_)) > 1
        else:
            type_, lenient = target or Type("dict", (Type("any"), Type("any"))), True
        is_complex = complexity(type_)
        if is_complex is None or (isinstance(target, Type) and type_.kind == "union" and is_complex):
            return Unknown("a nested variable of a type that is not followed", origin_of(held))
        if not is_complex or (isinstance(target, Declared) and not _is_decoded(type_, self.options)):
            return held
        return self._json(held, parent, lenient=lenient)

    def _next(self, target: Declared | Type | None, key: str) -> Declared | Type | None:
        """Return the field of a nested model, or the type of a dict's values, that a part of a name means."""
        type_ = target.typed(self.machine) if isinstance(target, Declared) else target
        return _next_of(self.machine, type_, key, exact_case=self.options.exact_case)

    def _named(self, type_: Type, held: Abstract) -> Abstract:
        """Return nested dicts with the names of the fields (`_replace_field_names_case_insensitively`)."""
        if isinstance(held, Known) and isinstance(held.value, NoneText):
            return Known(None, held.origin)
        if not isinstance(held, Mapping):
            return held
        model = None if self.options.exact_case else _model_in(type_)
        made = Mapping(origin=held.origin, more=dict(held.more))
        for key, one in held.cells.items():
            declared = self._declared(model, str(key)) if model is not None else None
            inner = declared[1].typed(self.machine) if declared is not None else Type("any")
            result: Abstract | None = None
            for choice in each(one):
                value = choice if choice is ABSENT else self._named(inner, choice)
                result = value if result is None else join(result, value)
            made.cells[declared[0] if declared is not None else key] = result or one
        return made

    def _declared(self, model: Model, name: str) -> tuple[str, Declared] | None:
        for declared in model.fields.values():
            paths = aliases(self.machine, model, declared, NEW) or [(declared.name,)]
            for path in paths:
                if str(path[0]).lower() == name.lower():
                    return str(path[0]), declared
        return None


def _bare(type_: Type) -> Type:
    """Return a type without what is said beside it."""
    while type_.kind == "annotated":
        type_ = type_.args[0]
    return type_


class SecretReader(Reader):
    """Reads the fields from files: nothing is lenient there, and nothing nested (`SecretsSettingsSource`)."""

    def _prepared(self, declared: Declared, held: Abstract, *, decoded: bool) -> Abstract:
        type_ = declared.typed(self.machine)
        is_complex = complexity(type_)
        if held is ABSENT or not (decoded or (is_complex and len(parts(type_)) == 1)):
            unclear = is_complex is None and held is not ABSENT
            return Unknown(f"the type of {declared.name} is not followed", origin_of(held)) if unclear else held
        value = self._decoded(held, type_, declared, lenient=False)
        return ABSENT if isinstance(value, Known) and value.value is None else value


def _model_in(type_: Type) -> Model | None:
    """Return the model that a type is, or may be beside None."""
    members = [part for part in parts(type_) if part.kind != "none"]
    if len(members) != 1:
        return None
    member = _bare(members[0])
    return model_of(member.of) if member.kind == "model" and isinstance(member.of, Class) else None


def _next_of(machine: Interpreter, type_: Type | None, key: str, *, exact_case: bool) -> Declared | Type | None:
    if type_ is None:
        return None
    if type_.kind == "dict":
        return None if type_.name == "bare" else type_.args[1]
    for inner in type_.args:
        found = _next_of(machine, inner, key, exact_case=exact_case)
        if found is not None:
            return found
    if type_.kind == "model" and isinstance(type_.of, Class):
        model = model_of(type_.of)
        for declared in model.fields.values():
            names = [declared.name, *(str(path[0]) for path in aliases(machine, model, declared, NEW) or ())]
            if key in names or (not exact_case and key.lower() in [name.lower() for name in names]):
                return declared
    return None


def extra_of(reader: Reader, data: Mapping) -> None:
    """Add what a `.env` file sets beside the fields; pydantic refuses it, ignores it or takes it."""
    model, options = reader.model, reader.options
    refuses = plain_object(model.config.get("extra", Known("forbid")))
    allowed = not (isinstance(refuses, Known) and refuses.value == "forbid")
    prefix = options.folded(options.prefix)
    for name, held in reader.variables.items(None):
        if (isinstance(held, Known) and not held.value) or name in data.cells:
            continue
        if (options.prefix and name in model.fields) or _is_used(reader, name):
            continue
        key = name[len(prefix) :] if allowed and name.startswith(prefix) else name
        data.cells[key] = Known(None, held.origin) if isinstance(getattr(held, "value", ""), NoneText) else held


def _is_used(reader: Reader, name: str) -> bool:
    delimiter = reader.options.delimiter
    for declared in reader.model.fields.values():
        nests = complexity(declared.typed(reader.machine)) is not False
        for one in names_of(reader.machine, reader.model, declared, reader.options):
            if name == one.variable or (nests and delimiter and name.startswith(f"{one.variable}{delimiter}")):
                return True
    return False


def merged(lower: Abstract, upper: Abstract) -> Abstract:
    """Return two dicts as one, what `upper` holds first (pydantic `deep_update`)."""
    if not isinstance(lower, Mapping) or not isinstance(upper, Mapping):
        return upper
    made = Mapping(dict(lower.cells), upper.origin, more={**lower.more, **upper.more})
    for key in (*lower.cells, *upper.cells):
        made.cells[key] = _one(lower.cells.get(key, ABSENT), upper.cells.get(key, ABSENT), upper, str(key))
    return made


def _one(below: Abstract, above: Abstract, upper: Mapping, key: str) -> Abstract:
    if above is ABSENT and upper.open:
        why = upper.more["rest"]
        said = why.why if isinstance(why, Unknown) else "a source of settings that is not followed may set it"
        return Unknown(f"{key}: {said}", origin_of(below))
    result: Abstract | None = None
    for choice in each(above):
        one = below if choice is ABSENT else merged(below, choice) if isinstance(below, Mapping) else choice
        result = one if result is None else join(result, one)
    return result if result is not None else below


__all__ = ["Reader", "complexity", "extra_of", "merged", "names_of", "partial"]
