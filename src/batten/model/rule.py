"""One question to one kind of subject, with its examples."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeVar

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from batten.model.finding import Finding
    from batten.model.scale import Severity

    Check = Callable[[Any], Iterator[Finding]]

C = TypeVar("C", bound="Callable[[Any], Iterator[Finding]]")


@dataclass(frozen=True, slots=True)
class Bad:
    """A project that the rule must complain about, at the lines marked `# <- here`."""

    says: str
    files: Mapping[str, str]
    fixed: Mapping[str, str] | None = None
    """The files after the fix's edits, where the fix has edits."""
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Good:
    """A near miss: one change away from a bad example, and the rule is silent."""

    says: str
    files: Mapping[str, str]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with all that its page, its tests and the reports need."""

    id: str
    severity: Severity
    cwe: int
    over: type
    """The kind of subject it reads."""
    sources: tuple[str, ...]
    bad: tuple[Bad, ...]
    good: tuple[Good, ...]
    check: Check
    doc: str
    """The module's docstring: the page."""
    module: str
    persona: str = "regular"
    aliases: tuple[str, ...] = ()

    @property
    def topic(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]

    @property
    def layer(self) -> str:
        """The layer folder that holds the rule."""
        return self.module.split(".")[2]

    @property
    def title(self) -> str:
        """The first line of the page, without its full stop."""
        return self.doc.strip().split("\n", 1)[0].rstrip(".")


def rule(  # noqa: PLR0913 - one keyword for each part of the page
    *,
    id: str,  # noqa: A002 - the word that users type
    severity: Severity,
    cwe: int,
    over: type,
    sources: Sequence[str],
    bad: Iterable[Bad],
    good: Iterable[Good],
    persona: str = "regular",
    aliases: Sequence[str] = (),
) -> Callable[[C], C]:
    """Return a decorator that makes the function the check of a rule.

    The rule is stored as the function's attribute `rule`; its page is the
    docstring of the module.
    """

    def mark(check: C) -> C:
        check.rule = Rule(  # type: ignore[attr-defined]
            id=id,
            severity=severity,
            cwe=cwe,
            over=over,
            sources=tuple(sources),
            bad=tuple(bad),
            good=tuple(good),
            check=check,
            doc=check.__globals__.get("__doc__") or "",
            module=check.__module__,
            persona=persona,
            aliases=tuple(aliases),
        )
        return check

    return mark
