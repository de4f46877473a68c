"""The headers that a Starlette or FastAPI app, and those that it mounts, put on every answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import UNSET, Confidence, State, Value
from batten.understand.evaluate.objects import Class, Function, Instance, Known, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks.starlette_entries import under
from batten.understand.frameworks.starlette_middleware import header_writes, pieces, unsure
from batten.understand.libraries.starlette_middleware import HTTPS
from batten.understand.subjects import Headers

if TYPE_CHECKING:
    from batten.model import Location
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.frameworks.starlette_entries import Served

_PAGES = re.compile(
    r"^[^#\n]*(HTMLResponse|Jinja2Templates|TemplateResponse|html\s*=\s*True|text/html|\.html[\"'])", re.MULTILINE
)
_DOCS_ONLY = re.compile(r"get_swagger_ui_html|get_redoc_html")
_COUNTED = frozenset({"set-cookie", "vary", "content-length"})
"""Headers that say nothing of how an app protects its visitors."""


class Sent:
    """What is put on the answers of one app by its middleware."""

    def __init__(self, program: Program, app: Instance, at: Location) -> None:
        """Look at the middleware of `app`."""
        machine = program.machine
        self.values: dict[str, Value] = {}
        self.where: Location | None = None
        self.redirect = UNSET
        writes, why = header_writes(machine, app)
        for present, written in writes:
            self.where = self.where or locate(present.entry.place)
            for name, held in written.cells.items():
                value = value_of(machine, held, str(name), at)
                if value.state is not State.UNSET and str(name).lower() not in _COUNTED:
                    self.values[str(name).lower()] = under(value, present)
            if written.open:
                why = why or "a piece of middleware sets headers whose names are not known"
        self.why = why or unsure(machine, app)
        for piece in pieces(machine, app):
            if piece.name == HTTPS:
                place = locate(piece.present.entry.place)
                self.redirect = under(known_value(value=True, at=place, says="it redirects"), piece.present)


def headers(
    program: Program, made: Instance, routes: list[Served], at: Location
) -> tuple[tuple[Headers, ...], dict[str, Value]]:
    """Return the headers on the answers of the app and of those that it mounts, and the app's as people write them.

    An app that only hands requests on to others has no answers of its own.
    """
    machine = program.machine
    by_app: dict[Instance, list[Served]] = {}
    chains: dict[Instance, tuple[Instance, ...]] = {}
    for one in routes:
        chain = tuple(app for _, app in one.apps)
        chains.setdefault(chain[-1], chain)
        by_app.setdefault(chain[-1], [])
        if one.present.entry.kind != "docs" and not _hands_on(one):
            by_app[chain[-1]].append(one)
    sent = {app: Sent(program, app, at) for app in dict.fromkeys((made, *chains))}
    answering = [app for app, own in by_app.items() if own] or [made]
    if len(answering) > 1 and made in answering and not serves_pages(machine, by_app[made]):
        answering.remove(made)
    found = []
    for app in answering:
        through = [sent[one] for one in chains.get(app, (made,))]
        values = {name: value for one in reversed(through) for name, value in one.values.items()}
        redirects = [one.redirect for one in through if one.redirect.state is not State.UNSET]
        redirect = redirects[0] if redirects else UNSET
        found.append(
            Headers(
                values,
                next((one.where for one in reversed(through) if one.where is not None), _made_at(app, at)),
                next((one.why for one in through if one.why), ""),
                https_only=redirect.is_true() and redirect.confidence is not Confidence.POSSIBLE,
                redirect=redirect,
                serves_pages=serves_pages(machine, by_app.get(app, [])),
            )
        )
    shown = found[0].values if made not in answering else sent[made].values
    display = {"-".join(part.capitalize() for part in name.split("-")): value for name, value in shown.items()}
    return tuple(found), display


def _made_at(app: Instance, otherwise: Location) -> Location:
    return locate(app.facts.get("made")) or otherwise


def _hands_on(served: Served) -> bool:
    """Return whether an entry is the mount of an app that is looked at by itself."""
    inner = plain_object(served.present.entry.facts.get("app") or Known(None))
    return served.present.entry.kind == "mount" and isinstance(inner, Instance) and "framework" in inner.facts


def serves_pages(machine: Interpreter, routes: list[Served]) -> bool:
    """Return whether routes answer with pages, not with data only."""
    paths: set[str] = set()
    for one in routes:
        facts = one.present.entry.facts
        if one.present.entry.kind == "panel" and getattr(facts["panel"], "kind", "") != "metrics":
            return True
        target = plain_object(facts.get("endpoint") or facts.get("app") or Known(None))
        if isinstance(target, Instance) and target.library.endswith("StaticFiles"):
            call = target.facts.get("args") or target.facts.get("call")
            if call is not None and machine.truth(call.kwargs.get("html", Known(value=False))) is not False:
                return True
        if isinstance(target, Function):
            paths.add(target.path)
        elif isinstance(target, Class) and target.node is not None:
            paths |= {getattr(held, "path", "") for held in target.cells.values() if isinstance(held, Function)}
        paths.add(str(one.present.entry.place[0]))
    texts = (machine.world.sources.read(path) or "" for path in sorted(paths) if path.endswith(".py"))
    return any(_PAGES.search(text) and not _DOCS_ONLY.search(text) for text in texts)
