"""Starts the command line; answers `batten --version` before anything heavy is imported."""

from __future__ import annotations

import sys

from batten import __version__


def main() -> int:
    """Run the command line and return its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"batten {__version__}\n")
        return 0
    try:
        from batten.cli import run  # noqa: PLC0415 - `batten --version` stays fast

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # it may come while the modules are being imported
        return 130


if __name__ == "__main__":
    sys.exit(main())
