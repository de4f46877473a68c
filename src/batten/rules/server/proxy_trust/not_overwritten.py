"""The app believes a forwarded header that nginx lets the visitor write.

`ProxyFix(x_proto=1)`, `SECURE_PROXY_SSL_HEADER` or `--forwarded-allow-ips '*'` are right behind a proxy that sets the
header. nginx sets none by itself, and hands on what the visitor sent: he says which address he comes from, which host
he asked for, and that his connection is encrypted.

Medium for the address and the host, low for the scheme. Told only where nginx itself ends TLS: else another proxy
before it may set the header. Silent where nginx sets it, and where an include that is not in the repository may.

Fix: `proxy_set_header X-Forwarded-For $remote_addr;`, `X-Forwarded-Proto $scheme`, `X-Forwarded-Host $host`; or do not
believe the header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import nginx
from batten.understand.nginx.nouns import PassedThrough

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)
"""
DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY app.py .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""
WEB = """\
services:
  web:
    build: .
  front:
    image: nginx:1.29
    ports: ["443:443"]
    volumes:
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
"""
ALL = """\
location / {
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_pass http://web:8000;  # <- here
    }
"""
SET = ALL.replace("proxy_pass", "proxy_set_header X-Forwarded-Proto $scheme;\n        proxy_pass")
CODE = {"app.py": APP, "Dockerfile": DOCKERFILE}

VALUES = {
    "x-forwarded-for": "$remote_addr",
    "x-forwarded-proto": "$scheme",
    "x-forwarded-host": "$host",
    "x-forwarded-port": "$server_port",
    "x-forwarded-prefix": '""',
}


@rule(
    id="proxy-trust/not-overwritten",
    severity=Severity.MEDIUM,
    cwe=348,
    over=PassedThrough,
    sources=["nginx docs, ngx_http_proxy_module, proxy_set_header", "Werkzeug 3.1 docs, X-Forwarded-For Proxy Fix"],
    bad=[
        Bad("the scheme is believed, and nobody sets it", {**CODE, **nginx(ALL, compose=WEB)}),
    ],
    good=[
        Good("nginx sets both", {**CODE, **nginx(SET, compose=WEB)}),
        Good(
            "only the address is believed",
            {**CODE, "app.py": APP.replace("x_proto=1", "x_proto=0"), **nginx(ALL, compose=WEB)},
        ),
    ],
)
def visitor_writes(passed: PassedThrough) -> Iterator[Finding]:
    """Yield a finding for forwarded headers that an app believes of the visitor."""
    names = ", ".join(name.title() for name in passed.headers)
    who = " and ".join(passed.believers)
    believe = "believes" if len(passed.believers) == 1 else "believe"
    is_who = {"x-forwarded-for", "x-forwarded-host"} & {*passed.headers}
    lines = " ".join(f"proxy_set_header {name.title()} {VALUES[name]};" for name in passed.headers)
    yield Finding(
        at=passed.at,
        says=f"{who} {believe} {names}, and nginx hands on what the visitor wrote there",
        evidence=passed.evidence,
        confidence=passed.confidence,
        severity=None if is_who else Severity.LOW,
        fix=Fix(f"Write `{lines}` in {passed.where}."),
        symbol=who,
    )
