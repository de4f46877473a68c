"""The HTML page: whole in one file, safe to open, with all that the report holds."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from batten.model import Box, Door, Link, Location, Picture
from batten.report import html
from batten.rules import static_rules

if TYPE_CHECKING:
    from batten.model import Report

RULES = {rule.id: rule for rule in static_rules()}
VOID = frozenset(("meta", "br", "rect", "circle", "path"))


class Page(HTMLParser):
    """The elements of a page, each with its attributes; every one that opens is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.styles = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.styles += data


def stacked(report: Report) -> Report:
    db = Box("db", "database", "postgres 17", Location("compose.yaml", 9), doors=(Door("0.0.0.0", 5432, 5432, None),))
    web = Box("web", "app", "flask", Location("compose.yaml", 2))
    return replace(report, stack=Picture((web, db), (Link("web", "db"), Link("db", "web", is_known=False))))


def test_nothing_is_fetched_and_nothing_runs(report: Report) -> None:
    page = Page(html.render(stacked(report), RULES))
    names = {name for name, _ in page.elements}
    assert not names & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "video", "audio"}
    for _, held in page.elements:
        assert not [name for name in held if name.startswith("on") or name in {"src", "style", "srcset"}]
        assert (held.get("href") or "#").startswith(("#", "https://cwe.mitre.org/"))
    assert "url(" not in page.styles
    assert "@import" not in page.styles


def test_its_policy_allows_its_own_style_and_nothing_else(report: Report) -> None:
    page = Page(html.render(report, RULES))
    (policy,) = [a["content"] or "" for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(page.styles.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_every_finding_is_there_and_can_be_gone_to(report: Report) -> None:
    page = Page(html.render(report, RULES))
    ids = [held["id"] for name, held in page.elements if name == "details"]
    assert ids == [f"f{finding.fingerprint}" for finding in report.findings]
    targets = {(held.get("href") or "")[1:] for _, held in page.elements if (held.get("href") or "").startswith("#")}
    assert targets <= set(ids)


def test_no_secret_and_no_markup_of_a_stranger(report: Report, secret: str) -> None:
    evil = "<script>alert(1)</script>\x1b[31m\u202e"
    held = replace(report, target=evil, findings=(replace(report.findings[0], says=evil),), notes=(evil,))
    text = html.render(stacked(held), RULES)
    assert secret not in html.render(report, RULES)
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_stack_is_drawn_with_its_open_door(report: Report) -> None:
    text = html.render(stacked(report), RULES)
    assert re.search(r'<circle class="door bad"', text)
    assert 'aria-label="db: postgres 17, open on 0.0.0.0:5432; web: flask, not published"' in text
    assert 'class="way maybe"' in text


def test_a_fix_shows_the_line_before_and_after(report: Report) -> None:
    text = html.render(report, RULES)
    assert 'class="minus"' in text
    assert 'class="plus"' in text


def test_an_empty_report(empty: Report) -> None:
    text = html.render(empty)
    Page(text)
    assert "nothing to audit" in text


def test_the_same_report_gives_the_same_page(report: Report) -> None:
    assert html.render(report, RULES) == html.render(report, RULES)
