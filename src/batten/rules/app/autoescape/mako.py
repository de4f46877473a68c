"""Mako templates put values into the page without escaping them.

What a visitor wrote then is part of the page: `<script>` in a name runs with the
rights of whoever looks at it. Mako escapes nothing unless it is told to, in each
expression (`${name | h}`) or for all of them.

Medium: Mako also writes mails, settings and code, where escaping has no place;
then say so with a suppression.

Silent with `h` among the default filters.

Fix: `Template(text, default_filters=["h"])`, or the same of `TemplateLookup`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.subjects import TemplateEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
from mako.template import Template

page = Template("<p>${name}</p>")  # <- here
"""

LOOKUP = """\
from mako.lookup import TemplateLookup

pages = TemplateLookup(directories=["pages"])  # <- here
"""


@rule(
    id="autoescape/mako",
    severity=Severity.MEDIUM,
    cwe=79,
    over=TemplateEnvironment,
    sources=["Mako 1.4 docs, Expression Filtering, The default_filters Argument", "OWASP A02:2025"],
    bad=[Bad("a template", {"job.py": CODE}), Bad("a lookup", {"job.py": LOOKUP})],
    good=[
        Good("escaped by default", {"job.py": CODE.replace('</p>")', '</p>", default_filters=["h"])')}),
        Good("all of them escaped", {"job.py": LOOKUP.replace("])", '], default_filters=["str", "h"])')}),
    ],
)
def not_escaped(environment: TemplateEnvironment) -> Iterator[Finding]:
    """Yield a finding for templates of Mako that may not escape."""
    if not environment.what.startswith("mako."):
        return
    for case in environment.autoescape.cases():
        if not case.value:
            yield Finding(
                at=environment.at,
                says=f"{environment.what} does not escape what it puts into pages",
                confidence=case.confidence,
                fix=Fix('Give it `default_filters=["h"]`.'),
                symbol=environment.what,
            )
            return
