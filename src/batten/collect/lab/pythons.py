"""The Python that can run the lab: Flask is not needed to audit an app, so Batten's own may not have it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from batten.model import BattenError

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDED = ("flask", "flask_cors", "flask_wtf", "jwt", "requests", "gunicorn")
"""What the demo apps import, and the server of the hardened one; `batten[lab]` installs them."""
_ASK = f"import importlib.util as u, sys; sys.exit(any(u.find_spec(name) is None for name in {NEEDED!r}))"


def python_for() -> str:
    """Return the first Python that has all that the lab needs: Batten's own, the active environment's, the system's.

    Raises:
        BattenError: none has.
    """
    asked = list(dict.fromkeys(_candidates()))
    for python in asked:
        if _has_all(python):
            return python
    raise BattenError(
        f"the lab runs a Flask app, and no Python here has all that it needs: {', '.join(NEEDED)} "
        f"(asked: {', '.join(asked)})",
        hint="pip install 'batten[lab]', or from a clone: pip install '.[lab]'",
    )


def _candidates() -> Iterator[str]:
    yield sys.executable
    active = os.environ.get("VIRTUAL_ENV", "")
    if active:
        yield os.path.join(active, "bin", "python")
    found = shutil.which("python3")
    if found:
        yield found


def _has_all(python: str) -> bool:
    try:
        done = subprocess.run([python, "-c", _ASK], capture_output=True, timeout=20, check=False)  # noqa: S603 - Pythons of the user
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
