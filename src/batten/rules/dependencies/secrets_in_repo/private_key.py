"""A private key stands in the repository.

Whoever has it is the server to every visitor, logs in wherever it is trusted, or signs in
your name. A certificate of the same key can be revoked; a key that opened SSH has to be
taken out of every machine.

Severity: high, critical for a key of a Google service account, low for one that needs a
passphrase or is made for localhost. One step less where git does not track the file yet.

Silent for public keys and certificates, for a place where one goes, in tests and examples,
and for files that `.gitignore` keeps out and git does not track.

Fix: make a new key where it is used, and let the platform hand it over (a mounted secret, a
certificate manager); take the old one out of everything that trusts it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.secrets.nouns import Held, PrivateKey

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7q8ZtV3mN0pRc\nYw5LxKd2HsGf7JbQe1AoUi4Tn6Xy\n"
KEY = f"-----BEGIN PRIVATE KEY-----  # <- here\n{BODY}-----END PRIVATE KEY-----\n"
ACCOUNT = (
    (
        '{\n  "type": "service_account",\n  "private_key": "'
        + KEY.replace("  # <- here", "").replace("\n", "\\n")
        + '"\n}\n'
    )
    .replace('",\n  "private', '",\n  "private')
    .replace('KEY-----\\n"', 'KEY-----\\n"  # <- here')
)


@rule(
    id="secrets-in-repo/private-key",
    severity=Severity.HIGH,
    cwe=321,
    over=PrivateKey,
    sources=["RFC 7468 section 10", "OWASP Key Management Cheat Sheet", "CWE-321", "CWE-540"],
    bad=[
        Bad("a key of TLS", {"deploy/tls/shop.key": KEY}),
        Bad("a service account", {"shop/account.json": ACCOUNT}),
        Bad("in code", {"shop/sign.py": f'KEY = """{KEY}"""\n'}),
    ],
    good=[
        Good("a public key", {"deploy/tls/shop.pub": KEY.replace("PRIVATE", "PUBLIC")}),
        Good("a place for one", {"shop/sign.py": f'KEY = """{KEY.replace(BODY, "...")}"""\n'}),
        Good("a test", {"tests/tls/shop.key": KEY}),
        Good("git does not get the file", {"deploy/tls/shop.key": KEY, ".gitignore": "*.key\n"}),
    ],
)
def key_in_file(key: PrivateKey) -> Iterator[Finding]:
    """Yield a finding for a private key."""
    severity = Severity.CRITICAL if "service account" in key.what else Severity.HIGH
    severity = Severity.LOW if key.is_encrypted or key.is_for_the_desk else severity
    open_to = "" if key.held is Held.COMMITTED else f"; git does not track it yet, {key.held.value}"
    yield Finding(
        at=key.at,
        says=f"{key.at.file} holds {key.what}{open_to}",
        severity=severity if key.held is Held.COMMITTED else severity.lowered(),
        fix=Fix("Make a new key where it is used, and take this one out of all that trusts it."),
        symbol=key.what,
        proof=key.text,
        secret=True,
    )
