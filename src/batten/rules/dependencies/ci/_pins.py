"""Which actions and images are named so that they can change, and one finding for all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Evidence, Finding, Fix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.infrastructure.ci.nouns import UsedActions, Words

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)
_FIRST_PARTY = ("actions", "github")
_MOST = 20


def loose(actions: UsedActions, *, first_party: bool) -> Iterator[Words]:
    """Yield the actions and workflows that are named by a tag, a branch or nothing: of GitHub, or of others."""
    for words in actions.uses:
        if words.text.startswith(("./", "../", "$/")) or "${{" in words.text:
            continue
        if words.text.startswith("docker://"):
            if not first_party and "@sha256:" not in words.text:
                yield words
            continue
        name, _, version = words.text.partition("@")
        is_first = name.partition("/")[0].lower() in _FIRST_PARTY
        if is_first is first_party and "/" in name and not _COMMIT.fullmatch(version.strip()):
            yield words


def one_for_all(found: Iterable[Words], says: str) -> Iterator[Finding]:
    """Yield one finding for all texts, at the first one."""
    held = sorted(found, key=lambda words: (words.at.file or "", words.at.line or 0))
    if held:
        names = list(dict.fromkeys(words.text for words in held))
        more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
        yield Finding(
            held[0].at,
            f"{names[0]} {says}{more}",
            tuple(Evidence(words.at, f"{words.text} {says}") for words in held[1:_MOST]),
            fix=Fix("name it by its commit or digest; let Dependabot or Renovate keep it fresh"),
            symbol=says,
        )
