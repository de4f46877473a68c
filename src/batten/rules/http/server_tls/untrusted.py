"""The certificate is not trusted.

Browsers stop visitors with a warning, and those who go on have learned to go on: whoever stands between can then show
a certificate of his own. Programs that call the site are told to verify nothing.

Low on this machine's own addresses, where certificates are made by hand (`--ca-file` trusts them). Silent when a client
of today connects without a warning.

Fix: renew it, or get one from an authority that browsers know; send the intermediates with it (the full chain).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.handshakes import is_own, told
from batten.rules.samples import shown
from batten.understand.answers.tls import TlsAnswer, Trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding


@rule(
    id="server-tls/untrusted",
    severity=Severity.HIGH,
    cwe=295,
    over=TlsAnswer,
    sources=["RFC 5280 section 6", "RFC 9525", "OWASP ASVS 5.0, 12.2.2"],
    bad=[
        Bad("expired", answers={"GET /": shown(), "TLS # <- here": "trust: EXPIRED"}),
        Bad("self-signed", answers={"GET /": shown(), "TLS # <- here": "trust: SELF_SIGNED"}),
        Bad("of another name", answers={"GET /": shown(), "TLS # <- here": "names: no"}),
    ],
    good=[
        Good("trusted", answers={"GET /": shown(), "TLS": ""}),
    ],
)
def not_trusted(seen: TlsAnswer) -> Iterator[Finding]:
    """Yield a finding when a client that verifies would not take the certificate."""
    trust = seen.trust
    if trust is None or (trust is Trust.TRUSTED and seen.names_host is not False):
        return
    why = trust.value if trust is not Trust.TRUSTED else Trust.OTHER_NAME.value
    severity = Severity.LOW if is_own(seen) else Severity.HIGH
    fix = "Renew it, make it out to this name, and send the whole chain."
    yield told(seen, f"a browser warns before this site: {why}", why, fix, "certificate", severity)
