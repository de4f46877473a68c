"""A module is imported that can only talk without encryption.

`telnetlib` and `ftplib.FTP` send everything as it is, the password first. Where they are
used is not seen, and what they are used for later will be no safer. Python 3.13 took
`telnetlib` away: the import fails there.

Told to auditors only: an import opens no connection.

Silent where the file makes a connection that is told already, for `FTP_TLS`, and for the
errors of `ftplib`.

Fix: SSH (`paramiko`, `asyncssh`), or `ftplib.FTP_TLS` with `prot_p()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import Link, PlainImport
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import ftplib  # <- here


def copy(make):
    return make(ftplib.FTP)
"""


@rule(
    id="cleartext-transport/module",
    severity=Severity.LOW,
    cwe=319,
    over=App,
    persona="auditor",
    sources=["RFC 959", "RFC 854", "Python 3.13 docs, What's New, Removed", "OWASP A02:2025"],
    bad=[
        Bad("FTP", {"job.py": CODE}),
        Bad("its class", {"job.py": "from ftplib import FTP  # <- here\n"}),
        Bad("Telnet", {"job.py": "import telnetlib  # <- here\n"}),
    ],
    good=[
        Good("FTP over TLS", {"job.py": CODE.replace("ftplib.FTP)", "ftplib.FTP_TLS)")}),
        Good("its errors", {"job.py": "from ftplib import all_errors\n"}),
        Good("a module beside it", {"job.py": "from .ftplib import FTP\n"}),
        Good(
            "the connection is told",
            {"job.py": CODE + '\n\nftplib.FTP("backup.example.net").login("shop")\n'},
        ),
        Good("an example", {"examples/job.py": CODE.replace("  # <- here", "")}),
    ],
)
def never_encrypts(app: App) -> Iterator[Finding]:
    """Yield a finding for each import of such a module in a file that is not told to connect with it."""
    told = {(one.at.file, one.protocol) for one in app.code if isinstance(one, Link)}
    for one in app.code:
        if isinstance(one, PlainImport) and (one.at.file, one.protocol) not in told:
            yield Finding(
                at=one.at,
                says=f"{one.module} talks without encryption only",
                fix=Fix("Use SSH, or `ftplib.FTP_TLS` with `prot_p()`."),
                symbol=one.module,
            )
