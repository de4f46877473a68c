"""Buckets of Google Cloud and containers of Azure: who outside may read or write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.infrastructure.cloud.buckets import is_for_everyone
from batten.understand.infrastructure.cloud.cells import Order, once
from batten.understand.infrastructure.cloud.nouns import Bucket, Grant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.cloud.cells import Cell, Resource
    from batten.understand.infrastructure.ground import Ground

_EVERYONE = {"allusers": "everyone", "allauthenticatedusers": "every Google account"}
_CANNED = {
    "publicread": ("everyone", "read"),
    "publicreadwrite": ("everyone", "write"),
    "authenticatedread": ("every Google account", "read"),
}
_READING = ("objectviewer", "legacyobjectreader", "legacybucketreader", "viewer")
_GOOGLE = frozenset(("google_storage_bucket",))
_ACCOUNT = frozenset(("azurerm_storage_account",))
_ENTITIES = (
    "google_storage_bucket_access_control",
    "google_storage_default_object_access_control",
    "google_storage_object_access_control",
)
_LISTS = ("google_storage_bucket_acl", "google_storage_default_object_acl", "google_storage_object_acl")
_MEMBERS = ("google_storage_bucket_iam_member", "google_storage_bucket_iam_binding")
_POLICY = "google_storage_bucket_iam_policy"


def read(ground: Ground) -> Iterator[Bucket]:
    """Yield the buckets and containers of each order."""
    yield from once(bucket for order in ground.of(Order) for each in (_google, _azure) for bucket in each(order))


# Google Cloud


def _google(order: Order) -> Iterator[Bucket]:
    kept: dict[str, list[Grant]] = {}
    orphans: list[tuple[Resource, list[Grant]]] = []
    for one in order.of(*_ENTITIES, *_LISTS, *_MEMBERS, _POLICY):
        owners = order.meant(one.get("bucket"), _GOOGLE)
        grants = list(_grants(one, order, blocked=any(map(_prevented, owners))))
        for owner in owners:
            kept.setdefault(owner.address, []).extend(grants)
        if not owners and grants:
            orphans.append((one, grants))
    for bucket in order.of("google_storage_bucket"):
        prevents = bucket.get("public_access_prevention")
        on = None if prevents.is_unknown else prevents.text == "enforced"
        gaps = (("public_access_prevention is not enforced", prevents.at),) if on is False else ()
        acl = bucket.get("predefined_acl")
        canned = _CANNED.get((acl.text or "").lower())
        own = [Grant("acl", *canned, acl.at, acl.confidence, acl.came, on, acl.text or "")] if canned else []
        website = bucket.get("website").is_given or is_for_everyone(bucket.name, bucket.get("name").written)
        grants = [*own, *kept.get(bucket.address, [])]
        yield Bucket(bucket.name, "Cloud Storage bucket", bucket.at, tuple(grants), website, gaps, on)
    for one, grants in orphans:
        website = is_for_everyone(one.name, one.get("bucket").written)
        yield Bucket(one.name, "Cloud Storage bucket", one.at, tuple(grants), website)


def _prevented(bucket: Resource) -> bool:
    return bucket.get("public_access_prevention").text == "enforced"


def _grants(one: Resource, order: Order, *, blocked: bool) -> Iterator[Grant]:
    if one.kind == _POLICY:
        for mention in one.get("policy_data").mentions:
            for data in order.of("google_iam_policy", data=True):
                for binding in data.get("binding").each() if data.address == mention else ():
                    yield from _members(binding, blocked=blocked)
    elif one.kind in _MEMBERS:
        yield from _members(one.body, blocked=blocked)
    elif one.kind in _ENTITIES:
        yield from _entity(one.get("entity"), one.get("role").text or "", blocked=blocked)
    else:
        acl = one.get("predefined_acl")
        canned = _CANNED.get((acl.text or "").lower())
        if canned is not None:
            yield Grant("acl", *canned, acl.at, acl.confidence, acl.came, blocked, acl.text or "")
        for cell in one.get("role_entity").each():
            role, _, who = (cell.text or "").partition(":")
            yield from _entity(cell, role, who, blocked=blocked)


def _members(binding: Cell, *, blocked: bool) -> Iterator[Grant]:
    role = (binding.get("role").text or "").lower()
    may = "read" if role.endswith(_READING) else "write"
    for cell in (*binding.get("member").each(), *binding.get("members").each()):
        who = _EVERYONE.get((cell.text or "").lower())
        if who is not None:
            yield Grant("policy", who, may, cell.at, cell.confidence, cell.came, blocked, cell.text or "")


def _entity(cell: Cell, role: str, who: str = "", *, blocked: bool) -> Iterator[Grant]:
    named = _EVERYONE.get((who or cell.text or "").lower())
    if named is not None:
        may = "read" if role.upper() in ("READER", "") else "write"
        yield Grant("acl", named, may, cell.at, cell.confidence, cell.came, blocked, who or cell.text or "")


# Azure


def _azure(order: Order) -> Iterator[Bucket]:
    for one in order.of("azurerm_storage_container"):
        access = one.get("container_access_type")
        if (access.text or "").lower() in ("blob", "container"):
            named = one.first("storage_account_name", "storage_account_id")
            accounts = order.meant(named, _ACCOUNT)
            blocked = any(_public(account).flag is False for account in accounts)
            grant = Grant(
                "acl", "everyone", "read", access.at, access.confidence, access.came, blocked, access.text or ""
            )
            website = is_for_everyone(one.name, one.get("name").written)
            yield Bucket(one.name, "blob container", one.at, (grant,), website)
        else:
            yield Bucket(
                one.name, "blob container", one.at, unsure="its access is not told" if access.is_unknown else ""
            )
    for one in order.of("azurerm_storage_account"):
        cell = _public(one)
        on = None if cell.is_unknown else cell.flag is False
        says = f"allow_nested_items_to_be_public is {cell.text or 'not set, which is true'}"
        gaps = ((says, cell.at),) if on is False else ()
        https = one.first("https_traffic_only_enabled", "enable_https_traffic_only")
        version = one.get("min_tls_version")
        old = {"TLS1_0": "TLS 1.0", "TLS1_1": "TLS 1.1"}.get(version.text or "")
        yield Bucket(
            one.name,
            "storage account",
            one.at,
            gaps=gaps,
            shielded=on,
            plain=https.at if https.flag is False else None,
            oldest_tls=(old, version.at) if old is not None else None,
        )


def _public(account: Resource) -> Cell:
    return account.first("allow_nested_items_to_be_public", "allow_blob_public_access")
