"""Proof of a file of environment variables: nearly every line assigns, and one assigns something worth having."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Severity, is_secret, mask
from batten.understand.exposures.proofs import Proved, lines

if TYPE_CHECKING:
    from batten.understand.answers.http import Answer

_ASSIGNS = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]{0,79})\s*=\s*(.*)$")
_LOGIN = re.compile(r"\w+://[^\s:/@]*:[^\s@/]+@")
_MOST_ODD = 0.2
"""Of a file of variables, the share of lines that may be something else: the rest of a value of several lines."""


def variables(answer: Answer) -> Proved | None:
    """Return the proof that an answer is a file of variables, worst with a secret in it.

    A sample without values gives nothing away.
    """
    held = [line for line in lines(answer) if not line.startswith("#")]
    found = [match for match in map(_ASSIGNS.match, held) if match]
    if not found or len(held) - len(found) > _MOST_ODD * len(held):
        return None
    valued = [(match[1], match[2].strip().strip("\"'")) for match in found]
    valued = [(name, value) for name, value in valued if value]
    if not valued:
        return None
    secret = next(((name, value) for name, value in valued if is_secret(name) or _LOGIN.search(value)), None)
    if secret is not None:
        return Proved(f"{secret[0]}={mask(secret[1])}", Severity.CRITICAL)
    return Proved(f"{valued[0][0]}=…", Severity.MEDIUM)


_REAL = re.compile(r"(?=[^A-Za-z]*[A-Za-z])(?=\D*\d)[A-Za-z0-9+/=_-]{20,}$")
_FILLED_IN = re.compile(
    r"(?i)change|your|example|sample|secret|passw|replace|insert|generate|dummy|fake|xxx|1234|abcd|here|test"
)
_LEAST_DIFFERENT = 12


def sample(answer: Answer) -> Proved | None:
    """Return the proof that a file to copy from holds a secret that looks like a real one: long and at random."""
    if variables(answer) is None:
        return None
    for line in lines(answer):
        match = _ASSIGNS.match(line)
        value = match[2].strip().strip("\"'") if match and is_secret(match[1]) else ""
        if match and _REAL.match(value) and not _FILLED_IN.search(value) and len(set(value)) >= _LEAST_DIFFERENT:
            return Proved(f"{match[1]}={mask(value)}", Severity.HIGH)
    return None
