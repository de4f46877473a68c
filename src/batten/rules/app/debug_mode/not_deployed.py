"""A server with debug on stands in the code; production does not start it.

`python app.py` would: on a server where somebody tries whether the app runs, in an image whose command is
changed for an hour. It is worth knowing, and no fault of this deployment.

Silent where production does start it, which is `debug-mode/flask`, and for files of tests, examples and scripts.

Fix: nothing has to be done; `flask run --debug` at your desk needs no such line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.nouns import IdleServer

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(debug=True)  # <- here
"""


@rule(
    id="debug-mode/not-deployed",
    severity=Severity.INFO,
    cwe=489,
    over=IdleServer,
    sources=["Flask 3.1 docs, Debugging Application Errors", "OWASP A02:2025"],
    bad=[Bad("gunicorn never reaches it", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good("it is what production starts", {"app.py": APP, "Procfile": "web: python app.py\n"}),
        Good("debug stays off", {"app.py": APP.replace("True", "False"), "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "an example",
            {"examples/app.py": APP, "app.py": APP.replace("debug=True", ""), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def is_idle(server: IdleServer) -> Iterator[Finding]:
    """Yield a note on a server that has debug on and is not started."""
    if "debug-mode" in server.topics:
        yield Finding(
            server.at,
            f"{server.what} is not deployed: {server.why}",
            fix=Fix("nothing has to be done; `flask run --debug` at your desk needs no such line"),
            symbol=server.what,
        )
