"""Redis lets its users run code and change its files.

`DEBUG`, `MODULE LOAD` and changes of where it writes (`CONFIG SET dir`) are off since Redis 7, because they turn a
login into code on the machine. Each of these lines gives one of them back, to every user that may
use dangerous commands.

Silent for `no` and for `local`, which serves this machine only.

Fix: take the line away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.nouns import DataStore

if TYPE_CHECKING:
    from collections.abc import Iterator

CONF = """\
bind 127.0.0.1
requirepass qB7vX2mN9kL4tR8wZ3yP6sD1
enable-debug-command yes  # <- here
"""

_NAMES = {
    "enable-debug-command": "DEBUG",
    "enable-module-command": "MODULE LOAD",
    "enable-protected-configs": "changes of where it writes",
}


@rule(
    id="datastore-auth/debug-command",
    severity=Severity.MEDIUM,
    cwe=749,
    over=DataStore,
    sources=["redis.conf of Redis 7.2, enable-debug-command", "Redis 7.0 release notes"],
    bad=[
        Bad("DEBUG", {"redis.conf": CONF}),
        Bad("modules", {"redis.conf": CONF.replace("debug", "module")}),
    ],
    good=[
        Good("off", {"redis.conf": CONF.replace("yes", "no")}),
        Good("this machine only", {"redis.conf": CONF.replace("yes", "local")}),
        Good("a comment", {"redis.conf": CONF.replace("enable", "# enable")}),
    ],
)
def dangerous_commands(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for each dangerous command that is given back."""
    for name, what in _NAMES.items():
        told = store.settings.get(name)
        if told is not None and told.says("yes") and store.product == "redis":
            yield Finding(
                told.at,
                f"{store.name} allows {what}",
                store.evidence,
                store.confidence,
                fix=Fix(f"take `{name}` away"),
                symbol=name,
            )
