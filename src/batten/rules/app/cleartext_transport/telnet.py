"""A session goes over Telnet, which encrypts nothing.

What is typed and answered, the password first of all, can be read on the way, and
commands can be added. Python 3.13 took the module away.

Silent on the same machine.

Fix: SSH (`paramiko`, `asyncssh`), or the device's API over TLS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.app.cleartext_transport._far import leaves
from batten.understand.code_subjects import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import telnetlib

switch = telnetlib.Telnet("switch.example.net")  # <- here
"""


@rule(
    id="cleartext-transport/telnet",
    severity=Severity.HIGH,
    cwe=319,
    over=Link,
    sources=["RFC 854", "Python 3.13 docs, What's New, Removed", "OWASP A02:2025"],
    bad=[Bad("a switch", {"job.py": CODE})],
    good=[Good("a test double on this machine", {"job.py": CODE.replace("switch.example.net", "localhost")})],
)
def plain_session(link: Link) -> Iterator[Finding]:
    """Yield a finding for a Telnet session that leaves the machine."""
    target = leaves(link) if link.protocol == "telnet" else None
    if target is not None:
        yield Finding(
            at=link.at,
            says=f"{link.function} sends all that is typed unencrypted",
            evidence=target.evidence,
            confidence=target.confidence,
            fix=Fix("Use SSH."),
            symbol=link.function,
        )
