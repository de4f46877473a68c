"""Which events get to a step: those of its workflow, of who calls it, less what conditions rule out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.understand.infrastructure.ci.conditions import may_hold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.understand.infrastructure.ci.nouns import Step, Workflow

_MOST_CALLS = 5


def settled(workflows: Sequence[Workflow]) -> list[Workflow]:
    """Return the workflows with the events that get to each step; a called one has those of who calls it here."""
    callers: dict[str, list[Workflow]] = {}
    for workflow in workflows:
        for job in workflow.jobs:
            if job.uses is not None and job.uses.text.startswith("./"):
                callers.setdefault(job.uses.text.removeprefix("./"), []).append(workflow)
    return [_settled(one, *_events(one, callers, _MOST_CALLS)) for one in workflows]


def _events(workflow: Workflow, callers: dict[str, list[Workflow]], calls: int) -> tuple[frozenset[str], bool]:
    """Return the events, and whether somebody unknown may call it."""
    events = frozenset(workflow.triggers) - {"workflow_call"}
    if "workflow_call" not in workflow.triggers or not calls:
        return events, workflow.is_action
    known = callers.get(workflow.path, [])
    unknown = not known
    for caller in known:
        more, is_open = _events(caller, callers, calls - 1)
        events |= more
        unknown |= is_open
    return events, unknown


def _settled(workflow: Workflow, events: frozenset[str], unknown: bool) -> Workflow:  # noqa: FBT001 - one of a pair
    jobs = tuple(
        replace(job, steps=tuple(_reached(step, events, (job.condition, step.condition)) for step in job.steps))
        for job in workflow.jobs
    )
    return replace(workflow, jobs=jobs, is_called=unknown)


def _reached(step: Step, events: frozenset[str], conditions: tuple[str, str]) -> Step:
    possible = frozenset(event for event in events if all(may_hold(condition, event) for condition in conditions))
    return replace(step, events=possible)
