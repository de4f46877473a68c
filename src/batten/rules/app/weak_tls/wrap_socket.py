"""`ssl.wrap_socket()` takes any version of TLS, and compares no host name.

It is from a time when TLS was wrapped around a socket that somebody had opened:
without `ssl_version` it takes whatever OpenSSL was built with, SSL 3 too, and it
has no way to compare the host's name. Python 3.12 took it away.

Silent for the method of a context, `context.wrap_socket(…)`, and where a version is
given: an old one is told by `weak-tls/version`. That nothing is verified either is
told by `tls-verify/off`.

Fix: `ssl.create_default_context().wrap_socket(sock, server_hostname=host)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import TlsVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import socket
import ssl


def connect(host):
    plain = socket.create_connection((host, 443))
    return ssl.wrap_socket(plain)  # <- here
"""


@rule(
    id="weak-tls/wrap-socket",
    severity=Severity.MEDIUM,
    cwe=327,
    over=TlsVersion,
    sources=["Python 3.11 docs, ssl.wrap_socket", "Python 3.12 docs, What's New, Removed", "OWASP A02:2025"],
    bad=[Bad("the function of the module", {"job.py": CODE})],
    good=[
        Good(
            "the method of a context",
            {
                "job.py": CODE.replace(
                    "ssl.wrap_socket(plain)", "context.wrap_socket(plain, server_hostname=host)"
                ).replace("def connect", "context = ssl.create_default_context()\n\n\ndef connect")
            },
        ),
        Good("a version of its own", {"job.py": CODE.replace("(plain)", "(plain, ssl_version=ssl.PROTOCOL_TLSv1_2)")}),
    ],
)
def old_function(asked: TlsVersion) -> Iterator[Finding]:
    """Yield a finding for a call of the old function."""
    if asked.function == "ssl.wrap_socket" and asked.version.may_be("any"):
        yield Finding(
            at=asked.at,
            says="ssl.wrap_socket takes any version of TLS, and compares no host name",
            fix=Fix("Use `ssl.create_default_context().wrap_socket(sock, server_hostname=host)`."),
            symbol=asked.function,
        )
