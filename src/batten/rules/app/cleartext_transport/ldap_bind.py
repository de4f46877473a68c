"""A directory is logged in to over LDAP without encryption.

A simple bind sends the password as it is. In most companies it is the one that
opens everything, and a directory sees it from everybody who logs in to the app.

Silent for `ldaps://`, after StartTLS, for anonymous binds, and on the same
machine.

Fix: `ldaps://`, or `start_tls_s()` (ldap3: `use_ssl=True`) before the bind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.app.cleartext_transport._far import leaves
from batten.understand.code_subjects import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import ldap


def check(user, password):
    directory = ldap.initialize("ldap://directory.example.net")
    directory.simple_bind_s(f"uid={user},ou=people,dc=example,dc=net", password)  # <- here
"""

NEWER = """\
from ldap3 import Connection, Server


def check(user, password):
    server = Server("directory.example.net")
    return Connection(server, user, password, auto_bind=True)  # <- here
"""


@rule(
    id="cleartext-transport/ldap-bind",
    severity=Severity.HIGH,
    cwe=319,
    over=Link,
    sources=["RFC 4513 section 6.3.4", "python-ldap 3.4 LDAPObject.start_tls_s", "ldap3 2.9 docs, SSL and TLS"],
    bad=[Bad("python-ldap", {"job.py": CODE}), Bad("ldap3", {"job.py": NEWER})],
    good=[
        Good("over TLS", {"job.py": CODE.replace("ldap://", "ldaps://")}),
        Good(
            "after StartTLS",
            {"job.py": CODE.replace("    directory.simple", "    directory.start_tls_s()\n    directory.simple")},
        ),
        Good("ldap3 over TLS", {"job.py": NEWER.replace('net")\n', 'net", use_ssl=True)\n')}),
        Good("without a password", {"job.py": NEWER.replace(", user, password", "")}),
    ],
)
def plain_bind(link: Link) -> Iterator[Finding]:
    """Yield a finding for a bind that leaves the machine unencrypted."""
    target = leaves(link) if link.protocol == "ldap" else None
    if target is not None:
        yield Finding(
            at=link.at,
            says=f"{link.function} sends the password unencrypted",
            evidence=target.evidence,
            confidence=target.confidence,
            fix=Fix("Use `ldaps://`, or StartTLS before the bind."),
            symbol=link.function,
        )
