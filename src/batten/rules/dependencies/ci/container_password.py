"""The password of a registry stands in a workflow.

Everyone who can read the repository can pull, and most often push, the images that production
starts.

Silent for `${{ secrets.… }}`.

Fix: `password: ${{ secrets.REGISTRY_PASSWORD }}`, and a new password.
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
    runs-on: ubuntu-24.04
    container:
      image: registry.example.net/base:1.4.2
      credentials:
        username: shop
        password: correct-horse-battery  # <- here
    steps:
      - run: make
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/container-password",
    severity=Severity.HIGH,
    cwe=798,
    over=Workflow,
    sources=[
        "GitHub docs, Running jobs in a container",
        "zizmor 1.16, hardcoded-container-credentials",
        "CWE-798",
    ],
    bad=[
        Bad("of a container", {_PATH: WORKFLOW}),
    ],
    good=[
        Good("a secret", {_PATH: WORKFLOW.replace("correct-horse-battery", "${{ secrets.REGISTRY }}")}),
    ],
)
def registry_password(workflow: Workflow) -> Iterator[Finding]:
    """Yield a finding for each password of an image that is written out."""
    for job in workflow.jobs:
        for words in job.passwords:
            if words.text and "${{" not in words.text:
                yield Finding(
                    words.at,
                    f"the password for the images of the job {job.name} stands in the repository",
                    fix=Fix("`${{ secrets.REGISTRY_PASSWORD }}`, and a new password"),
                    symbol=job.name,
                    proof=words.text,
                    secret=True,
                )
