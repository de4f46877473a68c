"""A certificate authority for the length of one probe; its key never leaves the memory of this process but for a file.

The file lies in a folder of its own that only this user can read, and goes with it.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from batten.model import BattenError

if TYPE_CHECKING:
    from cryptography import x509

_DAY = timedelta(days=1)


def issued(host: str, folder: str) -> tuple[str, str]:
    """Write a certificate for a host (with its key), and the authority that signed it; return both files.

    Raises:
        BattenError: the package `cryptography` is not installed.
    """
    try:
        from cryptography import x509  # noqa: PLC0415 - only this asks for it, and it is slow
        from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - likewise
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise BattenError("--as-deployed needs the package cryptography", hint="pip install cryptography") from error

    def signed(name: x509.Name, key: ec.EllipticCurvePrivateKey, *, is_authority: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _DAY)
            .not_valid_after(now + 90 * _DAY)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if not is_authority:
            builder = builder.add_extension(x509.SubjectAlternativeName([_name(host)]), critical=False)
        return builder.sign(top, hashes.SHA256())

    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Batten, for this probe only")])
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host[:60])])
    top, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    own = signed(subject, key, is_authority=False).public_bytes(pem)
    authority = signed(issuer, top, is_authority=True).public_bytes(pem)
    return _written(folder, "site.pem", secret + own), _written(folder, "authority.pem", authority)


def _name(host: str) -> x509.GeneralName:
    from cryptography import x509  # noqa: PLC0415 - see above

    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _written(folder: str, name: str, data: bytes) -> str:
    path = os.path.join(folder, name)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return path
