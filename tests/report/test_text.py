"""The text report as a person sees it, whole, and the places where it could mislead."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from batten.model import (
    AppSummary,
    Confidence,
    Edit,
    Entry,
    Evidence,
    Finding,
    Fix,
    FixKind,
    Gain,
    Gate,
    Location,
    NotDeployed,
    Points,
    Report,
    Rule,
    Score,
    Severity,
    State,
    Suppressed,
    Unsure,
    Value,
)
from batten.report.text import render

HERE = Path(__file__).parent
RULES = {
    "debug-mode/flask": Rule(
        id="debug-mode/flask",
        severity=Severity.CRITICAL,
        cwe=489,
        over=object,
        sources=(),
        bad=(),
        good=(),
        check=lambda _: iter(()),
        doc="Debug.\n\nAn error then answers with a console\nthat runs Python. It has a PIN.\n\nFix: turn it off.",
        module="batten.rules.app.debug_mode.flask",
    )
}


def _debug() -> Finding:
    return Finding(
        at=Location("app.py", 12, 5, 12, 28),
        says="debug is True under Flask's own server",
        evidence=(
            Evidence(
                Location("config.py", 3, 9, 3, 40),
                "APP_DEBUG is not set: default",
                "'true'",
                source='DEBUG = os.environ.get("APP_DEBUG", "true") == "true"',
            ),
            Evidence(
                Location("app.py", 12, 5, 12, 28),
                "read here",
                source="    app.run(debug=Config.DEBUG)  # the shop, behind a router in the cellar, while it is dry",
            ),
            Evidence(Location("Procfile", 1), "started by python app.py", source="web: python app.py"),
        ),
        confidence=Confidence.LIKELY,
        severity=Severity.CRITICAL,
        fix=Fix("delete `debug=…`; at your desk, start with `flask run --debug`"),
        rule="debug-mode/flask",
        cwe=489,
        fingerprint="1",
        app="shop",
    )


def _key() -> Finding:
    at = Location("config.py", 7, 18, 7, 34)
    return Finding(
        at=at,
        says="the key that signs the session cookie is written in the source",
        evidence=(Evidence(at, "set here", "'hunter2hunter2'", secret=True, source='    SECRET_KEY = "***"'),),
        severity=Severity.CRITICAL,
        fix=Fix('read it: `os.environ["SECRET_KEY"]`', FixKind.SAFE, (Edit(at, "x"),)),
        rule="secret-key/hardcoded",
        cwe=321,
        fingerprint="2",
        app="shop",
    )


def _cookie() -> Finding:
    return Finding(
        at=Location("config.py", 1),
        says="the session cookie has no Secure flag",
        severity=Severity.MEDIUM,
        fix=Fix("set SESSION_COOKIE_SECURE = True"),
        rule="cookie-flags/session-secure",
        cwe=614,
        fingerprint="3",
        app="shop",
        note="suppression expired on 2026-01-01 (pyproject.toml:9)",
    )


SHOP = AppSummary(
    name="shop",
    framework="flask",
    root="web",
    entry=Entry("python app.py", Location("Procfile", 1)),
    settings={
        "DEBUG": Value(State.KNOWN, value=True, at=Location("config.py", 3)),
        "TESTING": Value(State.KNOWN, value=False, default=True),
    },
)


@pytest.fixture
def shop() -> Report:
    """Return a report in which every part of the text has something to say."""
    return Report(
        target=".",
        score=Score(
            points=21,
            letter="F",
            evaluated=38,
            applicable=41,
            table=(
                Points("1", "debug-mode/flask", 40.0),
                Points("2", "secret-key/hardcoded", 24.0),
                Points("3", "cookie-flags/session-secure", 2.9),
                Points("4", "cookie-flags/session-secure", 1.4),
            ),
            cap="capped at 59 by a critical finding",
            next=(Gain("1", "debug-mode/flask", 18), Gain("2", "secret-key/hardcoded", 9)),
        ),
        gate=Gate(passed=False, why=("2 findings are high or worse",), code=1),
        layers={"app": "evaluated", "ports": "not asked", "deps": "no answer from the index"},
        apps=(SHOP,),
        findings=(_debug(), _key(), _cookie()),
        unsure=(
            Unsure("MAIL_PASSWORD", "set by the platform, to a value not in the repository", Location("k8s.yaml", 12)),
            Unsure("a file", "it is binary", Location("a.py")),
            Unsure("a file", "it is binary", Location("b.py")),
        ),
        suppressed=(
            Suppressed(
                replace(_cookie(), at=Location("b.py", 1)),
                "the VPN ends TLS in front of it",
                Location("pyproject.toml", 20),
                "2027-03-01",
                "ops@example.org",
            ),
        ),
        not_deployed=(NotDeployed("debug is True", "for development only", Location("compose.override.yml", 4)),),
        notes=("app.py:3: suppression of cors/any-origin is not needed: nothing was found there",),
        inputs=("app.py", "config.py"),
    )


@pytest.fixture
def clean(shop: Report) -> Report:
    """Return the report of an app with nothing wrong."""
    score = Score(points=100, letter="A+", evaluated=41, applicable=41)
    gate = Gate(passed=True, why=("no finding is high or worse",), code=0)
    return Report(target=".", score=score, gate=gate, layers={"app": "evaluated"}, apps=shop.apps)


def test_whole_report_at_80_columns(shop: Report) -> None:
    assert render(shop, RULES) == (HERE / "shop-80.txt").read_text(encoding="utf-8")


def test_whole_report_at_120_columns_in_ascii_with_inputs(shop: Report) -> None:
    text = render(shop, RULES, width=120, ascii=True, show_inputs=True)
    assert text == (HERE / "shop-120-ascii.txt").read_text(encoding="ascii")


def test_a_clean_pass_is_short_and_ends_with_the_reward(clean: Report) -> None:
    assert render(clean).splitlines() == [
        "  production  shop (flask in web/)",
        "              started by python app.py (Procfile:1)",
        "    coverage  41 of 41 checks had evidence",
        "       score  100 of 100, A+ (score 2026.1)",
        "        gate  ✓ passed: no finding is high or worse",
        "",
        "✓ Battened down: no findings, 100 of 100, A+.",
    ]


def test_colour_and_links_add_nothing_but_escapes(shop: Report) -> None:
    fancy = render(shop, RULES, color=True, links=True)
    plain = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\", "", fancy)
    assert plain == render(shop, RULES)
    assert "\x1b]8;;https://cwe.mitre.org/data/definitions/489.html\x1b\\debug-mode/flask" in fancy
    assert "\x1b[1;97;41mcritical[" in fancy


@pytest.mark.parametrize("width", [50, 60, 80, 120])
def test_no_line_is_wider_than_the_screen(shop: Report, width: int) -> None:
    for line in render(shop, RULES, width=width, show_inputs=True).splitlines():
        assert len(line) <= width, line


def test_quiet_leaves_the_gate_line(shop: Report, clean: Report) -> None:
    assert render(shop, quiet=True) == "gate ✗ failed: 2 findings are high or worse\n"
    assert render(clean, quiet=True, ascii=True) == "gate + passed: no finding is high or worse\n"


def test_nothing_to_audit_shows_no_score(clean: Report) -> None:
    gate = Gate(passed=False, why=("there is nothing here to audit",), code=3)
    text = render(replace(clean, gate=gate, apps=()))
    assert text.strip() == "gate  nothing to audit: there is nothing here to audit"


def test_an_incomplete_audit_does_not_look_like_a_pass(clean: Report) -> None:
    gate = Gate(passed=False, why=("the deps layer could not be looked at: no network",), code=4)
    text = render(replace(clean, gate=gate))
    assert "gate  incomplete: the deps layer could not be looked at" in text
    assert "Battened" not in text
    assert text.endswith("no findings\n")


def test_silence_without_evidence_earns_no_reward(clean: Report) -> None:
    score = Score(points=0, letter="F", evaluated=0, applicable=0, cap="at most F: no check had evidence")
    assert render(replace(clean, score=score)).endswith("\n\nno findings\n")


def test_silence_with_half_the_evidence_earns_no_reward_either(clean: Report) -> None:
    score = replace(clean.score, points=97, letter="A", evaluated=34, applicable=54, cap="at most A: 34 of 54")
    told = render(replace(clean, score=score))
    assert told.endswith("\n\nno findings; 20 of 54 checks had nothing to look at: see unsure\n")


def test_an_assumed_start_says_so(clean: Report) -> None:
    app = replace(SHOP, entry=Entry("python app.py", None, assumed=True), root=".")
    text = render(replace(clean, apps=(app,)), width=120)
    assert "assumed: python app.py (nothing in the repository says what starts it)" in text


def test_the_same_finding_of_two_apps_is_shown_once(shop: Report) -> None:
    other = replace(_key(), app="admin", fingerprint="9")
    staging = replace(_key(), app="admin", environment="staging", fingerprint="8")
    apps = (SHOP, replace(SHOP, name="admin"))
    text = render(replace(shop, apps=apps, findings=(_key(), other, staging)))
    assert text.count("critical[") == 1
    assert "= apps: shop, admin, admin in staging\n" in text
    assert "3 findings (3 critical)" in text


def test_why_and_explain_come_once_for_each_rule(shop: Report) -> None:
    again = replace(_debug(), at=Location("b.py", 1), fingerprint="9")
    text = render(replace(shop, findings=(_debug(), again)), RULES)
    assert text.count("= why: An error then answers with a console that runs Python.\n") == 1
    assert text.count("= explain: batten explain debug-mode/flask\n") == 1


def test_neighbours_at_one_place_share_a_frame(shop: Report) -> None:
    at = Location("app.py", 4, 7, 4, 22)
    seen = (Evidence(at, "here", source="app = Flask(__name__)"),)
    base = replace(_cookie(), at=at, evidence=seen, note="", severity=Severity.LOW)
    csp = replace(base, rule="security-headers/csp-missing", says="no CSP", fix=Fix("set a CSP"))
    frames = replace(base, rule="security-headers/framing", says="framing is open", fix=Fix("set X-Frame-Options"))
    hsts = replace(base, rule="https/hsts-missing", says="no HSTS", fix=Fix("set HSTS"))
    text = render(replace(shop, findings=(csp, frames, hsts)), RULES)
    assert text.startswith(
        """\
low[security-headers/csp-missing]: no CSP
low[security-headers/framing]: framing is open
low[https/hsts-missing]: no HSTS
  --> app.py:4:7
   |
 4 | app = Flask(__name__)
   |       ^^^^^^^^^^^^^^^
   |
   = fix csp-missing: set a CSP
   = fix framing: set X-Frame-Options
   = fix hsts-missing: set HSTS
   = explain: batten explain security-headers
   = explain: batten explain https/hsts-missing

"""
    )
    assert "3 findings (3 low)" in text


def test_the_first_line_of_a_module_stands_for_the_file(shop: Report) -> None:
    whole = Location("app.py", 1)
    seen = (Evidence(whole, "here", source="import os"), Evidence(Location("Procfile", 1), "started", source="web: x"))
    text = render(replace(shop, findings=(replace(_key(), at=whole, evidence=seen),)))
    assert "import os" not in text
    assert " 1 | web: x" in text


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (("DEBUG is not set",), "likely: DEBUG is not set in the repository; say otherwise with --env DEBUG=…"),
        (
            ("A is not set: default", "B is not set"),
            "likely: A and B are not set in the repository; say otherwise with --env A=… --env B=…",
        ),
        (
            ("the settings are shop.live, because SITE is not set",),
            "likely: SITE is not set in the repository; say otherwise with --env SITE=…",
        ),
        (
            ("X is not set: the default is None",),
            "likely: a default applies, because nothing in the repository sets it otherwise",
        ),
        (
            ("nothing in the repository says what starts it; assumed: python app.py",),
            "likely: nothing in the repository says what starts the app; a Procfile or Dockerfile would",
        ),
        ((), "likely: a default applies, because nothing in the repository sets it otherwise"),
    ],
)
def test_likely_names_the_variables_and_what_to_type(shop: Report, says: tuple[str, ...], told: str) -> None:
    seen = tuple(Evidence(Location("a.py", 1), text) for text in says)
    text = render(replace(shop, findings=(replace(_debug(), evidence=seen),)), width=120)
    assert f"= confidence: {told}\n" in text


@pytest.mark.parametrize(
    ("confidence", "told"), [(Confidence.CONFIRMED, "seen live"), (Confidence.POSSIBLE, "one of several")]
)
def test_other_confidences_are_words(shop: Report, confidence: Confidence, told: str) -> None:
    text = render(replace(shop, findings=(replace(_key(), confidence=confidence),)))
    assert f"= confidence: {confidence.value}: " in text
    assert told in text


def test_a_condition_is_named_once_and_believed(shop: Report) -> None:
    at = Location("a.py", 3, 5, 3, 9)
    told = Evidence(Location("a.py", 2, 4, 2, 9), "production gets there only if x, which is not known", source="if x:")
    again = replace(told, at=Location("a.py", 2, 1, 2, 3))
    finding = replace(_key(), at=at, confidence=Confidence.POSSIBLE, evidence=(told, again))
    text = render(replace(shop, findings=(finding,)))
    assert "= confidence: possible: it holds only where the condition does\n" in text
    assert text.count("production gets there only if x") == 1


def test_foreign_text_cannot_drive_the_terminal(shop: Report) -> None:
    at = Location("a\x1b[2Jb.py", 1, 1, 1, 4)
    source = "x = '\x1b]0;owned\x07\u202e'\r"
    finding = replace(
        _key(), at=at, says="one\ntwo\x07", evidence=(Evidence(at, "set\x9b", source=source),), fix=Fix("\x1b[31m")
    )
    text = render(replace(shop, findings=(finding,), notes=("\u2066note\udcff",)))
    assert re.search(r"[^\n -~…·✗×]", text) is None
    assert r"a\x1b[2Jb.py:1:1" in text
    assert r"x = '\x1b]0;owned\x07\u202e'" in text


def test_a_line_that_needs_no_word_has_none(shop: Report) -> None:
    at = Location("a.py", 1, 1, 1, 4)
    finding = replace(_key(), at=at, evidence=(Evidence(at, "here", source="abc"),))
    assert "\n   | ^^^\n" in render(replace(shop, findings=(finding,)))
    wide = replace(finding, at=Location("a.py", 1, 1, 1, 90), evidence=(Evidence(at, "here", source="a" * 89),))
    assert re.search(r"\n   \| \^{70,}\n   \|\n", render(replace(shop, findings=(wide,))))


def _line(shop: Report, source: str, at: Location, *, width: int = 60) -> tuple[str, str]:
    """Return the source line and the underline of a finding at that place, without the gutter."""
    finding = replace(_key(), at=at, says="so", evidence=(Evidence(at, "seen", source=source),))
    lines = render(replace(shop, findings=(finding,)), width=width).splitlines()
    return lines[3][5:], lines[4][5:]


def test_a_tab_before_the_mark_keeps_it_under_its_word(shop: Report) -> None:
    line, mark = _line(shop, "\tif x: run(1)", Location("a.py", 1, 8, 1, 14))
    assert (line, mark) == ("    if x: run(1)", "          ^^^^^^ seen")


def test_wide_characters_take_two_columns(shop: Report) -> None:
    _, mark = _line(shop, 'x = "船", run(1)', Location("a.py", 1, 10, 1, 16))
    assert mark == "          ^^^^^^ seen"


def test_a_mark_far_to_the_right_is_brought_into_view(shop: Report) -> None:
    source = "x = 1; " * 40 + "run(debug=True)" + "; y = 2" * 40
    line, mark = _line(shop, source, Location("a.py", 1, 281, 1, 296))
    start, end = mark.index("^"), mark.rindex("^") + 1
    assert line[start:end] == "run(debug=True)"
    assert line[0] == line[-1] == "…"
    assert len(line) <= 55


def test_a_mark_longer_than_the_screen_starts_in_view(shop: Report) -> None:
    line, mark = _line(shop, "run(" + "a, " * 100 + ")", Location("a.py", 1, 1, 1, 306))
    assert line.startswith("run(a, ")
    assert len(line) == len(mark.split(" ")[0]) == 55


def test_a_long_mark_near_the_start_keeps_the_name_before_it(shop: Report) -> None:
    line, _ = _line(shop, "NAME = get(" + "a, " * 100 + ")", Location("a.py", 1, 8, 1, 313))
    assert line.startswith("NAME = get(a, ")


def test_a_mark_of_several_lines_ends_with_the_first(shop: Report) -> None:
    line, mark = _line(shop, "run(", Location("a.py", 1, 1, 4, 2))
    assert (line, mark) == ("run(", "^^^^ seen")


def test_a_column_outside_the_line_is_no_crash(shop: Report) -> None:
    line, mark = _line(shop, "ab", Location("a.py", 1, 90, 1, 95))
    assert line == "ab"
    assert mark.lstrip("^ ") in ("seen", "")


def test_a_finding_without_a_file_shows_its_place(shop: Report) -> None:
    at = Location(variable="FLASK_DEBUG")
    finding = replace(_debug(), at=at, evidence=(Evidence(at, "given as", "'1'"),))
    text = render(replace(shop, findings=(finding,)))
    assert "  --> --env FLASK_DEBUG\n" in text
    assert "  ::: --env FLASK_DEBUG: given as '1'\n" in text


def test_files_with_the_same_trouble_are_told_together(shop: Report) -> None:
    newer = "it is not valid Python 3.11: {}; if it was written for a newer Python, run Batten with that one"
    doubts = [Unsure(f"{n}.py", newer.format(f"trouble {n}"), Location(f"{n}.py", n)) for n in range(1, 6)] + [
        Unsure("one.yaml", "a Helm template, which is not rendered", Location("one.yaml", 1))
    ]
    text = render(replace(shop, unsure=tuple(doubts), not_deployed=()), width=160)
    assert "6 things could not be told" in text
    told = "5 files: it is not valid Python 3.11; if it was written for a newer Python, run Batten with that one"
    assert f"- {told} (1.py:1, 2.py:2, 3.py:3 and 2 more)" in " ".join(text.split())
    assert "- one.yaml: a Helm template, which is not rendered (one.yaml:1)\n" in text


def test_code_without_an_app_says_so(clean: Report) -> None:
    assert "no web app was found: only what the code itself does was judged" in render(replace(clean, apps=()))


def test_a_fix_that_gains_nothing_is_no_next_step(shop: Report) -> None:
    steps = (Gain(shop.findings[0].fingerprint, "a/b", 7), Gain("x", "c/d", 0))
    text = render(replace(shop, score=replace(shop.score, next=steps)))
    assert "+7  a/b" in text
    assert "c/d" not in text


def test_long_lists_are_cut_and_say_so(shop: Report) -> None:
    doubts = tuple(Unsure(f"a file {n}", "it is binary", Location(f"{n}.py")) for n in range(20))
    same = tuple(Unsure("a file", "it is binary", Location(f"{n}.py")) for n in range(20))
    text = render(replace(shop, unsure=doubts, not_deployed=()))
    assert "20 things could not be told" in text
    assert "- and 12 more (--format json lists all)" in text
    assert "(0.py, 1.py, 2.py and 17 more)" in render(replace(shop, unsure=same))
