"""Where a workflow that holds secrets fetches the code of a stranger."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location
    from batten.understand.infrastructure.ci.nouns import Step, Words, Workflow

_HEADS = {
    # the event, and what names a stranger's code under it
    "pull_request_target": re.compile(
        r"github\.event\.pull_request\.(?:head\.(?:sha|ref|repo)|merge_commit_sha)|github\.head_ref"
        r"|refs/pull/|github\.event\.number\b",
        re.IGNORECASE,
    ),
    "workflow_run": re.compile(
        r"github\.event\.workflow_run\.(?:head_sha|head_branch|head_repository|head_commit|pull_requests)",
        re.IGNORECASE,
    ),
    "issue_comment": re.compile(r"refs/pull/|steps\..*(?:head|ref|sha|branch)", re.IGNORECASE),
}
_FETCHES = re.compile(
    r"\bgh\s+pr\s+checkout\b|\bgit\s+(?:fetch|pull|checkout|clone)\b[^\n]*(?:pull/\S*/(?:head|merge)|pull_request\.head"
    r"|head_ref|workflow_run\.head)"
)
_OWN = re.compile(
    r"head\.repo\.full_name\s*==\s*(?:github\.repository|'[^']+')|head_repository\.full_name\s*==\s*github\.repository"
    r"|github\.repository\s*==\s*github\.event\.(?:pull_request\.head\.repo|workflow_run\.head_repository)\.full_name"
    r"|head\.repo\.fork\s*==\s*false|!\s*github\.event\.pull_request\.head\.repo\.fork"
    r"|workflow_run\.event\s*==\s*'(?:push|schedule|workflow_dispatch|release)'"
)
"""A condition that only lets the repository's own branches through."""
_ALLOWED = re.compile(r"\blabels?\b|author_association|github\.actor|event\.sender|user\.login")
"""A condition on who asks, or that somebody allowed it."""


class Fetch(NamedTuple):
    """How it comes that the code is fetched."""

    trigger: str
    job: str
    is_guarded: bool


def strangers_code(workflow: Workflow) -> Iterator[tuple[Fetch, Location, str]]:
    """Yield each fetch of a stranger's code in a workflow that holds secrets, where and what it is."""
    for job, step in workflow.steps():
        said = f"{job.condition} {step.condition}"
        for trigger, heads in _HEADS.items():
            found = _fetched(step, heads) if trigger in step.events else None
            if found is not None and not _OWN.search(said):
                what = "the head of a pull request" if trigger != "workflow_run" else "the code of the run before"
                guarded = _ALLOWED.search(said) is not None
                yield Fetch(trigger, job.name, guarded), found.at, what
                break


def _fetched(step: Step, heads: re.Pattern[str]) -> Words | None:
    if step.uses is not None and step.uses.text.lower().startswith("actions/checkout@"):
        held = [step.given[name] for name in ("ref", "repository") if name in step.given]
        return next((words for words in held if heads.search(words.text)), None)
    return step.run if step.run is not None and _FETCHES.search(step.run.text) else None
