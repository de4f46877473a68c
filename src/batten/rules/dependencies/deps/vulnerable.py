"""Production installs a version with known vulnerabilities.

The description is public, often with the code that makes use of it; scanners find the
version within days.

One finding for each distribution, at the line that decides its version. Severity: the
worst CVSS score of its advisories, high where none is known, low for what only developers
install.

Looked up in the PyPA advisory database that Batten carries, without a network. The
report says how many of the dependencies were looked up and how old the data are: what was
published since is not in it, nor what only other databases know. `--advisories osv` and
`--advisories pypi` ask those instead (`pip install "batten[deps]"`). What could not be
looked up is told as unsure, and never passes for fine. Where an advisory names no version
that is mended, a release after it may be: the finding is possible, and medium at most.

Silent for a version that no advisory names, and for an advisory that was withdrawn.

Fix: raise the version to the one that is named, and lock again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, rule
from batten.rules.dependencies.deps._shown import FLASK, listed
from batten.understand.infrastructure.dependencies.nouns import Vulnerable

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = '[[package]]\nname = "jinja2"\nversion = "2.10"  # <- here\n'
PROJECT = '[project]\nname = "shop"\ndependencies = ["jinja2"]\n'
_MEDIUM = 4.0
UV = "FROM python:3.13-slim\nCOPY . .\nRUN uv sync --no-dev\nCMD gunicorn app:app\n"


@rule(
    id="deps/vulnerable",
    severity=Severity.HIGH,
    cwe=1395,
    over=Vulnerable,
    sources=["PyPA advisory database", "OWASP A03:2025", "OWASP A06:2021", "CWE-1395"],
    bad=[
        Bad("a version in a list", {**FLASK, "requirements.txt": "flask==0.12  # <- here\n"}),
        Bad("a version in a lock", {"Dockerfile": UV, "pyproject.toml": PROJECT, "uv.lock": LOCK}),
        Bad("in a command", {"Dockerfile": "FROM python:3.13\nRUN pip install requests==2.19.0  # <- here\nCMD app\n"}),
    ],
    good=[
        Good("a version that is mended", {**FLASK, "requirements.txt": "flask==2.3.2\n"}),
        Good("no version is decided", {**FLASK, "requirements.txt": "flask>=0.12\n"}),
        Good("production does not install it", {**FLASK, "requirements-dev.txt": "flask==0.12\n"}),
        Good(
            "a repository of its own",
            {**FLASK, "requirements.txt": "flask @ git+https://github.com/pallets/flask@0.12\n"},
        ),
    ],
)
def known_against(found: Vulnerable) -> Iterator[Finding]:
    """Yield a finding for a distribution that advisories name in its version."""
    one, ends = found.dependency, [advisory for advisory in found.advisories if advisory.fixed]
    told = ends or found.advisories
    ids = [advisory.id for advisory in told]
    noun = "a known vulnerability" if len(ids) == 1 else f"{len(ids)} known vulnerabilities"
    group = f", in the group {one.group}" if one.group else ""
    mended = f"{found.fixed} has none of them" if len(ids) > 1 else f"mended in {found.fixed}"
    mended = mended if ends else f"no version without it was known to {found.source}"
    yield Finding(
        at=one.at,
        says=f"{one.name} {one.version} has {noun}{group}: {listed(ids)}; {mended}",
        confidence=Confidence.CERTAIN if ends else Confidence.POSSIBLE,
        severity=Severity.LOW if one.group else _severity(told[0].score, is_mended=bool(ends)),
        fix=Fix(
            f"Raise {one.name} to {found.fixed} or newer."
            if found.fixed
            else f"No version of {one.name} without it is known: replace it."
        ),
        symbol=one.name,
        proof=one.version,
    )


def _severity(score: float | None, *, is_mended: bool) -> Severity:
    """Return the severity of a CVSS base score (FIRST, qualitative rating scale); high where there is none.

    Where no version is known to be mended it is medium at most: such an advisory also names all that came after it.
    """
    if not is_mended and (score is None or score > _MEDIUM):
        return Severity.MEDIUM
    if score is None:
        return Severity.HIGH
    grades = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (_MEDIUM, Severity.MEDIUM))
    return next((grade for least, grade in grades if score >= least), Severity.LOW)
