"""The base score of a CVSS 3 vector (FIRST, CVSS v3.1 specification, section 7.1)."""

from __future__ import annotations

import math

_WEIGHTS: dict[str, dict[str, float]] = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_RIGHTS = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}


def base_score(vector: str) -> float | None:
    """Return the score, 0 to 10; None for a vector of another edition or one that is not whole."""
    edition, *parts = vector.split("/")
    said = dict(part.split(":", 1) for part in parts if ":" in part)
    if edition not in {"CVSS:3.0", "CVSS:3.1"}:
        return None
    try:
        weight = {name: values[said[name]] for name, values in _WEIGHTS.items()}
        is_changed = {"U": False, "C": True}[said["S"]]
        rights = _RIGHTS[said["S"]][said["PR"]]
    except KeyError:
        return None
    lost = 1 - (1 - weight["C"]) * (1 - weight["I"]) * (1 - weight["A"])
    impact = 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 if is_changed else 6.42 * lost
    reach = 8.22 * weight["AV"] * weight["AC"] * rights * weight["UI"]
    if impact <= 0:
        return 0.0
    return _up(min(1.08 * (impact + reach), 10) if is_changed else min(impact + reach, 10))


def _up(score: float) -> float:
    """Return the score rounded up to a tenth, as its appendix A does it without errors of floats."""
    whole = round(score * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (math.floor(whole / 10_000) + 1) / 10
