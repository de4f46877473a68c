"""Where a format that knows only files and lines shows a finding that has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Location

if TYPE_CHECKING:
    from batten.model import Finding, Report

SETTINGS = ("batten.toml", "pyproject.toml")


def inside(at: Location) -> str:
    """Return the path of a place inside the target, or nothing."""
    file = (at.file or "").removeprefix("./")
    is_inside = file not in ("", ".") and not file.startswith("/") and ".." not in file.split("/")
    return file if is_inside else ""


def anchor(finding: Finding, report: Report) -> Location:
    """Return a file and a line for a finding: its own, else those that explain it, else the settings file's first."""
    if inside(finding.at):
        return finding.at
    nearest = (seen.at for seen in finding.evidence)
    entries = (app.entry.at for app in report.apps if app.entry.at and app.name == finding.app)
    place = next((at for at in (*nearest, *entries) if inside(at)), None)
    return place or settings_file(report)


def settings_file(report: Report) -> Location:
    """Return line 1 of the file that holds Batten's settings, or would."""
    held = [name for name in SETTINGS if name in report.inputs]
    return Location(file=held[0] if held else SETTINGS[0], line=1)


def under(prefix: str, file: str) -> str:
    """Return a path of the target as one of the repository."""
    prefix = prefix.strip("/")
    return f"{prefix}/{file}" if prefix not in ("", ".") else file
