"""A workflow names actions of GitHub by a tag.

GitHub's own actions are as trustworthy as the machine that they run on, so a tag is usual: told
to auditors only.

Silent for hashes.

Fix: name the commit: `uses: actions/checkout@<40 hex digits> # v6`.
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
      - uses: actions/checkout@v6  # <- here
      - run: make
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/unpinned-first-party",
    severity=Severity.INFO,
    cwe=1357,
    over=UsedActions,
    persona="auditor",
    sources=[
        "GitHub docs, Security hardening for GitHub Actions: Using third-party actions",
        "zizmor 1.16, unpinned-uses",
    ],
    bad=[
        Bad("a tag", {_PATH: WORKFLOW}),
    ],
    good=[
        Good("a commit", {_PATH: WORKFLOW.replace("@v6", "@8edcb1bdb4e267140fa742c62e395cd74f332709")}),
    ],
)
def tag_of_the_house(actions: UsedActions) -> Iterator[Finding]:
    """Yield one finding for all such actions of a repository."""
    yield from one_for_all(loose(actions, first_party=True), "is not pinned to a commit")
