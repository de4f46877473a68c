"""What a certificate says, read from its own bytes.

A reader of our own: what a deployment is judged by is a dozen fields, and a
library that is there only sometimes would make the same server judged
differently on two machines. It verifies no signature: whether the certificate
is trusted is what the handshake says.
"""

from __future__ import annotations

import hashlib
from dataclasses import field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers import der

if TYPE_CHECKING:
    from datetime import datetime

_SIGNATURES = {
    "1.2.840.113549.1.1.2": "md2 RSA",
    "1.2.840.113549.1.1.4": "md5 RSA",
    "1.2.840.113549.1.1.5": "sha1 RSA",
    "1.3.14.3.2.29": "sha1 RSA",
    "1.2.840.113549.1.1.14": "sha224 RSA",
    "1.2.840.113549.1.1.11": "sha256 RSA",
    "1.2.840.113549.1.1.12": "sha384 RSA",
    "1.2.840.113549.1.1.13": "sha512 RSA",
    "1.2.840.10040.4.3": "sha1 DSA",
    "2.16.840.1.101.3.4.3.2": "sha256 DSA",
    "1.2.840.10045.4.1": "sha1 ECDSA",
    "1.2.840.10045.4.3.1": "sha224 ECDSA",
    "1.2.840.10045.4.3.2": "sha256 ECDSA",
    "1.2.840.10045.4.3.3": "sha384 ECDSA",
    "1.2.840.10045.4.3.4": "sha512 ECDSA",
    "1.3.101.112": "sha512 Ed25519",
    "1.3.101.113": "shake256 Ed448",
}
"""Hash and algorithm of a signature (RFC 3279, 4055, 5758, 8410)."""
_PSS = "1.2.840.113549.1.1.10"
_HASHES = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.4": "sha224",
}
_CURVES = {
    "1.2.840.10045.3.1.1": 192,
    "1.3.132.0.33": 224,
    "1.2.840.10045.3.1.7": 256,
    "1.3.132.0.10": 256,
    "1.3.132.0.34": 384,
    "1.3.132.0.35": 521,
}
_RSA, _EC, _DSA = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1", "1.2.840.10040.4.1"
_EDWARDS = {"1.3.101.112": ("Ed25519", 256), "1.3.101.113": ("Ed448", 456)}
_ATTRIBUTES = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.25": "DC",
}
_ALTERNATIVE_NAMES, _BASIC_CONSTRAINTS = "2.5.29.17", "2.5.29.19"
_VERSION, _EXTENSIONS, _DNS_NAME, _ADDRESS = 0xA0, 0xA3, 0x82, 0x87
_MOST_NAMES = 1000


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate, as it says itself."""

    subject: str
    """`CN=shop.example, O=Shop`; empty where only alternative names are given."""
    issuer: str
    not_before: datetime
    not_after: datetime
    key: str
    """`RSA`, `EC`, `DSA`, `Ed25519`, `Ed448`, else the algorithm's number."""
    key_bits: int
    """0 where it cannot be told."""
    signature: str
    """Hash and algorithm: `sha256 RSA`; the algorithm's number where it is not known."""
    names: tuple[str, ...] = ()
    """The alternative names that are host names, as written."""
    addresses: tuple[str, ...] = ()
    """Those that are IP addresses."""
    is_authority: bool = False
    is_self_issued: bool = False
    """Subject and issuer are the same, as in every self-signed certificate."""
    sha256: str = ""
    _subject: bytes = field(default=b"", repr=False)
    _issuer: bytes = field(default=b"", repr=False)

    @property
    def signature_hash(self) -> str:
        """Return the hash that is signed, `sha1`; empty where it is not known."""
        return self.signature.partition(" ")[0] if " " in self.signature else ""

    def is_issued_by(self, other: Certificate) -> bool:
        """Return whether the other's subject is this one's issuer."""
        return self._issuer == other._subject


def certificate(data: bytes) -> Certificate:
    """Return what a certificate in DER says.

    Raises:
        der.MalformedError: the bytes are no certificate.
    """
    try:
        return _read(data)
    except (IndexError, ValueError, StopIteration) as error:
        raise der.MalformedError("no certificate") from error


def _read(data: bytes) -> Certificate:
    outer = list(der.items(der.only(data, der.SEQUENCE)))
    fields = list(der.items(outer[0][1]))
    if fields[0][0] == _VERSION:
        del fields[0]
    issuer, validity, subject, key = (body for _, body in fields[2:6])
    begins, ends = (der.moment(tag, body) for tag, body in der.items(validity))
    algorithm, bits = _key(key)
    extensions = dict(_extensions(next((body for tag, body in fields[6:] if tag == _EXTENSIONS), b"")))
    names, addresses = _alternatives(extensions.get(_ALTERNATIVE_NAMES, b""))
    return Certificate(
        subject=_name(subject),
        issuer=_name(issuer),
        not_before=begins,
        not_after=ends,
        key=algorithm,
        key_bits=bits,
        signature=_signature(outer[1][1]),
        names=names,
        addresses=addresses,
        is_authority=_is_authority(extensions.get(_BASIC_CONSTRAINTS, b"")),
        is_self_issued=subject == issuer,
        sha256=hashlib.sha256(data).hexdigest(),
        _subject=subject,
        _issuer=issuer,
    )


def _name(body: bytes) -> str:
    said = []
    for _, relative in der.items(body):
        for _, pair in der.items(relative):
            (_, kind), (tag, value) = der.items(pair)
            said.append(f"{_ATTRIBUTES.get(number := der.dotted(kind), number)}={der.text(tag, value)}")
    return ", ".join(said)


def _key(body: bytes) -> tuple[str, int]:
    """Return algorithm and size of a public key (RFC 3279, 5480, 8410)."""
    (_, algorithm), (_, key) = der.items(body)
    (_, kind), *parameters = der.items(algorithm)
    number = der.dotted(kind)
    if number == _RSA:
        modulus = der.only(der.only(der.bits(key), der.SEQUENCE), der.INTEGER)
        return "RSA", int.from_bytes(modulus).bit_length()
    if number == _EC:
        named = [_CURVES.get(der.dotted(value), 0) for tag, value in parameters if tag == der.OID]
        return "EC", named[0] if named else 0
    if number == _DSA:
        prime = [der.only(value, der.INTEGER) for tag, value in parameters if tag == der.SEQUENCE]
        return "DSA", int.from_bytes(prime[0]).bit_length() if prime else 0
    return _EDWARDS.get(number, (number, 0))


def _signature(body: bytes) -> str:
    (_, kind), *parameters = der.items(body)
    number = der.dotted(kind)
    if number != _PSS:
        return _SIGNATURES.get(number, number)
    hashed = "sha1"  # the default (RFC 4055 section 3.1)
    for tag, value in der.items(parameters[0][1] if parameters else b""):
        if tag == _VERSION:  # [0] hashAlgorithm has the same tag
            named = der.dotted(der.only(der.only(value, der.SEQUENCE), der.OID))
            hashed = _HASHES.get(named, named)
    return f"{hashed} RSA-PSS"


def _extensions(body: bytes) -> list[tuple[str, bytes]]:
    """Return number and value of each extension."""
    if not body:
        return []
    found = []
    for _, extension in der.items(der.only(body, der.SEQUENCE)):
        (_, kind), *rest = der.items(extension)
        found += [(der.dotted(kind), value) for tag, value in rest if tag == der.OCTETS]
    return found


def _alternatives(body: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the host names and the addresses among the alternative names; at most a thousand of each."""
    if not body:
        return (), ()
    held = list(der.items(der.only(body, der.SEQUENCE)))
    names = [value.decode("ascii", "backslashreplace") for tag, value in held if tag == _DNS_NAME]
    addresses = [str(ip_address(value)) for tag, value in held if tag == _ADDRESS and len(value) in {4, 16}]
    return tuple(names[:_MOST_NAMES]), tuple(addresses[:_MOST_NAMES])


def _is_authority(body: bytes) -> bool:
    if not body:
        return False
    return any(tag == der.BOOLEAN and value != b"\0" for tag, value in der.items(der.only(body, der.SEQUENCE)))
