"""The whole audit: the project evaluated, its site probed, its machine asked; one score, one gate, one report."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import BattenError, Unsure
from batten.rules import rules_of
from batten.run import asking
from batten.run.change.since import known
from batten.run.evaluated import evaluated
from batten.run.judged import LAYERS, judged
from batten.run.live.audit import looked as looked_outside
from batten.run.live.joined import Explained
from batten.run.live.request import ProbeRequest
from batten.run.ports.audit import host_rules, looked as looked_at_ports
from batten.run.ports.looking import look
from batten.run.ports.request import PortsRequest
from batten.run.static import check, looked as looked_inside
from batten.run.wanted import wanted
from batten.run.whole.joining import with_machine, with_site
from batten.run.whole.request import THIS_MACHINE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.model import AppSummary, Finding, Picture, Report
    from batten.run.evaluated import Evaluated
    from batten.run.judged import Looked
    from batten.run.whole.request import AuditRequest


def audit(
    request: AuditRequest,
    *,
    told: Callable[[str], None] = lambda _: None,
    doing: Callable[[str], None] = lambda _: None,
) -> Report:
    """Return the judged report on a project, on the sites that it serves and on its machine.

    `told` is handed what a person should know before it starts; `doing`, what
    is being done. A half that could not be looked at leaves the report incomplete.

    Raises:
        BattenError: the project does not exist, or nothing says that a site or machine may be asked.
    """
    doing("evaluating the project")
    held = evaluated(request.terms)
    whole = replace(looked_inside(request.terms, held), before=known(request.terms, held.tree.root, check))
    explained = Explained(whole.findings, whole.apps, whole.inputs)
    with ExitStack() as running:
        urls, doubt = _sites(request, held, running, doing)
        if urls:
            whole = _with_sites(whole, request, urls, explained, told, doing)
        elif doubt is not None:
            whole = replace(
                whole, layers={**whole.layers, "http": doubt.why.splitlines()[0]}, unsure=(*whole.unsure, doubt)
            )
        if request.host:
            whole = _with_machine(whole, request, doing)
    return judged(request.terms, _named(whole, request, urls), root=held.tree.root, source=held.tree.read)


def _sites(
    request: AuditRequest, held: Evaluated, running: ExitStack, doing: Callable[[str], None]
) -> tuple[tuple[str, ...], Unsure | None]:
    """Return the sites to probe; with `start`, the project's own app, started, or why it could not be."""
    if not request.start:
        return request.urls, None
    from batten.run.whole.start import started  # noqa: PLC0415 - processes

    doing("starting the app")
    try:
        url, says = started(held, request, running)
    except BattenError as error:
        return request.urls, Unsure("the started app", str(error), None, "http")
    doing(says)
    return (*request.urls, url), None


def _with_sites(
    whole: Looked,
    request: AuditRequest,
    urls: tuple[str, ...],
    explained: Explained,
    told: Callable[[str], None],
    doing: Callable[[str], None],
) -> Looked:
    own = ProbeRequest(
        urls,
        terms=request.terms,
        project=True,
        as_deployed=request.as_deployed,
        active=request.active,
        i_own=request.i_own,
        targets=request.targets,
        ca_file=request.ca_file,
        resolve=request.resolve,
        max_requests=request.max_requests,
        time_s=min(request.time_s, 40.0 * len(urls)),
    )
    behind = _behind(explained, whole, urls)
    seen = looked_outside(own, behind, told=told, asked=lambda count: doing(f"probing: {count} requests"))
    state = seen.layers["http"].removeprefix("nothing found: ")
    findings = with_site(whole.findings, seen.findings, behind, seen.sent)
    return _added(whole, seen, findings, "http", state)


def _behind(explained: Explained, whole: Looked, urls: tuple[str, ...]) -> Explained:
    """Return what the project says of the one app behind the sites, where the port tells which of several it is."""
    if not explained.is_of_several or len(urls) != 1:
        return explained
    port = _port(urls[0])
    boxes = {box.name for box in whole.stack.boxes for door in box.doors if port in {door.port, door.inside}}
    apps: tuple[AppSummary, ...] = tuple(app for app in explained.apps if app.entry.unit in boxes)
    if len({(app.name, app.root) for app in apps}) != 1:
        return explained
    mine = tuple(f for f in explained.findings if f.app in {"", apps[0].name})
    return Explained(mine, apps, explained.inputs)


def _port(url: str) -> int:
    host = url.partition("://")[2].partition("/")[0]
    number = host.rpartition(":")[2]
    return int(number) if number.isdigit() else 443 if url.startswith("https") else 80


def _with_machine(whole: Looked, request: AuditRequest, doing: Callable[[str], None]) -> Looked:
    own = PortsRequest(
        host="" if request.host in THIS_MACHINE else request.host,
        terms=request.terms,
        scan=request.scan,
        logins=request.logins,
        i_own=request.i_own,
        targets=request.targets,
        time_s=request.time_s,
    )
    rules = host_rules(wanted(request.terms, rules_of("ports", "batten.understand.host")))
    machine = look(own, doing, _picture(whole))
    unsure = list(machine.unsure)
    findings = asking.ask(rules, [machine.host], unsure.append)
    seen = looked_at_ports(machine, findings, unsure, rules)
    joined = with_machine(whole.findings, seen.findings, machine.listeners)
    return _added(whole, seen, joined, "ports", machine.state)


def _picture(whole: Looked) -> Picture:
    return whole.stack


def _added(whole: Looked, more: Looked, findings: Sequence[Finding], layer: str, state: str) -> Looked:
    return replace(
        whole,
        findings=tuple(findings),
        unsure=(*whole.unsure, *more.unsure),
        layers={name: state if name == layer else whole.layers[name] for name in LAYERS},
        checks=(*whole.checks, *more.checks),
        rules=tuple({rule.id: rule for rule in (*whole.rules, *more.rules)}.values()),
        notes=(*whole.notes, *more.notes),
        http=(*whole.http, *more.http),
        listeners=(*whole.listeners, *more.listeners),
    )


def _named(whole: Looked, request: AuditRequest, urls: tuple[str, ...]) -> Looked:
    places = [whole.target, *urls, *([request.host] if request.host else [])]
    return replace(whole, target=", ".join(places))
