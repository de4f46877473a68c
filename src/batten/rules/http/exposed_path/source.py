"""The app's source is served.

The source shows every weakness at leisure, and settings files hold keys.

Silent when the answer has no line of Python or of a settings file.

Fix: serve a folder of static files only; the code stays outside of it.
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
    id="exposed-path/source",
    severity=Severity.HIGH,
    cwe=540,
    over=Site,
    sources=["OWASP ASVS 5.0, 13.4.7", "CWE-540"],
    bad=[
        Bad(
            "served",
            answers={"GET /settings.py # <- here": served("import os\n\nSECRET_KEY = os.environ['KEY']\n")},
        )
    ],
    good=[
        Good(
            "a text that names a setting in a sentence",
            answers={"GET /settings.py": served("There is no such page. Set DEBUG to see more.\n")},
        ),
        Good("a page for every address", answers={"GET *": served("<html>import os", "text/html")}),
    ],
)
def source_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a source file."""
    yield from given(
        site,
        "source",
        "whoever asks reads how the app works",
        "Serve a folder of static files only; the code stays outside of it.",
    )
