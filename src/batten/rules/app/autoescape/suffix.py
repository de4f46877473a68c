"""A page is rendered from a template whose name switches escaping off.

Flask escapes templates that end in `.html`, `.htm`, `.xml`, `.xhtml` and `.svg`, and no
others: `page.html.j2`, `page.jinja2` and `page.tpl` put what a visitor wrote into the
page as it is.

Silent for names that are escaped, for templates that no value is put into, for names
that say they are no page (`.txt`, `.csv`, `.json`, …), and where the app says itself
what is escaped.

Fix: name the template `page.html`, or set `app.jinja_env.autoescape = True`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import RenderedTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/<name>")
def hello(name):
    return render_template("hello.html.j2", name=name)  # <- here
"""


@rule(
    id="autoescape/suffix",
    severity=Severity.HIGH,
    cwe=79,
    over=RenderedTemplate,
    sources=["Flask 3.1 Flask.select_jinja_autoescape", "Jinja 3.1 docs, API, Autoescaping"],
    bad=[
        Bad("a second suffix", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad("another suffix", {"app.py": APP.replace(".html.j2", ".tpl"), "Procfile": "web: gunicorn app:app\n"}),
    ],
    good=[
        Good("escaped", {"app.py": APP.replace(".html.j2", ".html"), "Procfile": "web: gunicorn app:app\n"}),
        Good("no page", {"app.py": APP.replace(".html.j2", ".txt"), "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "the app decides",
            {
                "app.py": APP.replace("__name__)\n", "__name__)\napp.jinja_env.autoescape = True\n", 1),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def unescaped_page(rendered: RenderedTemplate) -> Iterator[Finding]:
    """Yield a finding for a page whose name switches escaping off."""
    for case in rendered.name.cases():
        if rendered.context and _PAGE.search(str(case.value)):
            yield Finding(
                at=rendered.at,
                says=f"{case.value} is not escaped: Flask escapes .html, .htm, .xml, .xhtml and .svg only",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=Fix("Let its name end in `.html`, or set `app.jinja_env.autoescape = True`."),
                symbol=str(case.value),
            )
            return


_PAGE = re.compile(r"\.(x?html?|xml|svg)\.\w+$|\.(j2|jinja2?|tpl|tmpl|template|mako|unsafe)$", re.IGNORECASE)
"""Names of pages that are not escaped."""
