"""Templates put values into the page without escaping them.

What a visitor wrote then is part of the page: `<script>` in a name runs with the rights of
whoever looks at it, reads what he sees and acts for him.

Flask's own environment escapes `.html`, `.htm`, `.xml`, `.xhtml` and `.svg` templates, and
strings. `jinja2.Environment()` and `jinja2.Template()` escape nothing unless they are told to:
the default of Jinja 3.1 is off.

High for the app's own environment, medium for one made beside it: it may write mails or
settings, where escaping has no place; then say so with a suppression.

Silent for `True`, for `select_autoescape()`, and for a function of one's own; and where nothing
is said of escaping, for an environment with block signs of its own or one that keeps the last
line's end: those write source code, settings or LaTeX.

Fix: `Environment(autoescape=select_autoescape())`; in Flask, delete the line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.form import replaced
from batten.understand.subjects import TemplateEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask
from jinja2 import Environment, select_autoescape

app = Flask(__name__)
pages = Environment(autoescape=False)  # <- here


@app.get("/<name>")
def index(name):
    return pages.from_string("<p>{{ name }}").render(name=name)
"""

OWN = """\
from flask import Flask

app = Flask(__name__)
app.jinja_env.autoescape = False  # <- here
"""


@rule(
    id="autoescape/jinja",
    severity=Severity.HIGH,
    cwe=79,
    over=TemplateEnvironment,
    sources=["Jinja 3.1 docs, API, Autoescaping", "Flask 3.1 Flask.select_jinja_autoescape", "OWASP A02:2025"],
    bad=[
        Bad(
            "switched off",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("False", "True")},
        ),
        Bad(
            "Jinja's default",
            {"app.py": APP.replace("autoescape=False", ""), "Procfile": "web: gunicorn app:app\n"},
        ),
        Bad(
            "the app's own environment",
            {"app.py": OWN, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": OWN.replace("False", "True")},
        ),
    ],
    good=[
        Good(
            "by the template's name",
            {"app.py": APP.replace("False", "select_autoescape()"), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "an environment that writes source code, with signs of its own",
            {
                "app.py": APP.replace("autoescape=False", 'block_start_string="<%", block_end_string="%>"'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "one that writes whole files, line ends and all",
            {
                "app.py": APP.replace("autoescape=False", "keep_trailing_newline=True"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good("on", {"app.py": APP.replace("False", "True"), "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def not_escaped(environment: TemplateEnvironment) -> Iterator[Finding]:
    """Yield a finding for an environment that may not escape."""
    if environment.what.startswith("mako."):
        return
    is_own = environment.what.startswith(("app", "Django"))
    for case in environment.autoescape.cases():
        if not case.value:
            yield Finding(
                at=environment.at,
                says=f"{environment.what} does not escape what it puts into pages",
                evidence=case.evidence,
                confidence=case.confidence,
                severity=Severity.HIGH if is_own else Severity.MEDIUM,
                fix=replaced(case, "True", "Set `autoescape=select_autoescape()`."),
                symbol=environment.what,
            )
            return
