"""A workflow does not say what its token may do.

The repository's or organisation's default then applies, which in those made before February
2023 is to write everything. Told to auditors only, once for a workflow.

Silent where the workflow, or each of its jobs, says it.

Fix: `permissions: {contents: read}` at the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.ci.nouns import Workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKFLOW = """\
on: push
jobs:
  check:  # <- here
    runs-on: ubuntu-24.04
    steps:
      - run: make
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/default-permissions",
    severity=Severity.LOW,
    cwe=1188,
    over=Workflow,
    persona="auditor",
    sources=[
        "GitHub docs, Controlling permissions for GITHUB_TOKEN",
        "zizmor 1.16, excessive-permissions",
    ],
    bad=[
        Bad("nowhere", {_PATH: WORKFLOW}),
    ],
    good=[
        Good("at the top", {_PATH: WORKFLOW.replace("on: push", "on: push\npermissions: {contents: read}")}),
        Good("in the job", {_PATH: WORKFLOW.replace("    runs-on", "    permissions: {}\n    runs-on")}),
    ],
)
def nothing_is_said(workflow: Workflow) -> Iterator[Finding]:
    """Yield one finding for a workflow that says nothing."""
    silent = [job for job in workflow.jobs if job.permissions is None]
    if workflow.permissions is None and silent and not workflow.is_action:
        yield Finding(
            silent[0].at,
            "what the workflow's token may do is left to the repository's default",
            fix=Fix("`permissions: {contents: read}` at the top"),
            symbol=workflow.path,
        )
