"""The parts of the page that tell of findings: chains, lines, diffs of fixes."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from batten.model import FixKind
from batten.report.pages import why

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from batten.model import Edit, Evidence, Finding, Fix, Location, Rule

_CWE = "https://cwe.mitre.org/data/definitions/{}.html"
_OPEN = frozenset(("critical", "high"))
"""Severities whose findings are unfolded."""
IN_FULL = 500
"""Findings with their evidence and fix; a page of thousands would be megabytes that nobody reads."""
_KINDS = {
    FixKind.SAFE: "changes nothing for a developer at work",
    FixKind.BEHAVIOURAL: "visitors or developers will notice",
    FixKind.ADVICE: "",
}


def text(said: str) -> str:
    """Return foreign text for the page: markup escaped, control characters visible."""
    clean = "".join(
        c if c in "\n\t" or c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode("ascii")
        for c in said
    )
    return escape(clean)


def prose(said: str) -> str:
    """Return text for the page, what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", text(said))


_CODE = re.compile("`([^`]+)`")


def finding(one: Finding, rule: Rule | None) -> Iterator[str]:
    """Yield one finding as a foldable block."""
    severity = one.graded.value
    unfolded = " open" if severity in _OPEN else ""
    yield f'<details class="finding {severity}" id="f{text(one.fingerprint)}"{unfolded}><summary>'
    yield f'<span class="chip {severity}">{severity}</span> <span class="says">{text(one.says)}</span>'
    app = f" · {text(one.app)}" if one.app else ""
    yield f'<br><span class="soft"><code>{text(one.rule)}</code> · <span class="where">{text(_place(one.at))}</span>'
    yield f"{app} · {one.confidence.value}</span></summary>"
    if rule is not None:
        yield f"<p>{prose(why(rule.doc))}</p>"
    if one.note:
        yield f'<p class="open">{text(one.note)}</p>'
    yield from _chain(one)
    if one.fix is not None:
        yield from _fix(one.fix, one.evidence)
    links = [f'<a href="{_CWE.format(one.cwe)}">CWE-{one.cwe}</a>'] if one.cwe else []
    links.append(f"<code>batten explain {text(one.rule)}</code>")
    yield f'<p class="soft">{" · ".join(links)}</p></details>'


def _place(at: Location) -> str:
    return f"{at} ({at.url})" if at.file and at.url else str(at)


def _chain(one: Finding) -> Iterator[str]:
    """Yield the evidence: each place with what is so there, and its line."""
    if not one.evidence:
        return
    yield '<ol class="chain">'
    for seen in one.evidence:
        line = f"<pre>{text(seen.source.strip())}</pre>" if seen.source else ""
        yield f'<li><span class="where">{text(str(seen.at))}</span>: {text(seen.text)}{line}</li>'
    yield "</ol>"


def _fix(fix: Fix, evidence: Sequence[Evidence]) -> Iterator[str]:
    kind = _KINDS[fix.kind] if fix.edits else ""
    yield f"<p><strong>Fix.</strong> {prose(fix.says)}{f' <span class=soft>({kind})</span>' if kind else ''}</p>"
    sources = {(seen.at.file, seen.at.line): seen.source for seen in evidence if seen.source}
    for edit in fix.edits:
        old = sources.get((edit.at.file, edit.at.line))
        yield f"<pre>{''.join(_diff(edit, old))}</pre>"


def _diff(edit: Edit, old: str | None) -> Iterator[str]:
    at = edit.at
    yield f"{text(f'{at.file}:{at.line}')}\n"
    one_line = old is not None and at.line == at.end_line and at.column and at.end_column
    if one_line and old is not None and at.column and at.end_column and at.end_column - 1 <= len(old):
        new = old[: at.column - 1] + edit.text + old[at.end_column - 1 :]
        yield f'<span class="minus">- {text(old)}</span>\n'
        yield from (f'<span class="plus">+ {text(line)}</span>\n' for line in new.splitlines() if line.strip())
    else:
        yield from (f'<span class="plus">+ {text(line)}</span>\n' for line in edit.text.splitlines() or ["(nothing)"])


def folded(found: Sequence[Finding], rules: Mapping[str, Rule]) -> Iterator[str]:
    """Yield all findings, the worst first: so many in full, and what comes after them in a line each."""
    for one in found[:IN_FULL]:
        yield from finding(one, rules.get(one.rule))
    rest = found[IN_FULL:]
    if rest:
        yield f'<p class="soft">{len(rest)} more, in a line each; --format json has them in full:</p><ul class="plain">'
        for one in rest:
            severity = one.graded.value
            yield f'<li id="f{text(one.fingerprint)}"><span class="chip {severity}">{severity}</span> {text(one.says)}'
            yield f' <span class="soft"><code>{text(one.rule)}</code> <span class="where">{text(_place(one.at))}</span>'
            yield "</span></li>"
        yield "</ul>"
