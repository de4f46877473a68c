"""An editor's copy of the source is served.

A copy that an editor or a hurried hand left (`app.py.bak`, `app.py~`, `.app.py.swp`) is no program to the server, so
that it is sent as text: the source with its secrets.

Silent when the answer is neither source nor a swap file.

Fix: delete the copies, and let the server refuse their endings.
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
    id="exposed-path/backup",
    severity=Severity.HIGH,
    cwe=530,
    over=Site,
    sources=["CWE-530", "OWASP WSTG, CONF-04"],
    bad=[
        Bad(
            "served",
            answers={"GET /app.py.bak # <- here": served("from flask import Flask\n\napp = Flask(__name__)\n")},
        )
    ],
    good=[
        Good("not there", answers={"GET /app.py.bak": served("Not Found", status="404 Not Found")}),
    ],
)
def backup_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a backup file."""
    yield from given(
        site, "backup", "whoever asks reads the source", "Delete the copies, and let the server refuse such names."
    )
