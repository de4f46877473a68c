"""The facts that a program starts a server, and whose forwarded headers it believes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.objects import Abstract, Known
from batten.understand.libraries import conditional
from batten.understand.libraries.extension import app_of, config_of

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.library import Call


def note(  # noqa: PLR0913 - the parts of a fact
    machine: Interpreter,
    kind: str,
    app: Abstract,
    host: Abstract,
    port: Abstract,
    call: Call,
    *,
    reload: Abstract | None = None,
) -> None:
    """Record a server without a debugger of its own; the app's settings are frozen as they are now."""
    found = app_of(app)
    config = config_of(found)
    off = Known(value=False)
    options = {
        "host": host,
        "port": port,
        "debugger": off,
        "evalex": off,
        "reload": reload or off,
        "open": Known(call.open),
    }
    if config is not None:
        options["debug"] = config.cells.get("DEBUG", off)
    elif found is None:
        options["debug"] = off  # else it is what the app says when all is evaluated
    machine.record.append(("serve", kind, app, options, call, machine.control))
    if found is not None and config is not None:
        found.facts.setdefault("frozen", dict(config.cells))


ADDRESS = ("x-forwarded-for", "x-forwarded-proto")
SCHEME = ("x-forwarded-proto",)


def trusts(
    machine: Interpreter,
    app: Abstract | None,
    what: str,
    trusted: Abstract | None,
    call: Call,
    headers: tuple[str, ...] = ADDRESS,
) -> None:
    """Record whose forwarded headers a server or piece of middleware believes; nothing when it is not told."""
    if trusted is not None and not (isinstance(trusted, Known) and not trusted.value):
        key = conditional.put(machine, trusted)
        machine.record.append(("forwarded", app_of(app), what, key, headers, call.place))
