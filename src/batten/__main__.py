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
    except Exception as error:  # noqa: BLE001 - a broken installation must not look like a verdict, which 1 would
        sys.excepthook(type(error), error, error.__traceback__)
        return 4


if __name__ == "__main__":
    sys.exit(main())
