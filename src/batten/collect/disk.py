"""Single files outside the audited tree: settings in the directories above, files named on the command line."""

from __future__ import annotations

import os

from batten.model import BattenError

LARGEST = 1_000_000


def directory_of(target: str) -> str:
    """Return the absolute directory of a target, with forward slashes."""
    path = os.path.abspath(target)
    if not os.path.isdir(path):
        path = os.path.dirname(path)
    return path.replace(os.sep, "/")


def read_anywhere(path: str) -> str | None:
    """Return the text of a small regular file, None where there is none that can be read."""
    if not os.path.isfile(path):
        return None
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
        return data.decode() if len(data) <= LARGEST else None
    except (OSError, UnicodeDecodeError):
        return None


def read_given(path: str) -> str:
    """Return the text of a file named on the command line.

    Raises:
        BattenError: it cannot be read.
    """
    text = read_anywhere(path)
    if text is None:
        message = f"{path} cannot be read as text"
        raise BattenError(message, hint="give the path of an environment file: --env-file .env.production")
    return text
