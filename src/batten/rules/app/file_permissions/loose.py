"""Code lets a group write a file, or others run it.

`0o775` and `0o664` are right where a group works on the same files, and `0o755` for
programs. For data, keys and settings each right that nobody needs is one more
way in: a second service that runs under the same group, a script put where only
data was meant to be.

Told to auditors only. What everybody may write is told by
`file-permissions/world-writable`.

Silent for modes with rights for the owner alone, and with reading for the others.

Fix: `0o600` for data, `0o640` where a group reads it, `0o700` for programs.
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

os.chmod("/var/lib/shop/orders.db", 0o664)  # <- here
"""


@rule(
    id="file-permissions/loose",
    severity=Severity.LOW,
    cwe=732,
    over=FileMode,
    persona="auditor",
    sources=["Python 3.11 os.chmod, stat", "CWE-732"],
    bad=[
        Bad("the group writes", {"job.py": CODE}),
        Bad("others run it", {"job.py": CODE.replace("0o664", "0o755")}),
    ],
    good=[
        Good("the group reads", {"job.py": CODE.replace("0o664", "0o640")}),
        Good("the owner runs it", {"job.py": CODE.replace("0o664", "0o700")}),
    ],
)
def more_than_needed(given: FileMode) -> Iterator[Finding]:
    """Yield a finding for a mode that lets the group write, or others run the file."""
    for case in given.mode.cases():
        mode = case.value
        if given.mask or not isinstance(mode, int) or mode < 0 or mode & stat.S_IWOTH:
            continue
        if mode & (stat.S_IWGRP | stat.S_IXGRP | stat.S_IXOTH):
            right = "its group write" if mode & stat.S_IWGRP else "others run"
            path = f" {given.path.value!r}" if isinstance(given.path.value, str) else " a file"
            yield Finding(
                at=given.at,
                says=f"{given.function} lets {right}{path} ({mode:#o})",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=Fix("Leave the rights that are needed: `0o600` for data, `0o700` for programs."),
                symbol=given.function,
                proof=path,
            )
            return
