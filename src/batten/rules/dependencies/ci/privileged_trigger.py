"""A workflow with secrets is started by strangers.

`pull_request_target` and `workflow_run` give the repository's secrets and a token that may
write to a run that anyone can cause. It is safe as long as nothing of the pull request is
run or read; told to auditors only. A checkout of its code is told by `ci/untrusted-checkout`.

Silent for `pull_request`, and where nothing but GitHub's own labeler runs.

Fix: `pull_request`, where no secret is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dependencies.ci._checkouts import strangers_code
from batten.understand.infrastructure.ci.nouns import Workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.ci.nouns import Job

WORKFLOW = """\
on:
  pull_request_target:  # <- here
    types: [opened]
jobs:
  label:
    runs-on: ubuntu-24.04
    steps:
      - run: gh pr edit --add-label new
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/privileged-trigger",
    severity=Severity.LOW,
    cwe=829,
    over=Workflow,
    persona="auditor",
    sources=[
        "GitHub docs, Events that trigger workflows: pull_request_target",
        "zizmor 1.16, dangerous-triggers",
    ],
    bad=[
        Bad("a pull request", {_PATH: WORKFLOW}),
    ],
    good=[
        Good(
            "it only labels",
            {_PATH: WORKFLOW.replace("run: gh pr edit --add-label new", "uses: actions/labeler@v6")},
        ),
        Good("without secrets", {_PATH: WORKFLOW.replace("pull_request_target", "pull_request")}),
    ],
)
def strangers_start_it(workflow: Workflow) -> Iterator[Finding]:
    """Yield a finding for each such event."""
    if any(True for _ in strangers_code(workflow)) or all(map(_is_harmless, workflow.jobs)):
        return
    for name in ("pull_request_target", "workflow_run"):
        if name in workflow.triggers:
            yield Finding(
                workflow.triggers[name],
                f"{name} gives secrets to a run that anyone can cause",
                fix=Fix("use `pull_request` where no secret is needed"),
                symbol=name,
            )


def _is_harmless(job: Job) -> bool:
    """Return whether a job only labels, which reads nothing that a stranger wrote."""
    return bool(job.steps) and all(
        step.uses is not None and step.uses.text.startswith("actions/labeler@") for step in job.steps
    )
