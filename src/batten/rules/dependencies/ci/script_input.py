"""A workflow puts its inputs into a program as text.

Who starts the workflow by hand or calls it, or names a branch or release, then writes part of
the program. These people may push to the repository already, so this is told to auditors
only; what anyone may write is told by `ci/script-injection`.

Silent where the text goes through `env:`.

Fix: `env: NAME: ${{ inputs.name }}`, and `"$NAME"` in the script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.ci.nouns import Injection

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKFLOW = """\
on: {workflow_dispatch: {inputs: {name: {}}}}
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: ./deploy ${{ inputs.name }}  # <- here
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/script-input",
    severity=Severity.LOW,
    cwe=94,
    over=Injection,
    persona="auditor",
    sources=[
        "GitHub docs, Security hardening for GitHub Actions: Script injections",
        "zizmor 1.16, template-injection",
    ],
    bad=[
        Bad("an input", {_PATH: WORKFLOW}),
    ],
    good=[
        Good("through the environment", {_PATH: WORKFLOW.replace("${{ inputs.name }}", '"$NAME"')}),
    ],
)
def callers_write_the_program(injection: Injection) -> Iterator[Finding]:
    """Yield a finding for each input in a program."""
    if not injection.outsiders:
        yield Finding(
            injection.at,
            f"{injection.what} becomes part of the program in {injection.where}",
            fix=Fix("hand it over in a variable: `env:` in the step, `$NAME` in the script"),
            symbol=injection.what,
            proof=injection.where,
        )
