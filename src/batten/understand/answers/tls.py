"""What was seen of a server's TLS: versions, suites, the certificate, and what a client makes of it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from datetime import datetime

    from batten.understand.answers.certificate import Certificate


class Version(Enum):
    """The versions of the protocol, by the number that stands in a ClientHello."""

    SSL_3 = 0x0300
    TLS_1_0 = 0x0301
    TLS_1_1 = 0x0302
    TLS_1_2 = 0x0303
    TLS_1_3 = 0x0304

    def __str__(self) -> str:
        """Return the name that everyone uses: `TLS 1.2`."""
        return self.name.replace("_", " ", 1).replace("_", ".")


class Weakness(Enum):
    """A kind of cipher suite that no client should be offered."""

    NULL = "no encryption"
    ANONYMOUS = "no proof of who the server is"
    EXPORT = "export-grade keys of 40 or 56 bits"
    RC4 = "RC4 (RFC 7465)"
    DES = "DES with 56 bits"
    TRIPLE_DES = "3DES, with blocks of 64 bits (Sweet32)"
    STATIC_RSA = "no forward secrecy: the key exchange is plain RSA"


class Trust(Enum):
    """What a client that verifies makes of the certificate."""

    TRUSTED = "trusted"
    EXPIRED = "the certificate has expired"
    NOT_YET_VALID = "the certificate is not valid yet"
    SELF_SIGNED = "the certificate is self-signed"
    UNKNOWN_ISSUER = "the certificate's issuer is not known or an intermediate is not sent"
    OTHER_NAME = "the certificate is of another name"
    REVOKED = "the certificate was revoked"
    WEAK = "the certificate's key or hash is too weak"
    OTHER = "the certificate was not accepted"


class Offer(Enum):
    """Whether a server takes what a client offered."""

    YES = "taken"
    NO = "refused"
    UNKNOWN = "no clear answer"


@dataclass(frozen=True, slots=True)
class Offered:
    """One version that was offered to the server, and its answer."""

    version: Version
    offer: Offer
    suite: int = 0
    """The number of the suite that the server chose."""
    says: str = ""
    """Why it refused, or why nothing can be told."""


@dataclass(frozen=True, slots=True)
class WeakSuites:
    """The suites of one weakness that the server was asked for, alone."""

    weakness: Weakness
    offer: Offer
    suite: int = 0
    """The one that it chose."""
    version: Version = Version.TLS_1_2
    """The version under which it was asked: the newest before 1.3 that the server has."""


@dataclass(frozen=True, slots=True)
class TlsAnswer:
    """What was seen of the TLS of one host and port."""

    host: str
    port: int
    versions: tuple[Offered, ...] = ()
    """From the oldest to the newest."""
    weak: tuple[WeakSuites, ...] = ()
    chain: tuple[Certificate, ...] = ()
    """As the server sent it, its own certificate first; empty where none could be read."""
    trust: Trust | None = None
    """Chain and dates, the name left aside; None where no handshake came about."""
    names_host: bool | None = None
    """Whether the certificate is made out to the host (RFC 9525); None without a certificate."""
    is_verified: bool | None = None
    """Whether a client of today connects without a warning; None where the handshake failed for another reason."""
    says: str = ""
    """What the handshake of such a client came to, where it failed."""
    version: str = ""
    """What a client of today ends up with: `TLSv1.3`."""
    suite: str = ""
    seen_at: datetime | None = None
    """The time by which dates are judged."""
    without_name: str | None = None
    """The SHA-256 of the certificate that a client gets who names no host (no SNI); empty where it gets none."""
    failure: str = ""
    """Why nothing was seen: no TLS on this port, refused, no answer in time."""

    def offer(self, version: Version) -> Offer:
        """Return whether the server takes a version."""
        return next((seen.offer for seen in self.versions if seen.version is version), Offer.UNKNOWN)

    @property
    def certificate(self) -> Certificate | None:
        """The server's own certificate."""
        return self.chain[0] if self.chain else None

    @property
    def is_in_order(self) -> bool:
        """Whether each certificate of the chain is issued by the one after it (RFC 5246 section 7.4.2)."""
        return all(one.is_issued_by(other) for one, other in zip(self.chain, self.chain[1:], strict=False))


def names(certificate: Certificate, host: str) -> bool:
    """Return whether a certificate is made out to a host name or an address.

    Only alternative names count, and a star stands for one whole label, the
    first (RFC 9525 section 6.3). The common name has not counted since Chrome
    58 and Python 3.7.
    """
    wanted = host.lower().rstrip(".")
    if wanted in certificate.addresses:
        return True
    _, _, parent = wanted.partition(".")
    for name in certificate.names:
        held = name.lower().rstrip(".")
        if held == wanted or ("." in parent and held == f"*.{parent}"):
            return True
    return False
