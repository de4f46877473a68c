"""Tornado 6.6 `tornado.options`: options defined in code, set on the command line and in files.

Facts from Tornado 6.6.1 `tornado.options.OptionParser`. A dash and an underscore in
a name are the same; a boolean option is on for anything but `false`, `0` and
`f`. The command line is the one that the deployment starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.frame import Frame
from batten.understand.evaluate.library import CALLS, Call, calls, inits, value
from batten.understand.evaluate.objects import (
    Abstract,
    Builtin,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.command_line import arguments

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

PARSER = "tornado.options.OptionParser"
_LOGGING: dict[str, Any] = {
    "help": None,
    "logging": "info",
    "log_to_stderr": None,
    "log_file_prefix": None,
    "log_file_max_size": 100_000_000,
    "log_file_num_backups": 10,
    "log_rotate_when": "midnight",
    "log_rotate_interval": 1,
    "log_rotate_mode": "size",
}
"""What `tornado.log.define_logging_options` defines, and `help`."""
_BOOLEAN = frozenset({"help", "log_to_stderr"})
_PARSERS: dict[str, Callable[[str], Any]] = {
    "bool": lambda text: text.lower() not in ("false", "0", "f"),
    "int": int,
    "float": float,
    "str": str,
}


def _filled(instance: Instance) -> Instance:
    instance.facts.update(types={}, names={}, multiple=set(), groups={}, callbacks={})
    return instance


@inits(PARSER)
def _parser(machine: Interpreter, instance: Instance, call: Call) -> None:
    del call
    _filled(instance)
    machine.put(instance.cells, "help", Known(None))
    instance.facts["types"]["help"] = "bool"


@value("tornado.options.options")
def _options(machine: Interpreter, place: Place) -> Abstract:
    """Return the global options; there is one object."""
    del place
    held = machine.hooks.setdefault("tornado.options", [])
    if not held:
        made = _filled(Instance(Library(PARSER)))
        for name, default in _LOGGING.items():
            made.cells[name] = Known(default)
            made.facts["types"][name] = "bool" if name in _BOOLEAN else type(default or "").__name__
        held.append(made)
    return held[0]  # type: ignore[no-any-return]


def _receiver(machine: Interpreter, call: Call) -> Instance:
    one = plain_object(call.receiver) if call.receiver is not None else None
    found = one if isinstance(one, Instance) else _options(machine, call.place)
    assert isinstance(found, Instance)  # noqa: S101 - `_options` returns nothing else
    return found


def _attribute(name: str) -> str:
    return name.replace("-", "_")


def _type_of(given: Abstract | None, default: Abstract, *, multiple: bool) -> str:
    one = plain_object(given) if given is not None else None
    if isinstance(one, Builtin | Library):
        return one.name.rpartition(".")[2]
    if one is not None and not (isinstance(one, Known) and one.value is None):
        return "unknown"
    if isinstance(default, Known):
        return "str" if default.value is None or multiple else type(default.value).__name__
    kinds = {type(choice.value).__name__ if isinstance(choice, Known) else "unknown" for choice in each(default)}
    if isinstance(default, Unknown) and default.of:
        kinds = {default.of}
    return kinds.pop() if len(kinds) == 1 and not multiple else "unknown"


@calls("tornado.options.define", f"{PARSER}.define")
def _define(machine: Interpreter, call: Call) -> Abstract:
    options = _receiver(machine, call)
    name = call.get("name", 0)
    if not isinstance(name, Known):
        return Known(None)
    key = _attribute(str(name.value))
    given = call.get("multiple", 5)
    multiple = given is not None and machine.truth(given) is not False
    default = call.get("default", 1) or Known(None, Origin(call.place))
    if multiple and isinstance(default, Known) and default.value is None:
        default = Sequence("list", (), Origin(call.place))
    if call.open:
        default = Unknown(f"the option {key} may have another default", Origin(call.place))
    options.facts["types"][key] = _type_of(call.get("type", 2), default, multiple=multiple)
    options.facts["names"][key] = str(name.value)
    options.facts["groups"][key] = call.get("group", 6)
    callback = call.get("callback", 7)
    if callback is not None and not (isinstance(callback, Known) and callback.value is None):
        options.facts["callbacks"][key] = callback
    if multiple:
        options.facts["multiple"].add(key)
    machine.put(options.cells, key, default)
    return Known(None)


@calls(f"{PARSER}.__getitem__")
def _item(machine: Interpreter, call: Call) -> Abstract:
    name = call.args[0] if call.args else None
    if not isinstance(name, Known):
        return Unknown("an option whose name is not known", Origin(call.place))
    return machine.get_attribute(_receiver(machine, call), _attribute(str(name.value)), call.place)


@calls(f"{PARSER}.__setitem__")
def _set_item(machine: Interpreter, call: Call) -> Abstract:
    if isinstance(call.args[0], Known):
        machine.put(_receiver(machine, call).cells, _attribute(str(call.args[0].value)), call.args[1])
    return Known(None)


def _listed(machine: Interpreter, call: Call, group: str | None) -> Mapping:
    options = _receiver(machine, call)
    made = Mapping(origin=Origin(call.place))
    for name, held in options.cells.items():
        its = options.facts["groups"].get(name)
        if not group or (isinstance(its, Known) and its.value == group):
            made.cells[options.facts["names"].get(name, name)] = held
    return made


@calls(f"{PARSER}.as_dict")
def _as_dict(machine: Interpreter, call: Call) -> Abstract:
    return _listed(machine, call, None)


@calls(f"{PARSER}.group_dict")
def _group_dict(machine: Interpreter, call: Call) -> Abstract:
    group = call.get("group", 0)
    return _listed(machine, call, str(group.value)) if isinstance(group, Known) else Unknown("a group of options")


# The command line


def _set(machine: Interpreter, options: Instance, key: str, held: Abstract, place: Place) -> None:
    """Set an option to a text, read as its type says."""
    kind = options.facts["types"].get(key, "unknown")
    parse = _PARSERS.get(kind)
    if parse is None or key in options.facts["multiple"]:
        _store(machine, options, key, Unknown(f"the option {key} is set to something that is not followed"), place)
        return
    found = machine.compute(place, parse, held, of=kind)
    if isinstance(found, Known) and isinstance(held, Known):
        found = Known(found.value, held.origin)
    _store(machine, options, key, found, place)


def _store(machine: Interpreter, options: Instance, key: str, held: Abstract, place: Place) -> None:
    """Set an option, and run its callback."""
    machine.put(options.cells, key, held)
    callback = options.facts["callbacks"].get(key)
    if callback is not None:
        machine.call_with(callback, [held], place)


@calls("tornado.options.parse_command_line", f"{PARSER}.parse_command_line")
def _parse_command_line(machine: Interpreter, call: Call) -> Abstract:
    options = _receiver(machine, call)
    given = call.get("args", 0)
    if given is None or (isinstance(given, Known) and given.value is None):
        words: list[Abstract] | None = _started_with(machine)
    else:
        listed = machine.iterate(given)
        words = None if listed is None else listed[1:]
    if words is None or not all(isinstance(word, Known) and isinstance(word.value, str) for word in words):
        _may_be_set(machine, options, "the command line")
        return Unknown("what the command line holds", Origin(call.place))
    for index, word in enumerate(words):
        text = str(word.value) if isinstance(word, Known) else ""
        if not text.startswith("-") or text == "--":
            return Sequence("list", tuple(words[index + (text == "--") :]), Origin(call.place))
        name, equals, after = text.lstrip("-").partition("=")
        key = _attribute(name)
        if key in options.facts["types"]:
            unknown = "$" in after  # an expansion that nobody resolved
            held = Known(after if equals else "true", word.origin)
            _set(machine, options, key, Unknown(f"--{name} on the command line") if unknown else held, call.place)
    return Sequence("list", (), Origin(call.place))


def _may_be_set(machine: Interpreter, options: Instance, by: str) -> None:
    for key in options.facts["types"]:
        machine.put(options.cells, key, join(options.cells[key], Unknown(f"{by} may set {key}")))


def _started_with(machine: Interpreter) -> list[Abstract] | None:
    """Return the arguments of the command that starts the program."""
    unit = machine.world.unit
    if unit.start.server != "python":
        return []
    origin = Origin(unit.at, ((unit.at, f"started by {unit.command}", None),), pinned=True)
    return [Known(word, origin) for word in arguments(unit)]


# A configuration file


@calls("tornado.options.parse_config_file", f"{PARSER}.parse_config_file")
def _parse_config_file(machine: Interpreter, call: Call) -> Abstract:
    """Evaluate a file of Python; the names that are options set them."""
    options = _receiver(machine, call)
    path = call.get("path", 0)
    name = str(path.value) if isinstance(path, Known) else ""
    found = machine.world.repo_path(name) if name else None
    text = machine.world.read(found) if found else None
    tree = machine.parse(found, text) if found and text is not None else None
    if tree is None or found is None:
        machine.doubt("tornado.options.parse_config_file", f"{name or 'its file'} could not be read", call.place)
        _may_be_set(machine, options, name or "a configuration file")
        return Known(None)
    module = Module("config", found, package=False)
    module.cells["__file__"] = Known(machine.world.process_path(found))
    machine.block(tree.body, Frame(found, module.cells, module.cells, None, module))
    for cell, held in list(module.cells.items()):
        key = _attribute(str(cell))
        kind = options.facts["types"].get(key)
        if kind is None:
            continue
        texts = all(isinstance(choice, Known) and isinstance(choice.value, str) for choice in each(held))
        if texts and kind != "str":
            _set(machine, options, key, held, call.place)
        else:
            _store(machine, options, key, held, call.place)
    return Known(None)


for _name in ("add_parse_callback", "print_help", "run_parse_callbacks"):
    CALLS[f"tornado.options.{_name}"] = CALLS[f"{PARSER}.{_name}"] = lambda _machine, _call: Known(None)
