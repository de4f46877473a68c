"""Code gives every user of the machine the right to write a file.

`os.chmod(path, 0o777)` and `0o666` let whoever has any account there, and any
program that was broken into, change the file: a script that root runs, a key, a
page, a database. A mask of nought (`os.umask(0)`) does the same for every file
that is made from then on.

Silent for modes that let only the owner or the group write, and for one that is
not known.

Fix: `0o600` for data, `0o700` for programs; share by a group, not with all.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import FileMode

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import os

os.chmod("/var/lib/shop/orders.db", 0o666)  # <- here
"""

NAMES = """\
import stat
from pathlib import Path


def share(name):
    Path(name).chmod(stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)  # <- here
"""

MASK = """\
import os

os.umask(0)  # <- here
"""


@rule(
    id="file-permissions/world-writable",
    severity=Severity.HIGH,
    cwe=732,
    over=FileMode,
    sources=["Python 3.11 os.chmod, os.umask, stat", "CWE-732", "OWASP A02:2025"],
    bad=[
        Bad("in numbers", {"job.py": CODE}),
        Bad("in names", {"job.py": NAMES}),
        Bad("for every file that is made", {"job.py": MASK}),
    ],
    good=[
        Good("only the owner writes", {"job.py": CODE.replace("0o666", "0o644")}),
        Good("the group too", {"job.py": NAMES.replace("S_IRWXO", "S_IXOTH")}),
        Good("a mask that takes the right from others", {"job.py": MASK.replace("(0)", "(0o022)")}),
    ],
)
def anyone_writes(given: FileMode) -> Iterator[Finding]:
    """Yield a finding for a mode, or a mask, that lets everybody write."""
    for case in given.mode.cases():
        mode = case.value
        if isinstance(mode, int) and mode >= 0 and bool(mode & stat.S_IWOTH) is not given.mask:
            path = f" {given.path.value!r}" if isinstance(given.path.value, str) else ""
            says = f"{given.function} lets every user of the machine write{path or ' the file'} ({mode:#o})"
            mask = f"{given.function} lets every user write the files that are made from here on ({mode:#o})"
            yield Finding(
                at=given.at,
                says=mask if given.mask else says,
                evidence=case.evidence,
                confidence=case.confidence,
                fix=Fix("Give the owner the right (`0o600`, `0o700`), or a group; never everybody."),
                symbol=given.function,
                proof=path,
            )
            return
