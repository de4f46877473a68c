"""What OpenSSL says of a failed handshake, in words that tell what is the matter with the server."""

from __future__ import annotations

import ssl

from batten.understand.answers.tls import Trust

_TRUST = {
    9: Trust.NOT_YET_VALID,
    10: Trust.EXPIRED,
    18: Trust.SELF_SIGNED,
    19: Trust.UNKNOWN_ISSUER,
    20: Trust.UNKNOWN_ISSUER,
    21: Trust.UNKNOWN_ISSUER,
    23: Trust.REVOKED,
    62: Trust.OTHER_NAME,
    64: Trust.OTHER_NAME,
    66: Trust.WEAK,
    67: Trust.WEAK,
    68: Trust.WEAK,
}
"""OpenSSL 3.0 X509_V_ERR_*: x509_vfy.h."""
_NO_TLS = "the port does not speak TLS"
_NO_VERSION = "no version of TLS in common"
_NO_WAY = "the server found nothing in common (alert handshake_failure)"
CLOSED = "the connection was closed during the handshake"
CLOSED_EARLY = "the connection was closed before an answer"
_UNKNOWN_NAME = "the server does not know the name"
_SAYS = {
    "WRONG_VERSION_NUMBER": _NO_TLS,
    "HTTP_REQUEST": _NO_TLS,
    "PACKET_LENGTH_TOO_LONG": _NO_TLS,
    "RECORD_LAYER_FAILURE": _NO_TLS,
    "UNSUPPORTED_PROTOCOL": _NO_VERSION,
    "TLSV1_ALERT_PROTOCOL_VERSION": _NO_VERSION,
    "NO_PROTOCOLS_AVAILABLE": _NO_VERSION,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": _NO_WAY,
    "SSL/TLS_ALERT_HANDSHAKE_FAILURE": _NO_WAY,
    "NO_SHARED_CIPHER": "no cipher suite in common",
    "DH_KEY_TOO_SMALL": "the server's Diffie-Hellman key is too small",
    "EE_KEY_TOO_SMALL": "the certificate's key is too small",
    "CA_MD_TOO_WEAK": "the certificate is signed with a broken hash",
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED": "the server knows no secure renegotiation",
    "TLSV1_UNRECOGNIZED_NAME": _UNKNOWN_NAME,
    "TLSV1_ALERT_UNRECOGNIZED_NAME": _UNKNOWN_NAME,
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "the server asks for a client's certificate",
    "TLSV1_ALERT_CERTIFICATE_REQUIRED": "the server asks for a client's certificate",
    "UNEXPECTED_EOF_WHILE_READING": CLOSED,
}
"""The reasons of OpenSSL 3.0, as `ssl` spells them."""


def said(error: OSError) -> str:
    """Return what went wrong with a connection or its handshake."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return trust(error).value
    reason = getattr(error, "reason", None)  # of an SSLError, if OpenSSL made it
    if isinstance(reason, str):
        return _SAYS.get(reason, reason.lower().replace("_", " "))
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens on the port"
    if isinstance(error, ConnectionResetError | ConnectionAbortedError):
        return CLOSED
    return str(error.strerror or error)


def lost(error: Exception) -> str:
    """Return why a connection ended that had begun well."""
    if isinstance(error, ConnectionResetError | ConnectionAbortedError):
        return "the connection was reset"
    says = said(error) if isinstance(error, OSError) else str(error)
    return "what came was TLS no more" if says == _NO_TLS else says


def trust(error: ssl.SSLCertVerificationError) -> Trust:
    """Return why a certificate was not taken."""
    return _TRUST.get(error.verify_code, Trust.OTHER)
