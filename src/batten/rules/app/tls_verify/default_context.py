"""A mail or file connection over TLS verifies nothing by default.

`smtplib`, `imaplib`, `poplib`, `nntplib` and `ftplib` make a context of their own when
none is given, and that one looks neither at the certificate nor at the name
(`ssl._create_stdlib_context`). The password goes, encrypted, to whoever answers.

Told to auditors only: nearly all code in the field does so.

Silent with a context.

Fix: `server.starttls(context=ssl.create_default_context())`, and the same argument of
`SMTP_SSL`, `IMAP4_SSL` (`ssl_context=`), `POP3_SSL` and `FTP_TLS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import DefaultContext

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import smtplib
import ssl


def send(text):
    with smtplib.SMTP("mail.example.net", 587) as server:
        server.starttls()  # <- here
        server.sendmail("shop@example.net", "you@example.com", text)
"""

WHOLE = """\
import imaplib
import ssl

box = imaplib.IMAP4_SSL("mail.example.net")  # <- here
"""


@rule(
    id="tls-verify/default-context",
    severity=Severity.MEDIUM,
    cwe=295,
    over=DefaultContext,
    persona="auditor",
    sources=["Python 3.11 smtplib.SMTP.starttls", "Python 3.11 docs, ssl, Security considerations"],
    bad=[Bad("STARTTLS", {"job.py": CODE}), Bad("from the start", {"job.py": WHOLE})],
    good=[
        Good("a context", {"job.py": CODE.replace("starttls()", "starttls(context=ssl.create_default_context())")}),
        Good(
            "a context from the start",
            {"job.py": WHOLE.replace('net")', 'net", ssl_context=ssl.create_default_context())')},
        ),
    ],
)
def believes_anyone(link: DefaultContext) -> Iterator[Finding]:
    """Yield a finding for a connection that is given no context."""
    yield Finding(
        at=link.at,
        says=f"{link.function} accepts any certificate: no context is given",
        fix=Fix("Give it `ssl.create_default_context()`."),
        symbol=link.function,
    )
