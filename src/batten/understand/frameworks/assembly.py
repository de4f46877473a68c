"""One app of a smaller framework put together: what its own reader found, and what is seen of every app."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from batten.model import UNSET, Location, State, Value
from batten.model.data import dataclass
from batten.understand import request_facts, serving
from batten.understand.code_facts import keys_of
from batten.understand.committed import uncommitted
from batten.understand.evaluate.objects import Instance, Mapping
from batten.understand.evaluate.outcome import known_value
from batten.understand.frameworks import answered, parts
from batten.understand.frameworks.settings import Settings
from batten.understand.libraries.webapp import settings_of
from batten.understand.subjects import (
    App,
    BodyLimit,
    Cookie,
    CorsPolicy,
    CsrfGuard,
    ErrorAnswer,
    HostCheck,
    Panel,
    ProxyTrust,
    SigningKey,
)

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter


@dataclass(slots=True)
class Own:
    """What the reader of a framework found."""

    values: dict[str, Value]
    """Settings under the names that rules and people use."""
    debug: Value = UNSET
    """Whether errors explain themselves, whichever server serves the app."""
    keys: list[SigningKey] = field(default_factory=list)
    cookies: list[Cookie] = field(default_factory=list)
    cors: list[CorsPolicy] = field(default_factory=list)
    csrf: list[CsrfGuard] = field(default_factory=list)
    errors: list[ErrorAnswer] = field(default_factory=list)
    handlers: frozenset[str] = frozenset()
    """Names of functions that answer for every error."""
    hosts: list[HostCheck] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    proxies: list[ProxyTrust] = field(default_factory=list)
    body_limits: list[BodyLimit] = field(default_factory=list)
    uses_session: Value | None = None
    changes_state: Value | None = None
    form_tokens: Value = UNSET


def settings(program: Program, made: Instance) -> Settings:
    """Return the settings of an app that `webapp.begin` made."""
    return Settings(program, made, settings_of(made) or Mapping(), defaults=made.facts.get("defaults", {}))


def keys(found: Settings, *names: str, signs: str) -> list[SigningKey]:
    """Return the signing keys that some settings hold."""
    return [
        SigningKey(name, found(name).hidden(), signs)
        for name in names
        if name in found.cells and not found(name).default
    ]


def mentions(machine: Interpreter, *words: str) -> bool:
    """Return whether a file of Python that was read holds one of the words, in any case."""
    texts = (machine.world.sources.read(path) or "" for path in sorted(machine.world.used) if path.endswith(".py"))
    return any(word in text.lower() for text in texts for word in words)


def unseen(at: Location, why: str) -> Value:
    """Return a value that is not looked for."""
    return Value(State.UNKNOWN, at=at, why=why)


def app(program: Program, made: Instance, at: Location, own: Own, **more: Any) -> App:  # noqa: ANN401 - fields of App
    """Return the app: the reader's own findings with everything that all frameworks have in common.

    Its error pages are the framework's own, which tell a visitor nothing while debug is off.
    """
    machine = program.machine
    seen = request_facts.see(program, made)
    servers = serving.servers(program, made, at, own.debug)
    values = {**own.values, **serving.settings_of(servers, program, made)}
    cors = (*own.cors, *request_facts.cors(program, made, seen))
    for policy in cors[:1]:
        values["cors.allow_origin"] = request_facts.answer_to_strangers(policy)
        values["cors.allow_credentials"] = policy.credentials
    named = f"{made.facts['framework']} answers errors with a page of its own"
    return App(
        name=parts.name(made),
        framework=made.facts["framework"],
        root=program.unit.cwd,
        unit=program.unit,
        at=at,
        settings=values,
        servers=servers,
        keys=(*own.keys, *answered.keys(machine), *keys_of(seen.tokens)),
        cookies=(*own.cookies, *seen.cookies),
        cors=cors,
        csrf=tuple(own.csrf),
        errors=(*own.errors, *answered.errors(machine, own.handlers), *seen.errors),
        credentials=parts.credentials(values),
        templates=tuple(seen.templates),
        clients=tuple(seen.clients),
        tokens=tuple(seen.tokens),
        tools=parts.tools(machine, at),
        hosts=tuple(own.hosts),
        panels=tuple(own.panels),
        proxies=tuple(own.proxies),
        body_limits=tuple(own.body_limits),
        extensions=parts.extensions(machine, made),
        routes=request_facts.routes(machine, made),
        handles_errors=known_value(value=True, at=at, says=named),
        changes_state=own.changes_state or unseen(at, "which views read forms is not looked for"),
        form_tokens=own.form_tokens,
        uncommitted=uncommitted(machine.world.sources),
        uses_session=own.uses_session or known_value(bool(seen.session), at, "the app uses sessions"),
        **more,
    )
