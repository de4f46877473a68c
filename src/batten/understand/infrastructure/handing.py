"""What an nginx and the app behind it do wrong together: neither file shows it alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Evidence, State
from batten.understand.infrastructure.leading import leading_to
from batten.understand.nginx.nouns import DroppedHeaders, HostPassed, NoHsts, PassedThrough, PlainDoor
from batten.understand.nginx.passages import Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.infrastructure.ground import Ground
    from batten.understand.subjects import App, ProxyTrust

_FORWARDED = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix")


def joined(parts: Iterable[object], ground: Ground) -> Iterator[object]:
    """Yield the parts as the apps behind make them matter; what an app mends is left out."""
    apps = [app for app in ground.seen.apps if app.framework]
    held = list(parts)
    passages = [part for part in held if isinstance(part, Passage)]
    behind = {id(app): leading_to(app, passages, ground) for app in apps}
    for part in held:
        if isinstance(part, DroppedHeaders):
            names = tuple(name for name in part.names if not _is_sent_by(name.lower(), part, apps, behind))
            if names:
                yield replace(part, names=names)
        elif isinstance(part, HostPassed):
            asked = [app for app in apps if behind[id(app)]] or apps
            yield replace(part, is_loose=not asked or any(_takes_any_host(app) for app in asked))
        elif isinstance(part, PlainDoor):
            if not apps or not all(_redirects(app) for app in apps):
                yield part
        elif isinstance(part, NoHsts):
            if not any(passage.door.at == part.at for app in apps for passage in behind[id(app)]):
                yield part
        else:
            yield part
    for app in apps:
        yield from _passed_through(app, behind[id(app)])


def _is_sent_by(name: str, part: DroppedHeaders, apps: list[App], behind: dict[int, list[Passage]]) -> bool:
    """Return whether the app that a block hands on to sends a header by itself."""
    for app in apps:
        if any(passage.block == part.block for passage in behind[id(app)]):
            told = [headers.values.get(name) for headers in app.headers]
            if told and all(value is not None and value.state is not State.UNSET for value in told):
                return True
    return False


def _takes_any_host(app: App) -> bool:
    """Return whether an app takes any host: it checks none, or every one passes."""
    for check in app.hosts:
        told = [case.value for case in check.allowed.cases()]
        lists = [value for value in told if isinstance(value, (list, tuple)) and value]
        if check.allowed.state in (State.UNKNOWN, State.RUNTIME):
            return False
        if lists and not any(check.any_host and check.any_host in value for value in lists):
            return False
        if told and not any(told) and app.framework == "django":
            return False  # Django 5.2: an empty list takes nobody while DEBUG is off
    return True


def _redirects(app: App) -> bool:
    return any(headers.https_only for headers in app.headers)


def _passed_through(app: App, passages: list[Passage]) -> Iterator[PassedThrough]:
    """Yield the forwarded headers that an app believes and the nginx at the edge lets visitors write: one an app."""
    found: dict[str, Passage] = {}
    believers: dict[str, Evidence] = {}
    for trust in app.proxies:
        for passage in passages:
            if not passage.door.is_tls:
                continue  # TLS ends further out: what stands there is not in these files
            for header in trust.headers:
                if header in _FORWARDED and _comes_as_sent(header, passage, trust):
                    found.setdefault(header, passage)
                    believers.setdefault(trust.what, Evidence(trust.at, f"{trust.what} believes {header}"))
    if found:
        passage = next(iter(found.values()))
        yield PassedThrough(
            tuple(found),
            tuple(believers),
            passage.where,
            passage.at,
            passage.confidence,
            (*passage.evidence, *believers.values()),
        )


def _comes_as_sent(header: str, passage: Passage, trust: ProxyTrust) -> bool:
    """Return whether an app believes what the visitor wrote into a header."""
    told = passage.told.get(header)
    if told is None:
        return not passage.asks_more
    if "proxy_add_x_forwarded_for" not in told.text:
        return False
    # uvicorn 0.54 ProxyHeadersMiddleware: where every host is trusted, the first entry is the visitor's
    return trust.what == "forwarded_allow_ips" and any(case.value in (("*",), "*") for case in trust.trusted.cases())
