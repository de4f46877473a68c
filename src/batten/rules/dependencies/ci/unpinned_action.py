"""A workflow runs actions of third parties that can change overnight.

A tag or a branch is whatever its owner, or who broke into their account, last made it: in
March 2025 every tag of a widely used action was moved to one that printed the secrets of
thousands of repositories. A commit's hash cannot be moved.

Told once for a repository. Actions of GitHub itself are told to auditors by
`ci/unpinned-first-party`. Silent for hashes, digests, and actions of the repository itself.

Fix: name the commit: `uses: owner/action@<40 hex digits> # v4.1.0`; Dependabot and Renovate keep it fresh.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.dependencies.ci._pins import loose, one_for_all
from batten.understand.infrastructure.ci.nouns import UsedActions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

WORKFLOW = """\
on: push
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@8edcb1bdb4e267140fa742c62e395cd74f332709
      - uses: tool-maker/setup@v2  # <- here
      - run: make
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/unpinned-action",
    severity=Severity.LOW,
    cwe=1357,
    over=UsedActions,
    sources=[
        "GitHub docs, Security hardening for GitHub Actions: Using third-party actions",
        "zizmor 1.16, unpinned-uses",
        "CVE-2025-30066",
    ],
    bad=[
        Bad("a tag", {_PATH: WORKFLOW}),
        Bad("a branch", {_PATH: WORKFLOW.replace("@v2", "@main")}),
        Bad(
            "a workflow",
            {
                _PATH: """\
on: push
jobs:
  check:
    uses: tool-maker/shared/.github/workflows/check.yml@main  # <- here
"""
            },
        ),
    ],
    good=[
        Good("a commit", {_PATH: WORKFLOW.replace("@v2", "@7cbf6d5e5d9e5f35ce23b8a5a3a1d4c5a3cb0b52")}),
        Good("an action of the repository", {_PATH: WORKFLOW.replace("tool-maker/setup@v2", "./setup")}),
        Good("an action of GitHub", {_PATH: WORKFLOW.replace("tool-maker/setup@v2", "actions/setup-python@v6")}),
    ],
)
def changes_overnight(actions: UsedActions) -> Iterator[Finding]:
    """Yield one finding for all such actions of a repository."""
    yield from one_for_all(loose(actions, first_party=False), "is not pinned to a commit")
