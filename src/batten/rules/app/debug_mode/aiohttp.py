"""aiohttp answers errors with the traceback: the loop is in debug mode.

aiohttp has no switch of its own. While the loop of `asyncio` is in debug mode, an error that no
handler catches is answered with the whole traceback: paths, lines of source, and whatever text
the exception carries, a query or a DSN among it. The loop is in debug mode when
`PYTHONASYNCIODEBUG` or `PYTHONDEVMODE` is set to anything (to `0`, too), under `python -X dev`, after
`loop.set_debug(True)` and in `asyncio.run(main(), debug=True)`. The deprecated
`Application(debug=True)` does it for one app. There is no console.

Silent when the loop is as asyncio makes it, and when the app says `debug=False` itself.

Fix: take the variable out of what is deployed, and the call out of the code; at your desk
start with `python -X dev`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.app.debug_mode._traceback import shown
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
from aiohttp import web

app = web.Application(debug=True)  # <- here

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1")
"""

PLAIN = APP.replace("debug=True", "").replace("  # <- here", "")

IMAGE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY app.py .
ENV PYTHONASYNCIODEBUG=0  # <- here
CMD ["python", "app.py"]
"""

LOOP = """\
import asyncio

from aiohttp import web


async def main():
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 8080).start()
    await asyncio.Event().wait()


asyncio.run(main(), debug=True)  # <- here
"""


@rule(
    id="debug-mode/aiohttp",
    severity=Severity.HIGH,
    cwe=489,
    over=App,
    sources=[
        "aiohttp 3.14 aiohttp.web_protocol.RequestHandler.handle_error",
        "Python docs, Developing with asyncio, Debug Mode",
        "OWASP A02:2025",
    ],
    bad=[
        Bad(
            "the app's own argument",
            {"app.py": APP, "Procfile": "web: python app.py\n"},
            fixed={"app.py": APP.replace("True", "False")},
        ),
        Bad("any text in the variable is a yes", {"app.py": PLAIN, "Dockerfile": IMAGE}),
        Bad(
            "the loop that runs everything",
            {"app.py": LOOP, "Procfile": "web: python app.py\n"},
            fixed={"app.py": LOOP.replace("True", "False")},
        ),
        Bad("Python for developers", {"app.py": PLAIN, "Procfile": "web: python -X dev app.py  # <- here\n"}),
    ],
    good=[
        Good("as asyncio makes the loop", {"app.py": PLAIN, "Procfile": "web: python app.py\n"}),
        Good(
            "the app overrules the loop",
            {"app.py": APP.replace("True", "False"), "Dockerfile": IMAGE.replace("  # <- here", "")},
        ),
        Good(
            "an empty variable is none", {"app.py": PLAIN, "Dockerfile": IMAGE.replace("DEBUG=0  # <- here", "DEBUG=")}
        ),
    ],
)
def tracebacks_served(app: App) -> Iterator[Finding]:
    """Yield a finding for each place that turns debug on."""
    if app.framework == "aiohttp":
        off = "Leave the loop's debug mode off; at your desk start with `python -X dev`."
        yield from shown(app, "aiohttp.debug", "errors answer with the traceback", off)
