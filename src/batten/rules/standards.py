"""Which requirements of the public standards a rule stands for, from `standards.toml`."""

from __future__ import annotations

from functools import cache
from pkgutil import get_data
from typing import TYPE_CHECKING, Any

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.model import Rule

THEME = ("A02:2025", "A05:2021")
"""Security Misconfiguration in both editions of the OWASP Top 10: the theme of every rule."""

MOST_TAGS = 10
"""GitHub code scanning keeps 10 tags of a rule and drops the rest."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of ASVS 5.0."""

    id: str
    """With its edition: `v5.0.0-13.4.2`."""
    level: int
    """1, 2 or 3."""

    def __str__(self) -> str:
        """Return the requirement as a reader cites it: `v5.0.0-13.4.2 (L2)`."""
        return f"{self.id} (L{self.level})"


@dataclass(frozen=True, slots=True)
class Standards:
    """What a rule stands for in the public standards."""

    cwe: tuple[int, ...]
    """The rule's own first, then those under which other tools report the same."""
    owasp: tuple[str, ...]
    """The theme, then the categories that the Top 10 itself gives to the rule's CWE."""
    asvs: tuple[Requirement, ...] = ()
    asvs4: tuple[str, ...] = ()
    """The same in ASVS 4.0.3: `14.3.2`."""
    wstg: tuple[str, ...] = ()
    """Tests of the Web Security Testing Guide: `WSTG-CONF-02`."""
    controls: tuple[str, ...] = ()
    """OWASP Proactive Controls 2024: `C5`."""


def standards(rule: Rule) -> Standards:
    """Return what a rule stands for; only theme and CWE when the table does not know its topic."""
    table = _table()
    row = {**table["topic"].get(rule.topic, {}), **table["rule"].get(rule.id, {})}
    return Standards(
        cwe=tuple(dict.fromkeys((rule.cwe, *row.get("cwe", ())))),
        owasp=tuple(dict.fromkeys((*THEME, *table["cwe"].get(str(rule.cwe), ())))),
        asvs=tuple(_requirement(text) for text in row.get("asvs", ())),
        asvs4=tuple(row.get("asvs4", ())),
        wstg=tuple(f"WSTG-{name}" for name in row.get("wstg", ())),
        controls=tuple(row.get("controls", ())),
    )


def tags(rule: Rule) -> tuple[str, ...]:
    """Return the tags of a rule's findings, the ones that people filter by first."""
    known = standards(rule)
    found = (
        *THEME,
        f"CWE-{rule.cwe}",
        *(requirement.id for requirement in known.asvs),
        *known.wstg,
        *known.owasp,
        *known.controls,
    )
    return tuple(dict.fromkeys(found))[:MOST_TAGS]


def _requirement(text: str) -> Requirement:
    number, _, level = text.partition(" L")
    return Requirement(f"v5.0.0-{number}", int(level))


@cache
def _table() -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only reports with tags need it

    return tomllib.loads((get_data("batten.rules", "standards.toml") or b"").decode())
