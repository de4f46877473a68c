"""A certificate authority for the length of a test run."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
VALID = (NOW - 10 * DAY, NOW + 10 * DAY)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Authority:
    """Issues certificates and writes them, with key and chain, as PEM files."""

    def __init__(self, directory: Path, name: str = "Test Authority") -> None:
        self.directory = directory
        self.name = named(name)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._signed(self.name, self.key, is_authority=True)
        self.file = directory / f"{name}.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        names: tuple[str, ...] = (),
        between: tuple[datetime, datetime] = VALID,
        is_authority: bool = False,
        by_itself: bool = False,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if by_itself else self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(between[0])
            .not_valid_after(between[1])
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if names:
            held = [x509.IPAddress(ip_address(one)) if one[0].isdigit() else x509.DNSName(one) for one in names]
            builder = builder.add_extension(x509.SubjectAlternativeName(held), critical=False)
        return builder.sign(key if by_itself else self.key, hashes.SHA256())

    def issue(
        self,
        name: str,
        *,
        names: tuple[str, ...] = ("127.0.0.1", "shop.test"),
        between: tuple[datetime, datetime] = VALID,
        by_itself: bool = False,
    ) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._signed(named(name), key, names=names, between=between, by_itself=by_itself)
        file = self.directory / f"{name}.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
        return file


def served(file: Path) -> ssl.SSLContext:
    """Return the context of a server of today with the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
