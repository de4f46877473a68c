"""What front doors need beside an audit: the rules, their pages' facts, the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.collect import read_anywhere
from batten.rules import all_rules, find, rules_named, standards as standards_of

if TYPE_CHECKING:
    from batten.model import Report, Rule
    from batten.rules import Standards
    from batten.run.settings_files import Settings


def rules() -> tuple[Rule, ...]:
    """Return every rule."""
    return all_rules()


def rules_told(report: Report) -> tuple[Rule, ...]:
    """Return the rules that a report tells of."""
    told = {finding.rule for finding in report.findings} | {one.finding.rule for one in report.suppressed}
    return rules_named(told)


def explain(name: str) -> tuple[Rule, ...]:
    """Return the rules of an id, alias or topic.

    Raises:
        BattenError: there is none; the hint names what is spelt alike.
    """
    return find(name)


def standards(rule: Rule) -> Standards:
    """Return the standards that a rule stands for."""
    return standards_of(rule)


def settings(target: str) -> Settings:
    """Return what the settings files of a project (and of the directories above it) say.

    Raises:
        BattenError: a file is malformed, or holds a key or value that Batten does not know.
    """
    from batten.collect import directory_of  # noqa: PLC0415 - beside its only use
    from batten.run.settings_files import settings as read_settings  # noqa: PLC0415 - beside its only use

    return read_settings(directory_of(target), read_anywhere)
