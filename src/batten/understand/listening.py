"""Where a server listens that a command starts: command line, environment, its own configuration file, default.

Facts from gunicorn 27.0.1 `gunicorn.config.Bind` (PORT decides the default) and `gunicorn.util.parse_address`,
Hypercorn 0.18 `hypercorn.config.Config._create_sockets`, uvicorn 0.54, granian 2.8 and daphne 4.2 (127.0.0.1:8000),
waitress 3.0 (every interface, 8080), fastapi-cli 0.0.34.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import UNSET, State, Value
from batten.understand import gunicorn_file, hypercorn_file
from batten.understand.evaluate.objects import ABSENT, Abstract, Known, Sequence, Unknown, plain_object
from batten.understand.evaluate.origin import Origin
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.libraries.addresses import EVERYWHERE, split, wide

if TYPE_CHECKING:
    from batten.model import Location
    from batten.understand.entry import Program

DEFAULTS = {
    "gunicorn": ("127.0.0.1", 8000),
    "uvicorn": ("127.0.0.1", 8000),
    "hypercorn": ("127.0.0.1", 8000),
    "daphne": ("127.0.0.1", 8000),
    "granian": ("127.0.0.1", 8000),
    "waitress": (EVERYWHERE, 8080),
}
_BINDS = ("bind", "listen", "http", "http-socket", "https", "socket")
_PORT_SET_BY = frozenset({"procfile", "platform"})
"""Kinds of units whose platform sets PORT."""
_NO = frozenset({"", "0", "false", "no", "off", "f", "n"})
SOCKET = "a Unix socket"


def where(program: Program, at: Location) -> tuple[Value, Value]:
    """Return the host and port on which the unit's command listens."""
    kind = program.unit.start.server
    bind = _bind(program, at)
    if bind is not None:
        return _widest(program, bind, at)
    for name in ("uds", "unix-socket", "fd"):
        if name in program.unit.start.options:
            return known_value(SOCKET, at, f"--{name} on the command line"), UNSET
    host, port = option(program, "host", at), option(program, "port", at)
    default = DEFAULTS.get(kind)
    if host is None and port is None and default is None:
        return Value(State.UNKNOWN, at=at, why="the command does not say"), UNSET
    told = default or ("127.0.0.1", 8000)
    return (
        known_value(told[0], at, f"{kind}'s default", default=True)
        if host is None
        else _value(program, wide(host), "host", at),
        known_value(str(told[1]), at, f"{kind}'s default", default=True)
        if port is None
        else _value(program, port, "port", at),
    )


def reload(program: Program, at: Location) -> Value:
    """Return whether the server starts again when a file changes."""
    options = program.unit.start.options
    for name in ("reload", "py-autoreload"):
        held = options.get(name)
        if held is not None:
            on = held if isinstance(held, bool) else held.lower() not in _NO
            place = program.unit.start.places.get(name, at)
            return known_value(on, place, f"--{name} on the command line")
    found = gunicorn_file.setting(program, "reload") or hypercorn_file.setting(program, "use_reloader")
    if found is None:
        return known_value(False, at, "no --reload")  # noqa: FBT003 - the value itself
    if isinstance(found, Known) and isinstance(found.value, str):
        found = Known(found.value.strip().lower() == "true", found.origin)
    return value_of(program.machine, found, "reload", at)


def _bind(program: Program, at: Location) -> Abstract | None:
    """Return the address that the command binds, as text or as a list of texts; None where host and port are apart."""
    kind = program.unit.start.server
    for name in _BINDS:
        found = option(program, name, at)
        if found is not None:
            return found
    if kind == "gunicorn" and isinstance(program.unit.env.get("GUNICORN_CMD_ARGS"), object):
        arguments = program.unit.env.get("GUNICORN_CMD_ARGS")
        if arguments is not None and arguments.value is None:
            return Unknown("GUNICORN_CMD_ARGS may say it, which is not in the repository", Origin(arguments.at))
    told = gunicorn_file.setting(program, "bind") or hypercorn_file.setting(program, "bind")
    if told is not None or kind != "gunicorn":
        return told
    port = program.machine.environ.held("PORT")
    says = (at, "PORT is set: gunicorn binds every interface", None)
    if isinstance(port, Known):
        return Known(f"{EVERYWHERE}:{port.value}", port.origin.then(says))
    if port is not ABSENT or program.unit.kind in _PORT_SET_BY:
        return Unknown("the platform sets PORT", Origin(at, (says,)), of="str", prefix=f"{EVERYWHERE}:")
    return None


def option(program: Program, name: str, at: Location) -> Abstract | None:
    """Return an option's text; what the shell or the platform fills in is not known, its beginning is."""
    start = program.unit.start
    text = start.options.get(name)
    if not isinstance(text, str):
        return None
    place = start.places.get(name, at)
    says = f"--{name} on the command line" if place == at else f"{name} is set"
    origin = Origin(place, ((place, says, repr(text)),), pinned=True)
    if "$" not in text:
        return Known(text, origin)
    return Unknown(f"{text} is filled in when it starts", origin, of="str", prefix=text.partition("$")[0])


def _widest(program: Program, bind: Abstract, at: Location) -> tuple[Value, Value]:
    """Return host and port of the address that lets in most, where there are several."""
    machine = program.machine
    held = plain_object(bind)
    texts = machine.iterate(bind) if isinstance(held, Sequence) else [bind]
    if isinstance(held, Known) and isinstance(held.value, str):
        texts = [Known(part.strip(), held.origin) for part in held.value.replace(" ", ",").split(",") if part.strip()]
    found: list[tuple[Value, Value]] = []
    default = DEFAULTS.get(program.unit.start.server, ("", 8000))[1]
    for text in texts or [Unknown("an address that is not known")]:
        if isinstance(text, Known) and str(text.value).startswith(("unix:", "/", "fd://")):
            origin = Known(SOCKET, text.origin)
            found.append((_value(program, origin, "bind", at), UNSET))
            continue
        host, port = split(machine, text, at, otherwise=EVERYWHERE, port=default)
        found.append((_value(program, host, "bind", at), _value(program, port, "port", at)))
    wide_open = [pair for pair in found if pair[0].may_be(EVERYWHERE) or pair[0].may_be("::")]
    return (wide_open or found)[0]


def _value(program: Program, held: Abstract, name: str, at: Location) -> Value:
    value = value_of(program.machine, held, name, at)
    if value.state is State.KNOWN and isinstance(value.value, int):
        value = replace(value, value=str(value.value))
    return value
