"""Whole handshakes, by the local OpenSSL: whether a client of today would trust the server, and its chain."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Any

from batten.collect.http.connect import opened
from batten.collect.tls import words
from batten.model.data import dataclass
from batten.understand.answers.tls import Trust

if TYPE_CHECKING:
    from batten.collect.http.target import Target

_DER = 2
"""`_ssl.ENCODING_DER` of CPython 3.11 and 3.12."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """How one ended."""

    says: str = ""
    """Why it failed; empty where it did not."""
    trust: Trust | None = None
    """What was made of the certificate, where that was looked at."""
    version: str = ""
    suite: str = ""
    chain: tuple[bytes, ...] = ()


async def shaken(target: Target, address: str, context: ssl.SSLContext, seconds: float, name: str | None) -> Handshake:
    """Return how a handshake ends; `name` is what the server is asked for, None for no name at all."""
    try:
        async with asyncio.timeout(seconds):
            _, writer = await opened(address, target.origin.port, context, name)
    except TimeoutError:
        return Handshake(f"no handshake after {seconds:g} s")
    except ssl.SSLCertVerificationError as error:
        return Handshake(words.said(error), words.trust(error))
    except OSError as error:
        return Handshake(words.said(error))
    tls: ssl.SSLObject = writer.get_extra_info("ssl_object")
    suite = tls.cipher()
    trust = Trust.TRUSTED if context.verify_mode is ssl.CERT_REQUIRED else None
    made = Handshake("", trust, tls.version() or "", suite[0] if suite else "", sent_chain(tls))
    writer.transport.abort()
    return made


def sent_chain(tls: Any) -> tuple[bytes, ...]:  # noqa: ANN401 - an SSLObject; typeshed knows no private names
    """Return the certificates that the server sent, in its order; of Python before 3.10 only its own."""
    public = getattr(tls, "get_unverified_chain", None)  # from Python 3.13 on
    if public is not None:
        return tuple(public())
    inner = getattr(getattr(tls, "_sslobj", None), "get_unverified_chain", None)
    if inner is not None:
        return tuple(one.public_bytes(_DER) for one in inner() or ())
    own = tls.getpeercert(binary_form=True)
    return (own,) if own else ()
