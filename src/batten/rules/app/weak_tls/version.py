"""A connection asks for a version of TLS or SSL that is broken.

SSL 2 and 3 are broken outright: whoever stands between reads and changes what
is sent. TLS 1.0 and 1.1 rest on MD5 and SHA-1, were deprecated in 2021, and are
refused by browsers, by payment rules and by most servers.

A fixed version (`PROTOCOL_TLSv1`) is worse than a lower bound: the connection is
never better than that, whatever both sides could do. High for SSL and for a
fixed version, medium for TLS 1.0 and 1.1 as the lower bound.

Silent for `PROTOCOL_TLS`, `PROTOCOL_SSLv23` and the methods of those names,
which take the best version that both sides have, and where the bound is raised
again afterwards.

Fix: `ssl.create_default_context()`, which starts at TLS 1.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.code_subjects import TlsVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXED = """\
import ssl

context = ssl.SSLContext(ssl.PROTOCOL_TLSv1)  # <- here
"""

BOUND = """\
import ssl

context = ssl.create_default_context()
context.minimum_version = ssl.TLSVersion.TLSv1  # <- here
"""

HANDED = """\
import ssl

from vendor import connect

connect("db.example.net", ssl_version=ssl.PROTOCOL_SSLv3)  # <- here
"""

OPEN = """\
from OpenSSL import SSL

context = SSL.Context(SSL.TLSv1_METHOD)  # <- here
"""


@rule(
    id="weak-tls/version",
    severity=Severity.HIGH,
    cwe=327,
    over=TlsVersion,
    sources=["RFC 8996", "RFC 7568", "Python 3.11 ssl.TLSVersion", "pyOpenSSL 26 OpenSSL.SSL", "OWASP A02:2025"],
    bad=[
        Bad("one old version", {"job.py": FIXED}),
        Bad("an old lower bound", {"job.py": BOUND}),
        Bad("handed to another library", {"job.py": HANDED}),
        Bad("pyOpenSSL", {"job.py": OPEN}),
    ],
    good=[
        Good("the best of both sides", {"job.py": FIXED.replace("PROTOCOL_TLSv1", "PROTOCOL_TLS_CLIENT")}),
        Good("that one too, under its old name", {"job.py": HANDED.replace("PROTOCOL_SSLv3", "PROTOCOL_SSLv23")}),
        Good("a bound that holds", {"job.py": BOUND.replace("TLSVersion.TLSv1", "TLSVersion.TLSv1_2")}),
        Good(
            "raised again before it is used",
            {"job.py": BOUND + "context.minimum_version = ssl.TLSVersion.TLSv1_2\n"},
        ),
        Good("pyOpenSSL's negotiation", {"job.py": OPEN.replace("TLSv1_METHOD", "TLS_METHOD")}),
    ],
)
def old_version(asked: TlsVersion) -> Iterator[Finding]:
    """Yield a finding for a version that may be an old one."""
    for case in asked.version.cases():
        if str(case.value) in _OLD:
            is_bound = asked.least and case.value != "SSLv3"
            yield Finding(
                at=asked.at,
                says=f"{asked.function} {'starts at' if asked.least else 'speaks'} {case.value}",
                evidence=case.evidence,
                confidence=case.confidence,
                severity=Severity.MEDIUM if is_bound else Severity.HIGH,
                fix=Fix("Take `ssl.create_default_context()`, or `ssl.TLSVersion.TLSv1_2` as the lower bound."),
                symbol=asked.function,
                proof=str(case.value),
            )
            return


_OLD = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "the oldest that OpenSSL has"})
