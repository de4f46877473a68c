"""A token or password stands in a workflow.

A workflow deploys: what stands in it opens the registry, the cloud or the server. Everyone who
can read the repository has it, and the history keeps it.

What is judged is the value: long and random, beside a name that says what it is. Passwords of
a test's own database (`POSTGRES_PASSWORD: postgres`) are none.

Silent for `${{ secrets.… }}`, for variables of the server, and for what is meant for tests.

Fix: `${{ secrets.NAME }}` (GitLab: a masked variable of the project), and a new one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.ci.nouns import CiVariable

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKFLOW = """\
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - run: ./deploy
        env:
          REGISTRY_TOKEN: q8ZtV3mN0pRcYw5LxKd2HsGf7JbQ  # <- here
"""

GITLAB = """\
deploy:
  variables:
    REGISTRY_PASSWORD: q8ZtV3mN0pRcYw5LxKd2HsGf7JbQ  # <- here
  script: [./deploy]
"""

_PATH = ".github/workflows/deploy.yml"
_NAMED = re.compile(
    r"(?:\w*[_-])?(?:token|password|passwd|secret|(?:api|access|private|account|deploy|master)[_-]?key|secret[_-]access[_-]key)",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"test|dummy|fake|example|sample|placeholder|local|insecure|change|\bci\b|ci[-_]|dev[-_]|your", re.IGNORECASE
)
_RANDOM = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+/=_.~-]{16,200}")
_KEY_OF_AWS = re.compile(r"(?:AKIA|ASIA)[0-9A-Z]{16}")


@rule(
    id="secrets-in-repo/workflow",
    severity=Severity.HIGH,
    cwe=798,
    over=CiVariable,
    sources=[
        "GitHub docs, Using secrets in GitHub Actions",
        "GitLab 17 docs, CI/CD variables",
        "OWASP Top 10 CI/CD Security Risks, CICD-SEC-6",
    ],
    bad=[Bad("a workflow", {_PATH: WORKFLOW}), Bad("a pipeline of GitLab", {".gitlab-ci.yml": GITLAB})],
    good=[
        Good("a secret", {_PATH: WORKFLOW.replace("q8ZtV3mN0pRcYw5LxKd2HsGf7JbQ", "${{ secrets.REGISTRY }}")}),
        Good(
            "the password of a test's database", {_PATH: WORKFLOW.replace("q8ZtV3mN0pRcYw5LxKd2HsGf7JbQ", "postgres")}
        ),
        Good("a name that says no secret", {_PATH: WORKFLOW.replace("REGISTRY_TOKEN", "IMAGE_DIGEST")}),
    ],
)
def written_in_the_workflow(held: CiVariable) -> Iterator[Finding]:
    """Yield a finding for each secret that is written out."""
    text = str(held.secret.value)
    is_random = _NAMED.fullmatch(held.name) is not None and _RANDOM.fullmatch(text) is not None
    if (is_random and not _TEST.search(text) and not _TEST.search(held.name)) or _KEY_OF_AWS.fullmatch(text):
        yield Finding(
            held.at,
            f"{held.name} stands in the repository",
            held.secret.evidence,
            fix=Fix("take it from the secrets of the repository or project, and change it"),
            symbol=held.name,
            proof=text,
            secret=True,
        )
