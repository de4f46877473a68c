"""A source map of the site's own scripts is served.

It leads from the packed script back to the source: names of files and functions, and mostly the source itself, with
its comments. What packing seemed to hide is there to read.

Medium with the source in it, low without. Silent for maps of libraries, whose source everybody has, and for scripts
that name no map.

Fix: build with hidden maps (`devtool: "hidden-source-map"`, `build.sourcemap = "hidden"`), and keep `*.map` out of what
is deployed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, rule
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site, seen
from batten.understand.exposures.served import SeenMap

if TYPE_CHECKING:
    from collections.abc import Iterator


PAGE = shown('<script src="/static/shop.3f2a.js"></script>')
SCRIPT = served("const a=1;\n//# sourceMappingURL=shop.3f2a.js.map\n", "text/javascript")
MAP = served(
    '{"version": 3, "sources": ["src/cart.ts"], "sourcesContent": ["export const a = 1"], "mappings": "AAAA"}',
    "application/json",
)


@rule(
    id="exposed-path/sourcemap",
    severity=Severity.LOW,
    cwe=540,
    over=Site,
    sources=["ECMA-426, Source map", "CWE-540"],
    bad=[
        Bad(
            "with the source in it",
            answers={
                "GET /": PAGE,
                "GET /static/shop.3f2a.js": SCRIPT,
                "GET /static/shop.3f2a.js.map # <- here": MAP,
            },
        )
    ],
    good=[
        Good("the map is not deployed", answers={"GET /": PAGE, "GET /static/shop.3f2a.js": SCRIPT}),
        Good(
            "a page for every address",
            answers={"GET *": shown(), "GET /": PAGE, "GET /static/shop.3f2a.js": SCRIPT},
        ),
        Good(
            "a library's",
            answers={
                "GET /": PAGE,
                "GET /static/shop.3f2a.js": SCRIPT,
                "GET /static/shop.3f2a.js.map": MAP.replace("src/cart.ts", "../node_modules/left/pad.ts"),
            },
        ),
    ],
)
def map_served(site: Site) -> Iterator[Finding]:
    """Yield a finding for the maps of the site's own scripts, worse where they hold the source."""
    held = [part for part in site.parts if isinstance(part, SeenMap)]
    for with_text in dict.fromkeys(part.with_text for part in held):
        parts = [part for part in held if part.with_text is with_text]
        effect = "the source itself stands in it" if with_text else "it names the files of the source"
        yield Finding(
            at=Location(url=parts[0].answer.url),
            says=f"a source map of the site's scripts is served: {effect}",
            evidence=tuple(seen(part.answer, f"answered 200: a map of {part.sources} own files") for part in parts),
            severity=Severity.MEDIUM if with_text else Severity.LOW,
            fix=Fix("Keep maps out of what is deployed, or build hidden ones."),
            symbol="sourcemap text" if with_text else "sourcemap names",
        )
