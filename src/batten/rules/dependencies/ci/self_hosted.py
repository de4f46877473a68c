"""Pull requests run on machines of your own.

A pull request brings its own workflow and its own tests: on a public repository anyone may so
run a program inside your network, and what it leaves behind meets the next job. Whether the
repository is public is not written in it, so this is told to auditors only.

Silent where the workflow has no event that outsiders cause.

Fix: run pull requests on GitHub's machines, or on ones that are thrown away after each job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.ci.nouns import Workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKFLOW = """\
on: pull_request
jobs:
  check:
    runs-on: [self-hosted, linux]  # <- here
    steps:
      - run: make
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/self-hosted",
    severity=Severity.LOW,
    cwe=829,
    over=Workflow,
    persona="auditor",
    sources=[
        "GitHub docs, Security hardening for GitHub Actions: Hardening for self-hosted runners",
        "zizmor 1.16, self-hosted-runner",
    ],
    bad=[
        Bad("a pull request", {_PATH: WORKFLOW}),
    ],
    good=[
        Good("a push", {_PATH: WORKFLOW.replace("pull_request", "push")}),
        Good("GitHub's own", {_PATH: WORKFLOW.replace("[self-hosted, linux]", "ubuntu-24.04")}),
    ],
)
def strangers_on_own_machines(workflow: Workflow) -> Iterator[Finding]:
    """Yield a finding for each job of a pull request on an own machine."""
    if not workflow.triggers.keys() & {"pull_request", "pull_request_target"}:
        return
    for job in workflow.jobs:
        if job.runs_at is not None and "self-hosted" in job.runs_on:
            yield Finding(
                job.runs_at,
                f"the job {job.name} runs what a pull request brings on a machine of your own",
                fix=Fix("use GitHub's machines for pull requests, or ones that live for one job"),
                symbol=job.name,
            )
