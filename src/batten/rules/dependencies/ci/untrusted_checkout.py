"""A workflow with secrets fetches the code of whoever opens a pull request.

`pull_request_target`, `workflow_run` and `issue_comment` run with the repository's secrets and
a token that may write. With the head of the pull request checked out, its build script, tests
or configuration are a stranger's program, and run with all of that.

Medium where a label or a person has to allow it first: the code can change after that.
Silent under `pull_request`, which has no secrets for forks, without a `ref`, and where the
job only takes branches of the repository itself.

Fix: build the code under `pull_request`; keep what needs secrets in a workflow that checks nothing out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dependencies.ci._checkouts import strangers_code
from batten.understand.infrastructure.ci.nouns import Workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKFLOW = """\
on: pull_request_target
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@8edcb1bdb4e267140fa742c62e395cd74f332709
        with:
          ref: ${{ github.event.pull_request.head.sha }}  # <- here
      - run: make test
"""

COMMAND = """\
on: issue_comment
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: gh pr checkout ${{ github.event.issue.number }} && make  # <- here
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/untrusted-checkout",
    severity=Severity.HIGH,
    cwe=829,
    over=Workflow,
    sources=[
        "GitHub Security Lab, Preventing pwn requests",
        "zizmor 1.16, dangerous-triggers",
        "OWASP Top 10 CI/CD Security Risks, CICD-SEC-4",
    ],
    bad=[
        Bad("the head of the pull request", {_PATH: WORKFLOW}),
        Bad("by a command", {_PATH: COMMAND}),
    ],
    good=[
        Good("without secrets", {_PATH: WORKFLOW.replace("pull_request_target", "pull_request")}),
        Good("the base is checked out", {_PATH: WORKFLOW.replace("head.sha", "base.sha")}),
        Good(
            "only branches of the repository itself",
            {
                _PATH: WORKFLOW.replace(
                    "    runs-on",
                    "    if: github.event.pull_request.head.repo.full_name == github.repository\n    runs-on",
                )
            },
        ),
        Good("it only comments", {_PATH: COMMAND.replace("gh pr checkout", "gh pr comment")}),
    ],
)
def runs_a_strangers_code(workflow: Workflow) -> Iterator[Finding]:
    """Yield a finding for each checkout of a stranger's code."""
    for step, at, says in strangers_code(workflow):
        yield Finding(
            at,
            f"{says} is fetched where the repository's secrets are at hand ({step.trigger})",
            severity=Severity.MEDIUM if step.is_guarded else None,
            fix=Fix("build it under `pull_request`, without secrets"),
            symbol=step.job,
            proof=says,
        )
