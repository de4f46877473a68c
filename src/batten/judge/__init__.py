"""Joins findings, applies suppressions, scores, and opens or shuts the gate. Pure: no disk, no clock."""

from batten.judge.fingerprints import identify, salt_for
from batten.judge.gate import gate
from batten.judge.ignores import Ignore, ignore_from
from batten.judge.order import worst_first
from batten.judge.score import BANDS, TABLE, Weight, letter, score
from batten.judge.suppress import Outcome, suppress
from batten.judge.terms import Terms
from batten.judge.verdict import Verdict, judge

__all__ = [
    "BANDS",
    "TABLE",
    "Ignore",
    "Outcome",
    "Terms",
    "Verdict",
    "Weight",
    "gate",
    "identify",
    "ignore_from",
    "judge",
    "letter",
    "salt_for",
    "score",
    "suppress",
    "worst_first",
]
