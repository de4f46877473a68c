"""A Pyramid app's evaluated state as the subjects that rules read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand import request_facts
from batten.understand.evaluate.objects import Class, Function, Known
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks import assembly
from batten.understand.subjects import Cookie, CsrfGuard

if TYPE_CHECKING:
    from batten.model import Location, Value
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Instance
    from batten.understand.subjects import App

SWITCHES = ("debug_all", "debug_authorization", "debug_notfound", "debug_routematch", "debug_templates", "reload_all")


def app(program: Program, made: Instance) -> App:
    """Return a Pyramid app and all that was seen of it as the subject of rules."""
    machine = program.machine
    settings = assembly.settings(program, made)
    values = {f"pyramid.{name}": settings(f"pyramid.{name}", default=False) for name in SWITCHES}
    cookies = _sessions(machine, settings.at)
    forms = request_facts.takes_forms(machine, made)
    own = assembly.Own(
        values,
        debug=values["pyramid.debug_all"],
        cookies=cookies,
        csrf=_csrf(machine, settings.at),
        changes_state=known_value(forms, settings.at, "views take forms"),
        form_tokens=known_value(assembly.mentions(machine, "csrf"), settings.at, "something checks for CSRF"),
    )
    return assembly.app(program, made, settings.at, own)


def _sessions(machine: Interpreter, at: Location) -> list[Cookie]:
    """Return the cookies of session factories and tickets."""
    found = []
    for _, maker, default, flags, call in (fact for fact in machine.record if fact[0] == "session cookie"):
        place = locate(call.place) or at

        def flag(name: str, otherwise: object, flags: Any = flags, place: Location = place) -> Value:  # noqa: ANN401 - a fact
            if flags[name] is not None:
                return value_of(machine, flags[name], name, place)
            return known_value(otherwise, place, f"{name} is not given: the default is", default=True)

        name = flags["cookie_name"]
        found.append(
            Cookie(
                role="session",
                name=str(name.value) if isinstance(name, Known) else default,
                secure=flag("secure", otherwise=False),
                httponly=flag("httponly", otherwise=False),
                samesite=flag("samesite", "Lax"),
                at=place,
                settings={kind: f"{kind} of {maker}" for kind in ("secure", "httponly", "samesite")},
            )
        )
    return found


def _csrf(machine: Interpreter, at: Location) -> list[CsrfGuard]:
    """Return the guard that `set_default_csrf_options` sets up; views with `require_csrf=False` are exempt."""
    found = []
    exempt = tuple(_exempt(machine))
    for _, required, origin, place in (fact for fact in machine.record if fact[0] == "pyramid csrf"):
        where = locate(place) or at
        del origin
        enabled = value_of(machine, required, "require_csrf", where)
        found.append(CsrfGuard(enabled, where, () if enabled.is_false() else exempt, setting="require_csrf"))
    return found


def _exempt(machine: Interpreter) -> Any:  # noqa: ANN401 - pairs
    for _, view, call in (fact for fact in machine.record if fact[0] == "pyramid view"):
        held = call.kwargs.get("require_csrf")
        at = locate(call.place)
        if isinstance(held, Known) and not held.value and at is not None:
            yield (view.name if isinstance(view, Function | Class) else "a view"), at
