"""A Redis password is short.

Redis answers tens of thousands of passwords a second and stops nobody who guesses: its manual asks for a
password far longer than one for people. Sixteen random characters are the least.

Severity: high when other machines reach it, medium otherwise.

Silent for long passwords, hashes (`#…` in an ACL), places to fill in, and passwords that everybody knows, which are
told by `default-credentials/service`.

Fix: `openssl rand -base64 32`, from a secret: `--requirepass` by the command, or an ACL file with hashes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dsn import Account
from batten.understand.infrastructure.nouns import DataStore
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

CONF = """\
bind 127.0.0.1
requirepass shop-2019  # <- here
"""
LEAST = 16


@rule(
    id="datastore-auth/weak-password",
    severity=Severity.HIGH,
    cwe=521,
    over=DataStore,
    sources=["Redis docs, Security, Authentication", "redis.conf of Redis 7.2, requirepass"],
    bad=[
        Bad("nine characters", {"redis.conf": CONF}),
        Bad("a user's", {"redis.conf": CONF.replace("requirepass ", "user app on ~* +@all >")}),
    ],
    good=[
        Good("a long one", {"redis.conf": CONF.replace("shop-2019", "qB7vX2mN9kL4tR8wZ3yP6sD1")}),
        Good("to be filled in", {"redis.conf": CONF.replace("shop-2019", "${REDIS_PASSWORD}")}),
        Good("a longer one below", {"redis.conf": CONF + "requirepass qB7vX2mN9kL4tR8wZ3yP6sD1\n"}),
    ],
)
def short_password(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for each password that can be guessed."""
    for login in store.logins:
        password = login.password or ""
        if store.product != "redis" or not 0 < len(password) < LEAST:
            continue
        if Account(login.user, password, "").is_default:
            continue
        yield Finding(
            login.at,
            f"{store.name}'s password has {len(password)} characters, and Redis stops nobody who guesses",
            store.evidence,
            store.confidence,
            severity=Severity.HIGH if store.reach is Reach.WORLD else Severity.MEDIUM,
            fix=Fix("make it 32 random characters, from a secret"),
            symbol=login.user or "requirepass",
            proof=password,
            secret=True,
        )
