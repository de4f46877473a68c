"""Joins what was evaluated with what was seen: one finding with both proofs, or the word that the other eye says no."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Confidence, Evidence, Severity
from batten.run.live.joined import Explained, twin
from batten.understand.services.talk import Auth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from batten.model import Finding
    from batten.understand.host import Listener

_OF_HEADERS = {
    "https/hsts-missing": "strict-transport-security",
    "security-headers/csp-missing": "content-security-policy",
    "security-headers/framing": "x-frame-options",
    "security-headers/nosniff": "x-content-type-options",
    "security-headers/permissions": "permissions-policy",
    "security-headers/referrer": "referrer-policy",
}
"""Rules about a header that is missing, to the header."""
_OF_LOGINS = frozenset(("datastore-auth/no-password",))
"""A password that everybody knows is not refuted so: which account was tried with which one is not said."""


def with_site(
    static: Sequence[Finding], live: Sequence[Finding], explained: Explained, seen: Mapping[str, str]
) -> list[Finding]:
    """Return static and live findings as one list.

    A static finding that the site shows too is told once, at its line and
    confirmed; `live` holds it so already. One about a header that every page
    carried is refuted; `seen` maps such headers to the address of the site.
    """
    if explained.is_of_several:
        return [*static, *live]
    shown = [found for found in (twin(finding, explained.findings) for finding in live) if found is not None]
    rest = [finding for finding in static if finding not in shown]
    told = {finding.rule for finding in live}
    return [*(_refuted(one, seen) if one.rule not in told else one for one in rest), *live]


def _refuted(finding: Finding, seen: Mapping[str, str]) -> Finding:
    header = _OF_HEADERS.get(finding.rule, "")
    if header not in seen:
        return finding
    return refuted(finding, f"every page of {seen[header]} carried {header}")


def refuted(finding: Finding, why: str) -> Finding:
    """Return a finding that was seen not to hold, as worth knowing only."""
    return replace(finding, severity=Severity.INFO, confidence=Confidence.POSSIBLE, note=f"refuted live: {why}")


def with_machine(findings: Sequence[Finding], live: Sequence[Finding], ports: Sequence[Listener]) -> list[Finding]:
    """Return findings as one list, those about a port joined with the line of the deployment that opens it."""
    by_port = {listener.port: listener for listener in ports}
    kept = list(findings)
    for finding in live:
        listener = by_port.get(finding.at.port or 0)
        found = _twin(finding, listener, kept) if listener is not None else None
        if found is not None:
            kept[kept.index(found)] = _both(found, finding)
        elif listener is not None and listener.named is not None:
            place = replace(listener.named.at, port=finding.at.port)
            kept.append(replace(finding, at=place))
        else:
            kept.append(finding)
    return [_answered(finding, ports) for finding in kept]


def _twin(finding: Finding, listener: Listener, static: Iterable[Finding]) -> Finding | None:
    """Return the finding on the same store: of the same rule, named alike, or at the line that opens the port."""
    for one in static:
        if one.rule != finding.rule or one.confidence is Confidence.CONFIRMED:
            continue
        is_named = bool(listener.box) and one.symbol.split(" ")[0] == listener.box
        named = listener.named
        at_line = named is not None and (one.at.file, one.at.line) == (named.at.file, named.at.line)
        if is_named or at_line:
            return one
    return None


def _both(static: Finding, live: Finding) -> Finding:
    worse = min(static.graded, live.graded, key=lambda severity: severity.rank)
    return replace(
        static,
        at=replace(static.at, port=live.at.port),
        evidence=tuple(dict.fromkeys((*static.evidence, *live.evidence))),
        confidence=Confidence.CONFIRMED,
        severity=worse,
    )


def _answered(finding: Finding, ports: Sequence[Listener]) -> Finding:
    """Return the finding, refuted where the store that it is about asked for a password."""
    if finding.rule not in _OF_LOGINS or finding.confidence is Confidence.CONFIRMED:
        return finding
    name = finding.symbol.split(" ")[0]
    for listener in ports:
        spoken = listener.spoken
        if listener.box == name and spoken is not None and spoken.auth is Auth.REQUIRED:
            seen = Evidence(listener.at, spoken.says)
            told = replace(finding, evidence=(*finding.evidence, seen))
            return refuted(told, f"port {listener.port} asked for a password")
    return finding
