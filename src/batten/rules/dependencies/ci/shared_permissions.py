"""Every job of a workflow may write what one of them needs to write.

A right that stands at the top holds for all jobs: the one that runs the tests of a pull
request's branch, with hundreds of packages, may then push code or publish a release as well.
Told to auditors only; `write-all` is told to everyone by `ci/write-all`.

Silent for a workflow of a single job, and for rights to read.

Fix: `permissions: {contents: read}` at the top, and the right to write in the job that needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.ci.nouns import Workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKFLOW = """\
on: push
permissions:
  contents: write  # <- here
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: make test
  release:
    runs-on: ubuntu-24.04
    steps:
      - run: make release
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/shared-permissions",
    severity=Severity.LOW,
    cwe=250,
    over=Workflow,
    persona="auditor",
    sources=["GitHub docs, Controlling permissions for GITHUB_TOKEN", "zizmor 1.16, excessive-permissions"],
    bad=[Bad("at the top", {_PATH: WORKFLOW})],
    good=[
        Good("reading only", {_PATH: WORKFLOW.replace("contents: write", "contents: read")}),
        Good(
            "in the job that needs it",
            {
                _PATH: WORKFLOW.replace("permissions:\n  contents: write  # <- here\n", "permissions: {}\n").replace(
                    "  release:\n", "  release:\n    permissions: {contents: write}\n"
                )
            },
        ),
        Good(
            "both jobs say their own",
            {_PATH: WORKFLOW.replace("    runs-on", "    permissions: {}\n    runs-on")},
        ),
    ],
)
def one_job_needs_it(workflow: Workflow) -> Iterator[Finding]:
    """Yield one finding for a workflow whose jobs share a right to write."""
    sharing = [job for job in workflow.jobs if job.permissions is None]
    written = {scope: words for scope, words in (workflow.permissions or {}).items() if words.text == "write"}
    if len(sharing) > 1 and written:
        yield Finding(
            next(iter(written.values())).at,
            f"each of {len(sharing)} jobs may write {', '.join(written)}",
            fix=Fix("give the right to write to the job that needs it"),
            symbol=workflow.path,
        )
