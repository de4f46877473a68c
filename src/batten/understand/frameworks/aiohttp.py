"""An aiohttp app's evaluated state as the subjects that rules read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand import request_facts
from batten.understand.evaluate.objects import Builtin, Instance, Known, Library, Mapping
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks import answered, assembly
from batten.understand.frameworks.settings import Settings
from batten.understand.libraries import aiohttp_web, webapp
from batten.understand.subjects import BodyLimit, Cookie

if TYPE_CHECKING:
    from batten.model import Location, Value
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.subjects import App


def app(program: Program, made: Instance) -> App:
    """Return an aiohttp app and all that was seen of it as the subject of rules."""
    machine = program.machine
    held = webapp.settings_of(made) or Mapping()
    cells = dict(held.cells)
    debug = cells.pop("debug", None)
    by_loop = debug is None
    cells["aiohttp.debug"] = aiohttp_web.debug_of_loop(machine) if debug is None else debug
    defaults = {**made.facts["defaults"]}
    if by_loop and "debug" not in aiohttp_web.loop(machine).cells:
        defaults["aiohttp.debug"] = cells["aiohttp.debug"]
    settings = Settings(program, made, Mapping(cells, more=dict(held.more)), defaults=defaults)
    values = {name: settings(name) for name in ("aiohttp.debug", "client_max_size")}
    cookies = _sessions(machine, settings.at)
    own = assembly.Own(
        values,
        debug=values["aiohttp.debug"],
        cookies=cookies,
        cors=answered.hooks(machine, made, _arguments(machine, made)),
        errors=answered.around(machine, made, Instance(Library("aiohttp.web.Request"))),
        body_limits=[BodyLimit(values["client_max_size"], settings.at, "client_max_size")],
        changes_state=known_value(request_facts.takes_forms(machine, made), settings.at, "routes take forms"),
        form_tokens=known_value(assembly.mentions(machine, "csrf", "xsrf"), settings.at, "something checks for CSRF"),
        uses_session=known_value(bool(cookies), settings.at, "the app has sessions"),
    )
    return assembly.app(program, made, settings.at, own)


def _arguments(machine: Interpreter, made: Instance) -> list[Any]:
    """Return what a middleware is called with: a request, and the handler that gives an answer."""
    middlewares = webapp.entries(machine, made.cells.get("middlewares"))
    made.facts["hooks"]["every middleware"] = [(held, None, None) for held in middlewares]
    answer = Builtin("handler", lambda _machine, call: Instance(Library(aiohttp_web.RESPONSE), call.place))
    return [Instance(Library("aiohttp.web.Request")), answer]


def _sessions(machine: Interpreter, at: Location) -> list[Cookie]:
    """Return the session cookies of aiohttp-session's storages."""
    found = []
    for _, storage, flags, call in (fact for fact in machine.record if fact[0] == "session storage"):
        place = locate(call.place) or at

        def flag(name: str, default: object, flags: Any = flags, place: Location = place) -> Value:  # noqa: ANN401 - a fact
            if flags[name] is None:
                return known_value(default, place, f"{name} is not given: the default is", default=True)
            return value_of(machine, flags[name], name, place)

        name = flags["cookie_name"]
        found.append(
            Cookie(
                role="session",
                name=str(name.value) if isinstance(name, Known) else "AIOHTTP_SESSION",
                secure=flag("secure", default=False),
                httponly=flag("httponly", default=True),
                samesite=flag("samesite", None),
                at=place,
                settings={kind: f"{kind} of {storage}" for kind in ("secure", "httponly", "samesite")},
            )
        )
    return found
