"""What is read of every app alike, whichever framework it is made with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.understand import forwarded, requests
from batten.understand.code_facts import Uses
from batten.understand.evaluate.objects import Instance, Mapping, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.frameworks import accounts, logins
from batten.understand.frameworks.misspelt import misspelt
from batten.understand.throttling import login_doors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location
    from batten.understand.entry import Program
    from batten.understand.evaluate.objects import Abstract, Cells
    from batten.understand.subjects import App, Credential


def completed(app: App, program: Program, made: Instance) -> App:
    """Return an app as its framework's reader made it, with what servers, clients and its own users add."""
    machine = program.machine
    uses = Uses()
    uses.gather(machine)
    return replace(
        app,
        code=(*app.code, *uses.code, *login_doors(machine, _routes(made))),
        credentials=_distinct((*app.credentials, *_further_logins(app, program, made))),
        proxies=(*app.proxies, *forwarded.proxies(program, made, app.at)),
        proxied=machine.world.stack.proxies,
        hashes=accounts.hashes(machine),
        seeded=accounts.seeded(program, app.settings),
        no_effect=(*app.no_effect, *misspelt(app, machine.world.sources)),
    )


def _routes(made: Instance) -> Iterator[tuple[Abstract | None, Location | None]]:
    """Yield the paths of an app's routes, with the places that register them."""
    for owner in (made, *requests.blueprints(made)):
        for _, call, path in owner.facts.get("hooks", {}).get("route", ()):
            yield path, locate(call.place)


def _further_logins(app: App, program: Program, made: Instance) -> Iterator[Credential]:
    yield from logins.of_pairs(app.settings)
    if not program.stopped:
        yield from logins.of_tables(program.machine, _cells(made))
    yield from logins.of_calls(program.machine)


def _cells(made: Instance) -> Cells:
    """Return the settings of an app as the evaluator holds them, so that the place of each entry is known."""
    for held in (made.cells.get("config"), made.facts.get("settings")):
        found = plain_object(held) if held is not None else None
        if isinstance(found, Mapping):
            return found.cells
    return {}


def _distinct(credentials: tuple[Credential, ...]) -> tuple[Credential, ...]:
    """Return each login once: a setting comes first, then the call that it is handed to."""
    kept: dict[object, Credential] = {}
    for credential in credentials:
        value = credential.value
        kept.setdefault((value.at, repr(value.value), repr(value.cases_)), credential)
    return tuple(kept.values())
