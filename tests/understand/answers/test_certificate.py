"""Our reader of certificates against the one of `cryptography`, on certificates made for the occasion."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.x509.oid import NameOID

from batten.understand.answers import der
from batten.understand.answers.certificate import certificate
from batten.understand.answers.tls import Offer, Offered, TlsAnswer, Version, names

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

BEGIN = datetime(2020, 2, 29, 12, 30, 5, tzinfo=UTC)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(65537, 1024)
PLAIN = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])


def made(  # noqa: PLR0913 - each is one thing that a certificate says
    key: CertificateIssuerPrivateKeyTypes = EC_KEY,
    *,
    subject: x509.Name = PLAIN,
    issuer: x509.Name = PLAIN,
    names: tuple[x509.GeneralName, ...] = (),
    authority: bool | None = None,
    ends: datetime = BEGIN + timedelta(days=90),
    hashed: hashes.SHA256 | hashes.SHA512 | hashes.SHA384 | None = None,
    pss: padding.PSS | None = None,
) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(2**150 + 1)
        .not_valid_before(BEGIN)
        .not_valid_after(ends)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if authority is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    edwards = isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey)
    made = builder.sign(key, None if edwards else (hashed or hashes.SHA256()), rsa_padding=pss)
    return made.public_bytes(serialization.Encoding.DER)


def test_what_a_certificate_says() -> None:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Bücher & Co, KG"),
            x509.NameAttribute(NameOID.EMAIL_ADDRESS, "a@b.example"),
        ]
    )
    alternatives = (
        x509.DNSName("shop.example"),
        x509.DNSName("*.shop.example"),
        x509.IPAddress(ip_address("127.0.0.1")),
        x509.IPAddress(ip_address("::1")),
        x509.RFC822Name("a@b.example"),
    )
    data = made(subject=subject, names=alternatives)
    found = certificate(data)
    assert found.subject == "C=DE, O=Bücher & Co, KG, 1.2.840.113549.1.9.1=a@b.example"
    assert found.issuer == "CN=shop.example"
    assert (found.not_before, found.not_after) == (BEGIN, BEGIN + timedelta(days=90))
    assert found.names == ("shop.example", "*.shop.example")
    assert found.addresses == ("127.0.0.1", "::1")
    assert found.sha256 == x509.load_der_x509_certificate(data).fingerprint(hashes.SHA256()).hex()
    assert (found.is_authority, found.is_self_issued) == (False, False)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (RSA_KEY, ("RSA", 1024, "sha256 RSA")),
        (EC_KEY, ("EC", 256, "sha256 ECDSA")),
        (ec.generate_private_key(ec.SECP384R1()), ("EC", 384, "sha256 ECDSA")),
        (ec.generate_private_key(ec.SECP521R1()), ("EC", 521, "sha256 ECDSA")),
        (ec.generate_private_key(ec.BrainpoolP256R1()), ("EC", 0, "sha256 ECDSA")),
        (dsa.generate_private_key(1024), ("DSA", 1024, "sha256 DSA")),
        (ed25519.Ed25519PrivateKey.generate(), ("Ed25519", 256, "sha512 Ed25519")),
        (ed448.Ed448PrivateKey.generate(), ("Ed448", 456, "shake256 Ed448")),
    ],
)
def test_keys_and_signatures(key: CertificateIssuerPrivateKeyTypes, said: tuple[str, int, str]) -> None:
    found = certificate(made(key))
    assert (found.key, found.key_bits, found.signature) == said
    assert found.signature_hash == said[2].split()[0]
    assert found.is_self_issued


def test_a_signature_by_rsa_pss_tells_its_hash() -> None:
    pss = padding.PSS(padding.MGF1(hashes.SHA384()), padding.PSS.DIGEST_LENGTH)
    found = certificate(made(RSA_KEY, hashed=hashes.SHA384(), pss=pss))
    assert (found.signature, found.signature_hash) == ("sha384 RSA-PSS", "sha384")


def test_a_signature_that_is_not_known_is_told_by_its_number() -> None:
    found = certificate(made().replace(bytes.fromhex("06082a8648ce3d040302"), bytes.fromhex("06082a8648ce3d04037f")))
    assert (found.signature, found.signature_hash) == ("1.2.840.10045.4.3.127", "")


@pytest.mark.parametrize("year", [2049, 2050, 9999])
def test_dates_of_both_kinds(year: int) -> None:
    ends = datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert certificate(made(ends=ends)).not_after == ends


def test_dates_of_the_last_century() -> None:
    assert der.moment(der.UTC_TIME, b"991231235959Z") == datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("is_one", [True, False])
def test_authorities(*, is_one: bool) -> None:
    assert certificate(made(authority=is_one)).is_authority is is_one


def test_bytes_that_are_no_certificate() -> None:
    good = made(names=(x509.DNSName("shop.example"),), authority=True)
    dice = random.Random(7)
    samples = [good[:size] for size in range(0, len(good), 7)]
    for _ in range(2000):
        broken = bytearray(good)
        for _ in range(dice.randint(1, 4)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        samples.append(bytes(broken))
    for sample in [*samples, b"\x30\x80", b"\x30\x85\1\1\1\1\1", b"\x31\0", b"\x30\0"]:
        try:
            certificate(sample)
        except der.MalformedError:
            continue


@pytest.mark.parametrize(
    ("host", "is_named"),
    [
        ("shop.example", True),
        ("SHOP.example.", True),
        ("www.shop.example", True),
        ("a.www.shop.example", False),
        ("evil.example", False),
        ("127.0.0.1", True),
        ("127.0.0.2", False),
        ("org", False),
        ("x.org", False),
    ],
)
def test_whose_name_it_bears(host: str, *, is_named: bool) -> None:
    alternatives = (
        x509.DNSName("shop.example"),
        x509.DNSName("*.shop.example"),
        x509.DNSName("*.org"),
        x509.IPAddress(ip_address("127.0.0.1")),
    )
    assert names(certificate(made(names=alternatives)), host) is is_named


def test_the_common_name_does_not_count() -> None:
    assert not names(certificate(made()), "shop.example")


def test_the_order_of_a_chain() -> None:
    root = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")])
    middle = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "middle")])
    leaf, issuer = certificate(made(issuer=middle)), certificate(made(subject=middle, issuer=root))
    assert TlsAnswer("a", 1, chain=(leaf, issuer)).is_in_order
    assert not TlsAnswer("a", 1, chain=(issuer, leaf)).is_in_order
    assert TlsAnswer("a", 1).is_in_order
    assert TlsAnswer("a", 1).certificate is None
    assert TlsAnswer("a", 1, chain=(leaf, issuer)).certificate is leaf


def test_versions_by_name() -> None:
    assert [str(version) for version in Version] == ["SSL 3", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"]
    seen = TlsAnswer("a", 1, versions=(Offered(Version.TLS_1_2, Offer.YES),))
    assert (seen.offer(Version.TLS_1_2), seen.offer(Version.TLS_1_0)) == (Offer.YES, Offer.UNKNOWN)


def test_an_empty_number_has_no_dots() -> None:
    assert der.dotted(b"") == ""
    assert der.dotted(bytes.fromhex("883703")) == "2.999.3"


def test_a_number_without_an_end_is_not_read() -> None:
    with pytest.raises(der.MalformedError):
        der.dotted(b"\xff" * 200_000)
