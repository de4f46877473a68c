"""The command line: reads the request, shows the report, leaves with a code."""

from batten.cli.start import run

__all__ = ["run"]
