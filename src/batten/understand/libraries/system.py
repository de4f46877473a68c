"""The standard library, as far as configuration uses it (CPython 3.11)."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import builtins, dataclass_init
from batten.understand.evaluate.constants import RefusedError
from batten.understand.evaluate.environ import placed
from batten.understand.evaluate.library import ALIASES, CALLS, Call, calls, value
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    OneOf,
    Ref,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place, combined

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

ALIASES.update(
    {
        "os.getenvb": "os.getenv",
        "posixpath": "os.path",
        "distutils.util.strtobool": "strtobool",
        "setuptools.distutils.util.strtobool": "strtobool",
        "str2bool.str2bool": "strtobool.unknown",
    }
)


@value("os.environ")
def environ(machine: Interpreter, place: Place) -> Abstract:
    """Return the environment of the process."""
    del place
    return machine.environ


@value("os.environb")
def _environ_of_bytes(machine: Interpreter, place: Place) -> Abstract:
    """The environment as bytes is not followed: what is written there may be any variable."""
    machine.obscure(machine.environ, Unknown("it may be written through os.environb", of="str"))
    return Unknown("the environment as bytes", Origin(place), kind="runtime")


@value("os.name")
def _os_name(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Known("posix", Origin(place))


@value("os.sep", "os.path.sep")
def _separator(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Known("/", Origin(place))


@value("sys.version_info", "sys.platform", "sys.prefix", "sys.executable", "sys.stdout", "sys.stderr")
def _host(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Unknown("it depends on the server", Origin(place), kind="runtime")


@value("sys.modules")
def _modules(machine: Interpreter, place: Place) -> Abstract:
    """Return the modules that were imported, by name."""
    del place
    for name, module in machine.modules.items():
        if name not in machine.loaded.cells:
            runs = name == "__main__" or not module.loaded  # another was perhaps imported on one way only
            held = module if runs else OneOf((ABSENT, module))
            machine.put(machine.loaded.cells, name, held)
    return machine.loaded


@value("sys.path")
def _path(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Instance(Library("sys.path"), place)


@calls("sys.path.insert", "sys.path.append")
def _extend_path(machine: Interpreter, call: Call) -> Abstract:
    entry = machine.data(call.args[-1]) or machine.plain(call.args[-1]) if call.args else None
    if entry and isinstance(entry[0], str):
        found = machine.world.directory(entry[0])
        if found is not None and found not in machine.path:
            machine.path.append(found)
    return Known(None)


@value("typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING")
def _type_checking(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Known(value=False, origin=Origin(place))


@calls("os.getenv", "os.environ.get")
def getenv(machine: Interpreter, call: Call) -> Abstract:
    """Return `os.getenv(name, default)`."""
    name = call.get("key", 0) or Unknown("no name")
    default = call.get("default", 1) or Known(None, Origin(call.place))
    if "os.environ" in machine.patched:
        return machine.call_with(machine.get_attribute(machine.environ_now(), "get", None), [name, default], call.place)
    return machine.looked_up(machine.environ, name, default, call.place)


@calls("os.putenv")
def _putenv(machine: Interpreter, call: Call) -> Abstract:
    del machine, call
    return Known(None)


def _runtime(why: str, of: str = "str") -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        del machine
        return Unknown(why, Origin(call.place, ((call.place, why, None),)), kind="runtime", truth=True, of=of)

    return model


_RANDOM = "random, made anew at every start"
for _name in (
    "secrets.token_hex secrets.token_urlsafe uuid.uuid1 uuid.uuid4 random.choice random.choices secrets.choice "
    "string.join random.randbytes"
).split():
    CALLS[_name] = _runtime(_RANDOM)
for _name in ("secrets.token_bytes", "os.urandom"):
    CALLS[_name] = _runtime(_RANDOM, "bytes")
for _name in ("random.randint", "random.random", "random.randrange", "secrets.randbelow"):
    CALLS[_name] = _runtime(_RANDOM, "int")
for _name in "time.time datetime.datetime.now datetime.datetime.utcnow datetime.date.today os.getpid".split():
    CALLS[_name] = _runtime("it changes while the app runs", "")
for _name in "random.SystemRandom random.Random".split():
    CALLS[_name] = _runtime(_RANDOM, "")
for _name in "os.getcwd os.uname os.cpu_count getpass.getpass".split():
    CALLS[_name] = _runtime("it depends on the server", "")


def _on_text(function: Callable[..., Any]) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        args = [machine.special(arg, "__fspath__", [], call.place) or arg for arg in call.args]
        return machine.compute(call.place, function, *args, of="str")

    return model


CALLS["os.path.join"] = _on_text(posixpath.join)
CALLS["os.path.dirname"] = _on_text(placed(posixpath.dirname))
CALLS["os.path.basename"] = _on_text(posixpath.basename)
CALLS["os.path.normpath"] = _on_text(placed(posixpath.normpath))
CALLS["os.path.abspath"] = _on_text(lambda path: posixpath.normpath(path) if path.startswith("/") else None)
CALLS["os.path.realpath"] = CALLS["os.path.abspath"]
CALLS["os.path.splitext"] = _on_text(posixpath.splitext)
CALLS["os.path.isabs"] = _on_text(posixpath.isabs)
CALLS["os.fspath"] = _on_text(str)


@calls("os.path.abspath", "os.path.realpath")
def _absolute(machine: Interpreter, call: Call) -> Abstract:
    arg = call.args[0] if call.args else Unknown("no path")
    arg = machine.special(arg, "__fspath__", [], call.place) or arg
    if isinstance(arg, Known) and isinstance(arg.value, str):
        root = machine.world.process_path(machine.world.unit.cwd if machine.world.unit.cwd != "." else "").rstrip("/")
        whole = machine.compute(call.place, lambda text: posixpath.join(root or "/", text), arg, of="str")
        return machine.compute(call.place, placed(posixpath.normpath), whole, of="str")
    return machine.unknown_of(call.place, arg, of="str")


@calls("os.path.exists", "os.path.isfile", "os.path.isdir")
def _exists(machine: Interpreter, call: Call) -> Abstract:
    arg = call.args[0] if call.args else Unknown("no path")
    arg = machine.special(arg, "__fspath__", [], call.place) or arg
    if isinstance(arg, Known) and isinstance(arg.value, str):
        found = machine.world.repo_path(arg.value)
        if found is not None and machine.world.visible(found):
            return Known(value=True, origin=combined(call.place, arg.origin))
    return Unknown("whether that file is on the server", Origin(call.place), of="bool")


@calls("strtobool")
def strtobool(machine: Interpreter, call: Call) -> Abstract:
    """Return what `distutils.util.strtobool` gives: 1, 0 or ValueError."""

    def convert(text: str) -> int:
        lowered = text.lower()
        if lowered in ("y", "yes", "t", "true", "on", "1"):
            return 1
        if lowered in ("n", "no", "f", "false", "off", "0"):
            return 0
        message = f"invalid truth value {text!r}"
        raise ValueError(message)

    return machine.compute(call.place, convert, *call.args[:1], of="int")


@calls("ast.literal_eval")
def _literal(machine: Interpreter, call: Call) -> Abstract:
    import ast  # noqa: PLC0415 - used rarely

    def read(text: str) -> Any:  # noqa: ANN401 - any literal
        try:
            return ast.literal_eval(text)
        except (SyntaxError, MemoryError, RecursionError) as error:
            raise RefusedError((type(error).__name__, "Exception"), str(error)) from None

    return machine.compute(call.place, read, *call.args[:1])


@calls("functools.lru_cache", "functools.cache")
def _cached(machine: Interpreter, call: Call) -> Abstract:
    del machine
    first = call.args[0] if call.args else None
    if isinstance(first, Function):
        return first
    return Builtin("decorator", lambda _machine, inner: inner.args[0] if inner.args else Known(None))


@calls("functools.update_wrapper")
def _update_wrapper(machine: Interpreter, call: Call) -> Abstract:
    wrapper = call.get("wrapper", 0) or Known(None)
    if isinstance(wrapper, Function):
        for name in ("__name__", "__qualname__", "__doc__"):
            machine.put(wrapper.cells, name, Unknown("the name of the function that is wrapped"))
    return wrapper


@calls("functools.wraps")
def _wraps(machine: Interpreter, call: Call) -> Abstract:
    del machine, call
    return Builtin("decorator", lambda _machine, inner: inner.args[0] if inner.args else Known(None))


@calls("functools.cached_property")
def _cached_property(machine: Interpreter, call: Call) -> Abstract:
    del machine
    function = call.args[0] if call.args else Known(None)
    if isinstance(function, Function):
        function.kind = "property"
    return function


@calls("functools.reduce")
def _reduced(machine: Interpreter, call: Call) -> Abstract:
    """Return what a function of two arguments makes of the elements, one after the other."""
    items = machine.iterate(call.args[1]) if len(call.args) > 1 and not call.open else None
    if items is None:
        machine.may_run(*call.args[:1])
        return machine.unknown_of(call.place, *call.args)
    items = [*call.args[2:3], *items]
    if not items:
        raise ThrownError(("TypeError", "Exception"), "reduce() of empty iterable with no initial value", call.place)
    found = items[0]
    for item in items[1:]:
        found = machine.call_with(call.args[0], [found, item], call.place)
    return found


@calls("functools.partial")
def _partial(machine: Interpreter, call: Call) -> Abstract:
    del machine
    if not call.args:
        return Unknown("partial() of nothing", Origin(call.place))
    function, args, kwargs = call.args[0], call.args[1:], call.kwargs

    def run(inner: Any, later: Call) -> Abstract:  # noqa: ANN401 - the evaluator
        joined = Call([*args, *later.args], {**kwargs, **later.kwargs}, later.place, open=later.open or call.open)
        return inner.call(function, joined)  # type: ignore[no-any-return]

    return Builtin("partial", run)


@calls("dataclasses.dataclass")
def _dataclass(machine: Interpreter, call: Call) -> Abstract:
    del machine

    def mark(_machine: Any, inner: Call) -> Abstract:  # noqa: ANN401 - the evaluator
        cls = plain_object(inner.args[0]) if inner.args else Known(None)
        if isinstance(cls, Class):
            cls.facts["dataclass"] = True
            cls.facts["options"] = dict(dataclass_init.options(call))
        return cls

    return mark(None, call) if call.args else Builtin("dataclass", mark)


@calls("dataclasses.field")
def _field(machine: Interpreter, call: Call) -> Abstract:
    field = Instance(Library("dataclasses.field"), call.place)
    if "default" in call.kwargs:
        machine.put(field.cells, "default", call.kwargs["default"])
    if "default_factory" in call.kwargs:
        machine.put(field.cells, "factory", call.kwargs["default_factory"])
    for name in ("init", "kw_only"):
        if name in call.kwargs:
            machine.put(field.cells, name, call.kwargs[name])
    field.facts["open"] = call.open
    return field


@calls("importlib.import_module")
def _import(machine: Interpreter, call: Call) -> Abstract:
    name = call.get("name", 0)
    if isinstance(name, Known) and isinstance(name.value, str) and not name.value.startswith("."):
        found = machine.import_module(name.value, call.place)
        if isinstance(found, Module) and name.origin.unset:
            return Ref(found, Origin(None, name.origin.hops, name.origin.unset))
        return machine.tainted(found, name.origin)
    return Unknown("a module chosen by something that is not known", Origin(call.place))


@calls("importlib.reload")
def _reload(machine: Interpreter, call: Call) -> Abstract:
    """Run a module's body again, among the names that it has."""
    module = plain_object(call.args[0]) if call.args else Known(None)
    if isinstance(module, Module):
        machine.run_module(module)
        return module
    return machine.unknown_of(call.place, *call.args)


@calls("sys.exit", "os._exit", "os.abort")
def _exit(machine: Interpreter, call: Call) -> Abstract:
    del machine
    first = call.args[0] if call.args else Known("the program exits")
    raise ThrownError(("SystemExit", "BaseException"), str(getattr(first, "value", "the program exits")), call.place)


@calls("traceback.format_exc", "traceback.format_exception", "traceback.format_stack", "traceback.format_tb")
def _trace(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return Unknown(
        "a traceback", Origin(call.place), kind="runtime", truth=True, labels=frozenset({"traceback"}), of="str"
    )


@calls("sys.exc_info")
def _exc_info(machine: Interpreter, call: Call) -> Abstract:
    del machine
    part = Unknown("the exception", Origin(call.place), kind="runtime", labels=frozenset({"exception"}))
    return Sequence("tuple", (part, part, part), Origin(call.place))


@calls("open", "io.open", "codecs.open")
def _open(machine: Interpreter, call: Call) -> Abstract:
    from batten.understand.libraries import files  # noqa: PLC0415 - used rarely

    return files.opened(machine, call)


@calls("object.__setattr__")
def _set(machine: Interpreter, call: Call) -> Abstract:
    """Write an attribute past what the object's class does about it."""
    target, name = [*map(plain_object, call.args[:2]), Known(None), Known(None)][:2]
    if isinstance(target, Instance) and isinstance(name, Known) and len(call.args) == 3:  # noqa: PLR2004 - object, name, value
        machine.put(target.cells, str(name.value), call.args[2])
    elif isinstance(target, Instance):
        machine.havoc(target)
    return Known(None)


@calls("types.SimpleNamespace")
def _namespace(machine: Interpreter, call: Call) -> Abstract:
    made = Instance(Library("types.SimpleNamespace"), call.place)
    for name, held in call.kwargs.items():
        machine.put(made.cells, name, held)
    return made


builtins.extra["open"] = Builtin("open", _open)

__all__ = ["ABSENT", "Mapping", "environ", "getenv", "strtobool"]
