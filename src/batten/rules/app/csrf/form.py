"""A form of a Django template posts without a CSRF token.

With the CSRF middleware on, Django refuses what the form sends (403). The usual way out
of that error is `@csrf_exempt`, and the view then takes the forms of every other site.

Told to auditors only.

Silent for forms that only ask (`method="get"`), that post to another site, which must
not get the token, and where another tag may put the token in (`{% crispy %}`, an
included template).

Fix: `{% csrf_token %}` inside the form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import django
from batten.understand.code_subjects import BareForm

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = """\
<form action="/order" method="post">  # <- here
  <button>Order</button>
</form>
"""


def _project(page: str) -> dict[str, str]:
    return {**django(), "templates/order.html": page}


@rule(
    id="csrf/form",
    severity=Severity.LOW,
    cwe=352,
    over=BareForm,
    persona="auditor",
    sources=["Django 5.2 docs, How to use Django's CSRF protection", "OWASP A02:2025"],
    bad=[
        Bad("no token", _project(PAGE)),
        Bad("the address is worked out", _project(PAGE.replace("/order", "{% url 'order' %}"))),
    ],
    good=[
        Good("a token", _project(PAGE.replace("  # <- here", "{% csrf_token %}"))),
        Good("only asks", _project(PAGE.replace("post", "get").replace("  # <- here", ""))),
        Good(
            "posts to another site",
            _project(PAGE.replace("/order", "https://pay.example.net/order").replace("  # <- here", "")),
        ),
        Good(
            "no Django",
            {
                "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
                "Procfile": "web: gunicorn app:app\n",
                "templates/order.html": PAGE.replace("  # <- here", ""),
            },
        ),
    ],
)
def bare_form(form: BareForm) -> Iterator[Finding]:
    """Yield a finding for each form that sends no token."""
    yield Finding(
        at=form.at,
        says="the form posts without a CSRF token",
        fix=Fix("Put `{% csrf_token %}` into the form."),
        symbol=form.template,
    )
