"""A template is rendered without escaping, as its name asks for.

Flask escapes templates that end in `.html`, `.htm`, `.xml`, `.xhtml` and `.svg`, and no
others. For a mail or a file in another format that is right; where the answer is sent
as it comes, browsers take it for a page (`text/html` is Flask's default), and what a
visitor wrote is part of it.

Told to auditors only. Names of pages are told by `autoescape/suffix`.

Silent for names that are escaped, for templates that no value is put into, and where
the app says itself what is escaped.

Fix: answer with the right type, `Response(text, mimetype="text/plain")`, or name the
template `.html`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import RenderedTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/<name>.txt")
def hello(name):
    return render_template("hello.txt", name=name)  # <- here
"""


@rule(
    id="autoescape/plain-suffix",
    severity=Severity.LOW,
    cwe=79,
    over=RenderedTemplate,
    persona="auditor",
    sources=["Flask 3.1 Flask.select_jinja_autoescape", "Flask 3.1 Flask.make_response"],
    bad=[Bad("plain text, sent as a page", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[Good("escaped", {"app.py": APP.replace("hello.txt", "hello.html"), "Procfile": "web: gunicorn app:app\n"})],
)
def unescaped_text(rendered: RenderedTemplate) -> Iterator[Finding]:
    """Yield a finding for a template whose name switches escaping off."""
    for case in rendered.name.cases() if rendered.context else ():
        # Flask 3.1 `select_jinja_autoescape`: as written, capitals are not escaped either.
        if isinstance(case.value, str) and not case.value.endswith(_ESCAPED):
            yield Finding(
                at=rendered.at,
                says=f"{case.value} is rendered without escaping",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=Fix("Send it with a type of its own, or let its name end in `.html`."),
                symbol=case.value,
            )
            return


_ESCAPED = (".html", ".htm", ".xml", ".xhtml", ".svg")
