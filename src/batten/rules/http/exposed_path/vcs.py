"""The repository of another version control is served.

Subversion, Mercurial and Bazaar keep the source, and every version of it, in a folder beside the files. Served,
they give away all that Git's would.

Silent when the answer is not the file's own content.

Fix: serve a folder of its own, an export and not the working copy; refuse names that begin with a dot.
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
    id="exposed-path/vcs",
    severity=Severity.CRITICAL,
    cwe=527,
    over=Site,
    sources=["OWASP ASVS 5.0, 13.4.1"],
    bad=[
        Bad(
            "served",
            answers={"GET /.svn/wc.db # <- here": served("SQLite format 3\0....", "application/octet-stream")},
        )
    ],
    good=[
        Good(
            "JSON for every address",
            answers={"GET *": served('{"error": "not found"}', "application/json")},
        ),
    ],
)
def vcs_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a vcs file."""
    yield from given(
        site,
        "vcs",
        "the source of every version can be put together from it",
        "Serve an export, not the working copy; and refuse names that begin with a dot.",
    )
