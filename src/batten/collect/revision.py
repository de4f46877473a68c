"""An older revision of a project, unpacked into a directory that is gone afterwards."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from batten.model import BattenError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FILES = 200_000
MOST_BYTES = 2_000_000_000
_REVISION = re.compile(r"[A-Za-z0-9_@^~][\w./@{}^~-]*")
_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never")
"""The repository under audit configures nothing that git would run."""
_TIME_S = 120


@contextmanager
def revision(directory: str, name: str) -> Iterator[str]:
    """Enter with the path of the same directory as it was at a revision.

    Raises:
        BattenError: the directory is in no git repository, or that has no such revision.
    """
    if not _REVISION.fullmatch(name) or ".." in name:
        raise BattenError(f"--new-since {name}: not a revision", hint="a branch, a tag or a commit: --new-since main")
    prefix = _git(directory, "rev-parse", "--show-prefix").strip().rstrip("/")
    _git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", missing=name)
    with tempfile.TemporaryDirectory(prefix="batten-") as place:
        top = _git(directory, "rev-parse", "--show-toplevel").strip()
        try:
            _unpack(top, f"{name}:{prefix}" if prefix else name, place)
        except tarfile.TarError as error:
            hint = "was the directory there at that revision?"
            raise BattenError(f"{prefix or '.'} could not be read as it was at {name}", hint=hint) from error
        yield place


def _git(directory: str, *words: str, missing: str = "") -> str:
    try:
        done = subprocess.run(  # noqa: S603 - git itself, and no word of the repository is run
            ["git", "-C", directory, *_QUIET, *words],  # noqa: S607 - whichever git the user has
            capture_output=True,
            check=False,
            text=True,
            timeout=_TIME_S,
            env=_environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BattenError("git could not be run", hint="--new-since needs git and the repository's history") from error
    if done.returncode:
        if missing:
            hint = "fetch it first: in CI, a shallow clone has no other revision (fetch-depth: 0)"
            raise BattenError(f"the repository has no revision {missing!r}", hint=hint)
        said = done.stderr.strip().splitlines()
        raise BattenError(f"{directory} is in no git repository", hint=said[-1] if said else "")
    return done.stdout


def _unpack(directory: str, what: str, place: str) -> None:
    with subprocess.Popen(  # noqa: S603 - as above
        ["git", "-C", directory, *_QUIET, "archive", "--format=tar", what],  # noqa: S607 - as above
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    ) as process:
        files = size = 0
        with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
            for member in archive:
                files, size = files + 1, size + member.size
                if files > MOST_FILES or size > MOST_BYTES:
                    process.kill()
                    raise BattenError("the revision is too large to be unpacked")
                if member.isfile() or member.isdir():
                    archive.extract(member, place, filter="data")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
