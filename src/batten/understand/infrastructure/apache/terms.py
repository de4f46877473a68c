"""What an Apache tells of itself and what it accepts: version, status page, TLS, TRACE, proxying, the file system."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.apache.access import Lets, access_of
from batten.understand.infrastructure.apache.sections import Kind
from batten.understand.infrastructure.ciphers import weak
from batten.understand.infrastructure.web import (
    Banner,
    ForwardedTrust,
    OpenProxy,
    RootGrant,
    StatusPage,
    TlsTerms,
    TraceAnswered,
    UncheckedUpstream,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.apache.grammar import Directive
    from batten.understand.infrastructure.apache.installations import Installation
    from batten.understand.infrastructure.apache.sites import Site

_SHORT = frozenset(("prod", "productonly"))
_VERSIONS = {"sslv2": "SSLv2", "sslv3": "SSLv3", "tlsv1": "TLSv1", "tlsv1.1": "TLSv1.1"}
_ALL = frozenset(("sslv3", "tlsv1", "tlsv1.1", "tlsv1.2", "tlsv1.3"))
_NO_TRACE = "TraceEnable off"
_QUIET = "ServerTokens Prod"
_PAGES = {
    "server-status": "Apache's status page is open: it lists who asks for what",
    "server-info": "Apache's info page is open: it lists its whole configuration",
    "ldap-status": "Apache's LDAP status page is open",
    "balancer-manager": "Apache's balancer manager is open: it changes where requests go",
}
_WIDE = frozenset(("0.0.0.0/0", "::/0", "0/0"))


def of_server(one: Installation, outside: Site) -> Iterator[object]:
    """Yield what holds for the whole server."""
    tokens = outside.last("servertokens")
    if tokens is not None and tokens.text.lower() not in _SHORT and "$" not in tokens.text:
        says = f"Apache says its version: ServerTokens is {tokens.text}"
        yield Banner("Apache", tokens.at, says, f"Write `{_QUIET}`.", one.evidence)
    elif tokens is None and one.main is not None:
        says = "Apache says its version, its modules' and its system: ServerTokens is Full where no line sets it"
        yield Banner("Apache", one.main, says, f"Add `{_QUIET}`.", one.evidence)
    if one.main is not None and outside.last("traceenable") is None:
        says = "Apache sends a TRACE request back: TraceEnable is on where no line sets it"
        yield TraceAnswered("Apache", one.main, says, one.evidence)


def of_site(one: Installation, site: Site) -> Iterator[object]:
    """Yield what a host tells and accepts."""
    signature = site.last("serversignature")
    if signature is not None and signature.text.lower() in ("on", "email"):
        says = f"Apache signs its error pages with its version: ServerSignature is {signature.text}"
        yield Banner("Apache", signature.at, says, "Write `ServerSignature Off`.", one.evidence)
    trace = site.last("traceenable")
    if trace is not None and trace.text.lower() in ("on", "extended"):
        says = f"Apache sends a TRACE request back: TraceEnable is {trace.text}"
        yield TraceAnswered("Apache", trace.at, says, one.evidence)
    yield from _pages(one, site)
    yield from _tls(one, site)
    yield from _upstream(one, site)
    yield from _proxy(one, site)
    yield from _root(one, site)


def _pages(one: Installation, site: Site) -> Iterator[StatusPage]:
    """Yield the pages of modules that tell of the server, where strangers are let in."""
    for section in site.sections.each:
        handler = next((d for d in section.directives if d.name == "sethandler"), None)
        says = _PAGES.get(handler.text.lower()) if handler is not None else None
        if handler is None or says is None:
            continue
        url = section.pattern if section.kind is Kind.LOCATION else "/"
        base = next((root.path for root in site.roots if root.url == "/"), "\0")
        access = site.sections.state(base, url, is_file=False).access if not section.is_regular else None
        access = access or access_of(section.directives)
        if access is None or access.lets is Lets.ANYBODY:
            fix = "Add `Require local`, or the networks that may read it."
            much = handler.text.lower() != "server-status"
            yield StatusPage("apache", says, handler.at, fix, one.machine.reach, much, one.evidence)


def _tls(one: Installation, site: Site) -> Iterator[TlsTerms]:
    protocol = site.last("sslprotocol")
    accepted = _accepted(protocol) if protocol is not None else set()
    old = tuple(name for key, name in _VERSIONS.items() if key in accepted)
    if protocol is not None and old:
        fix = "Write `SSLProtocol -all +TLSv1.2 +TLSv1.3`."
        yield TlsTerms("Apache", protocol.at, old, fix=fix, evidence=one.evidence)
    suites = site.last("sslciphersuite")
    broken = weak(suites.args[-1]) if suites is not None and suites.args else ()
    if suites is not None and broken:
        fix = "Take the line out, or name suites with ECDHE and AES-GCM or ChaCha20 only."
        yield TlsTerms("Apache", suites.at, weak=broken, fix=fix, evidence=one.evidence)


def _upstream(one: Installation, site: Site) -> Iterator[UncheckedUpstream]:
    for name, off in (("SSLProxyVerify", "none"), ("SSLProxyCheckPeerName", "off")):
        check = site.last(name.lower())
        if check is not None and check.text.lower() == off:
            fix = "Write `SSLProxyVerify require`, with `SSLProxyCACertificateFile`."
            yield UncheckedUpstream("Apache", f"{name} {check.text}", check.at, fix, one.evidence)


def _accepted(protocol: Directive) -> set[str]:
    """Return the versions that a line leaves (mod_ssl 2.4 `ssl_cmd_protocol_parse`: a bare name replaces)."""
    left: set[str] = set()
    for arg in protocol.args:
        name = arg.lstrip("+-").lower()
        names = set(_ALL) if name == "all" else {name}
        if arg.startswith("-"):
            left -= names
        elif arg.startswith("+"):
            left |= names
        else:
            left = names
    # `all` has SSL 3 only where OpenSSL was built with it, which none is that is still mended.
    return left - {"sslv3"} if not any(arg.lower().lstrip("+") == "sslv3" for arg in protocol.args) else left


def _proxy(one: Installation, site: Site) -> Iterator[object]:
    requests = site.last("proxyrequests")
    if requests is not None and requests.text.lower() == "on":
        blocks = [d for d in site.directives if d.name in ("proxy", "proxymatch") and d.inside is not None]
        told = [access for block in blocks if (access := access_of(block.inside or ())) is not None]
        if not told or any(access.lets is Lets.ANYBODY for access in told):
            fix = "Write `ProxyRequests Off`: `ProxyPass` needs none."
            yield OpenProxy("Apache", requests.at, fix, one.evidence)
    for name in ("remoteipinternalproxy", "remoteiptrustedproxy"):
        for directive in site.directives:
            if directive.name == name and _WIDE & set(directive.args):
                word = "RemoteIPInternalProxy" if "internal" in name else "RemoteIPTrustedProxy"
                fix = "Name the proxy's address."
                yield ForwardedTrust("Apache", word, directive.at, fix, one.machine.reach, one.evidence)


def _root(one: Installation, site: Site) -> Iterator[RootGrant]:
    """Yield the grant of access to the whole file system."""
    for section in site.sections.each:
        if section.kind is not Kind.DIRECTORY or section.is_regular or not re.fullmatch(r"/\*?", section.pattern):
            continue
        access = access_of(section.directives)
        if access is not None and access.lets is Lets.ANYBODY:
            fix = "Write `Require all denied` there, and grant the directories that visitors should get."
            yield RootGrant("Apache", access.at, fix, one.evidence)
