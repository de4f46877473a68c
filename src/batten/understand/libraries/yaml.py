"""PyYAML 6 (YAML 1.1) and what ruamel.yaml 0.19 (YAML 1.2) has in common with it; values know their lines.

The text is composed by PyYAML itself after its parser has shown that it is
neither deep nor large; scalars are resolved and made by PyYAML, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from batten.model import Location
from batten.understand.evaluate import constants, library
from batten.understand.evaluate.library import ALIASES, CALLS, Call, calls, inits
from batten.understand.evaluate.machine import ANY_ERROR, ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.files import text_in
from batten.understand.libraries.paths import content, source_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

LARGEST = 300_000
DEEPEST = 60
MOST_NODES = 20_000
_NOT_TAKEN = ("ConstructorError", "MarkedYAMLError", "YAMLError", "Exception")
_SCALARS = frozenset("str int float bool null timestamp binary".split())
"""Tags that PyYAML 6.0 gives to scalars only."""
_TAG = "tag:yaml.org,2002:"
_SAFE = frozenset({"yaml.SafeLoader", "yaml.CSafeLoader", "yaml.FullLoader", "yaml.CFullLoader"})
_PYTHON = frozenset({"yaml.Loader", "yaml.CLoader", "yaml.UnsafeLoader"})
_BASE = frozenset({"yaml.BaseLoader", "yaml.CBaseLoader"})
_PLAIN_12 = re.compile(r"[-+]?(?:0|[1-9]\d*)(?:\.\d+)?|true|True|TRUE|false|False|FALSE|~|null|Null|NULL|")
_LOOKS_LIKE_12 = re.compile(r"[-+.]?[\d.].*|[-+]?\.(?:inf|nan).*|=|<<", re.IGNORECASE)
library.load("io")


class _LargeError(Exception):
    """The text is too deep or too large to be followed."""


def _compose(text: str, *, many: bool) -> list[Any]:
    """Return the nodes of a text's documents.

    Raises:
        yaml.YAMLError: it is not YAML, or has several documents where one is wanted.
        _LargeError: it is too deep or too large.
    """
    import yaml  # noqa: PLC0415 - most programs read no YAML

    if len(text) > LARGEST:
        raise _LargeError
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        name = type(event).__name__
        depth += name in {"SequenceStartEvent", "MappingStartEvent"}
        depth -= name in {"SequenceEndEvent", "MappingEndEvent"}
        if depth > DEEPEST or count > MOST_NODES:
            raise _LargeError
    if many:
        return list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return [] if node is None else [node]


class _Reader:
    """Makes values of nodes."""

    def __init__(self, machine: Interpreter, path: str | None, origin: Origin, kind: str) -> None:
        from yaml.constructor import SafeConstructor  # noqa: PLC0415 - most programs read no YAML
        from yaml.resolver import Resolver  # noqa: PLC0415 - the same

        self.resolver: Any = Resolver()
        self.machine = machine
        self.path = path
        self.origin = origin
        self.kind = kind
        """`safe`, `base` (texts only) or `1.2`."""
        self.maker = SafeConstructor()
        self.made: dict[int, Abstract] = {}
        self.active: set[int] = set()
        self.changed = machine.hooks.get("yaml.changed", [])

    def at(self, node: Any, name: str = "", value: object = None) -> Origin:  # noqa: ANN401 - a node
        """Return the origin of what a node says."""
        if self.path is None:
            return self.origin
        place = Location(file=self.path, line=node.start_mark.line + 1)
        hops = ((place, f"{self.path} sets {name} to", repr(value)), *self.origin.hops) if name else self.origin.hops
        return Origin(place, hops, self.origin.unset, pinned=True)

    def read(self, node: Any, name: str = "") -> Abstract:  # noqa: ANN401 - a node
        """Return the value of a node; `name` is the chain of keys that leads to it."""
        if id(node) in self.active:
            return Unknown("it holds itself", self.at(node))
        if id(node) not in self.made:
            self.active.add(id(node))
            self.made[id(node)] = self._read(node, name)
            self.active.discard(id(node))
        return self.made[id(node)]

    def _read(self, node: Any, name: str) -> Abstract:  # noqa: ANN401 - a node
        kind = type(node).__name__
        if kind == "ScalarNode":
            return self._scalar(node, name)
        if node.tag not in {f"{_TAG}map", f"{_TAG}seq"} and self.kind != "base":
            return self._tagged(node)
        if kind == "SequenceNode":
            items = tuple(self.read(item, f"{name}.{i}") for i, item in enumerate(node.value))
            return Sequence("list", items, self.at(node))
        made = Mapping(origin=self.at(node))
        for key_node, value_node in self._pairs(node):
            key = Known("=") if key_node.tag == f"{_TAG}value" else self.read(key_node)
            if isinstance(plain_object(key), Sequence | Mapping):
                raise ThrownError(_NOT_TAKEN, "found unhashable key", None)
            told = str(getattr(key, "value", "?"))
            self.machine.set_item(made, key, self.read(value_node, f"{name}.{told}" if name else told))
        return made

    def _tagged(self, node: Any) -> Abstract:  # noqa: ANN401 - a node
        """Return what a tag of its own makes of a node."""
        if node.tag.startswith(_TAG) and "python/" not in node.tag:
            if node.tag.removeprefix(_TAG) in _SCALARS and not self._stands_for_one(node):
                raise ThrownError(_NOT_TAKEN, "expected a scalar node", None)
            return Unknown(f"a value tagged {node.tag.removeprefix(_TAG)}", self.at(node))
        if self.changed or "python/" in node.tag or self.kind == "1.2":
            return Unknown(f"a value tagged {node.tag}", self.at(node))
        raise ThrownError(_NOT_TAKEN, f"could not determine a constructor for the tag {node.tag!r}", None)

    def _stands_for_one(self, node: Any) -> bool:  # noqa: ANN401 - a node
        """Return whether a node is a scalar, or a mapping whose key `=` holds one (PyYAML 6.0 `construct_scalar`)."""
        if type(node).__name__ != "MappingNode":
            return type(node).__name__ == "ScalarNode"
        return any(key.tag == f"{_TAG}value" for key, _ in node.value)

    def _pairs(self, node: Any, depth: int = 0) -> list[tuple[Any, Any]]:  # noqa: ANN401 - a node
        """Return the pairs of a mapping, those that `<<` merges in first."""
        if self.kind == "base":
            return list(node.value)
        merged: list[tuple[Any, Any]] = []
        own: list[tuple[Any, Any]] = []
        for key, value in node.value:
            if key.tag != f"{_TAG}merge":
                own.append((key, value))
                continue
            parts = list(reversed(value.value)) if type(value).__name__ == "SequenceNode" else [value]
            if depth > DEEPEST or any(type(part).__name__ != "MappingNode" for part in parts):
                raise ThrownError(_NOT_TAKEN, "expected a mapping for merging", None)
            for part in parts:
                merged += self._pairs(part, depth + 1)
        return merged + own

    def _scalar(self, node: Any, name: str) -> Abstract:  # noqa: ANN401 - a node
        if self.kind == "base":
            return Known(node.value, self.at(node, name, node.value))
        if not node.tag.startswith(_TAG) or "python/" in node.tag:
            return self._tagged(node)
        plain = node.style is None
        if plain and node.tag == f"{_TAG}str" and any(kind == "resolver" for kind in self.changed):
            return Unknown("how the text is read was changed", self.at(node))
        if plain and self.kind == "1.2":
            written = node.tag != self.resolver.resolve(type(node), node.value, (True, False))
            return self._tagged(node) if written else self._scalar_12(node, name)
        if node.tag in {f"{_TAG}value", f"{_TAG}merge"}:
            raise ThrownError(_NOT_TAKEN, f"could not determine a constructor for {node.value!r}", None)
        try:
            value = self.maker.construct_object(node, deep=True)
        except (ValueError, LookupError, OverflowError, TypeError, AttributeError) as error:
            raise ThrownError((type(error).__name__, "Exception"), str(error)[:200], None) from None
        if not isinstance(value, constants.PLAIN):
            return Unknown(f"a {type(value).__name__}", self.at(node))
        return Known(value, self.at(node, name, value))

    def _scalar_12(self, node: Any, name: str) -> Abstract:  # noqa: ANN401 - a node
        """Return a plain scalar of YAML 1.2, unknown where the two versions may read it differently."""
        text = node.value
        if _PLAIN_12.fullmatch(text) is None:
            if _LOOKS_LIKE_12.fullmatch(text) is not None:
                return Unknown("a number or date as YAML 1.2 writes it", self.at(node))
            return Known(text, self.at(node, name, text))
        value: Any = None
        if text.lower() in {"true", "false"}:
            value = text.lower() == "true"
        elif text not in {"", "~"} and text.lower() != "null":
            value = float(text) if "." in text else int(text)
        return Known(value, self.at(node, name, value))


def _values(machine: Interpreter, text: Abstract, kind: str, place: Place, *, many: bool = False) -> Abstract:
    """Return what a text says.

    Raises:
        ThrownError: it is not YAML, or says what the loader does not take.
    """
    import yaml  # noqa: PLC0415 - most programs read no YAML

    if not isinstance(text, Known) or not isinstance(text.value, str) or not kind:
        machine.may_throw(ANY_ERROR)
        return machine.unknown_of(place, text, Unknown("YAML that is read in a way of its own", Origin(place)))
    path = source_of(text)
    try:
        nodes = _compose(text.value, many=many)
    except (_LargeError, RecursionError):
        return Unknown(f"{path or 'a text'} is too large or too deep to be followed", Origin(place))
    except (yaml.YAMLError, ValueError) as error:
        kinds = tuple(cls.__name__ for cls in type(error).__mro__[:-1])
        raise ThrownError(kinds, f"{path or 'a text'} is not valid YAML", place) from None
    origin = Origin(None, ((place, f"{path} is read", None),), text.origin.unset) if path else text.origin
    reader = _Reader(machine, path, origin, kind)
    try:
        found = [reader.read(node) for node in nodes]
    except ThrownError as error:
        error.place = error.place or place
        raise
    if many:
        return Sequence("iterator", tuple(found), Origin(place))
    return found[0] if found else Known(None, origin)


def values_11(machine: Interpreter, text: Abstract, place: Place) -> Abstract:
    """Return what a text says as YAML 1.1, as PyYAML's safe loader reads it."""
    return _values(machine, text, "safe", place)


def values_12(machine: Interpreter, text: Abstract, place: Place) -> Abstract:
    """Return what a text says as YAML 1.2, as the safe loader of ruamel.yaml reads it."""
    return _values(machine, text, "1.2", place)


# PyYAML


def _kind(loader: Abstract | None) -> str:
    target = plain_object(loader) if loader is not None else Known(None)
    name = target.name if isinstance(target, Library) else ""
    return "safe" if name in _SAFE | _PYTHON else "base" if name in _BASE else ""


def _loaded(kind: str, *, many: bool = False) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        wanted = kind or _kind(call.get("Loader", 1))
        text = text_in(machine, call.get("stream", 0), call)
        return _values(machine, text, "" if call.open else wanted, call.place, many=many)

    return model


for _name in ("safe_load", "full_load", "unsafe_load"):
    CALLS[f"yaml.{_name}"] = _loaded("safe")
    CALLS[f"yaml.{_name}_all"] = _loaded("safe", many=True)
CALLS["yaml.load"] = _loaded("")
CALLS["yaml.load_all"] = _loaded("", many=True)
ALIASES.update({f"yaml.loader.{name}": f"yaml.{name}" for name in ("SafeLoader", "FullLoader", "BaseLoader", "Loader")})


def _change(kind: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        del call
        machine.hooks.setdefault("yaml.changed", []).append(kind)
        return Known(None)

    return model


for _owner in ("yaml", *_SAFE, *_PYTHON, *_BASE):
    for _name in ("add_constructor", "add_multi_constructor", "add_path_resolver"):
        CALLS[f"{_owner}.{_name}"] = _change("constructor")
    CALLS[f"{_owner}.add_implicit_resolver"] = _change("resolver")


# ruamel.yaml


@inits("ruamel.yaml.YAML")
def _ruamel(machine: Interpreter, instance: Instance, call: Call) -> None:
    typ = call.kwargs.get("typ", Known(None))
    known = isinstance(typ, Known) and typ.value in {None, "safe", "rt", "base", "unsafe"} and not call.args
    base = isinstance(typ, Known) and typ.value == "base"
    instance.facts["kind"] = ("base" if base else "1.2") if known and not call.open else ""
    del machine


@calls("ruamel.yaml.YAML.load")
def _ruamel_load(machine: Interpreter, call: Call) -> Abstract:
    reader, source = plain_object(call.receiver or Known(None)), call.get("stream", 0) or Unknown("nothing to read")
    kind = reader.facts.get("kind", "") if isinstance(reader, Instance) else ""
    if isinstance(reader, Instance) and "version" in reader.cells:
        kind = ""
    target = plain_object(source)
    if isinstance(target, Instance) and target.library == "pathlib.Path":
        return _values(machine, content(machine, text_of(machine, source, call.place), call.place), kind, call.place)
    return _values(machine, text_in(machine, source, call), kind, call.place)
