"""A command history is served.

People type passwords, tokens and addresses of machines into commands, and the shell writes them down.

Silent when fewer than three lines are commands.

Fix: a home directory is no folder to serve: serve one of its own.
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
    id="exposed-path/history",
    severity=Severity.HIGH,
    cwe=538,
    over=Site,
    sources=["CWE-538"],
    bad=[
        Bad(
            "served",
            answers={"GET /.bash_history # <- here": served("cd /srv/shop\ngit pull\nsudo systemctl restart shop\n")},
        )
    ],
    good=[
        Good(
            "a text that begins with a command's name",
            answers={"GET /.bash_history": served("git is a program.\nWe like it.\n")},
        ),
    ],
)
def history_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a history file."""
    yield from given(
        site,
        "history",
        "whoever asks reads what was typed on the server",
        "A home directory is no folder to serve: serve one of its own.",
    )
