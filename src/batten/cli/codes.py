"""The exit codes that a front door decides itself; `judge` decides the others."""

from __future__ import annotations

USAGE = 2
INCOMPLETE = 4
INTERRUPTED = 130
