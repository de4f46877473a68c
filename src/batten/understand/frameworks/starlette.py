"""A Starlette or FastAPI app's evaluated state as the subjects that rules read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location, State, Value
from batten.understand import forwarded, request_facts, serving
from batten.understand.committed import uncommitted
from batten.understand.entry import REFUSES
from batten.understand.evaluate.objects import ABSENT, Instance
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks import (
    accounts,
    parts,
    starlette_headers,
    starlette_panels,
    starlette_requests,
    starlette_subjects as subjects_of,
)
from batten.understand.frameworks.panels import panels
from batten.understand.frameworks.settings import made_at
from batten.understand.frameworks.starlette_docs import Docs
from batten.understand.frameworks.starlette_entries import served
from batten.understand.frameworks.starlette_middleware import pieces
from batten.understand.subjects import App, BodyLimit, SigningKey

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.frameworks.starlette_entries import Served
    from batten.understand.frameworks.starlette_middleware import Piece

_ALWAYS = ("debug", "openapi_url", "docs_url", "redoc_url")


def app(program: Program, made: Instance) -> App:
    """Return an app object and all that was seen of it as the subject of rules."""
    machine = program.machine
    starlette_requests.start(program, made)
    at, framework = made_at(made), str(made.facts["framework"])
    routes = served(machine, made)
    stack = [(path, piece) for path, one in _apps(made, routes) for piece in pieces(machine, one)]
    sessions = subjects_of.sessions(machine, stack)
    headers, display = starlette_headers.headers(program, made, routes, at)
    values, debug = _settings(program, made, routes)
    docs = Docs(machine, made, routes)
    values |= docs.statuses()
    seen = starlette_requests.see(program, made, routes)
    cors = subjects_of.cors(machine, stack, made, at)
    values |= subjects_of.display(sessions, cors, display)
    fields = parts.settings_objects(machine)
    values |= fields
    servers = serving.servers(program, made, at, debug)
    values |= serving.settings_of(servers, program, made)
    guards = subjects_of.csrf(machine, stack)
    logs_in = bool(sessions or seen.session)
    return App(
        name=parts.name(made),
        framework=framework,
        root=program.unit.cwd,
        unit=program.unit,
        at=at,
        settings=_stopped(program, values, at),
        servers=servers,
        keys=_keys(sessions, guards, seen, fields, subjects_of.noted_keys(machine)),
        cookies=(
            *(one.cookie for one in sessions),
            *(one.cookie for one in guards),
            *subjects_of.noted_cookies(machine),
            *seen.cookies,
        ),
        cors=cors,
        csrf=tuple(one.guard for one in guards),
        headers=headers,
        errors=tuple(seen.errors),
        credentials=parts.credentials(values),
        templates=tuple(seen.templates),
        clients=tuple(seen.clients),
        tokens=tuple(seen.tokens),
        no_effect=tuple(docs.no_effect()),
        tools=(*parts.tools(machine, at), *starlette_panels.tools(stack, debug)),
        hosts=subjects_of.hosts(machine, stack),
        panels=(*docs.panels(), *starlette_panels.panels(machine, routes, docs), *panels(machine, made)),
        proxies=(*subjects_of.proxies(machine, stack), *forwarded.proxies(program, made, at)),
        hashes=accounts.hashes(machine),
        seeded=accounts.seeded(program, values),
        body_limits=_body(program, made, at),
        extensions={**parts.extensions(machine, made), **_installed(stack)},
        routes=starlette_requests.paths(routes),
        handles_errors=seen.handles_errors,
        changes_state=known_value(starlette_requests.takes_forms(machine, routes), at, "routes take forms"),
        form_tokens=known_value(subjects_of.form_tokens(machine), at, "forms carry tokens"),
        proxied=machine.world.stack.proxies,
        uncommitted=uncommitted(machine.world.sources),
        uses_session=known_value(logs_in, at, "the app uses sessions"),
    )


def _apps(made: Instance, routes: list[Served]) -> list[tuple[str, Instance]]:
    """Return the app and those that are mounted in it, each with its path."""
    found: dict[Instance, str] = {made: ""}
    for one in routes:
        for path, owner in one.apps:
            found.setdefault(owner, path or "")
    return [(path, owner) for owner, path in found.items()]


def _installed(stack: list[tuple[str, Piece]]) -> dict[str, Location]:
    """Return the middleware of other people by name, with the place."""
    places = ((piece.name, locate(piece.options.place)) for _, piece in stack if piece.name)
    return {name: at for name, at in places if at is not None}


def _settings(program: Program, made: Instance, routes: list[Served]) -> tuple[dict[str, Value], Value]:
    """Return `debug` and the places of the documentation, and debug as it holds for the app itself."""
    machine, framework = program.machine, str(made.facts["framework"])
    values: dict[str, Value] = {}
    for name in _ALWAYS if framework == "fastapi" else ("debug",):
        values[name] = _attribute(program, made, name)
    debug = values["debug"]
    values[f"{framework}.debug"] = debug
    for path, mounted in _apps(made, routes)[1:]:
        value = _attribute(program, mounted, "debug")
        if value.state is not State.KNOWN or value.value:
            values[f"{mounted.facts['framework']}.debug {path or mounted.facts['path']}"] = value
    del machine
    return values, debug


def _attribute(program: Program, made: Instance, name: str) -> Value:
    """Return an attribute of an app, as its constructor or later code set it."""
    at = made_at(made)
    if program.stopped:
        return _refused(program, at)
    held = made.cells.get(name, ABSENT)
    told = made.facts["given"]
    value = value_of(program.machine, held, name, at)
    is_default = name not in told and value.state is State.KNOWN and len(value.evidence) == 1 and value.at == at
    if is_default:
        return known_value(value.value, at, f"{name} is not given: the default is", default=True)
    return value


def _refused(program: Program, at: Location) -> Value:
    state = State.ERROR if program.stopped.startswith(REFUSES) else State.UNKNOWN
    return Value(state, at=at, why=program.stopped)


def _stopped(program: Program, values: dict[str, Value], at: Location) -> dict[str, Value]:
    """Return the settings of an app that refuses to start: none of them holds."""
    if not program.stopped:
        return values
    return {name: _refused(program, at) for name in values}


def _keys(
    sessions: list[subjects_of.Session],
    guards: list[subjects_of.Guard],
    seen: request_facts.Seen,
    fields: dict[str, Value],
    noted: list[SigningKey],
) -> tuple[SigningKey, ...]:
    """Return what the app signs with; a key that several use is told where it is used first."""
    held = [*(one.key for one in sessions), *(one.key for one in guards), *noted]
    keys = [key for key in held if key is not None]
    keys += [
        SigningKey(f"the key of {token.function}", token.key.hidden(), "the app's tokens")
        for token in seen.tokens
        if token.key.state is not State.UNSET
    ]
    keys += [
        SigningKey(name, value.hidden(), "whatever the app signs with it")
        for name, value in fields.items()
        if parts.signs(name)
    ]
    kept: list[SigningKey] = []
    for key in keys:
        if not any(key.value.at == other.value.at and key.value.value == other.value.value for other in kept):
            kept.append(key)
    return tuple(kept)


def _body(program: Program, made: Instance, at: Location) -> tuple[BodyLimit, ...]:
    """Return the largest body that `max_body_size` allows (Starlette since 1.6)."""
    held = made.cells.get("max_body_size", ABSENT)
    if held is ABSENT:
        return ()
    value = value_of(program.machine, held, "max_body_size", at)
    return (BodyLimit(replace(value, at=value.at or at), value.at or at, "max_body_size"),)
