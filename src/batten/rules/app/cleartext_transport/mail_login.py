"""A mail server is logged in to before the connection is encrypted.

`smtplib.SMTP(…).login(…)` without `starttls()` before it sends the password so that
everybody on the way can read it; `imaplib.IMAP4`, `poplib.POP3` and `nntplib.NNTP`
do the same. Who has it reads the mail, and sends in your name.

Silent after `starttls()` (`stls()` for POP3), for the classes that are encrypted
from the start (`SMTP_SSL`, `IMAP4_SSL`, `POP3_SSL`), and on the same machine.

Fix: `server.starttls(context=ssl.create_default_context())` before `login`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.app.cleartext_transport._far import leaves
from batten.understand.code_subjects import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import os
import smtplib
import ssl


def send(text):
    with smtplib.SMTP("mail.example.net", 587) as server:
        server.login("shop", os.environ["MAIL_PASSWORD"])  # <- here
        server.sendmail("shop@example.net", "you@example.com", text)
"""

START = "server.starttls(context=ssl.create_default_context())\n        server.login"


@rule(
    id="cleartext-transport/mail-login",
    severity=Severity.HIGH,
    cwe=319,
    over=Link,
    sources=["RFC 3207", "RFC 8314 section 3", "Python 3.11 smtplib.SMTP.starttls", "OWASP A02:2025"],
    bad=[
        Bad("SMTP", {"job.py": CODE}),
        Bad(
            "IMAP",
            {"job.py": CODE.replace("smtplib.SMTP", "imaplib.IMAP4").replace("import smtplib", "import imaplib")},
        ),
    ],
    good=[
        Good("encrypted first", {"job.py": CODE.replace("server.login", START)}),
        Good("encrypted from the start", {"job.py": CODE.replace("smtplib.SMTP(", "smtplib.SMTP_SSL(")}),
        Good("this machine", {"job.py": CODE.replace("mail.example.net", "localhost")}),
    ],
)
def plain_login(link: Link) -> Iterator[Finding]:
    """Yield a finding for a login that leaves the machine unencrypted."""
    target = leaves(link) if link.protocol in _MAIL else None
    if target is not None:
        yield Finding(
            at=link.at,
            says=f"{link.function} sends the password unencrypted: no {_MAIL[link.protocol]}() before it",
            evidence=target.evidence,
            confidence=target.confidence,
            fix=Fix(f"Call `{_MAIL[link.protocol]}(…)` before it, or use the class that is encrypted from the start."),
            symbol=link.function,
        )


_MAIL = {"smtp": "starttls", "imap": "starttls", "pop3": "stls", "nntp": "starttls"}
