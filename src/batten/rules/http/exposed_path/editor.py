"""An editor's file is served.

An index of a folder's names (`.DS_Store`) and an editor's project tell which files there are; an editor's deployment
settings hold the login of the server.

High for deployment settings with a host. Silent when the answer is not such a file.

Fix: serve a folder of its own, and refuse names that begin with a dot.
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
    id="exposed-path/editor",
    severity=Severity.LOW,
    cwe=538,
    over=Site,
    sources=["CWE-538"],
    bad=[
        Bad(
            "served",
            answers={"GET /.DS_Store # <- here": served("\0\0\0\x01Bud1....", "application/octet-stream")},
        )
    ],
    good=[
        Good(
            "something else",
            answers={"GET /.DS_Store": served("\0\0\0\x02....", "application/octet-stream")},
        ),
    ],
)
def editor_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away an editor file."""
    yield from given(site, "editor", "it tells which files there are", "Refuse names that begin with a dot.")
