"""Services run without limits that cost nothing.

`no-new-privileges` keeps programs with the setuid bit from giving root, `cap_drop: [ALL]` takes what a web app
never needs, `read_only` keeps an intruder from leaving files, limits of memory and processes keep one service from
taking the host down. Each is a line; one anchor (`&hardened`) holds them for all services.

Told to auditors only, one line for a compose project.

Fix: an `x-hardened: &hardened` with these four, and `<<: *hardened` in each service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Evidence, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.nouns import Fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.nouns import Container

COMPOSE = """\
services:
  web:  # <- here
    image: ghcr.io/shop/web:1.4.2
    security_opt: ["no-new-privileges:true"]
    cap_drop: [ALL]
    pids_limit: 200
    deploy: {resources: {limits: {memory: 1g}}}
"""


@rule(
    id="container-privilege/unhardened",
    severity=Severity.LOW,
    cwe=250,
    over=Fleet,
    persona="auditor",
    sources=["CIS Docker Benchmark 1.6, 5.3, 5.10, 5.12, 5.25, 5.28", "OWASP Docker Security Cheat Sheet"],
    bad=[
        Bad("one is missing", {"compose.yaml": COMPOSE}),
        Bad("a limit that is none", {"compose.yaml": COMPOSE.replace("200", "-1") + "    read_only: true\n"}),
        Bad("all are", {"compose.yaml": "services:\n  web:  # <- here\n    image: shop\n"}),
    ],
    good=[
        Good("all are there", {"compose.yaml": COMPOSE + "    read_only: true\n"}),
        Good(
            "in the older words",
            {"compose.yaml": COMPOSE.partition("    deploy")[0] + "    mem_limit: 1g\n    read_only: true\n"},
        ),
    ],
)
def is_unhardened(fleet: Fleet) -> Iterator[Finding]:
    """Yield the one finding about the services of a project that lack some of it."""
    lacking = [(container, missing) for container in fleet.containers if (missing := _missing(container))]
    if not lacking:
        return
    first, missing = lacking[0]
    more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
    every = [name for name in _ALL if any(name in one for _, one in lacking)]
    yield Finding(
        first.at,
        f"{first.name}{more} {'run' if more else 'runs'} without {', '.join(every)}",
        tuple(Evidence(one.at, f"{one.name} lacks {', '.join(names)}") for one, names in lacking),
        fix=Fix("one `x-hardened: &hardened` with these, and `<<: *hardened` in each service"),
        symbol=fleet.name,
    )


_NONE = frozenset(("0", "-1", ""))
"""Limits that are none (docker run, `--pids-limit`)."""
_ALL = ("no-new-privileges", "cap_drop", "read_only", "mem_limit", "pids_limit")


def _missing(container: Container) -> tuple[str, ...]:
    options = {text.replace("=", ":").lower() for text, _ in container.lists.get("security_opt", ())}
    held = {
        "no-new-privileges": bool({"no-new-privileges:true", "no-new-privileges"} & options),
        "cap_drop": any(text.upper() == "ALL" for text, _ in container.lists.get("cap_drop", ())),
        "read_only": container.facts.get("read_only", ("",))[0].lower() == "true",
        "mem_limit": container.facts.get("mem_limit", ("0",))[0] not in _NONE,
        "pids_limit": container.facts.get("pids_limit", ("0",))[0] not in _NONE,
    }
    return tuple(name for name in _ALL if not held[name])
