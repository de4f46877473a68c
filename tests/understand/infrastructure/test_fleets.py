"""Which apps of a compose project are reached through a proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.nouns import Fleet

if TYPE_CHECKING:
    from collections.abc import Callable

APP = """\
services:
  web:
    build: .
    ports: ["8000:8000"]
"""
FILES = {"Dockerfile": 'FROM python:3.13\nCOPY a.py .\nCMD ["python", "a.py"]\n', "a.py": "print()\n"}


@pytest.mark.parametrize(
    ("compose", "files", "expected"),
    [
        ("    labels: [traefik.enable=true]\n", {}, [("", None, False)]),
        ("    labels: {traefik.http.services.web.loadbalancer.server.port: 8000}\n", {}, [("", 8000, False)]),
        ("    labels: [caddy=shop.example]\n", {}, [("", None, False)]),
        ("    labels: [com.example.team=shop]\n", {}, []),
        ("    environment: {VIRTUAL_HOST: shop.example}\n", {}, [("", None, False)]),
        ("    environment: {VIRTUAL_HOST: shop.example, VIRTUAL_PORT: 8000}\n", {}, [("", 8000, False)]),
        ("", {"nginx.conf": "upstream a { server localhost:8000; }\n"}, [("nginx.conf", 8000, False)]),
        (
            "",
            {"nginx.conf": "server { listen 443 ssl; }\nupstream a { server 127.0.0.1:8000; }\n"},
            [("nginx.conf", 8000, True)],
        ),
        ("", {"nginx.conf": "upstream a { server 127.0.0.1:80001; }\n"}, []),
        (
            "  proxy: {image: nginx, ports: ['443:443'], volumes: ['./conf:/etc/nginx/conf.d']}\n",
            {"conf/site.conf": "location / { proxy_pass http://web; }\n"},
            [("proxy", None, True)],
        ),
        (
            "  proxy: {build: proxy}\n",
            {
                "proxy/Dockerfile": "FROM nginx\nCOPY site.conf /etc/nginx/conf.d/\n",
                "proxy/site.conf": "location / { proxy_pass http://web:8000/; }\n",
            },
            [("proxy", 8000, False)],
        ),
        ("  proxy: {image: nginx, links: ['web:app']}\n", {}, [("proxy", None, False)]),
        ("  proxy: {image: nginx}\n", {}, []),
        (
            "  other: {image: httpd, links: [web]}\n  proxy: {image: nginx, volumes: ['./site.conf:/etc/site.conf']}\n",
            {"site.conf": "location / { proxy_pass http://elsewhere; }\n"},
            [],
        ),
    ],
)
def test_routes(
    parts: Callable[..., list[Fleet]], compose: str, files: dict[str, str], expected: list[tuple[str, int, bool]]
) -> None:
    (fleet,) = parts({**FILES, "compose.yaml": APP + compose, **files}, Fleet)
    assert [(route.proxy, route.port, route.has_tls) for route in fleet.routes] == expected


def test_a_file_that_is_too_large_is_not_looked_through(parts: Callable[..., list[Fleet]]) -> None:
    text = "upstream a { server localhost:8000; }\n" + "#" * 200_000
    (fleet,) = parts({**FILES, "compose.yaml": APP, "nginx.conf": text}, Fleet)
    assert fleet.routes == ()
