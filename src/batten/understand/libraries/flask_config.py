"""Flask 3.1's configuration: `flask.config.Config`, all the ways it is filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.model import Location
from batten.understand.evaluate import library
from batten.understand.evaluate.containers import DICT_METHODS
from batten.understand.evaluate.environ import read as read_variable
from batten.understand.evaluate.library import (
    Call,
)
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    OneOf,
    Unknown,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import NOWHERE, Origin, Place

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter


def written(held: Abstract, place: Place) -> Abstract:
    """Return a value with the hop that says where the app takes it."""
    if isinstance(held, Known):
        if isinstance(held.origin.home, tuple) and place and held.origin.home[0] == place[0]:
            return held
        return Known(held.value, held.origin.then((place, "the app takes it here", None)))
    return held


def put(machine: Interpreter, config: Mapping, name: str, held: Abstract, place: Place) -> None:
    """Write one setting."""
    machine.put(config.cells, name, written(held, place))


def _config(call: Call) -> Mapping | None:
    receiver = plain_object(call.receiver) if call.receiver is not None else None
    return receiver if isinstance(receiver, Mapping) else None


def from_object(machine: Interpreter, config: Mapping, source: Abstract, place: Place) -> None:
    """Write the upper-case attributes of a module, class or instance, as `Config.from_object` does."""
    origin: Origin = NOWHERE
    if isinstance(source, OneOf):
        _either(machine, config, source, place)
        return
    if isinstance(source, Known) and isinstance(source.value, str):
        origin = source.origin
        source = import_string(machine, source.value, place)
    if not isinstance(source, Unknown) and hasattr(source, "target"):
        origin = source.origin
        source = plain_object(source)
    names = _listed(machine, source, place) or _attribute_names(source)
    if names is None:
        why = source.why if isinstance(source, Unknown) else "it is not a module or class of the project"
        machine.doubt("app.config.from_object()", why, place)
        may_be_replaced(machine, config, f"an object that could not be read may set it: {why}")
        return
    for name in names:
        if name.isupper():
            held = machine.tainted(machine.get_attribute(source, name, place), origin)
            put(machine, config, name, held, place)


def _either(machine: Interpreter, config: Mapping, source: OneOf, place: Place) -> None:
    before = dict(config.cells)
    results = []
    for choice in source.choices:
        mark = machine.mark()
        if choice is not ABSENT:
            from_object(machine, config, choice, place)
        machine.rollback(mark)
        machine.unmark()
        mark = machine.mark()
        if choice is not ABSENT:
            from_object(machine, config, choice, place)
        results.append({key: cells_value for _, (_, key, cells_value) in machine.rollback(mark).items()})
        machine.unmark()
    for key in {key for result in results for key in result}:
        found: Abstract | None = None
        for result in results:
            one = result.get(key, before.get(key, ABSENT))
            found = one if found is None else join(found, one)
        machine.put(config.cells, key, found or ABSENT)


def import_string(machine: Interpreter, name: str, place: Place) -> Abstract:
    """Return what a dotted name stands for: a module of the project, or something in one."""
    dotted = name.replace(":", ".")
    if dotted in machine.modules:
        return machine.modules[dotted]  # `from_object(__name__)`, in the file that is started too
    if machine.find(dotted.partition(".")[0]) is None:
        return Unknown(f"{dotted} is not in the project")
    if machine.find(dotted) is not None:
        return machine.import_module(dotted, place)
    module, _, last = dotted.rpartition(".")
    if not module:
        return machine.import_module(dotted, place)
    return machine.get_attribute(machine.import_module(module, place), last, place)


def _listed(machine: Interpreter, source: Abstract, place: Place) -> list[str] | None:
    """Return the attributes of an object of a library that says which it has."""
    full = library.method(source.library, "__dir__") if isinstance(source, Instance) else None
    if not full:
        return None
    items = machine.iterate(machine.call_library(full, Call([], {}, place, receiver=source)))
    return None if items is None else [str(item.value) for item in items if isinstance(item, Known)]


def _attribute_names(source: Abstract) -> list[str] | None:
    from batten.understand.evaluate.objects import Class, Module, Sequence  # noqa: PLC0415 - keeps the list above short

    if isinstance(source, Module):
        return [str(name) for name in source.cells]
    if isinstance(source, Instance):
        names = [str(name) for name in source.cells if not str(name).startswith("hook:")]
        return names + (_attribute_names(source.of) or [])
    if isinstance(source, Class):
        found: dict[str, None] = {}
        for base in source.order:
            if isinstance(base, Class):
                found.update(dict.fromkeys(str(name) for name in base.cells))
        return list(found)
    if isinstance(source, Mapping | Sequence | Known):
        return []  # attributes are read, not keys: none of a dict, a list or a constant is upper-case
    return None


def config_method(machine: Interpreter, config: Mapping, name: str, call: Call) -> Abstract | None:
    """Return the result of a method that Flask's Config adds to dict, None when it is not one."""
    model = _METHODS.get(name)
    return model(machine, config, call) if model else None


def _from_object(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    from_object(machine, config, call.get("obj", 0) or Unknown("no object"), call.place)
    return Known(None)


def _from_mapping(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    source = Mapping()
    for arg in call.args:
        machine.update_mapping(source, arg)
    source.cells.update(call.kwargs)
    for key, held in source.cells.items():
        if isinstance(key, str) and key.isupper():
            put(machine, config, key, held, call.place)
    if source.open or call.open:
        machine.put(config.more, "rest", Known(value=True))
    return Known(value=True)


def _update(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    source = Mapping()
    for arg in call.args:
        machine.update_mapping(source, arg)
    source.cells.update(call.kwargs)
    for key, held in source.cells.items():
        put(machine, config, key, held, call.place)
    if source.open or call.open:
        may_be_replaced(machine, config, "a dict that is not known may set it")
    return Known(None)


def _file_of(machine: Interpreter, name: Abstract, call: Call) -> tuple[str | None, str]:
    """Return the repository path of a configuration file, relative to the app's root, and its name."""
    from batten.understand.libraries.paths import text_of  # noqa: PLC0415 - used rarely

    text = text_of(machine, name, call.place)
    if not isinstance(text, Known) or not isinstance(text.value, str):
        return None, "a file that is not known"
    if text.value.startswith("/"):
        return machine.world.repo_path(text.value), text.value.replace("\0", "").lstrip("/")
    from batten.understand.sources import join as join_path  # noqa: PLC0415 - used rarely

    apps = [fact[1] for fact in machine.record if fact[0] == "app"]
    owner = next((app for app in apps if app.cells.get("config") is call.receiver), apps[0] if apps else None)
    directory = ""
    if owner is not None:
        directory = str(owner.facts.get("path", "")).rpartition("/")[0]
        relative = owner.facts.get("instance_relative_config")
        if relative is not None and machine.truth(relative):
            package = str(owner.facts.get("path", "")).endswith("/__init__.py")
            directory = join_path(directory, "..", "instance") or "" if package else f"{directory}/instance"
    return join_path(directory, text.value), text.value


def _from_pyfile(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    from batten.understand.evaluate.objects import Module  # noqa: PLC0415 - used rarely

    path, name = _file_of(machine, call.get("filename", 0) or Unknown("no file"), call)
    text = machine.world.read(path) if path else None
    if path is None or text is None:
        machine.doubt(
            f"app.config.from_pyfile({name!r})", "the file is not in the repository; production may have it", call.place
        )
        silent = call.get("silent", 1)
        if silent is None or not machine.truth(silent):
            may_be_replaced(machine, config, f"{name} may set it, and is not in the repository")
        return Unknown("whether the file is there", of="bool")
    tree = machine.parse(path, text)
    if tree is None:
        machine.put(config.more, "rest", Known(value=True))
        return Known(value=True)
    from batten.understand.evaluate.frame import Frame  # noqa: PLC0415 - used rarely

    module = Module("config", path, package=False)
    module.cells["__file__"] = Known(machine.world.process_path(path))
    machine.block(tree.body, Frame(path, module.cells, module.cells, None, module))
    for key, held in list(module.cells.items()):
        if str(key).isupper():
            put(machine, config, str(key), held, call.place)
    return Known(value=True)


def may_be_replaced(machine: Interpreter, config: Mapping, why: str) -> None:
    """Note that something which cannot be read may set any setting."""
    for name, held in list(config.cells.items()):
        machine.put(config.cells, name, join(held, Unknown(why)))
    machine.put(config.more, "rest", Known(value=True))


def _from_envvar(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    name = call.get("variable_name", 0)
    if not isinstance(name, Known):
        machine.put(config.more, "rest", Known(value=True))
        return Unknown("an environment variable that is not known")
    found = read_variable(machine, machine.environ.cells, str(name.value), Known(None), call.place)
    if isinstance(found, Known) and isinstance(found.value, str) and found.value:
        silent = call.get("silent", 1)
        return _from_pyfile(machine, config, Call([found, *([silent] if silent is not None else [])], {}, call.place))
    if not isinstance(found, Known):
        machine.doubt(
            f"app.config.from_envvar({name.value!r})", "the file it names is not in the repository", call.place
        )
        may_be_replaced(machine, config, f"the file that {name.value} names may set it")
        return Known(value=True)
    silent = call.get("silent", 1)
    if silent is not None and machine.truth(silent):
        return Known(value=False)
    machine.doubt(
        f"app.config.from_envvar({name.value!r})",
        f"{name.value} has to be set: the file it names is not read",
        call.place,
    )
    may_be_replaced(machine, config, f"the file that {name.value} names may set it")
    return Known(value=True)


def _from_prefixed_env(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    """`Config.from_prefixed_env`: sorted names, JSON where it parses, `__` for nested keys."""
    import json  # noqa: PLC0415 - used rarely

    prefix = call.get("prefix", 0) or config.more.get("prefix", Known("FLASK"))
    if not isinstance(prefix, Known) or call.get("loads") is not None:
        machine.put(config.more, "rest", Known(value=True))
        return Known(value=True)
    start = f"{prefix.value}_"

    def loads(text: str) -> Any:  # noqa: ANN401 - any JSON
        try:
            return json.loads(text)
        except ValueError:
            return text

    for name in sorted(str(n) for n in machine.environ.cells):
        if not name.startswith(start):
            continue
        held = machine.compute(call.place, loads, read_variable(machine, machine.environ.cells, name, None, call.place))
        key, *nested = name[len(start) :].split("__")
        if not nested:
            put(machine, config, key, held, call.place)
            continue
        inner = plain_object(config.cells.get(key, ABSENT))
        if not isinstance(inner, Mapping):
            inner = Mapping()
            put(machine, config, key, inner, call.place)
        for part in nested[:-1]:
            deeper = inner.cells.get(part)
            if not isinstance(deeper, Mapping):
                deeper = Mapping()
                machine.put(inner.cells, part, deeper)
            inner = deeper
        machine.put(inner.cells, nested[-1], held)
    config_facts(machine, start)
    return Known(value=True)


def config_facts(machine: Interpreter, prefix: str) -> None:
    """Note that variables with a prefix become settings, so that rules can say how to set them."""
    machine.record.append(("prefix", prefix))


def _from_file(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    path, name = _file_of(machine, call.get("filename", 0) or Unknown("no file"), call)
    text = machine.world.read(path) if path else None
    load = call.get("load", 1)
    kind = load.name if isinstance(load, Library) else ""
    data = _parsed(kind, text) if text is not None else None
    if data is None or path is None:
        machine.doubt(f"app.config.from_file({name!r})", "the file could not be read", call.place)
        may_be_replaced(machine, config, f"{name} may set it, and could not be read")
        return Known(value=True)
    for key, item in data.items():
        if isinstance(key, str) and key.isupper():
            at = Location(file=path, line=_line_of(key, text or ""))
            origin = Origin(at, ((call.place, f"{path} is read", None),), pinned=True)
            put(machine, config, key, machine.lift(item, origin), call.place)
    return Known(value=True)


def _line_of(key: str, text: str) -> int:
    """Return the line on which JSON or TOML writes a key of the outermost table."""
    import re  # noqa: PLC0415 - used rarely

    match = re.search(rf"""^[\s{{,]*["']?{re.escape(key)}["']?\s*[=:]""", text, re.MULTILINE)
    return text.count("\n", 0, match.end()) + 1 if match else 1


def _parsed(kind: str, text: str) -> dict[str, Any] | None:
    import json  # noqa: PLC0415 - used rarely
    import tomllib  # noqa: PLC0415 - used rarely

    try:
        data = (
            json.loads(text)
            if kind == "json.load"
            else tomllib.loads(text)
            if kind.endswith("toml.load") or kind == "tomllib.load"
            else None
        )
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _namespace(machine: Interpreter, config: Mapping, call: Call) -> Abstract:
    """`Config.get_namespace`: the settings whose names begin alike, without that beginning, in lower case."""
    start, lower, trim = (call.get(name, at) for at, name in enumerate(("namespace", "lowercase", "trim_namespace")))
    told = [True if held is None else machine.truth(held) for held in (lower, trim)]
    if not isinstance(start, Known) or None in told or config.open:
        return Mapping(origin=Origin(call.place), more={"rest": Known(value=True)})
    made = Mapping(origin=Origin(call.place))
    for name, held in config.cells.items():
        if str(name).startswith(str(start.value)):
            key = str(name)[len(str(start.value)) :] if told[1] else str(name)
            made.cells[key.lower() if told[0] else key] = held
    return made


_METHODS = {
    "get_namespace": _namespace,
    "from_object": _from_object,
    "from_mapping": _from_mapping,
    "update": _update,
    "from_pyfile": _from_pyfile,
    "from_envvar": _from_envvar,
    "from_prefixed_env": _from_prefixed_env,
    "from_file": _from_file,
    "from_json": _from_file,
}

DICT_METHODS["flask.Config"] = config_method
