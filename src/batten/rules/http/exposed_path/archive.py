"""An archive of the site is served.

Archives beside a site are made for moving it or for a backup: source, settings and often the database in one file.

Silent when the answer has no archive's first bytes, and when every such name is answered with one (a site that packs
what it is asked for).

Fix: take it out of the served folder; backups belong where the server cannot reach.
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
    id="exposed-path/archive",
    severity=Severity.CRITICAL,
    cwe=530,
    over=Site,
    sources=["CWE-530", "RFC 1952 section 2.3.1"],
    bad=[
        Bad(
            "served",
            answers={"GET /backup.zip # <- here": served("PK\x03\x04....", "application/zip")},
        )
    ],
    good=[
        Good(
            "an archive for every name",
            answers={"GET *": served("PK\x03\x04....", "application/zip")},
        ),
    ],
)
def archive_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away an archive file."""
    yield from given(site, "archive", "whoever asks downloads the site", "Take it out of the served folder.")
