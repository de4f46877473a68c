"""A user at the command line: types, reads both streams and the exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

from batten.cli import run

if TYPE_CHECKING:
    from pathlib import Path

APP = """\
import os

from flask import Flask

app = Flask(__name__)
app.secret_key = "hunter2hunter2"
DEBUG = os.environ.get("APP_DEBUG", "true") == "true"

if __name__ == "__main__":
    app.run(debug=DEBUG)
"""


@dataclass(frozen=True)
class Said:
    """What a command said and with which code it left."""

    code: int
    out: str
    err: str


class Typed(Protocol):
    """Types a command line."""

    def __call__(self, *args: str) -> Said:
        """Run `batten ARGS`."""


@pytest.fixture
def batten(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Return a function that types a command line, in an environment that wishes nothing."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "CI", "NO_HYPERLINKS", "BATTEN_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def typed(*args: str) -> Said:
        code = run(args)
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return typed


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the directory of a small open app; the user stands in it."""
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    (tmp_path / "Procfile").write_text("web: python app.py\n", encoding="utf-8")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path
