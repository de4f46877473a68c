"""A directory's files are listed.

Every file in it is found by whoever opens the address, also those that no page links to: uploads of others, backups,
drafts, the next release. What was safe because its name was hard to guess is not.

Medium. Silent for pages that only look so: what lists has to name the directory that was asked for, and a folder that
cannot be there must not be listed as well. In a server's
files, silent where the app answers for the address, where a login or a network stands before it, and where a later
section takes the option away.

Fix: `autoindex off;` (nginx), `Options -Indexes` (Apache), no `show_index=True` (aiohttp), no `browse` (Caddy); never
`python -m http.server` in production.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, live, rule
from batten.rules.samples import nginx, served, shown
from batten.understand.answers.site import Site, seen
from batten.understand.infrastructure.web import Listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.listings import SeenListing


VHOST = """\
<VirtualHost *:80>
    DocumentRoot /srv/www
    <Directory /srv/www>
        Options Indexes  # <- here
        Require all granted
    </Directory>
</VirtualHost>
"""
LIST = served(
    '<html><head><title>Index of /media/</title></head><body><h1>Index of /media/</h1><hr><pre><a href="../">../</a>'
    '<a href="cv.pdf">cv.pdf</a> 01-Jan-2026 10:00  52311</pre></body></html>',
    "text/html",
)
PAGE = shown('<img src="/pictures/large/cat.png">')
MEDIA = "location /media/ { alias /srv/media/; autoindex on; }  # <- here"
_SHOWN = 3


@rule(
    id="directory-listing/served",
    severity=Severity.MEDIUM,
    cwe=548,
    over=Listing,
    sources=["OWASP ASVS 5.0, 13.4.3", "nginx docs, ngx_http_autoindex_module", "CWE-548"],
    bad=[Bad("Apache", {"apache/shop.conf": VHOST}), Bad("nginx", nginx(MEDIA))],
    good=[
        Good("nginx, off again", nginx("autoindex on;", "root /srv/www;", "location / { autoindex off; }")),
        Good("nginx, the app answers", nginx("autoindex on;", "location / { proxy_pass http://web:8000; }")),
        Good(
            "nginx, strangers are refused", nginx(MEDIA.replace("autoindex", "allow 10.0.0.0/8; deny all; autoindex"))
        ),
        Good("taken away", {"apache/shop.conf": VHOST.replace("Options Indexes", "Options -Indexes")}),
        Good("behind a login", {"apache/shop.conf": VHOST.replace("all granted", "valid-user")}),
        Good(
            "the app answers for every address",
            {"apache/shop.conf": VHOST.replace("    <Dir", "    WSGIScriptAlias / /srv/shop/wsgi.py\n    <Dir")},
        ),
    ],
)
def lists_files(listing: Listing) -> Iterator[Finding]:
    """Yield a finding for a directory that a server lists."""
    yield Finding(
        at=listing.at,
        says=f"{listing.server} lists the files of {listing.what}: also those that no page links to",
        evidence=listing.evidence,
        confidence=listing.confidence,
        fix=Fix(listing.fix),
        symbol=listing.what,
    )


@live(
    over=Site,
    bad=[
        Bad("a usual folder", answers={"GET /": PAGE, "GET /media/ # <- here": LIST}),
        Bad(
            "the folder of a linked file",
            answers={
                "GET /": PAGE,
                "GET /pictures/ # <- here": LIST.replace("/media/", "/pictures/"),
            },
        ),
        Bad(
            "the site itself",
            answers={
                "GET / # <- here": served(
                    "<title>Directory listing for /</title><h1>Directory listing for /</h1><a href='a.txt'>a.txt</a>",
                    "text/html",
                )
            },
        ),
    ],
    good=[
        Good("refused", answers={"GET /": PAGE, "GET /media/": served("no", status="403 Forbidden")}),
        Good("every folder is listed alike", answers={"GET /": PAGE, "GET *": LIST.replace("/media/", "{path}")}),
        Good("a page of that name", answers={"GET /": PAGE, "GET /files/": shown("<h1>Index of our shops</h1>")}),
    ],
)
def listed_to_all(site: Site) -> Iterator[Finding]:
    """Yield a finding when a visitor is shown the files of a directory."""
    from batten.understand.answers.listings import SeenListing  # noqa: PLC0415 - only a probe reads them

    held = [part for part in site.parts if isinstance(part, SeenListing)]
    if held:
        more = f", and of {len(held) - 1} more" if len(held) > 1 else ""
        yield Finding(
            at=Location(url=held[0].answer.url),
            says=f"the files of a directory are listed{more}: also those that no page links to",
            evidence=tuple(seen(part.answer, _says(part)) for part in held[:_SHOWN]),
            fix=Fix("Switch the listing off; serve single files only."),
            symbol="listing",
        )


def _says(part: SeenListing) -> str:
    return "answered 200: a listing" + (f" of {', '.join(part.names[:_SHOWN])}" if part.names else "")
