"""Asks one host what TLS it speaks: a dozen hellos, a few handshakes, and the certificate."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

from batten.collect.http.bounds import LOOPBACK, POLITE
from batten.collect.http.connect import opened, reachable
from batten.collect.tls import contexts, words
from batten.collect.tls.handshake import Handshake, shaken
from batten.collect.tls.hello import WEAK, Reply, client_hello, reply, suites_for
from batten.model.data import dataclass
from batten.understand.answers.certificate import Certificate, certificate
from batten.understand.answers.der import MalformedError
from batten.understand.answers.tls import Offer, Offered, TlsAnswer, Trust, Version, WeakSuites, names

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Sequence

    from batten.collect.http.target import Target

_MOST_BYTES = 128 * 1024
_MOST_CERTIFICATES = 20
_AT_ONCE = 16 * 1024
_CLOSED = frozenset({words.CLOSED, words.CLOSED_EARLY})


@dataclass(frozen=True, slots=True)
class TlsBounds:
    """What looking at the TLS of one host may take."""

    handshake_s: float = 4.0
    all_s: float = 15.0


class _Asking:
    """The questions to one host, at its pace."""

    def __init__(self, target: Target, bounds: TlsBounds) -> None:
        pace = LOOPBACK if target.is_loopback else POLITE
        self.target = target
        self.address = target.addresses[0]
        host = target.origin.host
        self.name = "" if _is_address(host) else host
        self._bounds = bounds
        self._ends = time.monotonic() + bounds.all_s
        self._gate = asyncio.Semaphore(pace.connections)
        self._per_second = pace.per_second
        self._turn = 0.0
        self.asked = 0

    @property
    def seconds(self) -> float:
        """What one more handshake may take."""
        return max(0.0, min(self._bounds.handshake_s, self._ends - time.monotonic()))

    async def turn(self) -> None:
        """Wait for the next turn."""
        self.asked += 1
        if self._per_second:
            now = time.monotonic()
            self._turn = max(now, self._turn + 1 / self._per_second)
            await asyncio.sleep(min(self._turn - now, self.seconds))

    async def hello(self, version: Version, suites: Sequence[int]) -> tuple[Reply | None, str]:
        """Return what the server says to a ClientHello; without that, why."""
        async with self._gate:
            await self.turn()
            try:
                async with asyncio.timeout(self.seconds):
                    return await self._exchange(client_hello(version, suites, self.name))
            except TimeoutError:
                return None, "no answer in time"
            except OSError as error:
                return None, words.said(error)

    async def _exchange(self, sent: bytes) -> tuple[Reply | None, str]:
        reader, writer = await opened(self.address, self.target.origin.port)
        try:
            writer.write(sent)
            data = b""
            while len(data) < _MOST_BYTES:
                part = await reader.read(_AT_ONCE)
                data += part
                found = reply(data)
                if found.is_over or (found.version and not part):
                    return found, ""
                if not part:
                    return None, words.CLOSED_EARLY
        finally:
            writer.transport.abort()
        return None, "an answer without an end"

    async def shake(self, context: ssl.SSLContext, *, with_name: bool = True) -> Handshake:
        """Return how a handshake with the context ends."""
        async with self._gate:
            await self.turn()
            host = self.target.origin.host if with_name else None
            return await shaken(self.target, self.address, context, self.seconds, host)


async def tls_of(target: Target, *, bounds: TlsBounds | None = None, ca_file: str = "") -> TlsAnswer:
    """Return what is seen of the TLS of a consented target: versions, weak suites, certificate, trust.

    About sixteen connections; none carries data. Off loopback they are spaced like requests.
    """
    asking = _Asking(target, bounds or TlsBounds())
    asking.address = await reachable(target, asking.seconds)
    host, port = target.origin.host, target.origin.port
    replies = await asyncio.gather(*(asking.hello(version, suites_for(version)) for version in Version))
    offered = _told(_offered(version, *answer) for version, answer in zip(Version, replies, strict=True))
    taken = [one for one in offered if one.offer is Offer.YES]
    if not taken and not any(found is not None and found.is_tls for found, _ in replies):
        return TlsAnswer(host, port, offered, failure=_why_not(replies), seen_at=datetime.now(UTC))
    weak = await _weak(asking, [one.version for one in taken])
    strict = await asking.shake(contexts.strict(ca_file))
    trust = strict.trust
    if trust is not Trust.TRUSTED:
        trust = (await asking.shake(contexts.trusting_only(ca_file))).trust
    met = strict if strict.chain else await asking.shake(contexts.lenient())
    chain = _chain(met.chain or next((found.chain for found, _ in replies if found and found.chain), ()))
    nameless = await asking.shake(contexts.lenient(), with_name=False) if asking.name else None
    return TlsAnswer(
        host=host,
        port=port,
        versions=offered,
        weak=weak,
        chain=chain,
        trust=trust,
        names_host=names(chain[0], host) if chain else None,
        is_verified=not strict.says if strict.trust is not None else None,
        says=strict.says,
        version=strict.version,
        suite=strict.suite,
        seen_at=datetime.now(UTC),
        without_name=_leaf(nameless),
    )


def _offered(version: Version, found: Reply | None, says: str) -> Offered:
    if found is None:
        return Offered(version, Offer.UNKNOWN, says=says)
    if found.version == version.value:
        return Offered(version, Offer.YES, found.suite)
    if found.version:
        return Offered(version, Offer.NO, says="another version was chosen")
    return Offered(version, Offer.NO if found.is_tls else Offer.UNKNOWN, says=found.alert or "the answer is not TLS")


def _told(offered: Iterable[Offered]) -> tuple[Offered, ...]:
    """Return the offers; a closed connection is a refusal where the same server took another version.

    Schannel and some load balancers send no alert for a version that they do not have.
    """
    held = tuple(offered)
    if not any(one.offer is Offer.YES for one in held):
        return held
    return tuple(Offered(one.version, Offer.NO, says=one.says) if one.says in _CLOSED else one for one in held)


def _why_not(replies: Sequence[tuple[Reply | None, str]]) -> str:
    if any(found is not None for found, _ in replies):
        return "the port does not speak TLS"
    return replies[-1][1]


async def _weak(asking: _Asking, taken: Sequence[Version]) -> tuple[WeakSuites, ...]:
    """Ask for the suites of each weakness alone, under the newest version that still has them."""
    older = [version for version in taken if version is not Version.TLS_1_3]
    if not older:
        return ()
    version = older[-1]
    replies = await asyncio.gather(*(asking.hello(version, suites) for suites in WEAK.values()))
    told = []
    for (weakness, suites), (found, says) in zip(WEAK.items(), replies, strict=True):
        seen = _offered(version, found, says)
        if seen.says in _CLOSED:
            seen = Offered(version, Offer.NO, says=seen.says)
        if seen.offer is Offer.YES and seen.suite not in suites:
            seen = Offered(version, Offer.UNKNOWN, seen.suite, "a suite was chosen that was not offered")
        told.append(WeakSuites(weakness, seen.offer, seen.suite, version))
    return tuple(told)


def _chain(sent: Sequence[bytes]) -> tuple[Certificate, ...]:
    """Return the certificates up to the first that cannot be read."""
    found = []
    for data in sent[:_MOST_CERTIFICATES]:
        try:
            found.append(certificate(data))
        except MalformedError:
            break
    return tuple(found)


def _leaf(made: Handshake | None) -> str | None:
    """Return the hash of the server's own certificate, empty where there was none, None where it was not asked."""
    if made is None:
        return None
    chain = _chain(made.chain)
    return chain[0].sha256 if chain else ""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
