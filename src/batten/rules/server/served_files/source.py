"""The web server hands out the code of the app.

Its root is a directory that holds more than the site: modules, settings, a database, a key. A visitor reads where the
holes are, and often the password with which the app reaches its data.

High. Silent where dot files are handed out as well, which is told at the same line; where what lies at the root cannot
be told from the repository; where the app or a redirect answers for the address; and where a rule denies the files.

Fix: let the root name a directory that holds nothing but what visitors should get, such as `static`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Evidence, Finding, Fix, Good, Location, Severity, rule
from batten.rules.samples import COMPOSE as NGINX, nginx
from batten.rules.server.served_files._named import named, place
from batten.understand.infrastructure.web import ServedTree

if TYPE_CHECKING:
    from collections.abc import Iterator

VHOST = """\
<VirtualHost *:80>
    DocumentRoot /srv/shop/web  # <- here
    <Directory /srv/shop/web>
        Require all granted
    </Directory>
    WSGIScriptAlias /app /srv/shop/web/shop/wsgi.py
</VirtualHost>
"""
MOUNTED = NGINX + "      - ./web:/srv/web:ro\n"
ROOT = "location / { root /srv/web; }  # <- here"
DENY = r"location ~ /\. { return 404; }"
FILES = {"web/shop/wsgi.py": "application = None\n", "web/shop/models.py": "x = 1\n"}


@rule(
    id="served-files/source",
    severity=Severity.HIGH,
    cwe=540,
    over=ServedTree,
    sources=["OWASP WSTG-CONF-04", "CWE-540"],
    bad=[
        Bad("Apache, the app's own directory", {"apache/shop.conf": VHOST, **FILES}),
        Bad("nginx, dot files denied and nothing else", {**nginx(DENY, ROOT, compose=MOUNTED), **FILES}),
    ],
    good=[
        Good(
            "nginx, static files alone", {**nginx(DENY, ROOT, compose=MOUNTED.replace("web:", "web/static:")), **FILES}
        ),
        Good("WSGI answers for every address", {"apache/shop.conf": VHOST.replace("Alias /app", "Alias /"), **FILES}),
        Good("static files only", {"apache/shop.conf": VHOST.replace("DocumentRoot /srv/shop/web", "#"), **FILES}),
    ],
)
def code_files(tree: ServedTree) -> Iterator[Finding]:
    """Yield a finding for a tree from which a visitor gets code or data."""
    if tree.sources and not tree.hidden:
        yield Finding(
            at=tree.at,
            says=f"{tree.server} hands out {named(tree.sources)}: {tree.root} is {place(tree.path)}",
            evidence=(*tree.evidence, Evidence(Location(file=tree.sources[0], line=1), "is handed out")),
            confidence=tree.confidence,
            fix=Fix(tree.fix),
            symbol=f"{tree.url} {tree.root}",
        )
