"""The two ways of shaking hands: as a browser of today does, and with whoever is there."""

from __future__ import annotations

import ssl
import warnings
from functools import lru_cache

from batten.model import BattenError

_LEGACY_SERVER_CONNECT = 0x4
"""SSL_OP_LEGACY_SERVER_CONNECT of OpenSSL 3; `ssl` names it from Python 3.12 on."""


@lru_cache(maxsize=4)  # the system's authorities take 20 ms to load
def strict(ca_file: str = "") -> ssl.SSLContext:
    """Return a context that trusts the system's authorities and those of a file, and that asks for the host's name.

    Raises:
        BattenError: the file cannot be read as certificates.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            raise BattenError(
                f"{ca_file} cannot be read as certificates", hint="--ca-file takes a file in PEM form"
            ) from error
    return context


def trusting_only(ca_file: str = "") -> ssl.SSLContext:
    """Return a context that checks the certificate's chain and dates, under any version, but not whose name it bears.

    Raises:
        BattenError: the file cannot be read as certificates.
    """
    context = strict.__wrapped__(ca_file)
    context.check_hostname = False
    return _unlocked(context, "ALL:!aNULL:@SECLEVEL=0")


def lenient() -> ssl.SSLContext:
    """Return a context that takes any certificate, version and suite which the local OpenSSL still has."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _unlocked(context, "ALL:COMPLEMENTOFALL:@SECLEVEL=0")


def _unlocked(context: ssl.SSLContext, suites: str) -> ssl.SSLContext:
    context.options |= _LEGACY_SERVER_CONNECT
    with warnings.catch_warnings():  # Python 3.11 advises against old versions; that they are spoken is what is asked
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers(suites)
    return context
