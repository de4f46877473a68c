"""What Batten says that nginx answers is what nginx answers: configurations made at random, on a real nginx."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.live.started import Started
from tests.live.web import NGINX, _user, needs_nginx
from tests.understand.nginx.generated import HANDED, PATHS, asked_of, expected, machine_of, server

if TYPE_CHECKING:
    from pathlib import Path

SERVERS = 25
CONF = """
USER daemon off; worker_processes 1; pid nginx.pid; error_log stderr error;
events { worker_connections 64; }
http {
    access_log off; types { text/html html; } server_names_hash_bucket_size 128;
    client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    upstream handed { server 127.0.0.1:{port}; }
    server { listen 127.0.0.1:{port} default_server; server_name handed; return 200 "HANDED"; }
    SERVERS
}
"""


def _at_port(texts: dict[str, str]) -> str:
    return "\n".join(texts.values()).replace("127.0.0.1:80;", "127.0.0.1:{port};")


@pytest.mark.process
@needs_nginx
@pytest.mark.parametrize("seed", [3, 4])
def test_files_listings_headers_and_refusals(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    machine = machine_of(tmp_path)
    names = [f"s{number}.test" for number in range(SERVERS)]
    texts = {name: server(random, name, 80, str(tmp_path)) for name in names}
    conf = tmp_path / "nginx.conf"
    started = Started(NGINX or "", "-p", str(tmp_path), "-c", str(conf), "-e", "stderr", env={"NGINX": "{fd};"})
    whole = CONF.replace("USER", _user()).replace("HANDED", HANDED).replace("SERVERS", _at_port(texts))
    started.files[conf] = whole
    unknown = 0
    with started:
        for name, text in texts.items():
            for path in PATHS:
                said = expected(text, machine, name, path, str(tmp_path))
                unknown += said is None
                assert said in (None, asked_of(started.port, name, path)), (path, text, started.said())
    assert unknown < len(PATHS) * SERVERS / 5, "what is not known stays the exception"
