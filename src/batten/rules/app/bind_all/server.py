"""The server's command listens on every network of its machine.

`gunicorn --bind 0.0.0.0:8000` on a host accepts connections from whatever network the
machine is in. They reach the app past nginx or the load balancer: without TLS,
without its headers and limits, and with forged `X-Forwarded-For`.

Silent inside a container, where nobody could reach the app otherwise and the
published port decides, and on platforms that require it.

Fix: `--bind 127.0.0.1:8000`, or a Unix socket, with the proxy on the same machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.app.bind_all._open import open_servers
from batten.rules.form import is_python
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = "from flask import Flask\n\napp = Flask(__name__)\n"

UNIT = """\
[Service]
WorkingDirectory=/srv/shop
ExecStart=/usr/bin/gunicorn --bind 0.0.0.0:8000 app:app  # <- here
"""

DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY app.py .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""


@rule(
    id="bind-all/server",
    severity=Severity.MEDIUM,
    cwe=1327,
    over=App,
    sources=["gunicorn 23 docs, Settings, bind", "OWASP A02:2025"],
    bad=[Bad("a service of the host itself", {"app.py": APP, "shop.service": UNIT})],
    good=[
        Good("for the proxy beside it", {"app.py": APP, "shop.service": UNIT.replace("0.0.0.0", "127.0.0.1")}),  # noqa: S104 - the example
        Good("inside a container", {"app.py": APP, "Dockerfile": DOCKERFILE}),
    ],
)
def command_binds_everywhere(app: App) -> Iterator[Finding]:
    """Yield a finding for each server whose command opens it to every network."""
    yield from open_servers(server for server in app.servers if not is_python(server.at))
