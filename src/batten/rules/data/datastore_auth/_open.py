"""The finding about a data store that lets in whoever connects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Confidence, Finding, Fix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Severity
    from batten.understand.infrastructure.nouns import DataStore

_FIXES = {
    "redis": "start it with `--requirepass` and a password from a secret",
    "mongo": "set MONGO_INITDB_ROOT_USERNAME and MONGO_INITDB_ROOT_PASSWORD from a secret",
    "elasticsearch": "set `xpack.security.enabled=true` and ELASTIC_PASSWORD from a secret",
    "opensearch": "take the switch away and set OPENSEARCH_INITIAL_ADMIN_PASSWORD from a secret",
    "memcached": "keep it on a network of its own, or start it with `--auth-file`",
    "meilisearch": "set MEILI_MASTER_KEY from a secret",
    "qdrant": "set QDRANT__SERVICE__API_KEY from a secret",
    "etcd": "start it with `--client-cert-auth`",
    "registry": "set REGISTRY_AUTH and its htpasswd file",
    "nats": "start it with `--user` and `--pass` from a secret",
    "kafka": "make its listeners SASL_SSL",
}


def open_store(store: DataStore, severity: Severity) -> Iterator[Finding]:
    """Yield the finding, where neither an account with an empty password nor a line of trust says the same."""
    if not store.is_open or any(login.password == "" for login in store.logins):
        return
    if any(entrance.method == "trust" for entrance in store.entrances):
        return
    yield Finding(
        store.open_at or store.at,
        f"{store.name} ({store.product}) {store.open_because or 'asks for no password'}",
        store.evidence,
        confidence=(Confidence.LIKELY if store.is_default else Confidence.CERTAIN).weakest(store.confidence),
        severity=severity,
        fix=Fix(_FIXES.get(store.product, "make it ask for a password, from a secret")),
        symbol=store.name,
    )
