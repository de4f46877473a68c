"""A Sanic app's evaluated state as the subjects that rules read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from batten.model import State
from batten.understand import request_facts
from batten.understand.evaluate.objects import Instance, Library, Mapping
from batten.understand.evaluate.outcome import known_value
from batten.understand.frameworks import answered, assembly, parts
from batten.understand.frameworks.settings import Settings
from batten.understand.libraries import sanic
from batten.understand.subjects import BodyLimit, CorsPolicy, Panel

if TYPE_CHECKING:
    from batten.model import Location
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.subjects import App

_EXTENDED: dict[str, Any] = {
    "CORS_ORIGINS": "",
    "CORS_SUPPORTS_CREDENTIALS": False,
    "CORS_SEND_WILDCARD": False,
    "OAS": True,
    "OAS_URL_PREFIX": "/docs",
}
"""Defaults of Sanic Extensions (`sanic_ext.config.Config`), as far as they matter here."""


def app(program: Program, made: Instance) -> App:
    """Return a Sanic app and all that was seen of it as the subject of rules."""
    machine = program.machine
    config = sanic.config_of(made) or Instance(Library(sanic.CONFIG))
    extensions = parts.extensions(machine, made)
    extended = "sanic_ext.Extend" in extensions or bool(machine.world.installed("sanic_ext"))
    settings = _settings(program, made, config)
    values = settings.written()
    values["sanic.debug"] = settings("sanic.debug", default=False)
    at = settings.at
    own = assembly.Own(
        values,
        debug=values["sanic.debug"],
        cors=_cors(machine, made, settings, extensions.get("sanic_ext.Extend", at))
        if extended
        else _by_hand(machine, made),
        panels=_panels(settings, extensions.get("sanic_ext.Extend", at)) if extended else [],
        body_limits=[BodyLimit(settings("REQUEST_MAX_SIZE"), at, "REQUEST_MAX_SIZE")],
        errors=answered.handlers(machine, made, "every exception", _request()),
        changes_state=known_value(request_facts.takes_forms(machine, made), at, "routes take forms"),
        form_tokens=known_value(assembly.mentions(machine, "csrf", "xsrf"), at, "something checks for CSRF"),
    )
    return assembly.app(program, made, at, own)


def _settings(program: Program, made: Instance, config: Instance) -> Settings:
    cells = dict(config.cells)
    held = made.cells["debug"]
    if held is not made.facts["debug"]:
        cells["sanic.debug"] = held
    return Settings(program, made, Mapping(cells, more=sanic.more(config)), defaults=config.facts.get("defaults", {}))


def _request() -> list[Any]:
    return list(sanic.ARGUMENTS)


def _by_hand(machine: Interpreter, made: Instance) -> list[CorsPolicy]:
    """Return the policies of middleware that sets headers; it is called with the request and the answer."""
    return answered.hooks(machine, made, [*_request(), Instance(Library(sanic.RESPONSE))])


def _cors(machine: Interpreter, made: Instance, settings: Settings, at: Location) -> list[CorsPolicy]:
    """Return the policies of Sanic Extensions; its `*` answers with the request's own origin."""
    origins = settings("CORS_ORIGINS", _EXTENDED["CORS_ORIGINS"])
    found = _by_hand(machine, made)
    if origins.state is State.KNOWN and not origins.value:
        return found
    if isinstance(origins.value, str) and "," in origins.value:
        listed = tuple(part.strip() for part in origins.value.split(","))
        origins = replace(origins, value=listed, plain=False)
    policy = CorsPolicy(
        origins=origins,
        credentials=settings("CORS_SUPPORTS_CREDENTIALS", default=False),
        at=origins.at or at,
        wildcard_echoes=not settings("CORS_SEND_WILDCARD", default=False).is_true(),
    )
    return [policy, *found]


def _panels(settings: Settings, at: Location) -> list[Panel]:
    """Return the documentation pages that Sanic Extensions serve."""
    enabled = settings("OAS", default=True)
    prefix = settings("OAS_URL_PREFIX", _EXTENDED["OAS_URL_PREFIX"])
    path = str(prefix.value) if isinstance(prefix.value, str) else "/docs"
    return [Panel("openapi", "the OpenAPI documentation", path, enabled, enabled.at or at, setting="OAS")]
