"""The signing key is used as a salt that can be found out.

Hashids hides numbers, it does not protect them: who has seen enough of its words
computes the salt. Where the salt is the app's `SECRET_KEY`, that is the key that
signs sessions and tokens, and any visitor can then write those of any user.

Silent for a salt of its own.

Fix: `Hashids(salt=os.environ["HASHIDS_SALT"])`, and a new `SECRET_KEY`: the words
that were given out may have told the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import ReusedKey

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import os

from flask import Flask
from hashids import Hashids

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
ids = Hashids(salt=app.config["SECRET_KEY"])  # <- here
"""

DJANGO = """\
from django.conf import settings
from hashids import Hashids


def ids():
    return Hashids(settings.SECRET_KEY, min_length=8)  # <- here
"""


@rule(
    id="secret-key/reused",
    severity=Severity.HIGH,
    cwe=323,
    over=ReusedKey,
    sources=["Carnage, Cryptanalysis of hashids, 2015", "Hashids docs, FAQ", "OWASP A02:2025"],
    bad=[
        Bad("Flask's key", {"app.py": CODE, "Procfile": "web: gunicorn app:app\n"}),
        Bad("Django's", {"ids.py": DJANGO}),
    ],
    good=[
        Good(
            "a salt of its own",
            {
                "app.py": CODE.replace('app.config["SECRET_KEY"])', 'os.environ["HASHIDS_SALT"])'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good("another setting", {"ids.py": DJANGO.replace("SECRET_KEY", "HASHIDS_SALT")}),
    ],
)
def told_to_all(key: ReusedKey) -> Iterator[Finding]:
    """Yield a finding for a signing key that is a salt too."""
    yield Finding(
        at=key.at,
        says=f"{key.function} takes {key.key} as its salt, which its words give away",
        fix=Fix("Give it a salt of its own, and make a new signing key."),
        symbol=key.function,
    )
