"""The HTML page: whole in one file, safe to open, with all that the report holds."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from batten.model import Box, Door, Evidence, Link, Location, Picture, Severity
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


def test_thousands_of_findings_stay_a_page(report: Report) -> None:
    first = report.findings[0]
    held = replace(report, findings=tuple(replace(first, fingerprint=f"{number:032x}") for number in range(5_000)))
    begun = time.process_time()
    text = html.render(stacked(held), RULES)
    assert time.process_time() - begun < 5
    assert len(text) < 3_000_000
    page = Page(text)
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert ids == [f"f{finding.fingerprint}" for finding in held.findings]
    assert "4500 more, in a line each" in text


def test_a_box_tells_the_worst_that_was_found_there(report: Report) -> None:
    at = Location("compose.yaml", 9)
    named = replace(report.findings[1], at=Location("compose.yaml", 12), says="db (postgres) lets 'admin' in", app="")
    other = replace(named, says="db-2 lets everybody in", severity=Severity.CRITICAL)
    traced = replace(report.findings[2], evidence=(Evidence(at, "started by the compose service db"),), app="")
    text = html.render(replace(stacked(report), findings=(other, named, traced), apps=()), RULES)
    assert re.findall(r'<text class="told"[^>]*>([^<]*)<', text) == ["1 high"]


def test_lines_between_boxes_that_only_share_a_network_are_left_out_where_they_hide_the_others(report: Report) -> None:
    boxes = tuple(Box(f"b{number}", "other", "", None) for number in range(45))
    near = tuple(Link("b0", box.name, is_known=False) for box in boxes[1:15])
    text = html.render(replace(report, stack=Picture(boxes, (Link("b1", "b2"), Link("b2", "b1"), *near))), RULES)
    assert "Not drawn: 14 pairs that only share a network." in text
    assert "Not drawn: 5 more boxes" in text
    assert 'class="way maybe"' not in text
    assert text.count('class="way"') == 2


def test_a_way_to_a_door_further_out_goes_left(report: Report) -> None:
    boxes = (*stacked(report).stack.boxes, Box("worker", "worker", "celery", None))
    text = html.render(replace(report, stack=Picture(boxes, (Link("worker", "db"),))), RULES)
    (way,) = re.findall(
        r'<path class="way" d="M(\d+) \d+ C\d+ \d+ \d+ \d+ (\d+) \d+"/><path class="tip" d="M\d+ \d+ l8', text
    )
    assert int(way[0]) > int(way[1])


def test_ports_and_sites_are_told_as_at_the_terminal(report: Report) -> None:
    listener = {"address": "::", "port": 53, "protocol": "udp", "service": "dns", "auth": "unknown", "exposed": True}
    site = {"url": "http://127.0.0.1:5000/", "grade": "C", "score": 60, "requests": 9, "as_deployed": {"grade": "A+"}}
    text = html.render(replace(report, listeners=(listener,), http=(site,)))
    assert "<td>[::]:53/udp</td><td>dns</td><td>unknown</td><td>yes</td>" in text
    assert "<td>C</td><td>60</td><td>A+</td><td>9</td>" in text


def test_a_tall_column_goes_on_in_the_next_and_no_two_boxes_overlap(report: Report) -> None:
    door = (Door("0.0.0.0", 80, 80, None),)
    boxes = tuple(Box(f"b{number}", "other", "", None, doors=door) for number in range(20))
    text = html.render(replace(report, stack=Picture(boxes)), RULES)
    places = re.findall(r'<rect class="box" x="(\d+)" y="(\d+)"', text)
    assert len(set(places)) == 20
    columns = {x: sum(1 for one, _ in places if one == x) for x, _ in places}
    assert sorted(columns.values()) == [8, 12]
    assert len(re.findall(r'<path class="way"', text)) == 20
