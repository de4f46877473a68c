"""Policies of AWS: whether one lets everyone in."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from batten.model import Confidence, Evidence, Location
from batten.model.data import dataclass
from batten.understand.infrastructure.cloud.cells import Cell, Unknown
from batten.understand.infrastructure.cloud.networks import is_wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.cloud.cells import Held, Order

_LARGEST = 100_000
_NARROWS = frozenset(
    "aws:sourcearn aws:sourceaccount aws:sourceowner aws:sourcevpc aws:sourcevpce aws:vpcsourceip aws:userid "
    "aws:principalarn aws:principalaccount aws:principalorgid aws:principalorgpaths aws:sourceorgid "
    "aws:sourceorgpaths aws:calledvia aws:username aws:principaltag s3:dataaccesspointaccount "
    "s3:dataaccesspointarn s3:x-amz-server-side-encryption-aws-kms-key-id kms:calleraccount kms:viaservice "
    "elasticfilesystem:accesspointarn aws:principaltype aws:principalisawsservice aws:vpceaccount".split()
)
"""Keys of conditions that fix who asks; Amazon S3 user guide, The meaning of "public"."""
_ANYONE = re.compile(r"\*|arn:[\w*-]*:[\w*-]*:[\w*-]*:\*.*")
"""Values that fix nobody: ARNs of any account."""
_OPEN = frozenset("aws:securetransport aws:referer aws:useragent s3:prefix s3:tlsversion s3:authtype".split())
"""Keys that anyone can meet."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that lets everyone do something."""

    actions: tuple[str, ...]
    at: Location
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it lets them change something."""
        return any(
            re.search(r"\*$|:(?:put|delete|create|post|restore|update|replicate)", one)
            for one in self.actions
            if one not in _READS
        )


_READS = frozenset(("s3:get*", "s3:list*", "s3:getobject*"))


def public_statements(policy: Cell, order: Order) -> Iterator[Statement]:
    """Yield the statements of a policy that let everyone in and are not narrowed by a condition."""
    for document in _documents(policy, order):
        for statement in document.first("Statement", "statement").each():
            yield from _public(statement, policy)


def _documents(policy: Cell, order: Order) -> Iterator[Cell]:
    if isinstance(policy.value, dict | tuple):
        yield policy
    elif isinstance(policy.value, str | Unknown) and (read := _from_text(policy)) is not None:
        yield read
    for mention in policy.mentions:
        for found in order.resources:
            if found.data and found.kind == "aws_iam_policy_document" and found.address == mention:
                yield found.body
                for name in ("source_policy_documents", "override_policy_documents"):
                    for other in found.get(name).each():
                        if mention not in other.mentions:
                            yield from _documents(other, order) if other.mentions else ()


def _from_text(policy: Cell) -> Cell | None:
    """Return a policy written as JSON, its holes kept as text."""
    text = policy.written
    if "{" not in text or len(text) > _LARGEST:
        return None
    for wanted in (text, re.sub(r"%\{[^}]*\}", "", text)):
        try:
            return as_cell(json.loads(wanted), policy.at)
        except (ValueError, RecursionError):
            continue
    return None


def as_cell(held: object, at: Location, depth: int = 0) -> Cell:
    """Return a value of JSON as cells of one place."""
    value: Held = None
    if depth > 30:  # noqa: PLR2004 - no policy nests so deep
        value = Unknown()
    elif isinstance(held, dict):
        value = {str(key): as_cell(item, at, depth + 1) for key, item in held.items()}
    elif isinstance(held, list):
        value = tuple(as_cell(item, at, depth + 1) for item in held)
    elif isinstance(held, str) and "${" in held:
        value = Unknown((), held)
    elif isinstance(held, str | int | float | bool):
        value = held
    return Cell(value, at)


def _public(statement: Cell, policy: Cell) -> Iterator[Statement]:
    effect = statement.first("Effect", "effect")
    if (effect.text or "Allow").lower() != "allow" or effect.is_unknown:
        return
    who = _everyone(statement)
    if who is None:
        return
    narrowed = _narrowed(statement)
    if narrowed is not False:
        return
    actions = tuple(
        (cell.text or "").lower()
        for name in ("Action", "actions", "NotAction", "not_actions")
        for cell in statement.get(name).each()
    )
    literal = who.literal_at
    at = who.at if who.at.file == policy.at.file else policy.at
    came = policy.came if who.at == policy.at else (Evidence(literal, "everyone is let in"),)
    yield Statement(actions, at, who.confidence, came)


def _everyone(statement: Cell) -> Cell | None:
    """Return what names everyone as the one who may, None where nothing does."""
    negated = statement.first("NotPrincipal", "not_principals")
    if negated.is_given:
        return negated
    principal = statement.first("Principal", "principals")
    if principal.text == "*":
        return principal
    if isinstance(principal.value, dict):
        found = [cell for cell in principal.get("AWS").each() if cell.text == "*"]
        if found or not principal.get("identifiers").is_given:
            return found[0] if found else None
    for one in principal.each():
        kind = one.get("type").text
        if one.text == "*":
            return one
        for name in one.get("identifiers").each():
            if name.text == "*" and kind in ("*", "AWS"):
                return name
    return None


def _narrowed(statement: Cell) -> bool | None:
    """Return whether a condition fixes who asks; None where that is not known."""
    condition = statement.first("Condition", "condition")
    if not condition.is_given:
        return False
    keys: list[tuple[str, str, Cell]] = []
    if isinstance(condition.value, dict) and not condition.get("variable").is_given:
        for operator, inner in condition.value.items():
            if not isinstance(inner.value, dict):
                return None
            keys += [(operator, key, cell) for key, cell in inner.value.items()]
    else:
        for one in condition.each():
            if one.is_unknown:
                return None
            keys.append((one.get("test").text or "", one.get("variable").text or "", one.get("values")))
    states = [_narrows(*key) for key in keys]
    if True in states:
        return True
    return None if None in states else False


def _narrows(operator: str, key: str, values: Cell) -> bool | None:
    """Return whether one condition fixes who asks."""
    name = key.lower().split("/")[0]
    negated = "not" in operator.lower()
    held = [cell.text for cell in values.each()]
    if name in ("aws:sourceip", "aws:vpcsourceip"):
        return not negated and not any(text is not None and is_wide(text) for text in held)
    if name in _NARROWS:
        return not negated and not any(text is not None and _ANYONE.fullmatch(text) for text in held)
    if name in _OPEN:
        return False
    return None
