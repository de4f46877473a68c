"""What the rules share on apps that log in with all rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Evidence, Finding, Fix

if TYPE_CHECKING:
    from batten.model import Severity
    from batten.understand.infrastructure.uses import Use

APP = {
    "Dockerfile": 'FROM python:3.13\nCOPY app.py .\nCMD ["gunicorn", "app:app"]\n',
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
}
"""The app of the examples."""
NAMED = frozenset(("root", "sa"))
"""Users that are meant for setting a store up."""


def used(use: Use, severity: Severity) -> Finding:
    """Return the finding."""
    first, *more = use.apps
    others = f" and {len(more)} more" if more else ""
    return Finding(
        use.at,
        f"{first}{others} log{'' if more else 's'} in to {use.store.name} ({use.store.product}) as {use.user!r},"
        " who may do everything there",
        (*use.evidence, *(Evidence(place, "likewise") for place in use.places), *use.store.evidence),
        severity=severity,
        fix=Fix(f"make a user for {first} with rights on its own data only"),
        symbol=f"{first} {use.store.name}",
    )
