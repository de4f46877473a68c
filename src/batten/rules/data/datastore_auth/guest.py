"""RabbitMQ lets guest in from everywhere, with a password that all know.

`guest` is an administrator. RabbitMQ keeps him on the machine; `loopback_users = none` lets him out, and everybody
knows his password.

Silent when the first user is another (`default_user`, definitions that are loaded). The official image does
the same by itself: that is told by `default-credentials/service`.

Fix: take the line away; `default_user` and `default_pass` from a secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.nouns import DataStore
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.nouns import Setting

CONF = "loopback_users = none  # <- here\n"

CLASSIC = """\
[
  {rabbit, [{loopback_users, []}]}  # <- here
].
"""


@rule(
    id="datastore-auth/guest",
    severity=Severity.CRITICAL,
    cwe=1392,
    over=DataStore,
    sources=["RabbitMQ 3.13 docs, Access Control, Default User Access"],
    bad=[
        Bad("everybody", {"rabbitmq.conf": CONF}),
        Bad("by name", {"rabbitmq.conf": CONF.replace("users = none", "users.guest = false")}),
        Bad("in the classic form", {"advanced.config": CLASSIC}),
    ],
    good=[
        Good("kept inside", {"rabbitmq.conf": CONF.replace("none", "guest")}),
        Good("another user", {"rabbitmq.conf": CONF + "default_user = shop\ndefault_pass = ${PASSWORD}\n"}),
        Good("users that are loaded", {"rabbitmq.conf": CONF + "load_definitions = /etc/rabbitmq/users.json\n"}),
        Good("on loopback", {"rabbitmq.conf": CONF + "listeners.tcp.local = 127.0.0.1:5672\n"}),
    ],
)
def guest_from_everywhere(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for what lets guest out."""
    told = _let_out(store)
    if told is not None and store.product == "rabbitmq" and not store.contained and store.reach is not Reach.LOOPBACK:
        yield Finding(
            told.at,
            f"{store.name} lets guest, an administrator whose password everybody knows, log in from other machines",
            store.evidence,
            store.confidence,
            fix=Fix(f"take `{told.name}` away; name another first user"),
            symbol=told.name,
        )


def _let_out(store: DataStore) -> Setting | None:
    others = ("default_user", "default_pass", "load_definitions", "management.load_definitions")
    if any(name in store.settings for name in others) or any(path.endswith(".json") for path in store.config):
        return None
    guest, everyone = store.settings.get("loopback_users.guest"), store.settings.get("loopback_users")
    if guest is not None and guest.says("false"):
        return guest
    return everyone if everyone is not None and everyone.says("none") else None
