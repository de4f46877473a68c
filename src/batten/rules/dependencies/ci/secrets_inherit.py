"""A workflow of others is handed every secret.

`secrets: inherit` gives the called workflow all that this one could read, also what is added
later. Who changes the other repository, or its tag, has them.

Silent for a workflow of this repository, and where secrets are handed over one by one.

Fix: name the secrets that it needs: `secrets: {token: ${{ secrets.TOKEN }}}`.
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
  check:
    uses: tool-maker/shared/.github/workflows/check.yml@7cbf6d5e5d9e5f35ce23b8a5a3a1d4c5a3cb0b52
    secrets: inherit  # <- here
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/secrets-inherit",
    severity=Severity.LOW,
    cwe=668,
    over=Workflow,
    sources=[
        "GitHub docs, Reusing workflows: Passing inputs and secrets",
        "zizmor 1.16, secrets-inherit",
    ],
    bad=[
        Bad("a workflow elsewhere", {_PATH: WORKFLOW}),
    ],
    good=[
        Good(
            "one of this repository",
            {
                _PATH: WORKFLOW.replace(
                    "tool-maker/shared/.github/workflows/check.yml@7cbf6d5e5d9e5f35ce23b8a5a3a1d4c5a3cb0b52",
                    "./.github/workflows/check.yml",
                )
            },
        ),
        Good("one secret", {_PATH: WORKFLOW.replace("inherit", "{token: '${{ secrets.TOKEN }}'}")}),
    ],
)
def all_secrets_go_along(workflow: Workflow) -> Iterator[Finding]:
    """Yield a finding for each call that hands on all secrets."""
    for job in workflow.jobs:
        if job.inherits is not None and job.uses is not None and not job.uses.text.startswith("./"):
            yield Finding(
                job.inherits,
                f"{job.uses.text.partition('@')[0]} is handed every secret",
                fix=Fix("hand over the secrets that it needs, one by one"),
                symbol=job.name,
            )
