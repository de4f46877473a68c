r"""The Git repository is served.

Whoever asks for `/.git/` file by file puts the whole repository together again: the source of every version,
and every secret that was ever committed, also those that a later commit took out. Programs that do it are one
download away.

Silent when the answer is no Git file: a page for every address, a login, an error. Each answer is compared with
that for a name beside it that cannot be there.

Fix: serve a folder of its own, not the checkout; in nginx `location ~ /\. { deny all; }`, and keep `.git` out of the
image by .dockerignore.
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
    id="exposed-path/git",
    severity=Severity.CRITICAL,
    cwe=527,
    over=Site,
    sources=["OWASP ASVS 5.0, 13.4.1", "gitrepository-layout(5)"],
    bad=[
        Bad(
            "served",
            answers={"GET /.git/HEAD # <- here": served("ref: refs/heads/main\n")},
        )
    ],
    good=[
        Good(
            "a page for every address",
            answers={"GET *": served("<!doctype html><title>Shop</title>ref: refs/heads/main", "text/html")},
        ),
        Good(
            "a text for every address",
            answers={"GET *": served("ref: refs/heads/main\n")},
        ),
        Good("refused", answers={"GET /.git/HEAD": served("forbidden", status="403 Forbidden")}),
    ],
)
def git_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a git file."""
    yield from given(
        site,
        "git",
        "the source of every version can be put together from it",
        "Serve a folder of its own, not the checkout; and refuse names that begin with a dot.",
    )
