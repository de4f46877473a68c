"""Redis' last guard is off: protected mode.

With protected mode Redis serves this machine only as long as there is no password. Without it, one line (`bind`), one
published port or one changed network opens every key to everybody, and by its commands the machine.

Silent where it is on, with a password or users of its own (it then does nothing), and on a socket only. Where other
machines reach the server already, `datastore-auth/no-password` tells it.

Fix: take `protected-mode no` away, or set `requirepass`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.nouns import DataStore

if TYPE_CHECKING:
    from collections.abc import Iterator

CONF = """\
bind 127.0.0.1
protected-mode no  # <- here
"""

_LOCKS = {"requirepass", "user", "aclfile"}


@rule(
    id="datastore-auth/protected-mode",
    severity=Severity.LOW,
    cwe=1188,
    over=DataStore,
    sources=["redis.conf of Redis 7.2, protected-mode"],
    bad=[Bad("on loopback", {"redis.conf": CONF})],
    good=[
        Good("it is on", {"redis.conf": CONF.replace("no  #", "yes  #")}),
        Good("there is a password", {"redis.conf": CONF + "requirepass qB7vX2mN9kL4tR8wZ3yP6sD1\n"}),
        Good("users of its own", {"redis.conf": CONF + "user default off\n"}),
        Good("a socket only", {"redis.conf": CONF + "port 0\n"}),
    ],
)
def unguarded(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a server without a password whose protected mode is off."""
    told = store.settings.get("protected-mode")
    if told is None or not told.says("no") or store.product != "redis" or store.contained:
        return
    listen = store.listen
    if listen is not None and listen.addresses and listen.is_local and not _LOCKS & store.settings.keys():
        yield Finding(
            told.at,
            f"{store.name} has protected mode off and no password; only `bind` keeps others out",
            store.evidence,
            store.confidence,
            fix=Fix("take `protected-mode no` away, or set `requirepass`"),
            symbol="protected-mode",
        )
