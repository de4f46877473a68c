"""The live audit, from addresses to a judged report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rules import all_rules
from batten.run import asking
from batten.run.probe.drive import drive
from batten.run.probe.memory import ORIGIN, MemorySite
from batten.run.probe.plan import plan
from batten.run.probe.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.model import Finding, Rule, Unsure


def check_answers(
    answers: Mapping[str, str], *, rules: Sequence[Rule] | None = None, url: str = f"{ORIGIN}/"
) -> tuple[Finding, ...]:
    """Return the findings on a site held in memory, unjudged: for examples and tests.

    `answers` are as in `batten.run.probe.memory`; `rules` are those to ask, all of ours by default.
    """
    unsure: list[Unsure] = []
    scene = Scene(url, active=True)
    drive(plan(), scene, MemorySite(answers))
    found = asking.ask(all_rules() if rules is None else rules, [scene.site()], unsure.append)
    bug = next((doubt for doubt in (*scene.doubts, *unsure) if doubt.detail), None)
    if bug is not None:
        raise RuntimeError(bug.detail)
    return found
