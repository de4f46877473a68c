"""A part of a template switches escaping off and puts values in.

Whatever a visitor entered and the page shows there is HTML of the page: a script in it
runs in the browser of everybody who looks, with their login.

Told to auditors only: who can write the values that are put in is not followed into
templates.

Silent for a part that no value is put into, for values that are escaped one by one
(`|escape`, `|tojson`), in comments, and for templates of texts (`.txt`) and mails.

Fix: delete the tag; mark with `|safe` the one value that is HTML and was cleaned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import UnescapedBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask, render_template, request

app = Flask(__name__)


@app.get("/")
def index():
    return render_template("index.html", name=request.args["name"])
"""

PAGE = """\
<h1>Shop</h1>
{% autoescape false %}  # <- here
<p>Hello {{ name }}</p>
{% endautoescape %}
"""


def _project(page: str) -> dict[str, str]:
    return {"app.py": APP, "templates/index.html": page, "Procfile": "web: gunicorn app:app\n"}


@rule(
    id="autoescape/block",
    severity=Severity.MEDIUM,
    cwe=79,
    over=UnescapedBlock,
    persona="auditor",
    sources=["Jinja 3.1 docs, Autoescape Overrides", "Django 5.2 docs, autoescape", "OWASP A02:2025"],
    bad=[
        Bad("Jinja", _project(PAGE)),
        Bad("Django's word", _project(PAGE.replace("false", "off"))),
        Bad("to the end of the template", _project(PAGE.replace("{% endautoescape %}\n", ""))),
        Bad(
            "what is put in stands in another template",
            _project(PAGE.replace("{{ name }}", "{% include 'name.html' %}")),
        ),
    ],
    good=[
        Good("escaped", _project(PAGE.replace("false", "true").replace("  # <- here", ""))),
        Good("nothing is put in", _project(PAGE.replace("{{ name }}", "visitor").replace("  # <- here", ""))),
        Good("the value is escaped", _project(PAGE.replace("{{ name }}", "{{ name|e }}").replace("  # <- here", ""))),
        Good("a mail", {**_project(""), "templates/emails/order.html": PAGE.replace("  # <- here", "")}),
        Good("a comment", _project("{# " + PAGE.replace("  # <- here", "") + " #}")),
    ],
)
def unescaped_part(block: UnescapedBlock) -> Iterator[Finding]:
    """Yield a finding for each part of a template that is not escaped."""
    yield Finding(
        at=block.at,
        says="values are put into this part of the page as they are",
        fix=Fix("Delete the tag, and mark with `|safe` the one value that is cleaned HTML."),
        symbol=block.template,
    )
