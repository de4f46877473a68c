"""The apps as visitors get them: with the headers that the servers before them add, or take away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Evidence, State, Value
from batten.understand.infrastructure import named_headers
from batten.understand.infrastructure.leading import leading_to
from batten.understand.nginx.headers import SECURITY
from batten.understand.nginx.nouns import DroppedHeaders
from batten.understand.nginx.passages import Passage
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from batten.model import Location
    from batten.understand.infrastructure.ground import Ground
    from batten.understand.nginx.passages import Written
    from batten.understand.subjects import App, Headers

_KINDS = {"apache": "Apache", "caddy": "Caddy"}
"""Kinds of files, to the server whose headers are worked out from them."""
Lost = tuple["Location | None", str]
"""Where a block begins, and the name of a header that it drops."""


def read(ground: Ground) -> Iterable[object]:
    """Complete the apps: their headers become those that leave the last server before them. Yields nothing."""
    passages = ground.of(Passage)
    seen = ground.seen
    read_there = {passage.server for passage in passages}
    worked_out = {
        path for kind, server in _KINDS.items() if server in read_there for path in ground.files.get(kind, ())
    }
    named = named_headers.found(ground.reading.sources, worked_out) if any(app.headers for app in seen.apps) else {}
    seen.apps = [_completed(app, ground, passages, named) for app in seen.apps]
    return ()


def _completed(app: App, ground: Ground, everyone: Sequence[Passage], named: Mapping[str, Location]) -> App:
    """Return an app with what its passages do; one that everybody reaches without them stays as it is."""
    if app.unit.reach is Reach.WORLD or not app.headers:
        return app
    app = replace(app, headers=tuple(named_headers.with_named(headers, named) for headers in app.headers))
    own = leading_to(app, everyone, ground)
    if not own:
        return replace(app, headers=tuple(_perhaps(headers, everyone) for headers in app.headers))
    over_tls = [passage for passage in own if passage.door.is_tls]  # what comes in the clear as well is told of itself
    lost = {(part.block, name.lower()): part for part in ground.of(DroppedHeaders) for name in part.names}
    return replace(app, headers=tuple(_with(headers, over_tls or own, lost) for headers in app.headers))


def _perhaps(headers: Headers, passages: Sequence[Passage]) -> Headers:
    """Return headers of an app of which it is not known how visitors come to it: any server may add its own."""
    values = dict(headers.values)
    for passage in passages:
        for name, written in passage.added.items():
            if _is_unset(values.get(name)):
                why = f"{passage.server} sets it, and whether it hands on to this app is not known"
                values[name] = Value(State.UNKNOWN, at=written.at, why=why)
    return replace(headers, values=values)


def _with(headers: Headers, passages: Sequence[Passage], lost: Mapping[Lost, DroppedHeaders]) -> Headers:
    values, only = dict(headers.values), dict(headers.only)
    for name in dict.fromkeys((*SECURITY, *(name for passage in passages for name in passage.added))):
        hiding = [passage for passage in passages if name in passage.hidden]
        if not _is_unset(values.get(name)) and len(hiding) < len(passages):
            continue
        value, says = _joined(name, passages, lost)
        if value is not None:
            values[name] = value
        elif hiding:
            values.pop(name, None)
        if says:
            only[name] = says
    return replace(headers, values=values, only=only)


def _joined(name: str, passages: Sequence[Passage], lost: Mapping[Lost, DroppedHeaders]) -> tuple[Value | None, str]:
    """Return what all passages make of a header, else where it is set only."""
    for passage in passages:
        dropped = lost.get((passage.block, name))
        if dropped is not None:
            return Value(State.UNKNOWN, at=dropped.at, why=f"{dropped.where} drops it, which is told there"), ""
    setting = [(passage, passage.added[name]) for passage in passages if name in passage.added]
    doubt = next((passage for passage in passages if passage.unsure and name not in passage.added), None)
    if doubt is not None:
        return Value(State.UNKNOWN, at=doubt.at, why=f"{doubt.server} may set it: {doubt.unsure}"), ""
    if not setting:
        return None, ""
    if len(setting) < len(passages):
        places = dict.fromkeys(f"{passage.where} ({written.at})" for passage, written in setting)
        return None, f"{passages[0].server} sets it only for {' and '.join(list(places)[:_SHOWN])}"
    return _value(name, passages[0].server, [written for _, written in setting]), ""


def _value(name: str, server: str, setting: Sequence[Written]) -> Value:
    first = setting[0]
    texts = {written.text for written in setting}
    if len(texts) > 1 or "$" in first.text:
        return Value(State.UNKNOWN, at=first.at, why=f"{server} sets it")
    evidence = (Evidence(first.at, f"{server} sets {name} to", repr(first.text)),)
    return Value(State.KNOWN, first.text, at=first.at, evidence=evidence)


def _is_unset(value: Value | None) -> bool:
    return value is None or value.state is State.UNSET


_SHOWN = 2
