"""Packages come from an index over plain HTTP.

Everybody between the build and the server decides what is installed, and an
installation runs what it installs. Indexes of Python and npm have no signatures of their own.

Silent for https, and for an index on this machine or in a private network.

Fix: `https://` in the address of the index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = """\
FROM python:3.13-slim
RUN pip install --index-url http://pypi.example.org/simple --requirement requirements.txt  # <- here
USER app
"""


@rule(
    id="image-source/cleartext-index",
    severity=Severity.MEDIUM,
    cwe=319,
    over=Image,
    sources=["pip docs, Secure installs", "CWE-319"],
    bad=[
        Bad("pip", {"Dockerfile": PLAIN}),
        Bad(
            "by variable",
            {"Dockerfile": "FROM python:3.13-slim\nENV PIP_INDEX_URL=http://pypi.example.org/simple  # <- here\n"},
        ),
        Bad("npm", {"Dockerfile": "FROM node:22\nRUN npm config set registry http://npm.example.org  # <- here\n"}),
    ],
    good=[
        Good("https", {"Dockerfile": PLAIN.replace("http:", "https:")}),
        Good("a cache beside it", {"Dockerfile": PLAIN.replace("pypi.example.org", "devpi:3141")}),
    ],
)
def takes_from_cleartext(image: Image) -> Iterator[Finding]:
    """Yield a finding for each index that is read over plain HTTP."""
    for found in image.unchecked:
        if found.kind == "cleartext":
            yield Finding(
                found.at,
                f"{found.says}: everybody on the way decides what is installed",
                image.evidence,
                fix=Fix("`https://` in the address of the index"),
                symbol=found.says,
            )
