"""Jobs run in images that can change overnight.

`latest`, no tag, and in the end every tag is whatever was pushed last. Images of jobs come and
go, so this is told to auditors only, once for a file, and only for `latest` and no tag.

Silent for a version or a digest.

Fix: name a version, or better the digest: `image: python:3.13-slim@sha256:…`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.dependencies.ci._pins import one_for_all
from batten.understand.infrastructure.ci.nouns import JobImages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding
    from batten.understand.infrastructure.ci.nouns import Words

WORKFLOW = """\
on: push
jobs:
  check:
    runs-on: ubuntu-24.04
    container: python:latest  # <- here
    steps:
      - run: make
"""

GITLAB = """\
image: python  # <- here
check:
  script: [make]
"""

_PATH = ".github/workflows/check.yml"


@rule(
    id="ci/unpinned-image",
    severity=Severity.LOW,
    cwe=1357,
    over=JobImages,
    persona="auditor",
    sources=[
        "Docker docs, Best practices: Pin base image versions",
        "zizmor 1.16, unpinned-images",
    ],
    bad=[
        Bad("a workflow", {_PATH: WORKFLOW}),
        Bad("a pipeline of GitLab", {".gitlab-ci.yml": GITLAB}),
    ],
    good=[
        Good("a version", {_PATH: WORKFLOW.replace("latest", "3.13-slim")}),
        Good("a version in GitLab", {".gitlab-ci.yml": GITLAB.replace("python", "python:3.13")}),
    ],
)
def image_of_the_day(held: JobImages) -> Iterator[Finding]:
    """Yield one finding for a file with such images."""
    yield from one_for_all(filter(_floats, held.images), "is not pinned to a version")


def _floats(words: Words) -> bool:
    """Return whether an image has no version, or `latest`."""
    name = words.text.rpartition("/")[2]
    if not name or "@" in name or "$" in words.text:
        return False
    return ":" not in name or name.endswith(":latest")
