"""From stamped findings to the verdict: identity, suppressions, score, gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.judge.baseline import apart
from batten.judge.fingerprints import identify
from batten.judge.gate import gate
from batten.judge.order import worst_first
from batten.judge.score import score
from batten.judge.suppress import suppress
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from batten.judge.baseline import Known
    from batten.judge.ignores import Ignore
    from batten.judge.terms import Terms
    from batten.model import Finding, Gate, Rule, Score, Suppressed, Unsure


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge has to say of one audit."""

    score: Score
    gate: Gate
    findings: tuple[Finding, ...]
    """Those that stay, with fingerprints, worst first."""
    suppressed: tuple[Suppressed, ...] = ()
    """Worst first."""
    notes: tuple[str, ...] = ()
    """Suppressions without use, with their place."""


def judge(  # noqa: PLR0913 - everything that decides is passed in: the judge looks nothing up
    findings: Iterable[Finding],
    unsure: Sequence[Unsure],
    *,
    terms: Terms,
    rules: Collection[Rule],
    layers: Mapping[str, str],
    evaluated: int,
    applicable: int,
    source: Callable[[str], str | None],
    files: Iterable[str] = (),
    ignores: Sequence[Ignore] = (),
    ran: Collection[str] | None = None,
    others: Callable[[], Iterable[Rule]] = tuple,
    known: Mapping[str, Known] | None = None,
) -> Verdict:
    """Return the verdict on findings that carry their rule, severity, app and layer.

    `rules` are all that could be asked and `ran` the ids of those that were
    (all, when None), `others` gives further ones that a suppression may name;
    `source` gives the text of a file, and `files` are those to
    search for suppressions beside the findings' own. `layers` is as in
    `Report`; of the `applicable` checks `evaluated` had evidence. `known` are findings that
    were there before, by their fingerprints.
    """
    auditor = {rule.id for rule in rules if rule.persona == "auditor"}
    unheard = auditor if terms.persona == "regular" else set()
    asked = {rule.id for rule in rules} if ran is None else set(ran)
    spoken = [finding for finding in findings if finding.rule not in unheard]
    outcome = suppress(
        identify(spoken, terms.salt),
        ignores,
        rules=rules,
        source=source,
        today=terms.today,
        files=files,
        ran=asked - unheard,
        others=others,
    )
    fresh, accepted, met = apart(outcome.kept, known or {})
    kept = tuple(sorted(fresh, key=worst_first))
    result = score((*kept, *(one.finding for one in accepted)), evaluated=evaluated, applicable=applicable)
    return Verdict(
        score=result,
        gate=gate(kept, result, unsure=unsure, layers=layers, terms=terms),
        findings=kept,
        suppressed=tuple(sorted((*outcome.suppressed, *accepted), key=lambda s: worst_first(s.finding))),
        notes=(*(f"{at}: {text}" for at, text in outcome.unused), *_unmet(known or {}, met, asked)),
    )


def _unmet(known: Mapping[str, Known], met: Collection[str], asked: Collection[str]) -> Iterator[str]:
    """Yield that rows of the baseline are not needed any more."""
    rows = [row for name, row in known.items() if name not in met and row.rule in asked and not row.is_bare]
    if rows:
        lines = "line" if len(rows) == 1 else "lines"
        yield f"{rows[0].at.file}: {len(rows)} {lines} of the baseline met no finding: `batten baseline` takes them out"
