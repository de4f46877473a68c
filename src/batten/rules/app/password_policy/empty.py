"""An account may be given an empty password.

`user.set_password("")` stores the hash of nothing, which is a password like any other:
whoever leaves the field empty is logged in. It comes from a default that was meant to
say "none": `data.get("password", "")`, `def create(self, email, password="")`.

Silent for None, of which Django makes a password that nobody can type.

Fix: `None` as the default, or `user.set_unusable_password()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import EmptyPassword

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
from django.contrib.auth.models import BaseUserManager


class Users(BaseUserManager):
    def create_user(self, email, password=""):
        user = self.model(email=email)
        user.set_password(password)  # <- here
        user.save()
        return user
"""


@rule(
    id="password-policy/empty",
    severity=Severity.MEDIUM,
    cwe=521,
    over=EmptyPassword,
    sources=["Django 5.2 AbstractBaseUser.set_password", "CWE-258", "OWASP A07:2021"],
    bad=[
        Bad("by default", {"users.py": CODE}),
        Bad("always", {"users.py": CODE.replace("set_password(password)", 'set_password("")')}),
    ],
    good=[Good("nothing nobody can type", {"users.py": CODE.replace('password=""', "password=None")})],
)
def opens_for_nothing(given: EmptyPassword) -> Iterator[Finding]:
    """Yield a finding for an account whose password may be empty."""
    for case in given.password.cases():
        if case.value == "":
            yield Finding(
                at=given.at,
                says="an account may get an empty password, which anybody can type",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=Fix("Make None the default, or call `set_unusable_password()`."),
                symbol=given.function,
            )
            return
