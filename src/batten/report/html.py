"""The report as one HTML page: the verdict and the stack first, then everything else as an appendix.

One file, no script, nothing fetched: its own policy allows its style sheet
(by hash) and nothing else. It is dark or light as the reader's system is, and prints to one page and an appendix.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from batten import __version__
from batten.model import Severity
from batten.report.page.drawing import MOST, MOST_MAYBE, draw
from batten.report.page.look import CSS
from batten.report.page.parts import folded, prose, text
from batten.report.panel import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.model import Report, Rule

_NOTHING, _INCOMPLETE = 3, 4
_PLAIN = ("evaluated", "not asked")
_RADIUS = 56
_WORST = 5
"""Findings on the first page."""


def render(report: Report, rules: Mapping[str, Rule] | None = None) -> str:
    """Return the report as an HTML document; `rules` maps ids to rules, for the sentence that says why."""
    digest = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = f"Batten: {report.target}"
    lines = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">',
        f"<title>{text(title)}</title><style>{CSS}</style></head><body>",
        *_head(report),
        "<main>",
        *_worst(report),
        *_stack(report),
        *_matrix(report),
        '<div class="appendix">',
        *_findings(report, rules or {}),
        *_unsure(report),
        *_sites(report),
        *_ports(report),
        *_apps(report),
        *_accepted(report),
        "</div></main>",
        f"<footer>Batten {__version__}, score {report.score.version}: no script runs, nothing is fetched</footer>",
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def _head(report: Report) -> Iterator[str]:
    gate = report.gate
    word, kind = ("passed", "passed") if gate.passed else ("failed", "failed")
    if gate.code in {_NOTHING, _INCOMPLETE}:
        word, kind = ("nothing to audit" if gate.code == _NOTHING else "incomplete"), "open"
    yield '<header><div class="brand">Batten · hardening report</div>'
    yield f"<h1>{text(report.target).replace('/', '/<wbr>')}</h1>"
    yield '<section class="verdict" aria-label="verdict">'
    if gate.code != _NOTHING:
        yield _ring(report)
    yield f'<div><p class="gate {kind}">The gate: {word}</p>'
    yield "".join(f"<p>{text(why)}</p>" for why in gate.why)
    if report.score.cap:
        yield f'<p class="soft">{text(report.score.cap)}</p>'
    odd = [f"{layer}: {state}" for layer, state in report.layers.items() if state not in _PLAIN]
    told = f"{report.score.evaluated} of {report.score.applicable} checks had evidence"
    yield f'<p class="soft">{text("; ".join([told, *odd]))}</p></div></section></header>'


def _ring(report: Report) -> str:
    score = report.score
    whole = 2 * math.pi * _RADIUS
    kind = "good" if score.letter.startswith("A") else "medium" if score.letter[:1] in "BC" else "high"
    held = f"{whole * score.points / 100:.1f} {whole:.1f}"
    return (
        f'<svg class="ring" viewBox="0 0 136 136" role="img" aria-label="{score.points} of 100 points, {score.letter}">'
        f'<circle class="track" cx="68" cy="68" r="{_RADIUS}" fill="none" stroke-width="10"/>'
        f'<g class="{kind}"><circle cx="68" cy="68" r="{_RADIUS}" fill="none" stroke="currentColor" stroke-width="10"'
        f' stroke-linecap="round" stroke-dasharray="{held}" transform="rotate(-90 68 68)"/></g>'
        f'<text class="letter" x="68" y="76" text-anchor="middle">{text(score.letter)}</text>'
        f'<text class="points" x="68" y="98" text-anchor="middle">{score.points} of 100</text></svg>'
    )


def _stack(report: Report) -> Iterator[str]:
    drawn = draw(report)
    if drawn:
        yield "<h2>The stack, and its doors</h2>"
        yield f"{_scroll('the stack')}{drawn}</div>"
        yield '<p class="soft">A ring is a door that others reach; a filled one leads to what should be kept inside.'
        maybe = sum(1 for link in report.stack.links if not link.is_known)
        if maybe > MOST_MAYBE:
            yield f"Not drawn: {maybe} pairs that only share a network."
        elif maybe:
            yield "A dashed line: the two only share a network."
        more = len(report.stack.boxes) - MOST
        yield f"Not drawn: {more} more boxes (batten check --show stack).</p>" if more > 0 else "</p>"


def _scroll(name: str) -> str:
    """Return the start of a box that scrolls sideways, with the keyboard too."""
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{text(name)}">'


def _matrix(report: Report) -> Iterator[str]:
    """Yield how many findings of which severity each layer has."""
    yield "<h2>Layers</h2>"
    yield f'{_scroll("findings by layer")}<table class="matrix"><thead><tr><th scope="col">layer</th>'
    yield "".join(f'<th scope="col" class="n {s.value}">{s.value}</th>' for s in Severity)
    yield "</tr></thead><tbody>"
    for layer, state in report.layers.items():
        if state == "not asked":
            continue
        own = [finding.graded for finding in report.findings if finding.layer == layer]
        cells = "".join(f'<td class="n {s.value}">{own.count(s) or "·"}</td>' for s in Severity)
        yield f'<tr><th scope="row">{text(layer)} <span class="state">{text(state)}</span></th>{cells}</tr>'
    yield "</tbody></table></div>"


def _worst(report: Report) -> Iterator[str]:
    if report.findings:
        yield '<h2>What to do first</h2><ul class="plain first">'
        gains = {step.fingerprint: step.gain for step in report.score.next}
        for one in report.findings[:_WORST]:
            gained = gains.get(one.fingerprint)
            gain = f" (+{gained} point{'s' if gained > 1 else ''})" if gained else ""
            yield f'<li><span class="chip {one.graded.value}">{one.graded.value}</span> '
            yield f'<a href="#f{text(one.fingerprint)}">{text(one.says)}</a>{gain} '
            yield f'<span class="soft where">{text(str(one.at))}</span></li>'
        more = len(report.findings) - _WORST
        yield f"</ul>{f'<p class=soft>and {more} more below</p>' if more > 0 else ''}"
    elif report.gate.code != _NOTHING:
        yield '<h2>Findings</h2><p class="passed">None.</p>'


def _findings(report: Report, rules: Mapping[str, Rule]) -> Iterator[str]:
    if report.findings:
        yield f"<h2>Findings ({len(report.findings)})</h2>"
        yield from folded(report.findings, rules)


def _unsure(report: Report) -> Iterator[str]:
    yield from _list(
        "What could not be told",
        [f"{text(d.what)}: {text(d.why)}{_where(d.at)}" for d in report.unsure],
    )
    yield from _list(
        "Not deployed",
        [f"{text(one.what)} ({text(one.why)}){_where(one.at)}" for one in report.not_deployed],
    )


def _where(at: object) -> str:
    return f' <span class="soft where">{text(str(at))}</span>' if at is not None else ""


def _list(title: str, rows: Sequence[str]) -> Iterator[str]:
    if rows:
        yield f"<h2>{title} ({len(rows)})</h2><ul>{''.join(f'<li>{row}</li>' for row in rows)}</ul>"


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    if rows:
        told = "".join(f'<th scope="col">{text(head)}</th>' for head in heads)
        yield f"<h2>{title}</h2>{_scroll(title)}<table><thead><tr>{told}</tr></thead><tbody>"
        for row in rows:
            yield f"<tr>{''.join(f'<td>{text(_said(cell))}</td>' for cell in row)}</tr>"
        yield "</tbody></table></div>"


def _said(cell: object) -> str:
    return "yes" if cell is True else "no" if cell is False else "" if cell is None else str(cell)


def _sites(report: Report) -> Iterator[str]:
    rows = []
    for one in report.http:
        behind = one.get("as_deployed")
        deployed = behind.get("grade") if isinstance(behind, Mapping) else None
        rows.append((one.get("url"), one.get("grade"), one.get("score"), deployed, one.get("requests")))
    heads = ("address", "grade", "points", "as deployed", "requests")
    yield from _table("Sites, as a visitor sees them", heads, rows)


def _ports(report: Report) -> Iterator[str]:
    rows = []
    for one in report.listeners:
        service = " ".join(str(one[key]) for key in ("service", "version") if one.get(key)) or "not recognised"
        told = (one.get(key) for key in ("auth", "exposed", "process", "user", "named_by"))
        rows.append((place(one), service, *told))
    heads = ("port", "service", "password", "others reach it", "process", "user", "named by")
    yield from _table("Open ports", heads, rows)


def _apps(report: Report) -> Iterator[str]:
    rows = [
        (app.name, app.framework, app.root, app.entry.command, str(app.entry.at or "assumed")) for app in report.apps
    ]
    yield from _table("Apps", ("app", "framework", "in", "started by", "where"), rows)
    yield from _list("Notes", [prose(note) for note in report.notes])


def _accepted(report: Report) -> Iterator[str]:
    rows = [(one.finding.rule, str(one.finding.at), one.reason, one.until, one.owner) for one in report.suppressed]
    yield from _table("Accepted, with a reason", ("rule", "where", "reason", "until", "owner"), rows)
