"""An app's headers as visitors get them through Apache, Caddy and Traefik."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import State
from batten.run.evaluated import understood
from batten.understand import DictSources, resolve
from batten.understand.infrastructure import survey
from batten.understand.nginx.passages import Passage

if TYPE_CHECKING:
    from batten.understand.infrastructure.nouns import Infrastructure

APP = "from flask import Flask\n\napp = Flask(__name__)\n"
IMAGE = "FROM python:3.13-slim\nWORKDIR /srv\nCOPY app.py .\nCMD gunicorn --bind 0.0.0.0:8000 app:app\n"
FRAME = "x-frame-options"
STS = "strict-transport-security"


def seen(files: dict[str, str]) -> tuple[dict[str, object], Infrastructure]:
    sources = DictSources({"app.py": APP, "Dockerfile": IMAGE, **files})
    stack = resolve(sources, lambda _: None)
    apps = understood(sources, stack, {})
    around = survey(sources, stack, apps, lambda doubt: pytest.fail(doubt.detail) if doubt.detail else None)
    values = apps.apps[0].headers[0].values
    held = {
        name: value.value if value.state is State.KNOWN else value.state
        for name, value in values.items()
        if value.state is not State.UNSET
    }
    return held, around


def passages(files: dict[str, str]) -> list[Passage]:
    return [part for part in seen(files)[1].parts if isinstance(part, Passage)]


def traefik(*labels: str, flags: str = "[--providers.docker]") -> dict[str, str]:
    shown = "".join(f"      - {label}\n" for label in labels)
    return {
        "compose.yaml": "services:\n  traefik:\n    image: traefik:v3.1\n    ports: ['443:443']\n"
        f"    command: {flags}\n  web:\n    build: .\n    labels:\n{shown}"
    }


ROUTER = "traefik.http.routers.web.rule=Host(`a`)"
USES = "traefik.http.routers.web.middlewares"
HEADERS = "traefik.http.middlewares.safe.headers"


def test_traefiks_middlewares() -> None:
    told = (f"{HEADERS}.stsSeconds=63072000", f"{HEADERS}.frameDeny=true", f"{HEADERS}.contentTypeNosniff=true")
    held, _ = seen(traefik(ROUTER, f"{USES}=safe", *told, f"{HEADERS}.customResponseHeaders.X-Own=1"))
    assert held[STS] == "max-age=63072000"
    assert (held[FRAME], held["x-content-type-options"], held["x-own"]) == ("DENY", "nosniff", "1")
    without, _ = seen(traefik(ROUTER, *told))
    assert STS not in without, "no router uses it"
    chained = (f"{USES}=all@docker", "traefik.http.middlewares.all.chain.middlewares=safe")
    assert STS in seen(traefik(ROUTER, *chained, *told))[0]
    point = "[--providers.docker, --entrypoints.web.address=:443, --entrypoints.web.http.middlewares=safe@docker]"
    assert STS in seen(traefik(ROUTER, "traefik.http.routers.web.entrypoints=web", *told, flags=point))[0]


def test_traefiks_middleware_that_is_elsewhere() -> None:
    held, _ = seen(traefik(ROUTER, f"{USES}=safe@file"))
    assert held[STS] is State.UNKNOWN
    assert passages(traefik("traefik.enable=false", ROUTER)) == []
    assert passages(traefik("traefik.http.routers.d.service=api@internal")) == []


def test_traefiks_middleware_in_a_file() -> None:
    files = traefik(ROUTER, f"{USES}=safe@file", flags="[--providers.docker, --providers.file.directory=/dyn]")
    text = files["compose.yaml"].replace("    command:", "    volumes: ['./dyn:/dyn']\n    command:")
    dynamic = (
        "http:\n  middlewares:\n    safe:\n      headers:\n        customFrameOptionsValue: SAMEORIGIN\n"
        "        referrerPolicy: same-origin\n        stsSeconds: 0\n        frameDeny: false\n"
    )
    held, _ = seen({"compose.yaml": text, "dyn/a.yml": dynamic})
    assert (held[FRAME], held["referrer-policy"]) == ("SAMEORIGIN", "same-origin")
    assert STS not in held


def caddy(*lines: str, name: str = "shop.example.com") -> dict[str, str]:
    return {
        "compose.yaml": "services:\n  caddy:\n    image: caddy:2\n    ports: ['443:443']\n"
        "    volumes: ['./Caddyfile:/etc/caddy/Caddyfile']\n  web:\n    build: .\n",
        "Caddyfile": "\n".join((f"{name} {{", *lines, "}", "")),
    }


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (("header X-Frame-Options DENY", "reverse_proxy web:8000"), "DENY"),
        (("header {", "X-Frame-Options DENY", "-Server", "}", "reverse_proxy web:8000"), "DENY"),
        (("header * ?X-Frame-Options DENY", "reverse_proxy web:8000"), "DENY"),
        (("reverse_proxy web:8000 {", "header_down X-Frame-Options DENY", "}"), "DENY"),
        (("header X-Frame-Options DENY", "handle /api/* {", "reverse_proxy web:8000", "}"), "DENY"),
        (("header X-Frame-Options {env.FRAME}", "reverse_proxy web:8000"), State.UNKNOWN),
        (("header /static/* X-Frame-Options DENY", "reverse_proxy web:8000"), None),
        (("header X-Frame-Options DENY", "header -X-Frame-Options", "reverse_proxy web:8000"), None),
        (("@in remote_ip 10.0.0.0/8", "header @in X-Frame-Options DENY", "reverse_proxy web:8000"), State.UNKNOWN),
        (("reverse_proxy {", "to web:8000", "header_down -Server", "}"), None),
        (("encode gzip", "reverse_proxy web:8000"), None),
    ],
)
def test_headers_of_caddy(lines: tuple[str, ...], value: object) -> None:
    assert seen(caddy(*lines))[0].get(FRAME) == value


def test_where_caddy_hands_on() -> None:
    (one,) = passages(caddy("reverse_proxy https://web:8000 unix//run/a.sock {$ELSE} {", "header_down -X-A", "}"))
    assert [(target.host, target.port) for target in one.targets] == [("web", 8000), ("unix:/run/a.sock", None)]
    assert (one.door.is_tls, one.hidden) == (True, frozenset({"x-a"}))
    (plain,) = passages(caddy("reverse_proxy web", name=":80"))
    assert plain.door.is_plain


def apache(*lines: str, around: str = "") -> dict[str, str]:
    return {
        "compose.yaml": "services:\n  httpd:\n    image: httpd:2.4\n    ports: ['443:443']\n"
        "    volumes: ['./site.conf:/usr/local/apache2/conf/extra/site.conf']\n  web:\n    build: .\n",
        "site.conf": "\n".join((around, "<VirtualHost *:443>", "SSLEngine on", *lines, "</VirtualHost>", "")),
    }


PASS = "ProxyPass / http://web:8000/"


@pytest.mark.parametrize(
    ("lines", "around", "value"),
    [
        ((PASS, 'Header always set X-Frame-Options "DENY"'), "", "DENY"),
        ((PASS, "Header set X-Frame-Options: DENY"), "", "DENY"),
        ((PASS, "Header onsuccess append X-Frame-Options DENY"), "", "DENY"),
        ((PASS,), "Header set X-Frame-Options DENY", "DENY"),
        ((PASS, "<Location />", "Header set X-Frame-Options DENY", "</Location>"), "", "DENY"),
        ((PASS, "<Location /static>", "Header set X-Frame-Options DENY", "</Location>"), "", None),
        ((PASS, "Header unset X-Frame-Options"), "Header set X-Frame-Options DENY", None),
        ((PASS, "Header set X-Frame-Options %{FRAME}e"), "", State.UNKNOWN),
        ((PASS, "Header"), "", None),
        (("<Location />", "ProxyPass http://web:8000/", "</Location>", "Header set X-Frame-Options DENY"), "", "DENY"),
    ],
)
def test_headers_of_apache(lines: tuple[str, ...], around: str, value: object) -> None:
    assert seen(apache(*lines, around=around))[0].get(FRAME) == value


def test_where_apache_hands_on() -> None:
    def targets(*lines: str) -> list[tuple[str, int | None]]:
        return [(t.host, t.port) for one in passages(apache(*lines)) for t in one.targets]

    assert targets("ProxyPass /static !", "ProxyPass / http://web:8000/") == [("web", 8000)]
    assert targets("ProxyPass / unix:/run/a.sock|http://127.0.0.1/") == [("unix:/run/a.sock", None)]
    balancer = ("<Proxy balancer://shop>", "BalancerMember http://web:8000", "</Proxy>")
    assert targets(*balancer, "ProxyPass / balancer://shop/") == [("web", 8000)]
    assert targets("ProxyPass / balancer://other/") == []
    assert targets("WSGIScriptAlias / /srv/wsgi.py") == []
    assert len(passages(apache("WSGIScriptAlias / /srv/wsgi.py"))) == 1


def test_a_host_without_its_main_file_may_add_more() -> None:
    files = apache(PASS)
    files["compose.yaml"] = "services:\n  web:\n    build: .\n    ports: ['127.0.0.1:8000:8000']\n"
    files["site.conf"] = files["site.conf"].replace("web:8000", "127.0.0.1:8000")
    assert seen(files)[0][FRAME] is State.UNKNOWN
