"""nginx and `openssl s_server` as the distribution packages them, on a port of 127.0.0.1 that the kernel chose."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.live.started import Started

if TYPE_CHECKING:
    from pathlib import Path

PLACES = (os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", f"{sys.prefix}/servers/usr/sbin")
"""Debian puts nginx where a user's PATH does not look; `make test` unpacks it into the environment."""
NGINX = shutil.which("nginx", path=":".join(PLACES))
OPENSSL = shutil.which("openssl")
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")

HARDENED = """
add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;
add_header Content-Security-Policy
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'" always;
add_header X-Frame-Options DENY always;
add_header X-Content-Type-Options nosniff always;
add_header Referrer-Policy strict-origin-when-cross-origin always;
add_header Permissions-Policy "camera=(), microphone=(), geolocation=()" always;
add_header Cross-Origin-Opener-Policy same-origin always;
add_header Cross-Origin-Resource-Policy same-origin always;
server_tokens off;
location ~ /\\. { return 404; }
"""
CONF = """
USER daemon off; worker_processes 1; pid nginx.pid; error_log stderr error;
events { worker_connections 64; }
http {
    access_log off; default_type text/plain;
    types { text/html html; text/css css; application/javascript js; }
    client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server { listen 127.0.0.1:{port}; server_name _; root site; REST }
}
"""


def site(folder: Path, files: dict[str, str]) -> Path:
    """Fill a folder with files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def nginx(folder: Path, rest: str, files: dict[str, str]) -> Started:
    """Return nginx over `site` in a folder; it takes a socket that listens already, as when it is upgraded in place."""
    site(folder / "site", files)
    conf = folder / "nginx.conf"
    started = Started(NGINX or "nginx", "-p", str(folder), "-c", str(conf), "-e", "stderr", env={"NGINX": "{fd};"})
    started.files[conf] = CONF.replace("USER", _user()).replace("REST", rest)
    return started


def s_server(pem: Path, *options: str) -> Started:
    """Return OpenSSL's test server, which answers each GET with a page about the connection."""
    argv = ("s_server", "-accept", "127.0.0.1:0", "-cert", str(pem), "-key", str(pem), "-www", *options)
    return Started(OPENSSL or "openssl", *argv, prints=True, scheme="https")


def _user() -> str:
    """Return who nginx's worker is: whoever runs the tests, since their folders are closed to others."""
    if os.geteuid():
        return ""
    return f"user {pwd.getpwuid(0).pw_name} {grp.getgrgid(os.getgid()).gr_name};"
