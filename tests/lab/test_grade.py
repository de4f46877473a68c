"""The grade of the lab: each door is open until the learner shuts it; the walk through them."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from batten.cli import run
from batten.collect.lab import copied
from batten.model import Finding, Location, Severity
from batten.model.lab import Door, Grade, Tried
from batten.report import lab as picture
from batten.report.style import Look
from batten.rules import all_rules
from batten.run.lab import Stack, grade
from batten.run.lab.doors import DOORS, REST, door_of

if TYPE_CHECKING:
    from pathlib import Path

DOOR = Door("hatch", "the hatch is open", ("x",), "shut <it>")
FOUND = Finding(at=Location("app.py", 3), says="the hatch & all", rule="debug-mode/flask", severity=Severity.HIGH)


def graded(directory: Path) -> dict[str, Tried]:
    with Stack(directory=str(directory)) as stack:
        result = grade(stack)
    assert result.untried == ()
    return {one.door.name: one for one in result.doors}


def edit(directory: Path, file: str, before: str, after: str) -> None:
    path = directory / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


@pytest.mark.process
def test_every_door_of_the_unlocked_shop_is_open(tmp_path: Path) -> None:
    doors = graded(tmp_path / "shop")
    assert [name for name, one in doors.items() if not one.is_open] == []
    assert set(doors) == {door.name for door in DOORS}
    if shutil.which("redis-server"):
        assert "PING is answered without a password" in doors["redis"].seen
    assert {finding.rule for finding in doors["listing"].findings} == {"directory-listing/served"}


@pytest.mark.process
def test_an_edit_shuts_its_doors_and_no_other(tmp_path: Path) -> None:
    copied("unlocked", str(tmp_path / "shop"))
    shop = tmp_path / "shop"
    edit(shop, "config.py", '"SHOP_DEBUG", "true"', '"SHOP_DEBUG", "false"')
    edit(shop, "config.py", 'os.environ.get("SECRET_KEY", "chandlery-secret")', 'os.environ["SECRET_KEY"]')
    edit(shop, "config.py", 'os.environ.get("ADMIN_PASSWORD", "admin")', 'os.environ["ADMIN_PASSWORD"]')
    edit(
        shop,
        "compose.yaml",
        "--protected-mode no\n    ports:\n",
        "--requirepass ${REDIS_PASSWORD:?set it}\n    expose:\n",
    )
    shut = {name for name, one in graded(shop).items() if not one.is_open}
    assert shut == {"debugger", "signing key", "login", "redis"}


@pytest.mark.process
@pytest.mark.parametrize("format_", ["text", "junit"])
def test_all_doors_of_the_twin_are_shut(tmp_path: Path, capsys: pytest.CaptureFixture[str], format_: str) -> None:
    copied("hardened", str(tmp_path / "shop"))
    assert run(["lab", "check", str(tmp_path / "shop"), "--format", format_]) == 0
    said = capsys.readouterr().out
    if format_ == "text":
        assert f"Battened down: all {len(DOORS)} doors are shut." in said
    else:
        assert ET.fromstring(said).get("failures") == "0"


@pytest.mark.process
def test_a_copy_that_does_not_start_is_no_grade(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copied("unlocked", str(tmp_path / "shop"))
    (tmp_path / "shop" / "config.py").write_text("no python\n")
    assert run(["lab", "check", str(tmp_path / "shop")]) == 4
    said = capsys.readouterr()
    assert "the shop could not be started" in said.err
    assert said.out == ""


@pytest.mark.process
def test_the_walk_shows_each_door_and_its_twin(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lab", "tour", "--no-pause", "--port", "1"]) == 0
    said = capsys.readouterr().out
    for part in (
        "KeyError: 'anchor'",
        ">     title, euros = store.GOODS[item]",
        "Something went wrong on our side. It is in our log.",
        "Interactive Console",
        "The console is locked",
        "remote code execution",
        "MAIL_PASSWORD=harbour-lights-1987",
        "ref: refs/heads/main",
        "1001.txt",
        "POST /admin/ user=admin password=admin",
        "batten explain debug-mode/flask",
        "batten explain default-credentials/login",
    ):
        assert part in said
    if shutil.which("redis-server"):
        assert "PING is answered without a password" in said
        assert "NOAUTH" in said


@pytest.mark.process
def test_the_walk_uses_the_lab_that_runs_and_tells_what_is_shut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # no redis-server
    copied("unlocked", str(tmp_path / "shop"))
    edit(tmp_path / "shop", "config.py", '"SHOP_DEBUG", "true"', '"SHOP_DEBUG", "false"')
    with Stack(directory=str(tmp_path / "shop")) as stack:
        port = stack.ports[0]
        assert "no redis-server is installed here" in stack.no_cache
        assert run(["lab", "tour", "--no-pause", "--port", str(port)]) == 0
        shut = grade(stack)
    said = capsys.readouterr().out
    assert said.startswith(f"The unlocked shop: http://127.0.0.1:{port}/")
    assert "Interactive Console" not in said
    assert f"not tried: nothing answers on port {port + 1}" in said
    assert shut.notes == (f"Redis was judged by its files only: {stack.no_cache}",)


def test_every_door_names_rules_that_exist() -> None:
    known = {rule.id for rule in all_rules()}
    known |= {name.partition("/")[0] for name in known}
    assert [name for door in DOORS for name in door.rules if name not in known] == []


@pytest.mark.parametrize(
    ("rule", "door"),
    [
        ("exposed-path/env", ".env"),
        ("exposed-path/backup", "source"),
        ("published-port/cache", "redis"),
        ("published-port/database", "database"),
        ("default-credentials/login", "login"),
        ("default-credentials/database-url", "database"),
        ("bucket-public/acl", REST.name),
    ],
)
def test_a_finding_belongs_to_the_door_that_names_it_best(rule: str, door: str) -> None:
    assert door_of(Finding(at=Location(), says="", rule=rule)).name == door


def a_grade(*, opened: bool, untried: tuple[str, ...] = ()) -> Grade:
    tried = Tried(DOOR, (FOUND,) * 4 if opened else (), "port 1: PING" if opened else "")
    return Grade("shop", (tried,), ("a note",), untried)


@pytest.mark.parametrize(
    ("held", "code", "last"),
    [
        (a_grade(opened=True), 1, "✗ 1 of 1 doors are open."),
        (a_grade(opened=False), 0, "✓ Battened down: all 1 doors are shut."),
        (a_grade(opened=False, untried=("a login: it locked",)), 4, "No door is open, but not all could be tried."),
    ],
)
def test_the_last_line_and_the_code_say_the_same(held: Grade, code: int, last: str) -> None:
    assert held.code == code
    assert picture.render(held, "text").splitlines()[-1] == last


def test_an_open_door_is_told_with_findings_and_hint() -> None:
    said = picture.render(a_grade(opened=True), "text", Look(width=80))
    assert said.splitlines()[:5] == [
        "✗ open  hatch: the hatch is open",
        "    port 1: PING",
        *["    app.py:3: the hatch & all [debug-mode/flask]"] * 3,
    ]
    assert "    and 1 more\n    hint: shut <it>\n" in said


def test_machines_read_the_same() -> None:
    held = a_grade(opened=True, untried=("a login: it locked",))
    told = json.loads(picture.render(held, "json"))
    assert (told["open"], told["doors"][0]["door"], told["untried"]) == (1, "hatch", ["a login: it locked"])
    assert told["doors"][0]["findings"][0] == {
        "rule": "debug-mode/flask",
        "severity": "high",
        "at": "app.py:3",
        "message": "the hatch & all",
    }
    suite = ET.fromstring(picture.render(held, "junit"))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "1")
    failure = suite.find(".//failure")
    assert failure is not None
    assert "hint: shut <it>" in (failure.text or "")
