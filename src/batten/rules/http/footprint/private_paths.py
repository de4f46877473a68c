"""robots.txt or the site map names paths that are not for visitors.

Both files are read by whoever looks for a way in, first of all. A line that asks search engines to stay away from
`/backup/` is a signpost; it keeps nobody out.

Info: what counts is whether the path asks for a login. Silent for paths that any visitor may know.

Fix: protect the path by a login, and leave it out of both files; `X-Robots-Tag: noindex` on its answers keeps search
engines away without naming it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import served, shown
from batten.understand.answers.footprint import Footprint, private_paths
from batten.understand.answers.site import Site, parts_of, seen

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    id="footprint/private-paths",
    severity=Severity.INFO,
    cwe=200,
    over=Site,
    sources=["RFC 9309", "OWASP WSTG-INFO-03, Review Webserver Metafiles"],
    bad=[
        Bad(
            "robots.txt",
            answers={"GET /": shown(), "GET /robots.txt # <- here": served("User-agent: *\nDisallow: /backup/\n")},
        ),
        Bad(
            "the site map",
            answers={
                "GET /": shown(),
                "GET /sitemap.xml # <- here": served("<urlset><url><loc>/internal/a</loc></url></urlset>", "text/xml"),
            },
        ),
    ],
    good=[
        Good(
            "for visitors",
            answers={"GET /": shown(), "GET /robots.txt": served("User-agent: *\nDisallow: /how-to-back-up/\n")},
        ),
        Good("everything", answers={"GET /": shown(), "GET /robots.txt": served("User-agent: *\nDisallow: /\n")}),
        Good("a page for every address", answers={"GET *": shown("User-agent: *\nDisallow: /backup/\n")}),
    ],
)
def private_paths_named(site: Site) -> Iterator[Finding]:
    """Yield one finding for all private paths that the files name."""
    for part in parts_of(site, Footprint):
        found = list(private_paths(part))
        if found:
            paths = ", ".join(dict.fromkeys(path[:40] for _, path in found[:3]))
            file = found[0][0].url.rpartition("/")[2]
            yield Finding(
                at=seen(found[0][0], "").at,
                says=f"{file} names what is not for visitors: {paths}",
                evidence=tuple(seen(answer, "names", path[:80]) for answer, path in found[:10]),
                fix=Fix("Protect the paths by a login, and leave them out of the file."),
                symbol="private paths",
            )
