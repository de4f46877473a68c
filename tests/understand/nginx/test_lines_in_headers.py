"""Where a visitor's path writes lines of the answer, Batten says so; where nginx encodes it, Batten is silent."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from batten.run.static import check_files
from tests.live.web import needs_nginx, nginx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULE = "response-splitting/decoded-path"
LINES = (
    ("location /N/ { return 301 https://a.example$uri; }", True),
    ("location /N/ { return 301 https://a.example$request_uri; }", False),
    ("location /N/ { return 200 $uri; }", False),
    ("location ~ ^/N/([^q]*)$ { return 302 https://a.example/$1; }", True),
    ("location ~ ^/N/(.*)$ { return 302 https://a.example/$1; }", False),
    ("location ~ ^/N/(?<n>[^q]*)$ { add_header X-N $n always; return 204; }", True),
    ("location /N/ { add_header X-N $uri always; return 204; }", True),
    ("location /N/ { rewrite ^ https://a.example$uri permanent; }", True),
    ("location /N/ { rewrite ^/N/([^q]*)$ https://a.example/$1 permanent; }", False),
    ("location /N/ { rewrite ^/N/(?<n>[^q]*)$ https://a.example/$n permanent; }", True),
    ("location /N/ { if ($uri ~ ^/N/([^q]*)$) { return 302 https://a.example/$1; } }", True),
    ("location /N/ { set $n $uri; return 302 https://a.example$n; }", True),
)


def answered(port: int, path: str) -> bytes:
    """Return the head of the answer to a path that holds a line."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as asking:
        asking.sendall(f"GET {path}a%0d%0aX-Told:%20yes HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: asking.recv(4096), b"")).partition(b"\r\n\r\n")[0]


def numbered() -> Iterator[tuple[str, str, bool]]:
    for number, (line, is_open) in enumerate(LINES):
        yield f"/{number}/", line.replace("/N/", f"/{number}/"), is_open


@pytest.mark.process
@needs_nginx
def test_lines_that_come_back_are_told(tmp_path: Path) -> None:
    held = list(numbered())
    with nginx(tmp_path, "\n".join(line for _, line, _ in held), {"index.html": ""}) as server:
        seen = [b"\r\nX-Told: yes" in answered(server.port, path) for path, _, _ in held]
    assert seen == [is_open for _, _, is_open in held]


@pytest.mark.parametrize(("line", "is_open"), [(line, is_open) for _, line, is_open in numbered()])
def test_they_are_what_the_rule_says(line: str, is_open: bool) -> None:  # noqa: FBT001 - a case
    found = check_files({"nginx.conf": f"server {{ listen 80; {line} }}"})
    assert (RULE in {one.rule for one in found}) is is_open
