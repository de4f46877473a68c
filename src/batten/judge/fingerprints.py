"""Gives each finding its identity: the same finding tomorrow, after the file has grown above it.

Identity is a hash of rule, app, environment, setting or logical symbol, and
the normalised proof. Line, time and count stay out: line numbers in the
identity are what makes people give up baselines (detect-secrets #92, #394).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.judge.order import surest_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from batten.model import Evidence, Finding, Location


def salt_for(name: str) -> bytes:
    """Return the default salt of the repository called `name`, the same on every machine.

    It keeps equal secrets of two repositories from having equal fingerprints.
    It is no secret itself: who holds a report and knows the repository's name
    can try guesses of a weak key against the fingerprint. Whoever publishes
    reports passes a salt of their own instead.
    """
    plain = name.strip().rstrip("/").removesuffix(".git").casefold()
    return hashlib.sha256(b"batten salt 1\0" + plain.encode("utf-8", "surrogatepass")).digest()


def identify(findings: Iterable[Finding], salt: bytes) -> tuple[Finding, ...]:
    """Return the findings with their fingerprints, those that are one merged.

    Findings of one identity at one place (file and line) become the surest of
    them, with the evidence of all. At different places they are told apart by
    their order in the tree: the second gets `-2`, and so on. Those ordinals
    move when one before them goes; nothing else in a fingerprint does.
    """
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=surest_first):
        groups.setdefault(_identity(finding, salt), []).append(finding)
    return tuple(one for name, group in groups.items() for one in _told_apart(name, group))


def _identity(finding: Finding, salt: bytes) -> str:
    if finding.secret and finding.proof:
        secret = finding.proof.encode("utf-8", "surrogatepass")
        proof = hmac.new(salt, secret, hashlib.sha256).hexdigest()
    else:
        proof = " ".join(finding.proof.split())
    symbol = finding.symbol or _where(finding.at)
    parts = [finding.rule, finding.app, finding.environment, symbol, proof]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_LENGTH]


def _where(at: Location) -> str:
    """Return the place without its line: the file, else the URL, variable or port."""
    return at.file if at.file is not None else str(at)


def _told_apart(name: str, group: Sequence[Finding]) -> Iterable[Finding]:
    places: dict[tuple[str, int, str], list[Finding]] = {}
    for finding in group:
        at = finding.at
        places.setdefault((at.file or "", at.line or 0, _where(at)), []).append(finding)
    for ordinal, (_, twins) in enumerate(sorted(places.items(), key=lambda item: item[0]), 1):
        suffix = f"-{ordinal}" if ordinal > 1 else ""
        yield replace(_merged(twins), fingerprint=name + suffix)


def _merged(twins: Sequence[Finding]) -> Finding:
    """Return the first finding with the evidence of all, and a fix if any has one.

    The first is the surest: a possible critical must not hide that a high
    finding at the same place is certain, or the gate would open.
    """
    evidence: dict[Evidence, None] = {}
    for twin in twins:
        evidence.update(dict.fromkeys(twin.evidence))
    fix = next((twin.fix for twin in twins if twin.fix is not None), None)
    return replace(twins[0], evidence=tuple(evidence), fix=fix)


_LENGTH = 32
"""128 bits in hexadecimal: short enough to paste, too long to collide."""
