"""Which forwarded headers production believes, and from whom: servers, their settings, middleware.

Facts from gunicorn 27.0 `gunicorn.config.ForwardedAllowIPS` and
`gunicorn.http.message`, uvicorn 0.54 `uvicorn.config.Config` and
`uvicorn.middleware.proxy_headers`, and Werkzeug 3.1
`werkzeug.middleware.proxy_fix.ProxyFix`. Gunicorn takes the scheme from them;
uvicorn, also under gunicorn, the visitor's address too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from batten.model import State, Value
from batten.understand import gunicorn_file
from batten.understand.evaluate.objects import ABSENT, Instance
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks.parts import belongs
from batten.understand.libraries import conditional
from batten.understand.libraries.serving import ADDRESS, SCHEME
from batten.understand.subjects import ProxyTrust

if TYPE_CHECKING:
    from batten.model import Location
    from batten.understand.entry import Program

VARIABLE = "FORWARDED_ALLOW_IPS"
_OPTION = "forwarded-allow-ips"
_FIXED = {
    "x_for": "x-forwarded-for",
    "x_proto": "x-forwarded-proto",
    "x_host": "x-forwarded-host",
    "x_port": "x-forwarded-port",
    "x_prefix": "x-forwarded-prefix",
}


def proxies(program: Program, made: Instance, at: Location) -> tuple[ProxyTrust, ...]:
    """Return whose forwarded headers an app and its servers believe; what nobody sets is safe and left out."""
    kept: dict[tuple[Location, str], ProxyTrust] = {}
    for trust in (*_fixed(program, made), *_noted(program, made), *_server(program, at)):
        kept.setdefault((trust.at, trust.what), trust)
    return tuple(kept.values())


def _fixed(program: Program, made: Instance) -> list[ProxyTrust]:
    """Werkzeug's ProxyFix: the number of proxies whose entries are believed, by header."""
    machine, found = program.machine, []
    for fact in machine.record:
        if fact[0] != "proxyfix" or not belongs(fact, 1, made):
            continue
        at = locate(fact[3])
        if at is None:
            continue
        counts = {name: value_of(machine, conditional.get(machine, key), name, at) for name, key in fact[4].items()}
        believed = tuple(_FIXED[name] for name, count in counts.items() if _may_count(count))
        if believed and counts["x_for"].state is not State.UNSET:
            found.append(ProxyTrust("ProxyFix", counts["x_for"], at, believed, counts["x_for"].evidence))
    return found


def _may_count(count: Value) -> bool:
    """Return whether a header is believed: by one proxy at least, or by a number that is not known."""
    return count.state is State.UNKNOWN or any(case.value for case in count.cases())


def _noted(program: Program, made: Instance) -> list[ProxyTrust]:
    """Servers and middleware that are told in code: `("forwarded", app, what, trusted, headers, place)`."""
    machine, found = program.machine, []
    for fact in machine.record:
        at = locate(fact[5]) if fact[0] == "forwarded" and belongs(fact, 1, made) else None
        if at is not None:
            trusted = addresses(value_of(machine, conditional.get(machine, fact[3]), fact[2], at))
            found.append(ProxyTrust(fact[2], trusted, trusted.at or at, fact[4], trusted.evidence))
    return found


def _server(program: Program, at: Location) -> list[ProxyTrust]:
    """Return what the unit's command, its configuration file or the environment tells the server."""
    unit = program.unit
    headers = _headers(program)
    if not headers:
        return []
    option = unit.start.options.get(_OPTION)
    place = unit.at or at
    told: Value | None = None
    if isinstance(option, str):
        told = known_value(option, place, f"--{_OPTION} on the command line")
    elif (held := gunicorn_file.setting(program, "forwarded_allow_ips")) is not None:
        told = value_of(program.machine, held, "forwarded_allow_ips", place)
    elif (held := program.machine.environ.cells.get(VARIABLE, ABSENT)) is not ABSENT:
        told = value_of(program.machine, held, VARIABLE, place)
    if told is None:
        return []
    return [ProxyTrust("forwarded_allow_ips", addresses(told), told.at or place, headers, told.evidence)]


def _headers(program: Program) -> tuple[str, ...]:
    """Return the headers that the unit's server reads; none for a server that reads none by itself."""
    start = program.unit.start
    if start.server in {"uvicorn", "fastapi"}:
        return () if start.options.get("proxy-headers") is False else ADDRESS
    if start.server != "gunicorn":
        return ()
    worker: Any = start.options.get("worker-class", "")
    held = gunicorn_file.setting(program, "worker_class") if not worker else None
    worker = worker or getattr(held, "value", "")
    return ADDRESS if "uvicorn" in str(worker).lower() else SCHEME


def addresses(value: Value) -> Value:
    """Return a list of addresses that is written as one text (`"127.0.0.1,10.0.0.1"`) as a tuple."""
    if value.state is State.KNOWN and isinstance(value.value, str):
        return replace(value, value=tuple(part.strip() for part in value.value.split(",") if part.strip()))
    return replace(value, cases_=tuple(addresses(case) for case in value.cases_)) if value.cases_ else value
