"""The app reaches a data store on another machine without TLS.

Whoever is on the way reads the rows, and changes them; with Redis, AMQP and MySQL the password too. `sslmode=disable`
never encrypts. Without a mode, libpq tries TLS and goes on without it when the other side, or
somebody in its place, says that there is none.

Severity: medium where nothing is encrypted, low where it depends on who answers.

Silent for hosts of the deployment (names without a dot, private addresses, loopback), for `sslmode=require` and better,
`rediss://`, `amqps://`, `tls=true`, and for Django's DATABASES and engines with options of their own, where the mode
may stand.

Fix: `?sslmode=verify-full` with the authority's certificate; `rediss://`, `amqps://`, `?tls=true`.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, rule
from batten.rules.form import first, one_per_place
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://shop:Vq7nN2hX@db.example.net/shop?sslmode=disable"  # <- here
"""
PROCFILE = "web: gunicorn app:app\n"
_PLAIN = {"redis": "rediss", "amqp": "amqps"}
_POSTGRES = ("postgres", "postgresql")
_WEAK = {"disable": Severity.MEDIUM, "allow": Severity.LOW, "prefer": Severity.LOW}
_NEAR = (".local", ".localhost", ".internal", ".svc", ".lan", ".test", ".cluster.local", ".consul", ".flycast")


@rule(
    id="datastore-tls/app-connection",
    severity=Severity.MEDIUM,
    cwe=319,
    over=App,
    sources=["PostgreSQL 17 docs, 32.19 SSL Support", "redis-py 5, Redis.from_url", "ASVS 5.0, 12.3.1"],
    bad=[
        Bad("switched off", {"app.py": APP, "Procfile": PROCFILE}),
        Bad("whatever the other side says", {"app.py": APP.replace("?sslmode=disable", ""), "Procfile": PROCFILE}),
        Bad(
            "Redis",
            {
                "app.py": APP.replace("SQLALCHEMY_DATABASE_URI", "REDIS_URL").replace(
                    "postgresql://shop:Vq7nN2hX@db.example.net/shop?sslmode=disable",
                    "redis://:Vq7nN2hX@cache.example.net:6379/0",
                ),
                "Procfile": PROCFILE,
            },
        ),
    ],
    good=[
        Good("demanded", {"app.py": APP.replace("=disable", "=require"), "Procfile": PROCFILE}),
        Good("beside the app", {"app.py": APP.replace("db.example.net", "db"), "Procfile": PROCFILE}),
        Good("a private network", {"app.py": APP.replace("db.example.net", "10.1.2.3"), "Procfile": PROCFILE}),
        Good(
            "the engine has options",
            {
                "app.py": APP.replace("?sslmode=disable", "")
                + 'app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"sslmode": "verify-full"}}\n',
                "Procfile": PROCFILE,
            },
        ),
    ],
)
def plain_connection(app: App) -> Iterator[Finding]:
    """Yield a finding for each store on another machine that is reached without TLS."""
    yield from one_per_place(
        Finding(
            at=first(case.at, app.at),
            says=f"{credential.setting} reaches {host} {says}",
            evidence=tuple(evidence.hidden() for evidence in case.evidence),
            confidence=case.confidence.weakest(Confidence.LIKELY if severity is Severity.LOW else Confidence.CERTAIN),
            severity=severity,
            fix=Fix(fix),
            symbol=credential.setting,
            proof=host,
        )
        for credential in app.credentials
        for case in credential.value.cases()
        if isinstance(case.value, str)
        for host, says, severity, fix in _judged(app, credential.setting, case.value)
    )


def _judged(app: App, setting: str, text: str) -> Iterator[tuple[str, str, Severity, str]]:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return
    kind = parts.scheme.partition("+")[0].lower()
    if not _is_far(host):
        return
    if kind in _PLAIN:
        yield host, f"over {kind}://, which encrypts nothing", Severity.MEDIUM, f"write `{_PLAIN[kind]}://`"
        return
    options = {name.lower(): values[-1].lower() for name, values in parse_qs(parts.query).items()}
    if kind == "mongodb" and "false" in (options.get("tls"), options.get("ssl")):
        yield host, "with TLS off", Severity.MEDIUM, "write `tls=true`"
    if kind not in _POSTGRES or setting.startswith("DATABASES"):
        return
    mode = options.get("sslmode", options.get("ssl"))
    if mode in _WEAK:
        yield host, f"with sslmode={mode}", _WEAK[mode], "write `sslmode=verify-full`"
    elif mode is None and not _has_options(app):
        yield host, "without an sslmode, so it goes on without TLS", Severity.LOW, "add `?sslmode=verify-full`"


def _has_options(app: App) -> bool:
    return any("ENGINE_OPTIONS" in name for name in app.settings) or "PGSSLMODE" in app.unit.env


def _is_far(host: str) -> bool:
    """Return whether a host is on a network of others, as far as its name tells."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." in host and not host.endswith(_NEAR)
    return not (address.is_loopback or address.is_private or address.is_link_local or address.is_unspecified)
