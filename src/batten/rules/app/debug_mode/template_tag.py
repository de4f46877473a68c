"""A template prints Django's debugging information into the page.

`{% debug %}` shows every value that the page knows, with the user and what the view put
there, and the names of all loaded modules.

Silent where `DEBUG` is off: since Django 4.0.2 (3.2.12, 2.2.27) the tag then prints
nothing.

Fix: delete the tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import django
from batten.understand.code_subjects import DebugTag
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = "<pre>{% debug %}</pre>  # <- here\n"


@rule(
    id="debug-mode/template-tag",
    severity=Severity.MEDIUM,
    cwe=489,
    over=App,
    persona="auditor",
    sources=["Django 5.2 docs, debug", "CVE-2022-22818", "OWASP A02:2025"],
    bad=[Bad("debug is on", {**django("DEBUG = True"), "templates/page.html": PAGE})],
    good=[
        Good("debug is off", {**django(), "templates/page.html": PAGE.replace("  # <- here", "")}),
        Good("a comment", {**django("DEBUG = True"), "templates/page.html": "{# {% debug %} #}\n"}),
    ],
)
def prints_debug(app: App) -> Iterator[Finding]:
    """Yield a finding for each `{% debug %}` of an app whose debug mode may be on."""
    debug = next((case for case in app.setting("DEBUG").cases() if case.value), None)
    for tag in app.code if debug is not None else ():
        if isinstance(tag, DebugTag) and debug is not None:
            yield Finding(
                at=tag.at,
                says="{% debug %} shows the page's values and the loaded modules to every visitor",
                evidence=debug.evidence,
                confidence=debug.confidence,
                fix=Fix("Delete the tag."),
                symbol=tag.template,
            )
