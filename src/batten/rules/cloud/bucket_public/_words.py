"""How a grant over a bucket is told and weighed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Confidence, Finding, Fix, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.cloud.nouns import Bucket

_MAY = {"read": "may read", "write": "may change"}


def open_grants(bucket: Bucket, how: str, fix: str) -> Iterator[Finding]:
    """Yield a finding for each right that people outside have in one way; the worst where several stand at a place."""
    told = set()
    for grant in sorted(bucket.grants, key=lambda one: one.may != "write"):
        if grant.how != how or grant.blocked or (grant.at, grant.how) in told:
            continue
        told.add((grant.at, grant.how))
        meant = bucket.website and grant.may == "read"
        unsure = grant.blocked is None
        yield Finding(
            grant.at,
            f"{grant.who} {_MAY[grant.may]} what is in the {bucket.kind} {bucket.name} ({grant.wildcard})",
            grant.evidence,
            Confidence.POSSIBLE if unsure else grant.confidence,
            Severity.MEDIUM if meant else Severity.CRITICAL,
            Fix(fix),
            symbol=bucket.name,
            proof=f"{grant.who} {grant.may} {grant.wildcard}",
        )
