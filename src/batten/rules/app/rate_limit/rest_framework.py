"""Django REST framework lets every visitor call as often as they like.

Without throttle classes, or with classes and no rates, nothing slows down who
tries passwords, copies the whole database page by page, or keeps the workers busy.

Told to auditors only: a proxy or gateway may limit before the app.

Silent with `DEFAULT_THROTTLE_CLASSES` and `DEFAULT_THROTTLE_RATES`, and where the
setting could not be read.

Fix: `"DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle", …]`
with `"DEFAULT_THROTTLE_RATES": {"anon": "100/hour", …}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, State, rule
from batten.rules.form import first
from batten.understand.code_subjects import Throttle

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = """\
REST_FRAMEWORK = {  # <- here
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
}
"""

LIMITED = SETTINGS.replace(
    "}\n",
    '    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],\n'
    '    "DEFAULT_THROTTLE_RATES": {"anon": "100/hour"},\n}\n',
)


@rule(
    id="rate-limit/rest-framework",
    severity=Severity.LOW,
    cwe=770,
    over=Throttle,
    persona="auditor",
    sources=["Django REST framework 3.16 docs, Throttling", "CWE-770", "OWASP API4:2023"],
    bad=[Bad("no classes", {"settings.py": SETTINGS})],
    good=[Good("classes and rates", {"settings.py": LIMITED})],
)
def unlimited(throttle: Throttle) -> Iterator[Finding]:
    """Yield a finding for an API that nothing limits."""
    missing = [
        name
        for name, value in (("DEFAULT_THROTTLE_CLASSES", throttle.classes), ("DEFAULT_THROTTLE_RATES", throttle.rates))
        if value.state is State.UNSET or value.is_false()
    ]
    if missing:
        yield Finding(
            at=first(throttle.at),
            says=f"{throttle.setting} limits nobody: no {' and no '.join(missing)}",
            fix=Fix("Set throttle classes with their rates."),
            symbol=throttle.setting,
        )
