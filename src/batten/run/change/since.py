"""What a project had at an older revision: evaluated like the tree of today, so that only what is new counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.judge.baseline import Known
from batten.model import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.model import Report
    from batten.run.request import Request


def known(request: Request, root: str, check: Callable[[Request], Report]) -> Mapping[str, Known]:
    """Return the findings of the revision that a request names, by fingerprint; none where it names none.

    `check` is the static audit.

    Raises:
        BattenError: there is no such revision.
    """
    if not request.new_since:
        return {}
    from batten.collect.revision import revision  # noqa: PLC0415 - processes

    name = request.name or root.rstrip("/").rpartition("/")[2]
    with revision(root, request.new_since) as place:
        old = check(replace(request, target=place, new_since="", baseline=False, name=name, accepted=()))
    reason = f"there since {request.new_since}"
    return {
        one.fingerprint: Known(
            one.fingerprint, one.rule, reason, Location(file=one.at.file, line=one.at.line), is_bare=True
        )
        for one in old.findings
    }
