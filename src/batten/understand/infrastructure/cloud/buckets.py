"""S3 buckets: who outside may read or write them, joined with what blocks public access."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.cloud.cells import Order, once
from batten.understand.infrastructure.cloud.nouns import Bucket, Grant
from batten.understand.infrastructure.cloud.policies import public_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location
    from batten.understand.infrastructure.cloud.cells import Cell, Resource
    from batten.understand.infrastructure.ground import Ground

_BUCKET = frozenset(("aws_s3_bucket",))
_BLOCK = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
_ACLS = {
    "public-read": ("everyone", "read"),
    "publicread": ("everyone", "read"),
    "public-read-write": ("everyone", "write"),
    "publicreadwrite": ("everyone", "write"),
    "authenticated-read": ("every account of AWS", "read"),
    "authenticatedread": ("every account of AWS", "read"),
}
"""Canned ACLs, as S3 and as CloudFormation writes them."""
_GROUPS = {"allusers": "everyone", "authenticatedusers": "every account of AWS"}
_WEBSITE = re.compile(
    r"(?:^|[-_.])(?:static|assets?|public|websites?|www|site|cdn|frontend|spa|media|downloads?|landing|mirrors?|releases?|dist|open[-_]?data)(?:$|[-_.\d])",
    re.IGNORECASE,
)


def read(ground: Ground) -> Iterator[Bucket]:
    """Yield the buckets of each order."""
    yield from once(bucket for order in ground.of(Order) for bucket in _buckets(order))


def is_for_everyone(*names: str | None) -> bool:
    """Return whether a bucket is named for a website or static files."""
    return any(name and _WEBSITE.search(name.replace("${", "-").replace("}", "-")) for name in names)


def _buckets(order: Order) -> Iterator[Bucket]:
    satellites = order.of(
        "aws_s3_bucket_acl", "aws_s3_bucket_policy", "aws_s3_bucket_public_access_block",
        "aws_s3_bucket_website_configuration", "aws_s3_bucket_ownership_controls",
    )  # fmt: skip
    account = order.of("aws_s3_account_public_access_block")
    kept: dict[str, list[Resource]] = {}
    orphans: list[Resource] = []
    for one in satellites:
        owners = order.meant(one.get("bucket"), _BUCKET)
        for owner in owners:
            kept.setdefault(owner.address, []).append(one)
        if not owners:
            orphans.append(one)
    for bucket in order.of("aws_s3_bucket"):
        yield _bucket(bucket, kept.get(bucket.address, []), account, order)
    named: dict[str, list[Resource]] = {}
    for one in orphans:
        named.setdefault(one.get("bucket").written or one.address, []).append(one)
    for group in named.values():
        beside = [one for one in group if one.kind not in ("aws_s3_bucket_acl", "aws_s3_bucket_policy")]
        for one in group:
            if one not in beside:
                yield _bucket(one, beside, account, order, is_elsewhere=True)
    yield from _objects(order)
    for module in order.of("module"):
        if re.fullmatch(r"(?:.*/)?terraform-aws-modules/s3-bucket/aws(?://.*)?", module.get("source").text or ""):
            yield _bucket(module, [], account, order)


def _bucket(
    bucket: Resource, parts: list[Resource], account: list[Resource], order: Order, *, is_elsewhere: bool = False
) -> Bucket:
    blocks = [one.body for one in (*parts, *account) if one.kind.endswith("public_access_block")]
    if bucket.kind in ("module", "aws_s3_bucket"):
        blocks.append(bucket.get("public_access_block_configuration") if bucket.kind != "module" else bucket.body)
    no_acls = any(
        rule.get("object_ownership").text == "BucketOwnerEnforced"
        for one in (*parts, bucket)
        for rule in (*one.get("rule").each(), *one.get("ownership_controls", "rules").each())
    )
    acl_blocked = True if no_acls else _blocked(blocks, "block_public_acls", "ignore_public_acls")
    policy_blocked = _blocked(blocks, "block_public_policy", "restrict_public_buckets")
    sources = [
        one for one in (bucket, *parts) if not one.kind.endswith(("public_access_block", "website_configuration"))
    ]
    acls = [grant for one in sources for grant in acl_grants(one, blocked=acl_blocked)]
    policies = [grant for one in sources for grant in _policy_grants(one, order, blocked=policy_blocked)]
    website = any(one.kind == "aws_s3_bucket_website_configuration" for one in parts) or any(
        bucket.get(name).is_given for name in ("website", "website_configuration")
    )
    website = website or is_for_everyone(bucket.name, bucket.get("bucket").written)
    gaps = () if is_elsewhere or bucket.kind == "module" else tuple(_gaps(bucket, blocks))
    return Bucket(bucket.name, "S3 bucket", bucket.at, (*acls, *policies), website, gaps, not gaps)


def _blocked(blocks: list[Cell], *names: str) -> bool | None:
    """Return whether one of the settings is on in one of the blocks."""
    cells = [block.get(name) for block in blocks for name in names]
    if any(cell.flag for cell in cells):
        return True
    return None if any(cell.is_unknown for cell in cells) else False


def _gaps(bucket: Resource, blocks: list[Cell]) -> Iterator[tuple[str, Location]]:
    given = [block for block in blocks if block.is_given]
    if not given:
        yield "nothing keeps a later ACL or policy from opening it", bucket.at
        return
    for name in _BLOCK:
        cells = [block.get(name) for block in given]
        if not any(cell.flag or cell.is_unknown for cell in cells):
            yield f"{name} is {'off' if cells[0].is_given else 'not set'}", cells[0].at


def acl_grants(one: Resource, *, blocked: bool | None) -> Iterator[Grant]:
    """Yield what an ACL lets everyone do."""
    acl = one.get("acl")
    canned = _ACLS.get((acl.text or "").lower())
    if canned is not None:
        yield Grant("acl", *canned, acl.at, acl.confidence, acl.came, blocked, acl.text or "")
    for grant in (*one.get("grant").each(), *one.get("access_control_policy", "grant").each()):
        uri = grant.get("uri") if grant.get("uri").is_given else grant.get("grantee", "uri")
        who = _GROUPS.get((uri.text or "").rpartition("/")[2].lower())
        rights = [cell.text for cell in grant.first("permissions", "permission").each()]
        if who is not None:
            may = "write" if any(right in ("WRITE", "WRITE_ACP", "FULL_CONTROL") for right in rights) else "read"
            yield Grant("acl", who, may, uri.at, uri.confidence, uri.came, blocked, (uri.text or "").rpartition("/")[2])


def _policy_grants(one: Resource, order: Order, *, blocked: bool | None) -> Iterator[Grant]:
    policy = one.first("policy", "policy_document")
    for statement in public_statements(policy, order) if policy.is_given else ():
        may = "write" if statement.writes else "read"
        yield Grant(
            "policy", "everyone", may, statement.at, statement.confidence, statement.evidence, blocked, "Principal *"
        )


def _objects(order: Order) -> Iterator[Bucket]:
    for one in order.of("aws_s3_object", "aws_s3_bucket_object", "aws_s3_object_copy"):
        grants = tuple(acl_grants(one, blocked=False))
        if grants:
            yield Bucket(one.name, "object in S3", one.at, grants, website=True)
