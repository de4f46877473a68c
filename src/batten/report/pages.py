"""The page of a rule, as Markdown: for `batten explain` and for docs/rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from batten.model import Bad, Good, Rule

_HEADED = re.compile(r"(Attack|Silent|Fix):\s+", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[^.\s]{2}[.?])\s+(?=[A-Z`\"'(])")
"""Between two sentences; the two letters before the full stop keep `e.g.` and initials together."""

_LANGUAGES = {"py": "python", "yml": "yaml", "yaml": "yaml", "toml": "toml", "conf": "nginx", "html": "html"}
_CWE = "https://cwe.mitre.org/data/definitions/{}.html"
_TOP_TEN = "https://owasp.org/www-project-top-ten/"
_ASVS = "https://owasp.org/www-project-application-security-verification-standard/"
_WSTG = "https://owasp.org/www-project-web-security-testing-guide/"
_CONTROLS = "https://top10proactive.owasp.org/"


class Standards(Protocol):
    """What the public standards call a rule's concept; `rules` knows it."""

    @property
    def cwe(self) -> Sequence[int]:
        """The rule's own first, then those under which other tools report the same."""

    @property
    def owasp(self) -> Sequence[str]:
        """Categories of the OWASP Top 10: `A02:2025`."""

    @property
    def asvs(self) -> Sequence[object]:
        """Requirements of ASVS 5.0; as text `v5.0.0-13.4.2 (L2)`."""

    @property
    def asvs4(self) -> Sequence[str]:
        """The same in ASVS 4.0.3."""

    @property
    def wstg(self) -> Sequence[str]:
        """Tests of the Web Security Testing Guide: `WSTG-CONF-02`."""

    @property
    def controls(self) -> Sequence[str]:
        """OWASP Proactive Controls 2024: `C5`."""


@dataclass(frozen=True, slots=True)
class Prose:
    """The parts of a rule's docstring."""

    title: str
    why: str
    attack: str
    silent: str
    fix: str


def prose(doc: str) -> Prose:
    """Return the parts of a rule's docstring, paragraphs joined to single lines.

    `Attack:`, `Silent:` and `Fix:` head their paragraphs; among the others, the
    first below the title says why it matters, and one that speaks of silence
    says when the rule is quiet.
    """
    title, *paragraphs = [_joined(part) for part in re.split(r"\n\s*\n", doc.strip())]
    parts: dict[str, list[str]] = {"why": [], "attack": [], "silent": [], "fix": []}
    for paragraph in paragraphs:
        match = _HEADED.match(paragraph)
        if match:
            parts[match[1].lower()].append(_capital(paragraph[match.end() :]))
        elif parts["why"] and re.search(r"\bsilent\b|\bquiet\b", paragraph, re.IGNORECASE):
            parts["silent"].append(paragraph)
        else:
            parts["why"].append(paragraph)
    return Prose(title.rstrip("."), **{name: "\n\n".join(texts) for name, texts in parts.items()})


def why(doc: str) -> str:
    """Return the one sentence that says why the rule matters, empty where the page has none."""
    first = prose(doc).why.split("\n\n", 1)[0]
    return _SENTENCE.split(first, maxsplit=1)[0]


def page(rule: Rule, standards: Standards) -> str:
    """Return the page of a rule as Markdown."""
    text = prose(rule.doc)
    blocks = [
        f"# {rule.id}",
        f"**{text.title}.**",
        f"Severity {rule.severity.value} · layer {rule.layer} · persona {rule.persona} · CWE-{rule.cwe}",
    ]
    sections = (
        ("Why it matters", text.why),
        ("How it is attacked", text.attack),
        ("When the rule is silent", text.silent),
        ("Fix", text.fix),
    )
    for head, body in sections:
        if body:
            blocks += [f"## {head}", body]
    blocks += _examples(rule)
    blocks += ["## Standards and sources", "\n".join(_standards(rule, standards))]
    blocks += ["## Accept it", _accept(rule)]
    return "\n\n".join(blocks) + "\n"


def index(rules: Iterable[Rule]) -> str:
    """Return the table of all rules as Markdown, by layer and topic, with links to their pages."""
    blocks = ["# Rules", "Made from the rules themselves by `make docs`. `batten explain RULE` prints the same pages."]
    layers: dict[str, list[Rule]] = {}
    for rule in sorted(rules, key=lambda rule: rule.id):
        layers.setdefault(rule.layer, []).append(rule)
    for layer, held in sorted(layers.items()):
        rows = ["| rule | severity | CWE | says |", "|---|---|---|---|"]
        for rule in held:
            mark = "" if rule.persona == "regular" else f" ({rule.persona})"
            link = f"[`{rule.id}`]({filename(rule)})"
            rows.append(f"| {link}{mark} | {rule.severity.value} | {rule.cwe} | {_cell(rule.title)} |")
        blocks += [f"## {layer.capitalize()}", "\n".join(rows)]
    return "\n\n".join(blocks) + "\n"


def filename(rule: Rule) -> str:
    """Return the file under docs/rules that holds the rule's page."""
    return f"{rule.id}.md"


def _joined(paragraph: str) -> str:
    """Return a paragraph on one line; one that is indented or a list keeps its lines."""
    lines = paragraph.split("\n")
    if any(line.startswith((" ", "-", "*", "|")) for line in lines):
        return "\n".join(lines)
    return " ".join(line.strip() for line in lines)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _examples(rule: Rule) -> list[str]:
    blocks: list[str] = []
    live, around, host = rule.live, rule.around, rule.host
    sections = (
        ("What it finds", rule.bad),
        ("What it leaves alone", rule.good),
        ("What it finds on a running site", live.bad if live else ()),
        ("What it leaves alone on a running site", live.good if live else ()),
        ("What it finds around the app", around.bad if around else ()),
        ("What it leaves alone around the app", around.good if around else ()),
        ("What it finds on a machine", host.bad if host else ()),
        ("What it leaves alone on a machine", host.good if host else ()),
    )
    for head, examples in sections:
        blocks += [f"## {head}"] if examples else []
        for example in examples:
            blocks += [f"### {_capital(example.says)}", *_files(example)]
    return blocks


def _files(example: Bad | Good) -> Iterable[str]:
    if example.env:
        yield "Run with " + " ".join(f"`--env {name}={value}`" for name, value in example.env.items()) + "."
    for path, text in example.files.items():
        yield _fence(path, text)
    for asked, answer in example.answers.items():
        yield _fence(asked, answer)
    if example.listeners:
        yield _fence("listeners", example.listeners)
    fixed: Mapping[str, str] = getattr(example, "fixed", None) or {}
    for path, text in fixed.items():
        if text != example.files.get(path):
            yield "After the fix:\n\n" + _fence(path, text)


def _fence(path: str, text: str) -> str:
    """Return a file as a code block, fenced so that backticks inside do not end it."""
    ticks = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, ticks + 1)
    name = path.rpartition("/")[2]
    language = "docker" if name.startswith("Dockerfile") else _LANGUAGES.get(name.rpartition(".")[2], "text")
    return f"`{path}`\n\n{fence}{language}\n{text.rstrip()}\n{fence}"


def _standards(rule: Rule, standards: Standards) -> Iterable[str]:
    linked = [f"[CWE-{number}]({_CWE.format(number)})" for number in standards.cwe if number]
    if linked:
        yield f"- {', '.join(linked)}"
    rows = (
        ("OWASP Top 10", _TOP_TEN, standards.owasp),
        ("OWASP ASVS 5.0", _ASVS, standards.asvs),
        ("OWASP ASVS 4.0.3", _ASVS, standards.asvs4),
        ("OWASP WSTG", _WSTG, standards.wstg),
        ("OWASP Proactive Controls", _CONTROLS, standards.controls),
    )
    for name, url, ids in rows:
        if ids:
            yield f"- [{name}]({url}): {', '.join(map(str, ids))}"
    for source in rule.sources:
        yield f"- {source}"


def _accept(rule: Rule) -> str:
    """Return how to accept a finding of the rule, with a reason and a date."""
    return (
        "When it is meant so, say why and until when, on the line or above it:\n\n"
        f"```text\n# batten: ignore[{rule.id}] until=2027-03-01 -- the reason\n```"
    )
