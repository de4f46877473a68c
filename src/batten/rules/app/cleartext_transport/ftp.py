"""Files go over FTP, which encrypts nothing.

User, password and every file can be read on the way, and changed. High where the
code logs in with a password, medium otherwise.

Silent for `ftplib.FTP_TLS`, and on the same machine.

Fix: SFTP (`paramiko`, `asyncssh`), or `ftplib.FTP_TLS` with `prot_p()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.app.cleartext_transport._far import leaves
from batten.understand.code_subjects import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import ftplib

server = ftplib.FTP("files.example.net")  # <- here
"""


@rule(
    id="cleartext-transport/ftp",
    severity=Severity.MEDIUM,
    cwe=319,
    over=Link,
    sources=["RFC 959", "Python 3.11 ftplib.FTP_TLS", "OWASP A02:2025"],
    bad=[
        Bad("plain FTP", {"job.py": CODE}),
        Bad(
            "to a host that is told later",
            {"job.py": CODE.replace('"files.example.net"', "input()")},
        ),
    ],
    good=[
        Good("over TLS", {"job.py": CODE.replace("ftplib.FTP(", "ftplib.FTP_TLS(")}),
        Good("this machine", {"job.py": CODE.replace("files.example.net", "127.0.0.1")}),
    ],
)
def plain_files(link: Link) -> Iterator[Finding]:
    """Yield a finding for a connection over FTP that leaves the machine."""
    target = leaves(link) if link.protocol == "ftp" else None
    if target is not None:
        yield Finding(
            at=link.at,
            says=f"{link.function} sends user, password and files unencrypted",
            evidence=target.evidence,
            confidence=target.confidence,
            severity=Severity.HIGH if link.login else Severity.MEDIUM,
            fix=Fix("Use SFTP, or `ftplib.FTP_TLS` with `prot_p()`."),
            symbol=link.function,
        )
