"""What was there before: a baseline, an older revision, an older report."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from batten.model import BattenError, Severity
from batten.report import compare as told, json as as_json
from batten.run import Request, check
from batten.run.change.baseline import baseline
from batten.run.change.compare import compare

if TYPE_CHECKING:
    from pathlib import Path

    from batten.model import Report

APP = "from flask import Flask\n\napp = Flask(__name__)\napp.config['SECRET_KEY'] = 'k8sJd02mNx9Qw7Zr4Tv'\n"
FILE = "batten.baseline.jsonl"
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def project(root: Path, app: str = APP) -> Path:
    (root / "app.py").write_text(app, encoding="utf-8")
    (root / "Procfile").write_text("web: gunicorn app:app\n", encoding="utf-8")
    return root


def checked(root: Path, **more: object) -> Report:
    return check(Request(target=str(root), **more))  # type: ignore[arg-type]


def accept(root: Path, owner: str = "") -> str:
    drawn = baseline(Request(target=str(root)), owner=owner)
    (root / FILE).write_text(drawn.text, encoding="utf-8")
    return drawn.text


def test_what_is_in_the_baseline_is_accepted_and_what_is_new_is_told(tmp_path: Path) -> None:
    root = project(tmp_path)
    before = checked(root)
    accept(root, "ana")
    after = checked(root)
    assert after.findings == ()
    assert {one.finding.fingerprint for one in after.suppressed} == {one.fingerprint for one in before.findings}
    assert all(one.reason == "in the baseline" and one.at.file == FILE for one in after.suppressed)
    project(root, APP + "app.config['SESSION_COOKIE_HTTPONLY'] = False\n")
    assert [one.rule for one in checked(root).findings] == ["cookie-flags/session-httponly"]


def test_the_score_tells_of_what_is_accepted_so(tmp_path: Path) -> None:
    root = project(tmp_path)
    before = checked(root).score.points
    accept(root, "ana")
    assert checked(root).score.points == before


def test_a_critical_finding_needs_an_owner(tmp_path: Path) -> None:
    root = project(tmp_path)
    worst = [one for one in checked(root).findings if one.graded is Severity.CRITICAL]
    assert worst, "the example should hold one"
    text = accept(root)
    assert all(one.fingerprint not in text for one in worst)
    assert {one.fingerprint for one in checked(root).findings} == {one.fingerprint for one in worst}
    bare = [{"fingerprint": one.fingerprint, "rule": one.rule} for one in worst]
    (root / FILE).write_text("".join(json.dumps(row) + "\n" for row in bare), encoding="utf-8")
    assert any("names no owner" in one.note for one in checked(root).findings)


def test_a_baseline_holds_no_secret_and_does_not_change_by_itself(tmp_path: Path) -> None:
    root = project(tmp_path)
    text = accept(root, "ana")
    assert "k8sJd02mNx9Qw7Zr4Tv" not in text
    assert accept(root) == text


def test_another_name_of_the_directory_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    root = project(tmp_path / "shop")
    accept(root, "ana")
    root.rename(tmp_path / "build")
    assert checked(tmp_path / "build").findings == ()


def test_what_is_fixed_leaves_the_baseline(tmp_path: Path) -> None:
    root = project(tmp_path)
    accept(root, "ana")
    project(root, APP.replace("'k8sJd02mNx9Qw7Zr4Tv'", "__import__('os').environ['SECRET_KEY']"))
    assert any("met no finding" in note for note in checked(root).notes)
    drawn = baseline(Request(target=str(root)))
    assert drawn.gone == 1


def test_a_line_that_is_none_is_told(tmp_path: Path) -> None:
    root = project(tmp_path)
    (root / FILE).write_text('{"form": "x"}\nnonsense\n[]\n{"rule": "a/b"}\n', encoding="utf-8")
    notes = checked(root).notes
    assert [note.partition(": ")[0] for note in notes] == [f"{FILE}:2", f"{FILE}:3", f"{FILE}:4"]


def git(root: Path, *words: str) -> None:
    name = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    subprocess.run(["git", "-C", str(root), *name, *words], check=True, capture_output=True)


@needs_git
def test_only_what_a_revision_did_not_have_is_new(tmp_path: Path) -> None:
    root = project(tmp_path)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    project(root, APP + "app.config['SESSION_COOKIE_HTTPONLY'] = False\n")
    report = checked(root, new_since="HEAD")
    assert [one.rule for one in report.findings] == ["cookie-flags/session-httponly"]
    assert {one.reason for one in report.suppressed} == {"there since HEAD"}


@needs_git
def test_a_directory_inside_the_repository(tmp_path: Path) -> None:
    (tmp_path / "services" / "shop").mkdir(parents=True)
    root = project(tmp_path / "services" / "shop")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    assert checked(root, new_since="HEAD").findings == ()


@needs_git
def test_the_audited_repository_runs_nothing(tmp_path: Path) -> None:
    root = project(tmp_path)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    witness = root / "ran"
    for name in ("core.fsmonitor", "tar.tar.command", "uploadpack.packObjectsHook"):
        git(root, "config", name, f"touch {witness}; cat")
    checked(root, new_since="HEAD")
    assert not witness.exists()


@needs_git
@pytest.mark.parametrize("name", ["nope", "--output=x", "HEAD:../..", "a b", ""])
def test_no_such_revision(tmp_path: Path, name: str) -> None:
    root = project(tmp_path)
    git(root, "init", "-q")
    if not name:
        assert checked(root, new_since=name).findings
        return
    with pytest.raises(BattenError):
        checked(root, new_since=name)


def test_outside_of_a_repository(tmp_path: Path) -> None:
    with pytest.raises(BattenError):
        checked(project(tmp_path), new_since="HEAD")


def saved(root: Path, name: str) -> str:
    path = root.parent / name
    path.write_text(as_json.render(checked(root)), encoding="utf-8")
    return str(path)


def test_two_reports(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    root = project(tmp_path / "shop")
    before = saved(root, "a.json")
    changed = APP.replace("'k8sJd02mNx9Qw7Zr4Tv'", "__import__('os').environ['SECRET_KEY']")
    project(root, changed + "app.config['SESSION_COOKIE_HTTPONLY'] = False\n")
    after = saved(root, "b.json")
    held = compare(before, after)
    assert [row["rule"] for row in held.new] == ["cookie-flags/session-httponly"]
    assert [row["rule"].split("/")[0] for row in held.fixed] == ["secret-key"]
    assert held.unchanged
    assert held.worsened(Severity.MEDIUM)
    assert not held.worsened(Severity.HIGH)
    text = told.render(held)
    assert "new medium[cookie-flags/session-httponly] app.py:5" in text
    assert f"score {held.points[0]} → {held.points[1]}" in text
    document = json.loads(told.as_json(held))
    assert len(document["new"]) == 1


def test_a_severity_that_changed(tmp_path: Path) -> None:
    root = project(tmp_path)
    path = saved(root, "a.json")
    document = json.loads((root.parent / "a.json").read_text(encoding="utf-8"))
    for row in document["findings"]:
        row["severity"] = "info"
    milder = tmp_path / "b.json"
    milder.write_text(json.dumps(document), encoding="utf-8")
    assert len(compare(str(milder), path).changed) == len(document["findings"])
    assert compare(str(milder), path).worsened(Severity.CRITICAL)
    assert not compare(path, str(milder)).worsened(Severity.INFO)
    assert "critical → info" in told.render(compare(path, str(milder)))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "batten/1"}', '{"schema": "batten/1", "findings": [{}]}'])
def test_what_is_no_report(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BattenError, match="no report of Batten"):
        compare(str(path), str(path))
