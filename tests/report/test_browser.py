"""The HTML page as a browser shows it: nothing asked for, nothing cut off, readable in both themes and on paper."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from batten.model import Box, Door, Link, Location, Picture, Severity
from batten.report import html
from batten.rules import static_rules
from batten.run import ProbeRequest, probe
from tests.report.chromium import HEADERS, Chromium, Site, needs_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Report

pytestmark = [pytest.mark.process]

RULES = {rule.id: rule for rule in static_rules()}
LONG = "the-proxy-before-everything-that-we-run-and-more"
NAMES = (
    LONG,
    "сервис-приложения",
    "数据库服务名字很长很长很长很长很长很长",
    "שירות-מטמון",
    "W" * 40,
    "a",
    "b",
    "c",
    "d",
    "e",
)
KINDS = ("proxy", "app", "database", "cache", "broker", "search", "storage", "admin", "worker", "other")
PAPER = 688, 1017
"""An A4 page without its margins, in pixels of CSS: 182 mm by 269 mm."""


def crowded(report: Report) -> Report:
    """Return a report with many boxes, long names and long paths."""
    boxes = tuple(
        Box(
            name,
            kind,
            f"registry.example.com/{kind}/{name}:1.27.1-alpine",
            Location("compose.yaml", number),
            doors=tuple(
                Door("0.0.0.0", 5000 + port, 80, Location("compose.yaml", number)) for port in range(number % 4)
            ),
        )
        for number, (name, kind) in enumerate(zip(NAMES, KINDS, strict=True))
    )
    links = tuple(Link(begin.name, end.name, is_known=begin.kind == "app") for begin in boxes for end in boxes[2:5])
    path = f"{'services_of_the_department_for_weather_and_tides_' * 3}/很长的目录名字/приложение.py"
    one = report.findings[0]
    found = tuple(
        replace(one, at=Location(path, 9), severity=severity, fingerprint=f"{number:032x}", says=f"{one.says} {path}")
        for number, severity in enumerate(Severity)
    )
    gate = replace(report.gate, why=(f"2 findings are high or worse: debug-mode/flask at {path}:9",))
    return replace(report, target=f"/srv/{path}", findings=found, stack=Picture(boxes, links), gate=gate)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("chromium") / "home") as window:
        yield window


@pytest.fixture
def site(report: Report, empty: Report) -> Iterator[Site]:
    pages = {"/": report, "/crowded": crowded(report), "/empty": empty}
    with Site({path: html.render(held, RULES) for path, held in pages.items()}) as served:
        yield served


ALL = pytest.mark.parametrize("path", ["/", "/crowded", "/empty"])
THEMES = pytest.mark.parametrize(("width", "dark"), [(375, False), (375, True), (1280, False), (1280, True)])

CUT_OFF = """
[...document.querySelectorAll('body *')].filter(e => !e.closest('svg') && !e.parentElement.closest('.scroll'))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))
"""
OUT_OF_ITS_BOX = """
[...document.querySelectorAll('svg.stack g:has(> rect.box)')].flatMap(g => {
  const box = g.querySelector('rect.box').getBBox();
  return [...g.querySelectorAll(':scope > text')].filter(t => t.getBBox().x + t.getBBox().width > box.x + box.width)
    .map(t => t.textContent)})
"""
UNREADABLE = """
(() => {
  const numbers = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = c => numbers(c).slice(0, 3).map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const box = e.matches('g') && e.querySelector(':scope > rect');
      const paint = box ? getComputedStyle(box).fill : getComputedStyle(e).backgroundColor;
      const held = numbers(paint);
      if (paint !== 'none' && held.length && held[3] !== 0) return paint;
    }
    return 'rgb(255, 255, 255)';
  };
  const bad = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || e.matches('title')) continue;
    const style = getComputedStyle(e);
    const [one, two] = [e.closest('svg') ? style.fill : style.color, behind(e)].map(light).sort((a, b) => b - a);
    const contrast = (one + .05) / (two + .05);
    if (contrast < 4.5) bad.push([texts.currentNode.data.slice(0, 40), contrast]);
  }
  return bad;
})()
"""
OUTLINE = """
({headings: [...document.querySelectorAll('h1, h2, h3, h4')].map(h => +h.tagName[1]),
  landmarks: ['body > header', 'body > main', 'body > footer'].map(s => document.querySelectorAll(s).length),
  bare: [...document.querySelectorAll('[role=img], [role=region], section')].filter(e => !e.ariaLabel).length,
  heads: [...document.querySelectorAll('th')].filter(h => !h.scope).length,
  tables: [...document.querySelectorAll('table')].filter(t => !t.querySelector('th')).length,
  twice: [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i),
  stuck: [...document.querySelectorAll('.scroll')].filter(e => e.tabIndex !== 0).length,
  language: document.documentElement.lang, title: !!document.title})
"""


@needs_chromium
@ALL
def test_nothing_is_asked_for_and_nothing_is_complained_of(chromium: Chromium, site: Site, path: str) -> None:
    chromium.open(site.url + path)
    chromium.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert chromium.faults == []
    assert chromium.requested == [site.url + path]
    assert site.asked == [path]


@needs_chromium
@ALL
@THEMES
def test_nothing_is_cut_off_or_unreadable(chromium: Chromium, site: Site, path: str, width: int, *, dark: bool) -> None:
    chromium.open(site.url + path, width=width, dark=dark)
    chromium.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert chromium.run("document.documentElement.scrollWidth") <= width
    assert chromium.run(CUT_OFF) == []
    assert chromium.run(OUT_OF_ITS_BOX) == []
    assert chromium.run(UNREADABLE) == []


@needs_chromium
@ALL
def test_a_screen_reader_finds_its_way(chromium: Chromium, site: Site, path: str) -> None:
    chromium.open(site.url + path)
    told: dict[str, Any] = chromium.run(OUTLINE)
    headings = told.pop("headings")
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert told == {
        "landmarks": [1, 1, 1],
        "bare": 0,
        "heads": 0,
        "tables": 0,
        "twice": [],
        "stuck": 0,
        "language": "en",
        "title": True,
    }
    nodes = chromium.ask("Accessibility.getFullAXTree")["nodes"]
    unnamed = [
        node
        for node in nodes
        if not node["ignored"]
        and node["role"]["value"] in {"link", "image", "region", "heading", "DisclosureTriangle"}
        and not node["name"]["value"].strip()
    ]
    assert unnamed == []


@needs_chromium
@ALL
def test_on_paper_the_verdict_is_one_page_and_the_rest_is_unfolded(chromium: Chromium, site: Site, path: str) -> None:
    width, height = PAPER
    chromium.open(site.url + path, width=width, media="print")
    assert chromium.run("document.querySelector('.appendix').getBoundingClientRect().top + scrollY") <= height
    assert chromium.run(UNREADABLE) == []
    folded = "[...document.querySelectorAll('details > p')].filter(p => p.getBoundingClientRect().height === 0).length"
    assert chromium.run(folded) == 0


def test_served_with_headers_it_gets_the_best_grade(report: Report) -> None:
    with Site({"/": html.render(report, RULES)}) as served:
        seen = probe(ProbeRequest((f"{served.url}/",), as_deployed=True))
    behind: Any = seen.http[0]["as_deployed"]
    assert behind["grade"] == "A+"
    assert [finding.rule for finding in seen.findings if finding.graded.at_least(Severity.LOW)] == []


def test_its_own_policy_is_strict_where_a_server_sends_none(report: Report) -> None:
    bare = {name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"}
    with Site({"/": html.render(report, RULES)}, bare) as served:
        seen = probe(ProbeRequest((f"{served.url}/",), as_deployed=True, only=("headers",)))
    behind: Any = seen.http[0]["as_deployed"]
    assert behind["grade"] == "A+"
