"""Which rules a request asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rules import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.model import Rule
    from batten.run.request import Request


def wanted(request: Request, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return those of the rules that a request asks."""
    selected = {rule.id for name in request.select for rule in find(name)}
    ignored = {rule.id for name in request.ignore for rule in find(name)}
    return tuple(
        rule
        for rule in rules
        if (not selected or rule.id in selected)
        and rule.id not in ignored
        and (rule.persona == "regular" or request.persona == "auditor")
    )
