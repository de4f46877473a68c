"""The audit of a machine's open ports, to a judged report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rules import all_rules, rules_of
from batten.run import asking
from batten.run.judged import Looked, judged, not_asked
from batten.run.ports.looking import LAYER, look
from batten.run.ports.memory import listeners as written
from batten.run.ports.rows import row
from batten.run.wanted import wanted
from batten.understand.host import Host

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.model import Finding, Report, Rule, Unsure
    from batten.run.ports.looking import Machine
    from batten.run.ports.request import PortsRequest


def open_ports(request: PortsRequest, *, told: Callable[[str], None] = lambda _: None) -> Report:
    """Return the judged report on a machine's open ports.

    `told` is handed what is being done, for a person who waits.

    Raises:
        BattenError: the host has no address, or nothing says that it may be scanned.
    """
    from batten.collect import Tree, directory_of  # noqa: PLC0415 - the files of suppressions

    rules = host_rules(wanted(request.terms, rules_of(LAYER, "batten.understand.host")))
    machine = look(request, told)
    unsure = list(machine.unsure)
    findings = asking.ask(rules, [machine.host], unsure.append)
    tree = Tree(directory_of(request.terms.target))
    return judged(request.terms, looked(machine, findings, unsure, rules), root=tree.root, source=tree.read)


def looked(machine: Machine, findings: Sequence[Finding], unsure: Sequence[Unsure], rules: Sequence[Rule]) -> Looked:
    """Return what was seen of a machine, for the judge."""
    seen = machine.listeners
    told = [one.spoken is not None for one in seen if one.protocol == "tcp"]  # others are listed only
    return Looked(
        target=machine.host.name,
        findings=tuple(findings),
        unsure=tuple(unsure),
        layers={LAYER: machine.state, **not_asked(LAYER)},
        checks=tuple((rule.id, known) for known in told or (True,) for rule in rules),
        rules=tuple(rules),
        listeners=tuple(row(one) for one in seen),
    )


def host_rules(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return those of the rules that ask something of open ports."""
    return tuple(rule for rule in rules if rule.host is not None or rule.layer == LAYER)


def check_listeners(text: str, *, rules: Sequence[Rule] | None = None) -> tuple[Finding, ...]:
    """Return the findings on a machine written as lines, unjudged: for examples and tests."""
    unsure: list[Unsure] = []
    host = Host("example", None, tuple(written(text)))
    found = asking.ask(all_rules() if rules is None else rules, [host], unsure.append)
    bug = next((doubt for doubt in unsure if doubt.detail), None)
    if bug is not None:
        raise RuntimeError(bug.detail)
    return found
