"""Compares two reports that were written as JSON: what is new, fixed, the same, and of another severity."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from batten.collect import read_given
from batten.model import BattenError, Severity
from batten.model.comparison import Comparison

if TYPE_CHECKING:
    from collections.abc import Mapping


def compare(before: str, after: str) -> Comparison:
    """Return two reports compared, by their paths.

    Raises:
        BattenError: one of them cannot be read, or is no report of Batten.
    """
    old, new = _report(before), _report(after)
    was, now = _findings(old), _findings(new)
    both = [(was[name], now[name]) for name in now if name in was]
    return Comparison(
        before,
        after,
        (int(old["score"]["points"]), int(new["score"]["points"])),
        tuple(now[name] for name in now if name not in was),
        tuple(was[name] for name in was if name not in now),
        tuple(b for a, b in both if a["severity"] == b["severity"]),
        tuple((a, b) for a, b in both if a["severity"] != b["severity"]),
    )


def _findings(report: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {row["fingerprint"]: row for row in report["findings"]}


def _report(path: str) -> Mapping[str, Any]:
    try:
        held = json.loads(read_given(path))
        is_ours = isinstance(held, dict) and held.get("schema") == "batten/1"
        if is_ours and all(row["fingerprint"] and Severity(row["severity"]) for row in held["findings"]):
            int(held["score"]["points"])
            found: Mapping[str, Any] = held
            return found
    except (ValueError, KeyError, TypeError):
        pass
    message = f"{path} is no report of Batten"
    raise BattenError(message, hint="write one: batten check --output json=before.json")
