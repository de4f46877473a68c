"""`ADD` takes whatever the network gives into the image.

Whoever owns the server (or the name, once its owner lets it go) decides what every later build
holds; without TLS so does everybody on the way.

Silent with `--checksum`, for a git repository at a commit, and for files of the context.

Fix: `ADD --checksum=sha256:… https://…`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = """\
FROM debian:12-slim
ADD https://files.example.org/tini /sbin/tini  # <- here
USER app
"""
COMMIT = "https://github.com/krallin/tini.git#0b44d3665869e46ccbac7414241b8256d6234dc4"


@rule(
    id="image-source/remote-add",
    severity=Severity.MEDIUM,
    cwe=494,
    over=Image,
    sources=["Dockerfile reference, ADD --checksum", "CWE-494"],
    bad=[
        Bad("a file", {"Dockerfile": PLAIN}),
        Bad("a repository", {"Dockerfile": PLAIN.replace("https://files.example.org/tini", COMMIT.partition("#")[0])}),
        Bad("by an argument", {"Dockerfile": PLAIN.replace("ADD https:", "ARG AT=https:\nADD ${AT}")}),
    ],
    good=[
        Good("a checksum", {"Dockerfile": PLAIN.replace("ADD", f"ADD --checksum=sha256:{'0d' * 32}")}),
        Good("a commit", {"Dockerfile": PLAIN.replace("https://files.example.org/tini", COMMIT)}),
        Good("a file of the context", {"Dockerfile": PLAIN.replace("https://files.example.org/tini", "tini.tar.gz")}),
    ],
)
def adds_from_network(image: Image) -> Iterator[Finding]:
    """Yield a finding for each `ADD` of a URL without a checksum."""
    for download in image.downloads:
        if not download.checked:
            yield Finding(
                download.at,
                f"{download.url} is added unchecked",
                image.evidence,
                fix=Fix("`ADD --checksum=sha256:… https://…`"),
                symbol=download.url,
            )
