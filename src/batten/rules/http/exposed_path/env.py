"""A file of environment variables is served.

Database addresses, signing keys and tokens stand in it, in clear text. Programs ask every address on the internet
for `/.env` all day.

Critical with a secret in it, medium without one. Silent for a sample without values, and when the answer is not such
a file. Values are never shown.

Fix: serve a folder of its own; keep `.env` out of the image by .dockerignore, and set variables in the platform. What
was served is known: change every secret in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.http.exposed_path._given import given
from batten.rules.samples import served
from batten.understand.answers.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding


@rule(
    id="exposed-path/env",
    severity=Severity.CRITICAL,
    cwe=538,
    over=Site,
    sources=["OWASP ASVS 5.0, 13.4.7", "CWE-538"],
    bad=[
        Bad(
            "served",
            answers={"GET /.env # <- here": served("# production\nDEBUG=0\nSECRET_KEY=k3JdUe92nsLqPz\n")},
        )
    ],
    good=[
        Good(
            "a sample without values",
            answers={"GET /.env": served("SECRET_KEY=\nDATABASE_URL=\n")},
        ),
        Good(
            "a text that repeats the address",
            answers={"GET *": served("no such page: PATH={path}\n")},
        ),
        Good(
            "documentation that quotes one",
            answers={"GET /.env": served("<html><pre>SECRET_KEY=abc</pre>", "text/html")},
        ),
    ],
)
def env_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away an env file."""
    yield from given(
        site,
        "env",
        "whoever asks reads its secrets",
        "Serve a folder of its own, refuse names that begin with a dot, and change every secret that stands in it.",
    )
