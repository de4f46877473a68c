"""The web server hands out hidden files of the repository.

Its root is a directory that holds more than the site: `.env` with the passwords, `.git` with the whole source and all
that was ever committed. Programs that look for `/.env` and `/.git/config` ask every site for them, all day.

Critical. Silent where what lies at the root cannot be told from the repository, where the app or a redirect answers for
the address, and where a rule denies the files; templates such as `.env.example` are no secret.

Fix: let the root name a directory that holds nothing but what visitors should get, such as `static`; a rule that denies
dot files helps, and is forgotten for the next secret that has no dot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Evidence, Finding, Fix, Good, Location, Severity, rule
from batten.rules.samples import COMPOSE as NGINX, nginx
from batten.rules.server.served_files._named import named, place
from batten.understand.infrastructure.web import ServedTree

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = """\
services:
  web:
    image: httpd:2.4
    ports: ["80:80"]
    volumes:
      - ./httpd.conf:/usr/local/apache2/conf/httpd.conf:ro
      - ./:/usr/local/apache2/htdocs
"""
HTTPD = """\
ServerRoot "/usr/local/apache2"
ServerTokens Prod
DocumentRoot "/usr/local/apache2/htdocs"  # <- here
<Directory "/usr/local/apache2/htdocs">
    Require all granted
</Directory>
"""
ROOT = "root /srv/shop;  # <- here"
TRY = "location / { try_files $uri =404; }"
DENY = r"location ~ /\.(?!well-known/) { deny all; }"
ENV = "SECRET_KEY=Vq7nN2hX9sT4wK8bR3mZ\n"
DENIED = '<FilesMatch "^\\.">\n    Require all denied\n</FilesMatch>\nRedirectMatch 404 /\\.git\n'


@rule(
    id="served-files/dotfiles",
    severity=Severity.CRITICAL,
    cwe=538,
    over=ServedTree,
    sources=["OWASP WSTG-CONF-04", "OWASP ASVS 5.0, 13.4.1", "Apache 2.4 docs, Security Tips"],
    bad=[
        Bad(
            "nginx, the repository mounted",
            {**nginx(ROOT, TRY, compose=NGINX + "      - .:/srv/shop:ro\n"), ".env": ENV},
        ),
        Bad("Apache, the repository mounted", {"compose.yaml": COMPOSE, "httpd.conf": HTTPD, ".env": ENV}),
    ],
    good=[
        Good(
            "nginx, a rule denies them",
            {
                **nginx(ROOT.replace("  # <- here", ""), DENY, TRY, compose=NGINX + "      - .:/srv/shop:ro\n"),
                ".env": ENV,
            },
        ),
        Good(
            "nginx, all goes to the app",
            {
                **nginx(ROOT, "location / { proxy_pass http://web:8000; }", compose=NGINX + "      - .:/srv/shop:ro\n"),
                ".env": ENV,
            },
        ),
        Good(
            "nginx, a directory of its own",
            {**nginx(ROOT, TRY, compose=NGINX + "      - ./public:/srv/shop:ro\n"), ".env": ENV, "public/a.css": ""},
        ),
        Good(
            "a directory of its own",
            {"compose.yaml": COMPOSE.replace("- ./:", "- ./public:"), "httpd.conf": HTTPD, ".env": ENV, "public/a": ""},
        ),
        Good("denied", {"compose.yaml": COMPOSE, "httpd.conf": HTTPD + DENIED, ".env": ENV}),
    ],
)
def hidden_files(tree: ServedTree) -> Iterator[Finding]:
    """Yield a finding for a tree from which a visitor gets hidden files."""
    if tree.hidden:
        files = [path for path in tree.hidden if not path.startswith(".git/")]
        yield Finding(
            at=tree.at,
            says=f"{tree.server} hands out {named(tree.hidden)}: {tree.root} is {place(tree.path)}",
            evidence=(*tree.evidence, *(Evidence(Location(file=path, line=1), "is handed out") for path in files[:1])),
            confidence=tree.confidence,
            fix=Fix(tree.fix),
            symbol=f"{tree.url} {tree.root}",
        )
