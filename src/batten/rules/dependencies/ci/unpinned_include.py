"""A pipeline of GitLab takes steps from elsewhere as they are at the time.

Who changes that file, or the server that it comes from, writes what runs with this
repository's secrets; over plain HTTP so does everyone on the way.

High over HTTP; low otherwise. Silent with `integrity` or a `ref`.

Fix: `ref: <commit>` for a project, `integrity: sha256-…` for a remote file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.ci.nouns import Include

if TYPE_CHECKING:
    from collections.abc import Iterator

GITLAB = """\
include:
  - remote: https://tools.example.net/checks.yml  # <- here
  - project: tools/pipelines  # <- here
    file: deploy.yml
check:
  script: [make]
"""


@rule(
    id="ci/unpinned-include",
    severity=Severity.LOW,
    cwe=829,
    over=Include,
    sources=[
        "GitLab 17 docs, Use CI/CD configuration from other files",
        "OWASP Top 10 CI/CD Security Risks, CICD-SEC-3",
    ],
    bad=[Bad("a file and a project", {".gitlab-ci.yml": GITLAB})],
    good=[
        Good(
            "both are fixed",
            {
                ".gitlab-ci.yml": GITLAB.replace("checks.yml", "checks.yml\n    integrity: sha256-x").replace(
                    "    file:", "    ref: v1.4.2\n    file:"
                )
            },
        ),
        Good("a file of this repository", {".gitlab-ci.yml": "include: /ci/deploy.yml\ncheck:\n  script: [make]\n"}),
    ],
)
def steps_from_elsewhere(held: Include) -> Iterator[Finding]:
    """Yield a finding for each include without a fixed version."""
    how = " over plain HTTP" if held.plain else ""
    yield Finding(
        held.at,
        f"the pipeline takes what {held.source} is at the time{how}",
        severity=Severity.HIGH if held.plain else None,
        fix=Fix("fix the version: `ref: <commit>`, or `integrity: sha256-…`"),
        symbol=held.source,
    )
