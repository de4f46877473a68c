"""Tornado's debug mode shows every error's traceback to the visitor.

`debug=True` stands for `serve_traceback=True`: an error that no handler catches is answered
with the whole traceback, file paths, lines of source and the text of the exception, which
often holds a query, a host name or a DSN. It also stands for `autoreload=True`: whoever can
write one file of the project has it running a second later. There is no console.

`tornado.options` is where the value often comes from: `define("debug", default=True)`
holds unless the start command says `--debug=false`.

Silent when the start command or the environment turns it off, and when
`serve_traceback=False` and `autoreload=False` stand beside it.

Fix: `define("debug", default=False, type=bool)`, and `python app.py --debug` at your desk.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.app.debug_mode._traceback import shown
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
import asyncio

import tornado.web


async def main():
    app = tornado.web.Application([], debug=True)  # <- here
    app.listen(8888, address="127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
"""

OPTIONS = """\
import tornado.ioloop
import tornado.web
from tornado.options import define, options, parse_command_line

define("debug", default=True, help="run in debug mode")  # <- here

if __name__ == "__main__":
    parse_command_line()
    app = tornado.web.Application([], debug=options.debug)
    app.listen(8888, address="127.0.0.1")
    tornado.ioloop.IOLoop.current().start()
"""

PROCFILE = "web: python app.py\n"


@rule(
    id="debug-mode/tornado",
    severity=Severity.HIGH,
    cwe=489,
    over=App,
    sources=[
        "Tornado 6.6 docs, Running and deploying, Debug mode and automatic reloading",
        "Tornado 6.6 RequestHandler.write_error",
        "OWASP A02:2025",
    ],
    bad=[
        Bad(
            "the process serves tracebacks",
            {"app.py": APP, "Procfile": PROCFILE},
            fixed={"app.py": APP.replace("True", "False")},
        ),
        Bad(
            "an option that the command does not set has its default",
            {"app.py": OPTIONS, "Procfile": PROCFILE},
            fixed={"app.py": OPTIONS.replace("True", "False")},
        ),
        Bad(
            "the traceback by itself",
            {"app.py": APP.replace("debug=", "serve_traceback="), "Procfile": PROCFILE},
            fixed={"app.py": APP.replace("debug=True", "serve_traceback=False")},
        ),
        Bad(
            "without the traceback the process still reloads what is written over it",
            {"app.py": APP.replace("debug=True", "debug=True, serve_traceback=False"), "Procfile": PROCFILE},
            fixed={"app.py": APP.replace("debug=True", "debug=False, serve_traceback=False")},
        ),
    ],
    good=[
        Good("the command turns the option off", {"app.py": OPTIONS, "Procfile": "web: python app.py --debug=false\n"}),
        Good("off", {"app.py": APP.replace("True", "False"), "Procfile": PROCFILE}),
        Good(
            "neither traceback nor reloader",
            {
                "app.py": APP.replace("debug=True", "debug=True, serve_traceback=False, autoreload=False"),
                "Procfile": PROCFILE,
            },
        ),
        Good(
            "only a text that says so is on",
            {
                "app.py": APP.replace("import asyncio\n", "import asyncio\nimport os\n").replace(
                    "True", 'os.environ.get("DEBUG") == "1"'
                ),
                "Procfile": PROCFILE,
            },
        ),
    ],
)
def tracebacks_served(app: App) -> Iterator[Finding]:
    """Yield a finding for each place that turns tracebacks on, or only the reloader."""
    if app.framework != "tornado":
        return
    off = "Leave it off, and turn it on with an option that only your own command line gives."
    debug = {case.at for case in app.setting("tornado.debug").cases() if case.value}
    if any(case.value for case in app.setting("serve_traceback").cases()):
        for finding in shown(app, "serve_traceback", "errors answer with the traceback", off):
            says = finding.says.replace("serve_traceback", "debug") if finding.at in debug else finding.says
            yield replace(finding, says=says)
    elif any(case.value for case in app.setting("autoreload").cases()):
        yield from shown(app, "tornado.debug", "whatever is written over a file runs", off, severity=Severity.MEDIUM)
