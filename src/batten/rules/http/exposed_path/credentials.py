"""A file of credentials is served.

Cloud keys, package-index tokens, password hashes and Terraform's state (which holds every secret that it made) open
other doors than the site's own.

Silent when the answer is not such a file. Values are never shown.

Fix: take the file out of the served folder, and change every credential in it.
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
    id="exposed-path/credentials",
    severity=Severity.CRITICAL,
    cwe=538,
    over=Site,
    sources=["OWASP ASVS 5.0, 13.4.7"],
    bad=[
        Bad(
            "served",
            answers={
                "GET /.aws/credentials # <- here": served(
                    "[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n"
                )
            },
        )
    ],
    good=[
        Good(
            "the folder's configuration only",
            answers={"GET /.aws/credentials": served("[default]\nregion = eu-central-1\n")},
        ),
    ],
)
def credentials_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a credentials file."""
    yield from given(
        site,
        "credentials",
        "whoever asks reads the logins in it",
        "Take the file out of the served folder, and change every credential in it.",
    )
