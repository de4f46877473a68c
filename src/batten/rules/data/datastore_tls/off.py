"""PostgreSQL has TLS off, and other machines log in.

What goes to and from the app can be read on the way and changed: rows, and in the older methods passwords.
Lines of `hostssl` do nothing then: no connection fits them.

Silent when the server listens on loopback or nobody may come from elsewhere, and in containers that only their
neighbours reach.

Fix: `ssl = on`, with `ssl_cert_file` and `ssl_key_file`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.nouns import DataStore
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

CONF = "listen_addresses = '10.1.2.3'\nssl = off  # <- here\n"
HBA = "host shop shop 10.1.2.0/24 scram-sha-256\n"


@rule(
    id="datastore-tls/off",
    severity=Severity.MEDIUM,
    cwe=319,
    over=DataStore,
    sources=["PostgreSQL 17 docs, 18.9 Secure TCP/IP Connections with SSL", "CIS PostgreSQL 17 Benchmark 5.8"],
    bad=[
        Bad("switched off", {"postgresql.conf": CONF}),
        Bad("others may come", {"postgresql.conf": "ssl = false  # <- here\n", "pg_hba.conf": HBA}),
    ],
    good=[
        Good("switched on", {"postgresql.conf": CONF.replace("off", "on")}),
        Good("on later", {"postgresql.conf": CONF + "ssl = on\n"}),
        Good("loopback", {"postgresql.conf": CONF.replace("10.1.2.3", "localhost"), "pg_hba.conf": HBA}),
        Good("nobody comes", {"postgresql.conf": "ssl = off\n", "pg_hba.conf": "local all all peer\n"}),
    ],
)
def tls_off(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a server without TLS that others log in to."""
    told = store.settings.get("ssl")
    if told is None or not told.says("off", "false", "no", "0") or store.product != "postgres":
        return
    if (store.contained and store.reach is not Reach.WORLD) or (store.listen is not None and store.listen.is_local):
        return
    come = any(one.width not in ("socket", "loopback") and one.method != "reject" for one in store.entrances)
    if come or (store.listen is not None and not store.entrances):
        yield Finding(
            told.at,
            f"{store.name} has TLS off, and other machines log in",
            store.evidence,
            store.confidence,
            fix=Fix("set `ssl = on` with a certificate"),
            symbol="ssl",
        )
