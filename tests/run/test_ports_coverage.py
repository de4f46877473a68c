"""A port that told nothing takes away its own share of the evidence, and no more."""

from __future__ import annotations

from batten.rules import rules_of
from batten.run.ports.audit import host_rules, looked
from batten.run.ports.looking import Machine
from batten.run.ports.memory import listeners
from batten.understand.host import Host


def test_one_of_two_ports_was_recognised() -> None:
    seen = tuple(listeners("0.0.0.0:6379 redis-server: redis, required\n0.0.0.0:2024 -\n"))
    rules = host_rules(rules_of("ports", "batten.understand.host"))
    checks = looked(Machine(Host("this machine", None, seen), (), "evaluated"), (), (), rules).checks
    assert sum(told for _, told in checks) * 2 == len(checks) > 0


def test_nothing_listens() -> None:
    rules = host_rules(rules_of("ports", "batten.understand.host"))
    checks = looked(Machine(Host("this machine", None, ()), (), "evaluated"), (), (), rules).checks
    assert [told for _, told in checks] == [True] * len(rules)
