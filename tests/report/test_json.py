"""The JSON report: its fields, its schema, and what it must never say."""

from __future__ import annotations

import json as stdlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings, strategies as st
from jsonschema import Draft202012Validator

import batten.report
from batten import __version__
from batten.judge import score
from batten.model import AppSummary, Configuration, Entry, Evidence, Finding, Gate, Location, Report, State, Value
from batten.report import json
from batten.report.wording import clean, data, written

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = Path(batten.report.__file__).with_name("schema") / "batten-1.schema.json"
STORED = Path(__file__).with_name("report.json")
VALIDATOR = Draft202012Validator(stdlib.loads(SCHEMA.read_text("utf-8")))


def read(report: Report) -> dict[str, Any]:
    document: dict[str, Any] = stdlib.loads(json.render(report))
    VALIDATOR.validate(document)
    return document


def with_settings(settings: Mapping[str, Value]) -> Report:
    app = AppSummary("shop", "flask", ".", Entry("flask run", None), settings)
    return Report(
        target=".",
        score=score((), evaluated=1, applicable=1),
        gate=Gate(passed=True, why=(), code=0),
        layers={"app": "evaluated"},
        apps=(app,),
    )


def value_of(held: Value) -> Any:  # noqa: ANN401 - any JSON
    return read(with_settings({"X": held}))["apps"][0]["settings"]["X"].get("value")


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(VALIDATOR.schema)


def test_a_whole_report_is_as_stored(report: Report) -> None:
    text = json.render(report).replace(f'"batten": "{__version__}"', '"batten": "0.0.0"')
    assert text == STORED.read_text("ascii"), "when the change is meant, store the new text"


def test_a_whole_report_fits_the_schema(report: Report) -> None:
    document = read(report)
    assert list(document)[:5] == ["schema", "batten", "target", "score", "gate"]
    assert (document["schema"], document["batten"]) == ("batten/1", __version__)


def test_an_empty_report_fits_the_schema(empty: Report) -> None:
    document = read(empty)
    assert document["score"]["coverage"] == {"evaluated": 0, "applicable": 0}
    assert document["findings"] == document["apps"] == []


def test_text_ends_with_one_newline_and_is_ascii(report: Report) -> None:
    text = json.render(report)
    assert text.isascii()
    assert text.endswith("}\n")
    assert text == json.render(report)


def test_no_secret_comes_out(report: Report, secret: str) -> None:
    text = json.render(report)
    assert secret not in text
    settings = stdlib.loads(text)["apps"][0]["settings"]
    assert settings["SECRET_KEY"]["value"] == "*** (18 characters)"
    assert settings["SECRET_KEY"]["origin"][0]["says"] == "set here *** (18 characters)"
    assert settings["JWT_SECRET_KEY"]["values"] == ["*** (18 characters)", None]


@pytest.mark.parametrize("held", [SECRET_LIKE := "k" * 20, b"k" * 20, ["k" * 20], {"k" * 20: "k" * 20}, 10**20])
def test_a_secret_of_any_type_is_masked(held: object) -> None:
    shown = value_of(Value(State.KNOWN, held, secret=True))
    assert shown.startswith("*** (")
    assert SECRET_LIKE not in shown


@pytest.mark.parametrize("held", [None, True, False, ""])
def test_the_absence_of_a_secret_may_be_told(held: object) -> None:
    assert value_of(Value(State.KNOWN, held, secret=True)) in (held, "''")


def test_a_configuration_is_a_report_without_its_verdict(report: Report, secret: str) -> None:
    held = Configuration("shop", 0, {"app": "evaluated"}, report.apps, report.unsure, inputs=report.inputs)
    text = json.configuration(held)
    assert secret not in text
    document = stdlib.loads(text)
    VALIDATOR.validate(document)
    whole = read(report)
    assert document == {name: whole[name] for name in document} | {
        "layers": {"app": "evaluated"},
        "not_deployed": [],
        "notes": [],
    }
    assert set(whole) - set(document) == {"score", "gate", "findings", "suppressed", "stack", "http", "listeners"}


def test_a_bared_secret_is_told(report: Report, secret: str) -> None:
    app = report.apps[0]
    bared = replace(app, settings={name: value.bared() for name, value in app.settings.items()})
    document = stdlib.loads(json.configuration(Configuration(".", 0, {}, (bared,))))
    VALIDATOR.validate(document)
    settings = document["apps"][0]["settings"]
    assert settings["SECRET_KEY"]["value"] == secret
    assert settings["SECRET_KEY"]["origin"][0]["says"] == f"set here {secret!r}"
    assert settings["JWT_SECRET_KEY"]["values"] == [secret, None]


@pytest.mark.parametrize("left_out", ["score", "gate", "findings", "suppressed", "http", "listeners"])
def test_a_verdict_is_whole_or_not_there(report: Report, left_out: str) -> None:
    document = read(report)
    del document[left_out]
    assert not VALIDATOR.is_valid(document)


def test_each_case_of_a_setting_has_its_origin() -> None:
    cases = tuple(Value(State.KNOWN, n, evidence=(Evidence(Location("a.py", n), "set here"),)) for n in (1, 2))
    held = Value(State.ONE_OF, cases_=cases, evidence=cases[0].evidence)
    origin = read(with_settings({"X": held}))["apps"][0]["settings"]["X"]["origin"]
    assert [step["line"] for step in origin] == [1, 2]


def test_how_production_was_found_is_told(report: Report) -> None:
    entry = read(report)["apps"][0]["entry"]
    assert entry["unit"] == "web"
    assert [step["says"] for step in entry["origin"]] == ["started by the Procfile process web"]


def test_each_state_says_what_it_can(report: Report) -> None:
    settings = read(report)["apps"][0]["settings"]
    assert settings["DEBUG"] == {
        "value": True,
        "state": "known",
        "confidence": "certain",
        "origin": [{"file": "web/config.py", "line": 3, "says": "set here True"}],
    }
    assert settings["TESTING"] == {"state": "unset", "confidence": "certain", "origin": []}
    assert settings["SALT"]["why"] == "secrets.token_hex() is random"
    assert (settings["PORT"]["state"], settings["PORT"]["why"]) == ("error", "int('http') fails")
    assert (settings["run.host"]["state"], settings["run.host"]["why"]) == ("unknown", "read from a database")
    assert settings["NAME"]["value"] == "Sjökafé \U0001f980"
    assert list(settings) == sorted(settings)


def test_a_finding_has_its_place_its_trail_and_its_fix(report: Report) -> None:
    first, second, third = read(report)["findings"]
    assert (first["severity"], first["confidence"]) == ("critical", "certain")
    assert first["location"] == {
        "file": "web/app.py",
        "line": 9,
        "url": None,
        "port": None,
        "column": 1,
        "end_line": 9,
        "end_column": 20,
    }
    assert first["evidence"][:2] == [
        {"file": "web/config.py", "line": 3, "says": "set here True", "source": "DEBUG = True"},
        {"file": None, "line": None, "variable": "FLASK_DEBUG", "says": "given as '1'"},
    ]
    assert first["fix"]["kind"] == "safe"
    assert first["fix"]["edits"][1] == {
        "file": "web/config.py",
        "line": 3,
        "column": 9,
        "end_line": 3,
        "end_column": 13,
        "text": "False",
    }
    assert second["note"].startswith("suppression expired")
    assert second["fix"]["edits"] == []
    assert (third["location"]["port"], third["fix"]) == (6379, None)


def test_what_is_suppressed_says_why_and_by_whom(report: Report) -> None:
    (one,) = read(report)["suppressed"]
    assert one["rule"] == "debug-mode/flask"
    assert one["suppression"]["reason"] == "the lab is open on purpose"
    assert (one["suppression"]["until"], one["suppression"]["owner"]) == ("2027-03-01", "ana")
    assert one["suppression"]["at"]["line"] == 8


def test_live_evidence_has_its_address(report: Report) -> None:
    seen = Evidence(Location(url="http://127.0.0.1/console"), "answered")
    finding = replace(report.findings[0], evidence=(seen, Evidence(Location(port=80), "listens")))
    first, second = read(replace(report, findings=(finding,)))["findings"][0]["evidence"]
    assert first["url"] == "http://127.0.0.1/console"
    assert (second["port"], second["file"]) == (80, None)


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (b"\x00key", "b'\\x00key'"),
        ((1, ("a", b"b")), [1, ["a", "b'b'"]]),
        ({"b", "a"}, ["a", "b"]),
        (frozenset({2}), [2]),
        ({1: True, None: ("x",)}, {"1": True, "None": ["x"]}),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (float("nan"), "nan"),
        (1.5, 1.5),
        (2**53, 2**53),
        (-(2**53) - 1, str(-(2**53) - 1)),
        ("lone \ud800 and \x00", "lone \ufffd and \ufffd"),
        (complex(1, 2), "(1+2j)"),
    ],
)
def test_what_json_has_no_word_for_is_told_as_text(held: object, told: object) -> None:
    assert value_of(Value(State.KNOWN, held)) == told


def test_an_integer_that_python_refuses_to_write_is_told_by_its_size() -> None:
    assert value_of(Value(State.KNOWN, 1 << 100_000)) == "an integer of 100001 bits"


def test_a_bottomless_list_ends() -> None:
    held: list[object] = []
    held.append(held)
    assert "\\u2026" in written({"held": held})


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=60)
@given(plain)
def test_any_plain_value_can_be_written_and_read_back(held: object) -> None:
    text = written({"held": held})
    assert stdlib.loads(text, parse_constant=pytest.fail) == {"held": data(held)}


@given(st.text(st.characters(), max_size=20))
def test_any_text_fits_the_schema_and_comes_back(text: str) -> None:
    finding = Finding(Location(text, 1), text or "x", rule="a/a", fingerprint="0" * 32, app=text)
    report = replace(with_settings({text: Value(State.KNOWN, text)}), findings=(finding,), target=text)
    document = read(report)
    assert document["target"] == clean(text)
    assert document["findings"][0]["app"] == clean(text)


def _at(document: dict[str, Any], path: str) -> dict[str, Any]:
    held: Any = document
    for part in path.split("."):
        held = held[int(part)] if part.isdigit() else held[part]
    assert isinstance(held, dict)
    return held


@pytest.mark.parametrize(
    "path",
    [
        "score",
        "score.coverage",
        "gate",
        "apps.0",
        "apps.0.entry",
        "apps.0.settings.DEBUG",
        "findings.0",
        "findings.0.location",
        "findings.0.evidence.0",
        "findings.0.fix",
        "findings.0.fix.edits.0",
        "suppressed.0",
        "suppressed.0.suppression",
        "unsure.0",
        "not_deployed.0",
    ],
)
def test_the_schema_refuses_what_is_not_in_the_contract(report: Report, path: str) -> None:
    document = read(report)
    _at(document, path)["surprise"] = 1
    assert not VALIDATOR.is_valid(document)
    del _at(document, path)["surprise"]
    assert VALIDATOR.is_valid(document)
    held = _at(document, path)
    del held[next(iter(held))]
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    ("path", "key", "wrong"),
    [
        ("findings.0", "fingerprint", "app.py:7"),
        ("findings.0", "severity", "blocker"),
        ("findings.0.location", "line", 0),
        ("score", "points", 101),
        ("gate", "code", 2),
        ("apps.0.settings.DEBUG", "state", "one-of"),
        ("apps.0.settings.TESTING", "value", 1),
        ("apps.0.settings.TESTING", "state", "unknown"),
    ],
)
def test_the_schema_refuses_what_makes_no_sense(report: Report, path: str, key: str, wrong: object) -> None:
    document = read(report)
    _at(document, path)[key] = wrong
    assert not VALIDATOR.is_valid(document)
