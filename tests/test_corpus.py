"""Small whole projects, each with what is true of it: `corpus/NAME/app` and `corpus/NAME/expected.toml`.

`expected.toml` says in one sentence what the project is about (`says`), and holds:

- `[[must]]` a finding of this topic, above info, has to stand at this line or at one of `also`; `file = "*"`: anywhere.
- `[[must_not]]` none of this topic may stand at this line.
- `scope` topics that are judged besides `ALWAYS`: in these, every finding is one of `must`.
- `gap` why these findings are not yet as they have to be; to be deleted on the day that they are.
- `[[values]]` the settings in the environment `env`, on top of what the deployment files set (`deploy_env`). A string
  in `STATES` is a state; `<none>` is a known None. `not_told` lists those that Batten says it cannot tell: honest, and
  to be deleted here on the day that it can.
- `target` (`module:expression`) or `script` is what the real Flask is asked with. `visit` is a page to open first,
  `left_out` lists the files that .dockerignore keeps out of the image.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from batten.model import Severity, State
from batten.run import Request, check, config

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.model import Configuration, Finding, Report, Value

CORPUS = Path(__file__).parent / "corpus"
PROJECTS = sorted(path.parent.name for path in CORPUS.glob("*/expected.toml"))
ALWAYS = {"autoescape", "cors", "debug-mode", "default-credentials", "jwt-verify", "secret-key", "tls-verify"}
STATES = {"<unset>": State.UNSET, "<runtime>": State.RUNTIME, "<error>": State.ERROR}
KEYS = {"says", "target", "script", "visit", "left_out", "deploy_env", "scope", "gap", "must", "must_not", "values"}

Expected = dict[str, Any]


@cache
def expected(name: str) -> Expected:
    return tomllib.loads((CORPUS / name / "expected.toml").read_text("utf-8"))


def places(row: Mapping[str, Any]) -> set[tuple[str, int]]:
    return {(place["file"], place["line"]) for place in (row, *row.get("also", ()))}


def answers(finding: Finding, row: Mapping[str, Any]) -> bool:
    if finding.topic != row["topic"]:
        return False
    return row["file"] == "*" or (finding.at.file, finding.at.line) in places(row)


def wrong_findings(report: Report, truth: Expected) -> Iterator[str]:
    told = [finding for finding in report.findings if finding.graded is not Severity.INFO]
    musts = truth.get("must", [])
    for row in musts:
        if not any(answers(finding, row) for finding in told):
            yield f"missed: {row}"
    for row in truth.get("must_not", []):
        yield from (f"not so: {finding.rule} {finding.at}" for finding in told if answers(finding, row))
    for finding in told:
        if finding.topic in ALWAYS | set(truth.get("scope", ())) and not any(answers(finding, row) for row in musts):
            yield f"nobody expects: {finding.rule} {finding.at} {finding.says}"


def is_right(value: Value, wanted: object) -> bool:
    if isinstance(wanted, str) and wanted in STATES:
        return value.state is STATES[wanted]
    if wanted == "<none>":
        wanted = None
    return value.state is State.KNOWN and type(value.value) is type(wanted) and value.value == wanted


def is_told(value: Value) -> bool:
    return value.state not in {State.UNKNOWN, State.ONE_OF}


def wrong_values(report: Configuration, row: Mapping[str, Any]) -> Iterator[str]:
    for name, wanted in row["settings"].items():
        found = [app.settings[name] for app in report.apps if name in app.settings]
        if name in row.get("not_told", ()):
            right = bool(found) and not any(is_told(value) for value in found)
        elif not found:
            right = bool(report.apps) and wanted == "<unset>"
        else:
            right = any(is_right(value, wanted) for value in found)
        if not right:
            seen = [f"{value.state.value} {value.value!r} {value.why}".strip() for value in found]
            yield f"{name} is {wanted!r} in {row.get('env', {})}, told as {seen or 'nothing'}"


@pytest.mark.parametrize("name", PROJECTS)
def test_finds_what_is_wrong(name: str, request: pytest.FixtureRequest) -> None:
    truth = expected(name)
    if "gap" in truth:
        request.applymarker(pytest.mark.xfail(reason=truth["gap"], strict=True))
    wrong = list(wrong_findings(check(Request(target=str(CORPUS / name / "app"))), truth))
    assert not wrong, "\n".join([truth["says"], *wrong])


@pytest.mark.parametrize("name", PROJECTS)
def test_tells_each_value(name: str) -> None:
    truth = expected(name)
    wrong: list[str] = []
    for row in truth["values"]:
        request = Request(target=str(CORPUS / name / "app"), env=row.get("env", {}))
        wrong += wrong_values(config(request, reveal_secrets=True), row)
    assert not wrong, "\n".join([truth["says"], *wrong])


@pytest.mark.process
@pytest.mark.parametrize("name", PROJECTS)
def test_expected_is_what_flask_does(name: str, tmp_path: Path) -> None:
    truth = expected(name)
    app = shutil.copytree(CORPUS / name / "app", tmp_path / "app")
    for file in truth.get("left_out", ()):
        (app / file).unlink()
    request = {
        "target": truth.get("target"),
        "script": truth.get("script"),
        "visit": truth.get("visit"),
        "environments": [truth.get("deploy_env", {}) | row.get("env", {}) for row in truth["values"]],
    }
    run = subprocess.run(
        [sys.executable, "-I", "-B", CORPUS / "measure.py"],
        check=True,
        cwd=app,
        input=json.dumps(request),
        capture_output=True,
        text=True,
    )
    for row, real in zip(truth["values"], json.loads(run.stdout), strict=True):
        seen = {setting: real.get("", real.get(setting, "<unset>")) for setting in row["settings"]}
        assert seen == row["settings"], f"{row.get('env', {})} {real.get('why', '')}"


@pytest.mark.parametrize("name", PROJECTS)
def test_expected_names_what_is_there(name: str) -> None:
    truth = expected(name)
    assert set(truth) <= KEYS
    assert ("target" in truth) != ("script" in truth)
    for row in truth["values"]:
        assert set(row) <= {"env", "settings", "not_told"}
        assert set(row.get("not_told", ())) <= set(row["settings"])
    for row in (*truth.get("must", ()), *truth.get("must_not", ())):
        for file, line in places(row) if row["file"] != "*" else ():
            assert (CORPUS / name / "app" / file).read_text("utf-8").splitlines()[line - 1].strip()
