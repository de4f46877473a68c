"""The panels that a Starlette or FastAPI app serves beside its own documentation, and its debug toolbar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import UNSET, State, Value
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks.starlette_entries import under
from batten.understand.frameworks.starlette_logins import asks_login
from batten.understand.libraries import asgi_panels
from batten.understand.libraries.asgi_extensions import TOOLBAR
from batten.understand.subjects import DebugTool, Panel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.frameworks.starlette_docs import Docs
    from batten.understand.frameworks.starlette_entries import Served
    from batten.understand.frameworks.starlette_middleware import Piece


def panels(machine: Interpreter, routes: list[Served], docs: Docs) -> Iterator[Panel]:
    """Yield admins, metrics and GraphQL's pages, with what stands before them."""
    for served in routes:
        entry = served.present.entry
        noted = entry.facts.get("panel")
        for name in ("app", "endpoint"):
            noted = noted or asgi_panels.of(entry.facts.get(name))
        at = locate(entry.place)
        if noted is None or at is None:
            continue
        held = noted.enabled
        enabled = (
            known_value(value=True, at=at, says="it is served") if held is None else value_of(machine, held, "", at)
        )
        enabled = under(enabled, served.present)
        yield Panel(
            kind=noted.kind,
            what=noted.what,
            path=served.path or "",
            enabled=enabled if enabled.at is not None else replace(enabled, at=at),
            at=at,
            guarded=_guarded(machine, served, docs, noted.guarded, at),
            setting=noted.setting,
            evidence=enabled.evidence,
            power=noted.power,
        )


def _guarded(machine: Interpreter, served: Served, docs: Docs, own: object, at: Location) -> Value:
    """Return whether a login stands before a panel: its own, a dependency, a piece of middleware."""
    from batten.understand.evaluate.objects import Abstract  # noqa: PLC0415 - only to tell the kinds apart

    held = own if isinstance(own, Abstract) or own is None else own()  # type: ignore[operator]
    login = UNSET if held is None else value_of(machine, held, "a login", at)
    if login.is_true():
        return replace(login, evidence=known_value(value=True, at=at, says="it has a login of its own").evidence)
    if login.state is State.UNKNOWN:
        return login
    asks = asks_login(machine, served)
    if asks:
        return known_value(value=True, at=at, says="a dependency asks for a login")
    why = docs.gate(served, served.path or "/").asks or ("a dependency may ask for a login" if asks is None else "")
    return (
        Value(State.UNKNOWN, at=at, why=why)
        if why
        else known_value(value=False, at=at, says="nothing asks for a login")
    )


def tools(stack: list[tuple[str, Piece]], debug: Value) -> tuple[DebugTool, ...]:
    """Return fastapi-debug-toolbar, which shows itself where `app.debug` is on unless a callback is given."""
    found = []
    for _, piece in stack:
        at = locate(piece.options.place)
        if piece.name != TOOLBAR or at is None:
            continue
        by_callback = any(name.upper() == "SHOW_TOOLBAR_CALLBACK" for name in piece.options.kwargs)
        unknown = Value(State.UNKNOWN, at=at, why="a function decides who sees it")
        enabled = unknown if by_callback or piece.options.open else debug
        found.append(DebugTool("fastapi-debug-toolbar", under(enabled, piece.present), at))
    return tuple(found)
