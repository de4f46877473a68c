"""Starts the command line; answers `batten --version` before anything heavy is imported."""

from __future__ import annotations

import os
import sys

from batten import __version__


def main() -> int:
    """Run the command line and return its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"batten {__version__}\n")
        return 0
    try:
        from batten.cli import run  # noqa: PLC0415 - `batten --version` stays fast

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # it may come while the modules are being imported
        code = _INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a broken installation must not look like a verdict, which 1 would
        sys.excepthook(type(error), error, error.__traceback__)
        return 4
    if code == _INTERRUPTED:
        # An interrupt inside `exec` of a text, as `dataclasses` does it, lets CPython 3.11 end the process by the
        # signal though the exception was caught (`run_eval_code_obj`, `unhandled_keyboard_interrupt`).
        os._exit(code)  # both streams were flushed by `run`
    return code


_INTERRUPTED = 130

if __name__ == "__main__":
    sys.exit(main())
