"""What the rules of dependencies share: an app for their examples, names in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FLASK = {
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "Procfile": "web: gunicorn app:app\n",
}
"""An app that a platform starts."""
_MOST = 5


def listed(names: Iterable[str]) -> str:
    """Return names for a sentence: the first few, and how many more."""
    held = list(names)
    if len(held) > _MOST:
        return f"{', '.join(held[:_MOST])} and {len(held) - _MOST} more"
    return " and ".join((", ".join(held[:-1]), held[-1])) if len(held) > 1 else "".join(held)
