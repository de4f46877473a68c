"""A workflow's token may write everything.

Whoever gets one line to run in it (a test's dependency, an action) may push code, make a
release and approve pull requests with the token that lies there.

Silent where the scopes are named, and where the organisation's default applies, which is told
to auditors by `ci/default-permissions`.

Fix: `permissions: {contents: read}` at the top; more for the one job that needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.ci.nouns import Workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKFLOW = """\
on: push
permissions: write-all  # <- here
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: make
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/write-all",
    severity=Severity.MEDIUM,
    cwe=250,
    over=Workflow,
    sources=[
        "GitHub docs, Controlling permissions for GITHUB_TOKEN",
        "zizmor 1.16, excessive-permissions",
        "OWASP Top 10 CI/CD Security Risks, CICD-SEC-5",
    ],
    bad=[
        Bad("at the top", {_PATH: WORKFLOW}),
        Bad(
            "for one job",
            {
                _PATH: WORKFLOW.replace("permissions: write-all  # <- here\n", "").replace(
                    "    runs-on", "    permissions: write-all  # <- here\n    runs-on"
                )
            },
        ),
    ],
    good=[
        Good("reading only", {_PATH: WORKFLOW.replace("write-all", "read-all")}),
        Good("named", {_PATH: WORKFLOW.replace("write-all", "{contents: write}")}),
    ],
)
def may_do_anything(workflow: Workflow) -> Iterator[Finding]:
    """Yield a finding for each place that gives all rights."""
    for told in (workflow.permissions, *(job.permissions for job in workflow.jobs)):
        words = (told or {}).get("*")
        if words is not None and words.text == "write-all":
            yield Finding(
                words.at,
                "the workflow's token may write everything",
                fix=Fix("`permissions: {contents: read}`, and what a job needs besides in that job"),
                symbol=workflow.path,
            )
