"""Batten audits what a Python web deployment would really do."""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__", "check", "config"]

TYPE_CHECKING = False  # `typing` costs a tenth of the start-up; type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.model import Configuration, Report


def check(path: str = ".", *, env: Mapping[str, str] | None = None) -> Report:
    """Return the judged report on the project at `path`.

    `env` holds variables of the production environment; they stand over what
    the repository sets. The project's code is read, never run.

    Raises:
        BattenError: the path does not exist or its settings are malformed.
    """
    from batten.run import Request, check as run_check  # noqa: PLC0415 - `batten --version` stays fast

    return run_check(Request(target=path, env=dict(env or {})))


def config(path: str = ".", *, env: Mapping[str, str] | None = None, reveal_secrets: bool = False) -> Configuration:
    """Return what production will run with: each app's settings as evaluated, nothing judged.

    `env` holds variables of the production environment; they stand over what
    the repository sets. Secrets are masked unless `reveal_secrets`.

    Raises:
        BattenError: the path does not exist.
    """
    from batten.run import Request, config as run_config  # noqa: PLC0415 - `batten --version` stays fast

    return run_config(Request(target=path, env=dict(env or {})), reveal_secrets=reveal_secrets)
