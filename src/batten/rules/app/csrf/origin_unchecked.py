"""The origin of a form is not looked at.

Beside the token, Pyramid compares the page that a form comes from (`Origin`, else
`Referer`) with the app's own address. A token can leak or be set by a neighbour
under the same domain; where the form comes from cannot be chosen by another site.

Silent when the check is left on, which is the default.

Fix: delete `check_origin=False`; name further addresses in `pyramid.csrf_trusted_origins`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.form import replaced
from batten.understand.code_subjects import OriginCheck

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
def includeme(config):
    config.set_default_csrf_options(require_csrf=True, check_origin=False)  # <- here
"""

APP = f"import pyramid.config\n\n\n{CODE}"


@rule(
    id="csrf/origin-unchecked",
    severity=Severity.MEDIUM,
    cwe=352,
    over=OriginCheck,
    sources=["Pyramid 2 docs, Configurator.set_default_csrf_options", "OWASP CSRF Prevention Cheat Sheet"],
    bad=[Bad("switched off", {"app.py": APP}, fixed={"app.py": APP.replace("=False", "=True")})],
    good=[Good("as it comes", {"app.py": APP.replace(", check_origin=False", "")})],
)
def any_origin(check: OriginCheck) -> Iterator[Finding]:
    """Yield a finding for a check of the origin that may be off."""
    for case in check.checks.cases():
        if not case.value:
            yield Finding(
                at=check.at,
                says=f"{check.function} does not compare where a form comes from ({check.option} is {case})",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=replaced(case, "True", f"Delete `{check.option}`."),
                symbol=check.function,
            )
            return
