"""Suppressions in comments and in settings: which finding they take out, and what they say when they do not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from batten.judge import Ignore, Outcome, suppress
from batten.model import Evidence, Finding, Location, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

TODAY = date(2027, 3, 1)
DEBUG = "debug-mode/flask"
CORS = "cors/any-origin"


def _silent(_subject: object) -> Iterator[Finding]:
    yield from ()


def rule(name: str, *aliases: str) -> Rule:
    return Rule(
        id=name,
        severity=Severity.HIGH,
        cwe=489,
        over=object,
        sources=(),
        bad=(),
        good=(),
        check=_silent,
        doc="It is open.",
        module="batten.rules.app.x.y",
        aliases=aliases,
    )


RULES = (rule(DEBUG, "debug/old"), rule("debug-mode/debugger"), rule(CORS))


def found(file: str | None = "app.py", line: int | None = 2, *, rule: str = DEBUG, **more: Any) -> Finding:  # noqa: ANN401 - any field of Finding
    return Finding(at=Location(file, line, **more.pop("at", {})), says="debug is True", rule=rule, **more)


def judged(
    finding: Finding | Sequence[Finding],
    files: Mapping[str, str] | None = None,
    *ignores: Ignore,
    ran: Collection[str] | None = None,
) -> Outcome:
    group = [finding] if isinstance(finding, Finding) else finding
    texts = files or {}
    return suppress(group, ignores, rules=RULES, source=texts.get, today=TODAY, files=texts, ran=ran)


def ignore(*rules: str, **more: Any) -> Ignore:  # noqa: ANN401 - any field of Ignore
    return Ignore(rules=rules or (DEBUG,), reason="known", at=Location("batten.toml", 3), **more)


# Comments


@pytest.mark.parametrize(
    "text",
    [
        "import os\nDEBUG = True  # batten: ignore[debug-mode/flask] -- the lab\n",
        "# batten: ignore[debug-mode/flask] -- the lab\nDEBUG = True\n",
        "    # batten: ignore[debug-mode/flask] until=2027-03-01 -- the lab\nDEBUG = True\n",
        "import os\nDEBUG = True  # batten: ignore[debug-mode] -- the lab\n",
        "import os\nDEBUG = True  # batten: ignore[cors, debug-mode/flask] -- the lab\n",
        "import os\nDEBUG = True  # batten: ignore[debug/old] -- the lab\n",
        "import os\nDEBUG = True  # noqa: S201  # batten: ignore[debug-mode/flask] -- the lab\n",
        "import os\nDEBUG = True  #batten:ignore[debug-mode/flask]   --the lab\n",
        "import os\r\nDEBUG = True  # batten: ignore[debug-mode/flask] -- the lab\r\n",
        "import os\rDEBUG = True  # batten: ignore[debug-mode/flask] -- the lab\r",
    ],
    ids=["line", "above", "until", "topic", "several", "old id", "after another", "tight", "windows", "old mac"],
)
def test_a_comment_on_the_line_or_alone_above_it_suppresses(text: str) -> None:
    outcome = judged(found(), {"app.py": text})
    assert outcome.kept == ()
    (one,) = outcome.suppressed
    assert one.reason == "the lab"
    assert one.at.file == "app.py"


def test_what_is_suppressed_says_where_why_and_until_when() -> None:
    text = "# batten: ignore[debug-mode/flask] until=2027-12-31 -- -- see #12\nDEBUG = True\n"
    (one,) = judged(found(), {"app.py": text}).suppressed
    assert (one.finding, one.reason, one.until) == (found(), "-- see #12", "2027-12-31")
    assert one.at == Location("app.py", 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "X = 1  # batten: ignore[debug-mode] -- only this line\nDEBUG = True\n",
        "# batten: ignore[debug-mode] -- too far\n\nDEBUG = True\n",
        "x\ny\n# batten: ignore[debug-mode] -- below\n",
        "import os\nDEBUG = True  # batten: ignore[cors] -- another rule\n",
        "import os\nDEBUG = '# batten: ignore[debug-mode] -- text'\n",
        'X = """\n# batten: ignore[debug-mode] -- text"""\n',
        "import os\nDEBUG = True  # batten: ignored[debug-mode] -- no\n",
        "import os\nDEBUG = True  # a note on batten: ignore[debug-mode] -- no\n",
    ],
    ids=["trailing above", "gap", "below", "other rule", "string", "docstring", "other word", "prose"],
)
def test_nothing_else_suppresses(text: str) -> None:
    line = 3 if "too far" in text else 2
    assert judged(found(line=line), {"app.py": text}).kept == (found(line=line),)


def test_comments_stack_above_a_line() -> None:
    text = "# batten: ignore[debug-mode] -- a\n# batten: ignore[cors] -- b\n# and a word\nrun(debug=True)\n"
    outcome = judged([found(line=4), found(line=4, rule=CORS)], {"app.py": text})
    assert [one.reason for one in outcome.suppressed] == ["a", "b"]


def test_one_comment_may_hold_two() -> None:
    text = "x\nrun()  # batten: ignore[debug-mode] -- a  # batten: ignore[cors] -- b\n"
    outcome = judged([found(), found(rule=CORS)], {"app.py": text})
    assert [one.reason for one in outcome.suppressed] == ["a", "b"]


def test_the_last_line_of_a_call_counts_where_a_formatter_moved_the_comment() -> None:
    text = "app.run(\n    debug=True,\n    port=1,\n)  # batten: ignore[debug-mode] -- the lab\n"
    assert judged(found(line=1, at={"end_line": 4}), {"app.py": text}).kept == ()


def test_a_line_of_the_evidence_counts_in_the_same_file_only() -> None:
    here, there = Evidence(Location("app.py", 2), "set here"), Evidence(Location("other.py", 3), "read here")
    finding = found(line=9, evidence=(here, there, Evidence(Location("app.py"), "imported")))
    comment = "# batten: ignore[debug-mode] -- the lab\n"
    assert judged(finding, {"app.py": f"import os\nDEBUG = True  {comment}"}).kept == ()
    assert judged(finding, {"app.py": f"import os\nX = 1\nY = 2  {comment}"}).kept == (finding,)
    assert judged(finding, {"other.py": f"import os\nX = 1\nY = 2  {comment}"}).kept == (finding,)


def test_a_finding_on_a_whole_file_stands_on_its_first_line() -> None:
    assert judged(found(line=None), {"app.py": "# batten: ignore[debug-mode] -- the lab\n"}).kept == ()


def test_a_file_that_is_no_python_holds_comments_up_to_the_fault() -> None:
    text = "DEBUG = 1  # batten: ignore[debug-mode] -- before\n  indented = (\n"
    assert judged(found(line=1), {"app.py": text}).kept == ()
    broken = "def f():\n        x\n    y = 2  # batten: ignore[debug-mode] -- after\n"
    assert judged(found(line=3), {"app.py": broken}).kept == (found(line=3),)


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("compose.yml", "services:\n  web: x  # batten: ignore[debug-mode] -- r\n", 2),
        (".env", "# batten: ignore[debug-mode] -- r\nFLASK_DEBUG=1\n", 2),
        ("nginx.conf", "http {\n  autoindex on;# batten: ignore[debug-mode] -- r\n", 2),
        ("settings.toml", "a = 'it''s # no'  # batten: ignore[debug-mode] -- r\n", 1),
        ("settings.toml", 'a = "say \\" # no"  # batten: ignore[debug-mode] -- r\n', 1),
        ("compose.yml", "name: Ann's shop  # batten: ignore[debug-mode] -- r\n", 1),
        ("Dockerfile", "FROM x\n# batten: ignore[debug-mode] -- r\nENV FLASK_DEBUG=1\n", 3),
        ("Procfile", "# batten: ignore[debug-mode] -- r\nweb: flask run --debug\n", 2),
    ],
)
def test_other_files_have_comments_too(file: str, text: str, line: int) -> None:
    assert judged(found(file, line), {file: text}).kept == ()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("compose.yml", 'web: "x # batten: ignore[debug-mode] -- r"\n'),
        ("compose.yml", "web: 'x # batten: ignore[debug-mode] -- r'\n"),
        ("compose.yml", "web: x# batten: ignore[debug-mode] -- r\n"),
        ("deploy/web.Dockerfile", "ENV FLASK_DEBUG=1 # batten: ignore[debug-mode] -- r\n"),
        ("Dockerfile.prod", "ENV FLASK_DEBUG=1 # batten: ignore[debug-mode] -- r\n"),
        ("app.min.js", "x" * 3000 + " # batten: ignore[debug-mode] -- r\n"),
    ],
    ids=["double", "single", "glued", "dockerfile", "dockerfile suffix", "minified"],
)
def test_what_only_looks_like_a_comment_does_not_count(file: str, text: str) -> None:
    assert judged(found(file, 1), {file: text}).kept == (found(file, 1),)


def test_hostile_text_takes_no_time() -> None:
    text = "# batten: ignore[debug-mode] -- r\n" + '"\\' * 400_000 + "\n" + ("'" * 1999 + "\n") * 50
    assert judged(found("x.conf", 2), {"x.conf": text}).kept == ()


@pytest.mark.parametrize(
    ("comment", "note"),
    [
        ("ignore[debug-mode] until=2027-02-28 -- r", "suppression expired on 2027-02-28 (app.py:1)"),
        ("ignore[debug-mode] until=tomorrow -- r", "suppression has a malformed date: tomorrow is not YYYY-MM-DD"),
        ("ignore[debug-mode]", "suppression gives no reason; write it after -- (app.py:1)"),
        ("ignore[debug-mode] --", "suppression gives no reason"),
        ("ignore[debug-mode] because I say so", "suppression is not understood"),
        ("ignore", "suppression is not understood; write: # batten: ignore[topic/detail] -- reason"),
        ("ignore[] -- r", "suppression is not understood"),
        ("ignore[debug-mode] until -- r", "suppression is not understood"),
    ],
)
def test_a_suppression_that_does_not_hold_brings_the_finding_back_with_a_note(comment: str, note: str) -> None:
    outcome = judged(found(line=1), {"app.py": f"DEBUG = True  # batten: {comment}\n"})
    (kept,) = outcome.kept
    assert kept.note.startswith(note)
    assert outcome.suppressed == ()


def test_a_note_is_added_to_the_one_that_is_there() -> None:
    (kept,) = judged(found(line=1, note="seen twice"), {"app.py": "X  # batten: ignore[debug-mode]\n"}).kept
    assert kept.note.startswith("seen twice; suppression gives no reason")


def test_one_that_holds_wins_over_one_that_has_expired() -> None:
    text = "# batten: ignore[debug-mode] until=2020-01-01 -- old\n# batten: ignore[debug-mode] -- new\nDEBUG = True\n"
    outcome = judged(found(line=3), {"app.py": text})
    assert [one.reason for one in outcome.suppressed] == ["new"]
    assert outcome.unused == ()


# Settings


@pytest.mark.parametrize(
    "matching",
    [
        ignore(),
        ignore("debug-mode"),
        ignore(CORS, DEBUG),
        ignore(path="*.py"),
        ignore(app="shop"),
        ignore(env="production"),
        ignore(path="app.py", app="shop", env="production"),
    ],
)
def test_a_table_suppresses_what_all_its_parts_match(matching: Ignore) -> None:
    assert judged(found(app="shop"), None, matching).kept == ()


@pytest.mark.parametrize("other", [ignore(CORS), ignore(path="b.py"), ignore(app="blog"), ignore(env="staging")])
def test_a_table_leaves_what_one_part_does_not_match(other: Ignore) -> None:
    assert judged(found(app="shop"), None, other).kept == (found(app="shop"),)


def test_a_finding_without_a_file_can_be_accepted_too() -> None:
    live = Finding(Location(url="http://127.0.0.1/"), "open", rule=DEBUG)
    (one,) = judged(live, None, ignore(owner="ana", until="2027-03-01")).suppressed
    assert (one.owner, one.until, str(one.at)) == ("ana", "2027-03-01", "batten.toml:3")
    assert judged(live, None, ignore(path="*")).kept == (live,)


def test_an_expired_table_brings_the_finding_back() -> None:
    (kept,) = judged(found(), None, ignore(until="2027-02-28")).kept
    assert kept.note == "suppression expired on 2027-02-28 (batten.toml:3)"


# Suppressions without use


def unused(outcome: Outcome) -> list[str]:
    return [f"{at}: {text}" for at, text in outcome.unused]


def test_what_meets_no_finding_is_reported_with_its_place() -> None:
    text = "x\ny = 1  # batten: ignore[cors, debug-mode/flask] -- r\n"
    outcome = judged(found(), {"app.py": text}, ignore("debug-mode/debugger"))
    assert unused(outcome) == [
        "app.py:2: suppression of cors is not needed: nothing was found there",
        "batten.toml:3: suppression of debug-mode/debugger is not needed: nothing was found there",
    ]


def test_one_whose_rules_were_not_asked_is_not_called_unused() -> None:
    quiet = judged([], {"app.py": "# batten: ignore[cors] -- r\n"}, ran=[DEBUG])
    assert unused(quiet) == []
    spoken = judged([], {"app.py": "# batten: ignore[debug-mode] -- r\n"}, ran=[DEBUG])
    assert len(unused(spoken)) == 1


def test_an_expired_one_that_meets_its_finding_is_not_called_unused() -> None:
    assert unused(judged(found(line=1), {"app.py": "X  # batten: ignore[debug-mode] until=2020-01-01 -- r\n"})) == []


def test_one_that_names_no_rule_is_reported_with_the_nearest() -> None:
    outcome = judged([], {"app.py": "# batten: ignore[debug-mod/flask] -- r\n# batten: ignore[zzzzzz] -- r\n"})
    assert unused(outcome) == [
        "app.py:1: suppression names no rule or topic: debug-mod/flask; did you mean debug-mode/flask?",
        "app.py:2: suppression names no rule or topic: zzzzzz",
    ]


def test_rules_that_are_not_asked_here_may_be_named_and_are_looked_up_only_then() -> None:
    asked: list[str] = []

    def others() -> Collection[Rule]:
        asked.append("all")
        return RULES[1:]

    def outcome(text: str) -> Outcome:
        texts = {"app.py": text}
        return suppress([], (), rules=RULES[:1], source=texts.get, today=TODAY, files=texts, others=others)

    assert (outcome("DEBUG = True\n").unused, asked) == ((), [])
    assert (outcome(f"# batten: ignore[{RULES[1].id}] -- r\n").unused, asked) == ((), ["all"])


def test_one_that_is_not_understood_is_reported_even_without_a_finding() -> None:
    (line,) = unused(judged([], {"app.py": "# batten: ignore -- everything\n"}))
    assert line.startswith("app.py:1: suppression is not understood")


def test_a_file_that_cannot_be_read_holds_no_suppressions() -> None:
    outcome = suppress([found()], (), rules=RULES, source=lambda _file: None, today=TODAY, files=["gone.py"])
    assert outcome == Outcome(kept=(found(),), suppressed=(), unused=())
