"""Pyramid's debug switches tell visitors how the app is made.

With `pyramid.debug_notfound` an unknown path answers with the names of the context, the view and
the path inside the app; with `pyramid.debug_authorization` a refusal answers with the permission
that is missing and the list of who has it. `pyramid.debug_all`, or the variable
`PYRAMID_DEBUG_ALL`, is all of them. No traceback is shown: that is the debug toolbar's work, about
which `debug-mode/toolbar` and `debug-mode/debugger` speak.

Which file the start command names decides: `development.ini` has the switches on, and
`production.ini` off, in the projects that Pyramid's templates make.

Silent when the deployed file or settings leave them off.

Fix: start with `production.ini`, and `pyramid.debug_notfound = false` in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.app.debug_mode._traceback import shown
from batten.rules.form import one_per_place
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

SITE = """\
from pyramid.config import Configurator


def main(global_config, **settings):
    config = Configurator(settings=settings)
    return config.make_wsgi_app()
"""

DEVELOPMENT = """\
[app:main]
use = egg:shop
pyramid.debug_notfound = true  # <- here

[server:main]
use = egg:waitress#main
listen = 127.0.0.1:6543
"""

PRODUCTION = DEVELOPMENT.replace("true  # <- here", "false")

SCRIPT = """\
from pyramid.config import Configurator
from waitress import serve

settings = {"pyramid.debug_all": True}  # <- here
app = Configurator(settings=settings).make_wsgi_app()

if __name__ == "__main__":
    serve(app, listen="127.0.0.1:6543")
"""


@rule(
    id="debug-mode/pyramid",
    severity=Severity.MEDIUM,
    cwe=489,
    over=App,
    sources=["Pyramid 2.1 docs, Environment Variables and .ini File Settings", "OWASP A02:2025"],
    bad=[
        Bad(
            "production is started with the developers' file",
            {
                "shop/__init__.py": SITE,
                "development.ini": DEVELOPMENT,
                "production.ini": PRODUCTION,
                "Procfile": "web: pserve development.ini\n",
            },
        ),
        Bad(
            "settings in code",
            {"app.py": SCRIPT, "Procfile": "web: python app.py\n"},
            fixed={"app.py": SCRIPT.replace("True", "False")},
        ),
        Bad(
            "a variable stands over the file",
            {
                "shop/__init__.py": SITE,
                "production.ini": PRODUCTION,
                "Procfile": "web: PYRAMID_DEBUG_ALL=1 pserve production.ini  # <- here\n",
            },
        ),
    ],
    good=[
        Good(
            "production is started with its own file",
            {
                "shop/__init__.py": SITE,
                "development.ini": DEVELOPMENT,
                "production.ini": PRODUCTION,
                "Procfile": "web: pserve production.ini\n",
            },
        ),
        Good("off", {"app.py": SCRIPT.replace("True", "False"), "Procfile": "web: python app.py\n"}),
    ],
)
def inside_told(app: App) -> Iterator[Finding]:
    """Yield a finding for each place that turns a switch on which visitors see."""
    if app.framework != "pyramid":
        return
    off = "Leave it off; start production with its own `.ini` file."
    told = {
        "pyramid.debug_all": "unknown paths and refusals answer with the app's inside",
        "pyramid.debug_notfound": "unknown paths answer with the app's inside",
        "pyramid.debug_authorization": "refusals answer with who may what",
    }
    places = set()
    for setting, effect in told.items():
        for finding in one_per_place(shown(app, setting, effect, off, severity=Severity.MEDIUM)):
            if finding.at not in places:
                places.add(finding.at)
                yield finding
