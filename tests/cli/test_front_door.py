"""What the door itself does: help, version, completion, the lab, the terminal, the exit codes."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import batten
from batten.cli import terminal
from batten.model import BattenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conftest import Typed

SOURCE = str(Path(batten.__file__).parents[1])


def process(
    *args: str, env: Mapping[str, str] | None = None, stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m batten ARGS` as a process of its own."""
    clean = {
        name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "CI")
    }
    return subprocess.run(
        [sys.executable, "-m", "batten", *args],
        env={**clean, "PYTHONPATH": SOURCE, **(env or {})},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )


def test_alone_it_prints_the_help_and_opens_no_gate(batten: Typed) -> None:
    said = batten()
    assert said.code == 2
    assert said.out.startswith("Usage: batten [OPTIONS] ")
    assert "Exit codes: 0 the gate passed" in said.out
    assert batten("--help").code == 0
    assert batten("-h").out == said.out


def test_only_commands_that_exist_are_listed(batten: Typed) -> None:
    listed = batten("--help").out.partition("Commands:\n")[2].partition("\n\n")[0]
    names = [line.split()[0] for line in listed.splitlines()]
    assert names == [
        "audit",
        "baseline",
        "check",
        "checklist",
        "completion",
        "config",
        "diff",
        "explain",
        "lab",
        "ports",
        "probe",
        "rules",
    ]
    for name in names:
        assert batten(name, "--help").code == 0


def test_an_unknown_command_is_a_usage_error(batten: Typed) -> None:
    said = batten("chek")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: no such command 'chek'")
    assert said.err.endswith("  try: batten --help\n")


@pytest.mark.parametrize("flag", ["--version", "-V"])
@pytest.mark.process
def test_version_imports_next_to_nothing(flag: str) -> None:
    code = f"import sys; sys.argv[1:] = [{flag!r}]; import batten.__main__ as m; m.main(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], env={"PYTHONPATH": SOURCE}, capture_output=True, text=True, check=True
    )
    version, modules = done.stdout.splitlines()
    assert version == f"batten {batten.__version__}"
    assert not {"click", "typing", "dataclasses", "enum", "re", "collections", "batten.cli"} & set(modules.split())


def test_version_among_other_words(batten: Typed) -> None:
    assert batten("--version").out.startswith("batten ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(batten: Typed, shell: str) -> None:
    said = batten("completion", shell)
    assert said.code == 0
    assert f"_BATTEN_COMPLETE={shell}_complete" in said.out


def test_completion_of_another_shell_lists_the_known(batten: Typed) -> None:
    said = batten("completion", "tcsh")
    assert said.code == 2
    assert "'bash', 'zsh', 'fish'" in said.err


@pytest.mark.process
def test_a_shell_is_told_the_names_of_rules() -> None:
    env = {"_BATTEN_COMPLETE": "bash_complete", "COMP_WORDS": "batten explain debug-mode/f", "COMP_CWORD": "2"}
    done = process(env=env)
    assert b"plain,debug-mode/flask" in done.stdout


def test_lab_prints_its_folders(batten: Typed) -> None:
    assert (Path(batten("lab", "path", "unlocked").out.strip()) / "app.py").is_file()
    assert (Path(batten("lab", "path").out.strip()) / "hardened" / "app.py").is_file()
    said = batten("lab")
    assert said.code == 2
    assert said.out.startswith("Usage: batten lab")


def test_lab_copies_both_twins_once(batten: Typed, tmp_path: Path) -> None:
    said = batten("lab", "copy", str(tmp_path / "new"))
    assert said.code == 0
    assert said.out.splitlines() == [str(tmp_path / "new" / twin) for twin in ("unlocked", "hardened")]
    assert (tmp_path / "new" / "unlocked" / ".env").is_file()
    (tmp_path / "new" / "unlocked" / "app.py").write_text("mine", encoding="utf-8")
    again = batten("lab", "copy", str(tmp_path / "new"))
    assert again.code == 2
    assert "is there already" in again.err
    assert (tmp_path / "new" / "unlocked" / "app.py").read_text(encoding="utf-8") == "mine"


def test_lab_copy_into_a_place_that_cannot_be_is_an_error(batten: Typed, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    said = batten("lab", "copy", str(tmp_path / "file" / "new"))
    assert said.code == 2
    assert said.err.startswith("error: cannot copy to ")


# The terminal


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("env", "wish", "on_screen", "in_pipe"),
    [
        ({}, "auto", True, False),
        ({"NO_COLOR": "1"}, "auto", False, False),
        ({"NO_COLOR": "0"}, "auto", False, False),
        ({"NO_COLOR": ""}, "auto", True, False),
        ({"FORCE_COLOR": "1"}, "auto", True, True),
        ({"FORCE_COLOR": "0"}, "auto", True, False),
        ({"CLICOLOR_FORCE": "1"}, "auto", True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False, False),
        ({"TERM": "dumb"}, "auto", False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, "auto", True, True),
        ({"NO_COLOR": "1"}, "always", True, True),
        ({"FORCE_COLOR": "1"}, "never", False, False),
    ],
)
def test_colour_is_decided_in_one_order(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], wish: str, *, on_screen: bool, in_pipe: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert terminal.has_color(wish, Screen()) is on_screen
    assert terminal.has_color(wish, io.StringIO()) is in_pipe


@pytest.mark.parametrize(("told", "width"), [("60", 60), ("300", 120), ("wide", 80)])
def test_width_is_that_of_the_screen_within_reason(monkeypatch: pytest.MonkeyPatch, told: str, width: int) -> None:
    monkeypatch.setattr(sys, "stdout", Screen())
    monkeypatch.setenv("COLUMNS", told)
    assert terminal.look().width == width
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert terminal.look().width == 80


def test_links_are_for_screens_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "CI", "NO_HYPERLINKS", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdout", Screen())
    assert terminal.look().links
    for name in ("CI", "NO_HYPERLINKS", "NO_COLOR"):
        monkeypatch.setenv(name, "1")
        assert not terminal.look().links
        monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not terminal.look("always").links


@pytest.mark.process
def test_a_stream_without_our_signs_gets_ascii(shop: Path) -> None:
    done = process("check", str(shop), env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert b"gate  x failed" in done.stdout
    assert done.stdout.isascii()


@pytest.mark.process
def test_a_reader_that_leaves_does_not_change_the_verdict(shop: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = process("check", str(shop), stdout=write)
    finally:
        os.close(write)
    assert done.returncode == 1
    assert done.stderr == b""


@pytest.mark.process
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_disk_is_no_verdict(shop: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = process("check", str(shop), stdout=full.fileno())
    assert done.returncode == 4
    assert b"error: the report could not be written: " in done.stderr


@pytest.mark.process
def test_a_screen_gets_colour_and_a_pipe_does_not(shop: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        process("check", str(shop), "--quiet", env={"TERM": "xterm"}, stdout=theirs)
        assert b"\x1b[1;31mgate" in os.read(ours, 4096)
    finally:
        os.close(ours)
        os.close(theirs)
    assert b"\x1b" not in process("check", str(shop)).stdout


def test_messages_cannot_drive_the_terminal(batten: Typed) -> None:
    assert "\x1b" not in batten("check", "no\x1b[2Jwhere").err


def test_a_broken_installation_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from batten.__main__ import main  # noqa: PLC0415 - the module under test

    monkeypatch.setitem(sys.modules, "batten.cli", None)
    monkeypatch.setattr(sys, "argv", ["batten", "check"])
    assert main() == 4
    assert "ModuleNotFoundError" in capsys.readouterr().err


@pytest.mark.usefixtures("shop")
def test_the_code_of_an_error_is_its_own(batten: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_: object) -> None:
        raise BattenError("no app here", hint="name one", code=3)

    monkeypatch.setattr("batten.run.check", nothing)
    said = batten("check")
    assert (said.code, said.err) == (3, "error: no app here\n  try: name one\n")
