"""Models of pydantic: what a class of the project says about its fields (pydantic 2.14 and 1.10).

`model_of` returns what was read from a class when it was made: its own fields
and validators, and those of the classes that it inherits from.
"""

from __future__ import annotations

import ast
import re
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.evaluate.frame import Frame
from batten.understand.evaluate.library import Call, inherited
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    OneOf,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.libraries.pydantic_names import (
    FIELD,
    MODEL,
    NEW,
    OLD,
    OLD_MODEL,
    OLD_SETTINGS,
    SETTINGS,
    bare_name,
    major_of,
)
from batten.understand.libraries.pydantic_plain import LIMITS
from batten.understand.libraries.pydantic_types import Type, annotated, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place

BASES = frozenset({MODEL, OLD_MODEL, SETTINGS, OLD_SETTINGS})
DECORATED = "pydantic.decorated"
MARK = "__pydantic__"
_HARMLESS = frozenset(
    {"object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Generic", "typing.Hashable"}
)
_CLASS_VARIABLE = re.compile(r"['\"]?(\w+\.)?ClassVar\b")
_FINAL = re.compile(r"['\"]?(\w+\.)?Final\b")
_CONFIG_ERROR = ("ConfigError", "RuntimeError", "Exception")
_USER_ERROR = ("PydanticUserError", "RuntimeError", "Exception", "BaseException")
_LIMITING = LIMITS | {"strict", "discriminator", "union_mode", "strip_whitespace", "curtail_length", "max_digits"}
_OF_SETTINGS = frozenset(
    "extra arbitrary_types_allowed validate_default case_sensitive env_prefix env_prefix_target env_file "
    "nested_model_default_partial_update env_file_encoding env_file_depth env_ignore_empty env_nested_delimiter "
    "env_nested_max_split env_parse_none_str env_parse_enums cli_parse_args json_file yaml_file toml_file secrets_dir "
    "protected_namespaces enable_decoding".split()
)
"""Settings that `pydantic_settings.BaseSettings` gives a value."""


@dataclass(slots=True)
class Declared:
    """One field, as the class that declares it writes it."""

    name: str
    owner: Class
    place: Place
    type: Type
    """Of kind `pending` while a name in the annotation is not bound."""
    node: ast.expr | None
    """The annotation; None for a field of pydantic 1 that has only a default."""
    frame: Frame
    default: Abstract | None = None
    factory: Abstract | None = None
    told: dict[str, Abstract] = field(default_factory=dict)
    """What `Field(...)` is told beside the default."""
    limits: Instance | None = None
    """The `Field(...)` that is the attribute's value."""
    required: bool = False
    """It is said to have no default (`...`)."""
    doubt: str = ""
    """Why nothing can be said of the field."""

    def typed(self, machine: Interpreter) -> Type:
        """Return the field's type; a name that was not bound yet is looked up again."""
        if self.type.kind == "pending" and self.node is not None:
            self.type = limited(read(machine, self.node, self.frame), self.limits)
        return self.type


@dataclass(slots=True)
class Decorated:
    """A function that pydantic calls: a validator or a serializer."""

    kind: str
    """`field`, `model`, `old field`, `old model`, `computed` or `serializer`."""
    mode: str
    fields: tuple[str, ...]
    function: Abstract
    always: bool = False
    each: bool = False


@dataclass(slots=True)
class Model:
    """What a class says of itself, the classes before it included."""

    cls: Class
    major: int
    settings: bool
    fields: dict[str, Declared] = field(default_factory=dict)
    functions: dict[str, Decorated] = field(default_factory=dict)
    private: dict[str, Instance] = field(default_factory=dict)
    config: dict[str, Abstract] = field(default_factory=dict)
    doubt: str = ""
    """Why nothing can be said of any field."""

    def of_kind(self, *kinds: str) -> list[Decorated]:
        """Return the functions of some kinds, in the order they were defined."""
        found: dict[str, Decorated] = {}
        for name, one in self.functions.items():
            if one.kind in kinds:
                found[name.partition("@")[0]] = one
        return [*found.values()]

    def of_field(self, name: str) -> list[Decorated]:
        """Return the validators of a field, in the order they were defined; a later one of a name takes its place."""
        found: dict[str, Decorated] = {}
        for key, one in self.functions.items():
            if one.kind in {"field", "old field"} and ("*" in one.fields or name in one.fields):
                found[key.partition("@")[0]] = one
        return [*found.values()]


def model_of(cls: Class) -> Model:
    """Return what was read from a class that pydantic made."""
    found: Model = cls.facts["pydantic"]
    return found


@inherited(*BASES)
def made(machine: Interpreter, cls: Class, frame: Frame) -> None:
    """Read a new class as pydantic's metaclass does."""
    if "pydantic" in cls.facts:
        return
    names = {base.name for base in cls.order if isinstance(base, Library)}
    if OLD_SETTINGS in names and not machine.hooks.get("pydantic.v1"):
        machine.hooks["pydantic.v1"] = [True]
    model = Model(cls, major_of(machine, cls), not names.isdisjoint({SETTINGS, OLD_SETTINGS}))
    cls.facts["pydantic"] = model
    others = [base for base in cls.order if not isinstance(base, Class) and getattr(base, "name", "") not in BASES]
    foreign = [base for base in others if getattr(base, "name", "") not in _HARMLESS]
    if foreign:
        model.doubt = f"{cls.name} inherits from {getattr(foreign[0], 'name', 'a class')}, which is not followed"
    library = next((base for base in cls.order if isinstance(base, Library) and base.name in BASES), Library("object"))
    cls.order = (*(base for base in cls.order if isinstance(base, Class)), library)
    _inherit(machine, model)
    _own(machine, model, frame)


def _inherit(machine: Interpreter, model: Model) -> None:
    """Take over what the classes before say; pydantic 1 lets the first of several win, pydantic 2 the last."""
    for base in reversed(model.cls.order[1:]):
        if isinstance(base, Class) and "pydantic" in base.facts:
            before = model_of(base)
            model.fields.update(before.fields)
            model.functions.update(before.functions)
            model.private.update(before.private)
            model.doubt = model.doubt or before.doubt
        elif isinstance(base, Class) and model.major == NEW and base.facts.get("annotations"):
            module = machine.modules.get(base.module)
            if isinstance(module, Module):
                outer = Frame(module.path, module.cells, module.cells, None, module)
                model.fields.update({one.name: one for one in _declared(machine, model, base, outer)})
    bases = model.cls.bases if model.major == NEW else reversed(model.cls.bases)
    for parent in bases:
        if isinstance(parent, Class) and "pydantic" in parent.facts:
            model.config.update(model_of(parent).config)
        elif isinstance(parent, Library) and parent.name == SETTINGS:
            for name in _OF_SETTINGS:
                model.config.pop(name, None)


def _own(machine: Interpreter, model: Model, frame: Frame) -> None:
    cls = model.cls
    _configure(model)
    for name, held in list(cls.cells.items()):
        found = _decorated(held)
        if found is not None:
            # pydantic 1 keeps the validators of each field apart, pydantic 2 has one of each name
            model.functions[name if model.major == NEW else f"{name}@{id(cls)}"] = found
            machine.put(cls.cells, name, found.function)
            if "?" in found.fields:
                model.doubt = model.doubt or f"{cls.name}.{name} checks fields that are not known"
        elif name in model.functions:
            # pydantic 2 still calls it to check, whatever it is now (`DecoratorInfos.build`)
            model.doubt = model.doubt or f"{cls.name}.{name} stands in the place of what checked fields"
        inner = plain_object(held)
        if isinstance(inner, Instance) and bare_name(inner.library) == "PrivateAttr":
            model.private[name] = inner
    for declared in _declared(machine, model, cls, frame):
        model.fields[declared.name] = declared
        machine.put(cls.cells, declared.name, ABSENT)


def _decorated(held: Abstract) -> Decorated | None:
    """Return what a decorator said of a function that is an attribute of the class."""
    target = plain_object(held)
    if isinstance(target, Function):
        target = target.cells.get(MARK, ABSENT)
    if isinstance(target, Instance) and target.library == DECORATED:
        found: Decorated = target.facts["said"]
        return found
    return None


# Settings of the model


def _configure(model: Model) -> None:
    cls = model.cls
    held = plain_object(cls.cells.get("model_config", ABSENT))
    if isinstance(held, Mapping) and not held.open:
        model.config.update({str(name): value for name, value in held.cells.items()})
    elif held is not ABSENT:
        model.doubt = model.doubt or f"the model_config of {cls.name} is not known"
    inner = plain_object(cls.cells.get("Config", ABSENT))
    if isinstance(inner, Class):
        for base in reversed(inner.order):
            if isinstance(base, Class):
                own = {str(k): v for k, v in base.cells.items() if not str(k).startswith("__")}
                model.config.update(own)
    elif inner is not ABSENT:
        model.doubt = model.doubt or f"the Config of {cls.name} is not known"
    model.config.update(cls.facts.get("keywords", {}))
    if "**" in model.config:
        model.doubt = model.doubt or f"the settings of {cls.name} are not known"


# Fields


def _declared(machine: Interpreter, model: Model, cls: Class, frame: Frame) -> Iterator[Declared]:
    """Yield the fields that the body of one class declares."""
    inner = Frame(frame.path, frame.globals, cls.cells, frame.scope, frame.module)
    inner.owner = cls
    nodes = _written(cls)
    annotations: dict[str, ast.expr] = cls.facts.get("annotations", {})
    for name, node in annotations.items():
        default = cls.cells.get(name, ABSENT)
        text = ast.unparse(node)
        if name.startswith("_") or name == "model_config" or _CLASS_VARIABLE.match(text):
            continue
        if _FINAL.match(text) and default is not ABSENT:
            continue
        if _is_untouched(default):
            continue
        place = (frame.path, nodes.get(name, node))
        one = Declared(name, cls, place, read(machine, node, inner), node, inner)
        _tell(one, default)
        yield one
    for name, held in list(cls.cells.items()):
        if isinstance(name, str) and name not in annotations and _is_value(name, held):
            where: Place = (frame.path, nodes.get(name, cls.node))
            if model.major == OLD:
                yield _inferred(model, Declared(name, cls, where, Type("any"), None, inner), held)
            elif "ignored_types" not in model.config and isinstance(plain_object(held), Known | Sequence | Mapping):
                message = f"the attribute {name} of {cls.name} has no annotation"
                raise ThrownError(_USER_ERROR, message, where)


def _inferred(model: Model, one: Declared, held: Abstract) -> Declared:
    """Return a field of pydantic 1 without annotation: of the class of its default, or of the one it replaces."""
    _tell(one, held)
    before = model.fields.get(one.name)
    kinds = {"list": "list", "tuple": "tuple...", "set": "set", "dict": "dict"}
    value = plain_object(one.default) if one.default is not None else Unknown("no default")
    if before is not None:
        one.type, one.node, one.frame = before.type, before.node, before.frame
    elif isinstance(value, Known) and value.value is not None:
        one.type = Type(type(value.value).__name__)
    elif isinstance(value, Sequence) and value.of in kinds:
        one.type = Type(kinds[value.of], (Type("any"),))
    elif isinstance(value, Mapping):
        one.type = Type("dict", (Type("any"), Type("any")))
    elif isinstance(value, Known) and not model.doubt:
        raise ThrownError(_CONFIG_ERROR, f"unable to infer type for attribute {one.name!r}", one.place)
    else:
        one.doubt = f"the type of {one.name} follows from its default, which is not known"
    one.type = limited(one.type, one.limits)
    return one


def _is_value(name: str, held: Abstract) -> bool:
    if name.startswith("_") or name in {"Config", "model_config"} or _decorated(held) is not None:
        return False
    return not _is_untouched(held) and held is not ABSENT


def _is_untouched(held: Abstract) -> bool:
    """Return whether a value in a class body is no default: a method, a property, a class."""
    return isinstance(plain_object(held), Function | Class) or _decorated(held) is not None


def _written(cls: Class) -> dict[str, ast.AST]:
    """Return where the attributes of a class are written."""
    found: dict[str, ast.AST] = {}
    waiting: list[ast.AST] = list(cls.node.body) if cls.node is not None else []
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.AnnAssign):
            found[getattr(node.target, "id", "")] = node.target
        elif isinstance(node, ast.Assign):
            found.update({getattr(target, "id", ""): target for target in node.targets})
        elif isinstance(node, ast.If | ast.Try | ast.With):
            waiting += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
    return found


def _tell(one: Declared, held: Abstract) -> None:
    """Take over a default, or what `Field(...)` says, in the annotation and as the value."""
    if isinstance(held, OneOf) and any(choice is ABSENT for choice in held.choices):
        one.doubt = f"whether {one.name} has a default is not known"
    target = plain_object(held)
    for said in _fields_of(one.type):
        _take(one, said.facts["args"])
    if isinstance(target, Instance) and target.library == FIELD:
        _take(one, target.facts["args"])
        one.limits = target
        one.type = limited(one.type, target)
    elif held is not ABSENT:
        one.default, one.required = (None, True) if _is_ellipsis(target) else (held, False)


def _take(one: Declared, call: Call) -> None:
    default = call.get("default", 0)
    if call.open:
        one.doubt = f"what Field() is told of {one.name} is not known"
    if default is not None and plain_object(default) is not one.default:
        one.default, one.required = (None, True) if _is_ellipsis(default) else (default, False)
    one.factory = call.kwargs.get("default_factory", one.factory)
    if isinstance(one.factory, Known):
        one.factory = None
    one.told.update({name: held for name, held in call.kwargs.items() if name not in {"default", "default_factory"}})


def _is_ellipsis(value: Abstract) -> bool:
    return isinstance(value, Library) and value.name in {"Ellipsis", "pydantic_core.PydanticUndefined"}


def limited(type_: Type, said: Instance | None) -> Type:
    """Return a type with the limits that `Field(...)` sets as the value of the attribute."""
    call: Call | None = said.facts["args"] if said is not None else None
    if said is None or call is None or not (call.open or _LIMITING.intersection(call.kwargs)):
        return type_
    return annotated(type_, [said])


def _fields_of(type_: Type) -> list[Instance]:
    """Return each `Field(...)` that stands in an annotation, the outermost last."""
    found: list[Instance] = []
    while type_.kind == "annotated":
        if type_.name == "Field" and isinstance(type_.of, Instance):
            found.insert(0, type_.of)
        type_ = type_.args[0]
    return found
