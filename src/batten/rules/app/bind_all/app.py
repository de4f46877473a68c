"""The app's own code listens on every network of its machine.

`app.run(host="0.0.0.0")` accepts connections from whatever network the machine is
in: the office, the neighbours in the data centre, the internet. They reach the
app past the proxy, without TLS, its headers and its limits; under the development
server it is high, because that server is not made for strangers.

Silent inside a container, where nobody could reach the app otherwise and the
published port decides (unless it is the development server, published to every
network), on platforms that require it, and when the line is not reached.

Fix: `host="127.0.0.1"`, with a proxy on the same machine before it.
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

APP = """\
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(host="0.0.0.0")  # <- here
"""

UNIT = """\
[Service]
WorkingDirectory=/srv/shop
ExecStart=/usr/bin/python3 app.py
"""

DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY app.py .
CMD ["python", "app.py"]
"""


@rule(
    id="bind-all/app",
    severity=Severity.HIGH,
    cwe=1327,
    over=App,
    sources=["Flask 3.1 Flask.run", "OWASP A02:2025"],
    bad=[
        Bad(
            "the development server, for everybody",
            {"app.py": APP, "shop.service": UNIT},
            fixed={"app.py": APP.replace("0.0.0.0", "127.0.0.1")},  # noqa: S104 - the example
        ),
        Bad(
            "also when it is only assumed that the file is started",
            {"app.py": APP},
            fixed={"app.py": APP.replace("0.0.0.0", "127.0.0.1")},  # noqa: S104 - the example
        ),
    ],
    good=[
        Good("inside a container", {"app.py": APP, "Dockerfile": DOCKERFILE}),
        Good("Flask's default", {"app.py": APP.replace('host="0.0.0.0"', ""), "shop.service": UNIT}),
        Good("gunicorn does not reach it", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def code_binds_everywhere(app: App) -> Iterator[Finding]:
    """Yield a finding for each server that the code starts on every network."""
    yield from open_servers(server for server in app.servers if is_python(server.at))
