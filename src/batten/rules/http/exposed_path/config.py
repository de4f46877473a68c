"""A file of the deployment is served.

Compose files, Dockerfiles and the servers' own files name the services behind the site, their versions, ports and
often their passwords.

Silent when the answer is not such a file.

Fix: serve a folder of static files only; deployment files stay outside of it.
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
    id="exposed-path/config",
    severity=Severity.MEDIUM,
    cwe=538,
    over=Site,
    sources=["OWASP ASVS 5.0, 13.4.7"],
    bad=[
        Bad(
            "served",
            answers={"GET /docker-compose.yml # <- here": served("services:\n  web:\n    image: shop\n")},
        )
    ],
    good=[
        Good(
            "a text about services",
            answers={"GET /docker-compose.yml": served("Our services: rope, lanterns\n")},
        ),
    ],
)
def config_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a config file."""
    yield from given(site, "config", "whoever asks reads how it is deployed", "Serve a folder of static files only.")
