"""What a visitor saw gets the line that makes it so, where the project behind the site is given."""

from __future__ import annotations

from dataclasses import replace

from batten.model import AppSummary, Entry, Evidence, Finding, Fix, Location, State, Value
from batten.run.live.joined import Explained, joined

URL = Location(url="http://127.0.0.1:5000/")
LINE = Location("app.py", 7, 1)
SEEN = Finding(URL, "not sent", (Evidence(URL, "answered 200"),), fix=Fix("send it"), symbol="x", rule="a/b")
WRITTEN = Finding(LINE, "not set", (Evidence(LINE, "here"),), fix=Fix("set it"), symbol="x", rule="a/b")


def explained(*findings: Finding, **settings: Value) -> Explained:
    app = AppSummary("shop", "flask", ".", Entry("gunicorn shop:app", None), settings)
    return Explained(findings, (app,))


def test_a_twin_gives_its_line_its_evidence_and_its_fix() -> None:
    (one,) = joined([SEEN], explained(WRITTEN))
    assert (one.at.file, one.at.line, one.at.url) == ("app.py", 7, URL.url)
    assert [evidence.says for evidence in one.evidence] == ["here", "answered 200"]
    assert one.fix == Fix("set it")
    assert one.says == "not sent"


def test_the_only_finding_of_the_rule_is_a_twin_under_another_symbol() -> None:
    other = Finding(LINE, "not set", symbol="y", rule="a/b")
    third = Finding(Location("b.py", 1), "not set", symbol="z", rule="a/b")
    assert joined([SEEN], explained(other))[0].at.line == 7
    assert joined([SEEN], explained(other, third)) == (SEEN,)


def test_a_setting_of_the_one_app_gives_its_line() -> None:
    value = Value(State.KNOWN, "no", at=LINE, evidence=(Evidence(LINE, "set here"),))
    (one,) = joined([SEEN], explained(**{"header.x": value}))
    assert (one.at.line, one.evidence[0].says) == (7, "set here")


def test_what_nothing_explains_stays_where_it_was_seen() -> None:
    assert joined([SEEN], Explained()) == (SEEN,)


def test_of_several_apps_nobody_knows_which_one_answered() -> None:
    held = explained(WRITTEN)
    other = replace(held.apps[0], name="office")
    assert joined([SEEN], replace(held, apps=(*held.apps, other))) == (SEEN,)
    started_twice = replace(held, apps=held.apps * 2)
    assert joined([SEEN], started_twice)[0].at.line == 7
