"""Versions of TLS and ciphers that code asks for: `ssl`, pyOpenSSL.

Facts from CPython 3.11 `ssl`, RFC 8996 (TLS 1.0 and 1.1 are deprecated) and
pyOpenSSL 26 `OpenSSL.SSL`. `PROTOCOL_SSLv23`, `PROTOCOL_TLS` and the methods
of the same names take the best version that both sides have.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.understand.code_facts import use
from batten.understand.evaluate.library import ALIASES, HANDED, INITS, METHODS, SETTERS, Call, calls
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Unknown, each, join, plain_object
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import clients

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

CONTEXT = clients.CONTEXT
OPEN = "OpenSSL.SSL.Context"
ALIASES.update(
    {
        "ssl.PROTOCOL_SSLv23": "ssl.PROTOCOL_TLS",
        "pyOpenSSL.SSL": "OpenSSL.SSL",  # the name of the distribution, as people write it
        "pyOpenSSL.SSL.Context": OPEN,
        "urllib3.contrib.pyopenssl.PyOpenSSLContext": OPEN,
    }
)
VERSIONS = {
    "ssl.PROTOCOL_SSLv2": "SSLv2",
    "ssl.PROTOCOL_SSLv3": "SSLv3",
    "ssl.PROTOCOL_TLSv1": "TLSv1",
    "ssl.PROTOCOL_TLSv1_1": "TLSv1.1",
    "ssl.PROTOCOL_TLSv1_2": "TLSv1.2",
    "ssl.PROTOCOL_TLS": "any",
    "ssl.PROTOCOL_TLS_CLIENT": "any",
    "ssl.PROTOCOL_TLS_SERVER": "any",
    "ssl.TLSVersion.MINIMUM_SUPPORTED": "the oldest that OpenSSL has",
    "ssl.TLSVersion.SSLv3": "SSLv3",
    "ssl.TLSVersion.TLSv1": "TLSv1",
    "ssl.TLSVersion.TLSv1_1": "TLSv1.1",
    "ssl.TLSVersion.TLSv1_2": "TLSv1.2",
    "ssl.TLSVersion.TLSv1_3": "TLSv1.3",
    "ssl.TLSVersion.MAXIMUM_SUPPORTED": "any",
}
"""Names of constants to the version that they stand for."""
for _owner in ("OpenSSL.SSL", "pyOpenSSL.SSL"):
    VERSIONS.update(
        {
            f"{_owner}.SSLv2_METHOD": "SSLv2",
            f"{_owner}.SSLv3_METHOD": "SSLv3",
            f"{_owner}.SSLv23_METHOD": "any",
            f"{_owner}.TLS_METHOD": "any",
            f"{_owner}.TLS_CLIENT_METHOD": "any",
            f"{_owner}.TLS_SERVER_METHOD": "any",
            f"{_owner}.TLSv1_METHOD": "TLSv1",
            f"{_owner}.TLSv1_1_METHOD": "TLSv1.1",
            f"{_owner}.TLSv1_2_METHOD": "TLSv1.2",
            f"{_owner}.SSL3_VERSION": "SSLv3",
            f"{_owner}.TLS1_VERSION": "TLSv1",
            f"{_owner}.TLS1_1_VERSION": "TLSv1.1",
            f"{_owner}.TLS1_2_VERSION": "TLSv1.2",
            f"{_owner}.TLS1_3_VERSION": "TLSv1.3",
        }
    )


def _version(held: Abstract | None) -> Abstract | None:
    """Return the version that a constant stands for, as text."""
    result: Abstract | None = None
    for choice in each(held) if held is not None else ():
        target = plain_object(choice)
        one: Abstract
        if isinstance(target, Library):
            name = VERSIONS.get(target.name)
            one = Known(name, choice.origin) if name else Unknown(f"{target.name} is not modelled", target.origin)
        elif isinstance(choice, Known):
            one = Known("any", choice.origin) if choice.value is None else Unknown("a version by number")
        else:
            one = choice
        result = one if result is None else join(result, one)
    return result


def note(machine: Interpreter, function: str, held: Abstract | None, place: Place, *, least: bool = False) -> None:
    """Note the version that a function is told."""
    version = _version(held)
    if version is not None:
        use(machine, "version", function, place, version=version, least=least)


def _handed(machine: Interpreter, call: Call, name: str) -> None:
    """Note a fixed version that is handed to a function, whatever the function is."""
    held = call.args[int(name)] if name.isdigit() else call.kwargs[name]
    written = getattr(call.node, "func", None)
    note(machine, ast.unparse(written)[:60] if written is not None else f"the default of {name}", held, call.place)


for _name, _held in VERSIONS.items():
    if ("PROTOCOL_" in _name or _name.endswith("_METHOD")) and _held not in {"any", "TLSv1.2"}:
        HANDED[_name] = _handed


def _limit(machine: Interpreter, instance: Instance, held: Abstract, place: Place) -> None:
    name = place[1].attr if place is not None else "minimum_version"
    machine.put(instance.cells, name, held)
    clients.forget(machine, instance, name)
    # The newest that is taken is the only one only where it is old.
    note(machine, f"{CONTEXT}.{name}", held, place, least=name == "minimum_version")
    instance.facts[name] = machine.record[-1]


SETTERS[f"{CONTEXT}.minimum_version"] = SETTERS[f"{CONTEXT}.maximum_version"] = _limit


@calls(f"{CONTEXT}.set_ciphers")
def _set_ciphers(machine: Interpreter, call: Call) -> Abstract:
    _ciphers(machine, f"{CONTEXT}.set_ciphers", call.get("cipherlist", 0), call)
    return Known(None)


def _by_name(machine: Interpreter, call: Call, dotted: str) -> None:
    """`set_ciphers` of a context that comes from somewhere else: only contexts have such a method."""
    _ciphers(machine, dotted or "set_ciphers", call.get("cipherlist", 0), call)


METHODS["set_ciphers"] = _by_name


def _ciphers(machine: Interpreter, function: str, held: Abstract | None, call: Call) -> None:
    if held is not None:
        use(machine, "ciphers", function, call.place, ciphers=held)


@calls("ssl.wrap_socket")
def _wrap_socket(machine: Interpreter, call: Call) -> Abstract:
    """`wrap_socket(sock, keyfile, certfile, server_side, cert_reqs=CERT_NONE, ssl_version=PROTOCOL_TLS, …)`.

    It never looks at the host's name; it was removed in Python 3.12.
    """
    version = call.get("ssl_version", 5)
    if version is None and call.open:
        version = Unknown("ssl_version may be among arguments that are not known", Origin(call.place))
    note(machine, "ssl.wrap_socket", version or Known(None, Origin(call.place)), call.place)
    modes, server = call.get("cert_reqs", 4), call.get("server_side", 3)
    if not call.open and (server is None or machine.truth(server) is False):
        verify = Known(value=False, origin=Origin(call.place)) if modes is None else clients.mode(modes)
        machine.record.append(("client", "ssl.wrap_socket", verify, call.place, "cert_reqs"))
    _ciphers(machine, "ssl.wrap_socket", call.get("ciphers", 9), call)
    return Unknown("a socket with TLS", Origin(call.place), kind="runtime")


@calls("ssl.get_server_certificate")
def _server_certificate(machine: Interpreter, call: Call) -> Abstract:
    note(machine, "ssl.get_server_certificate", call.get("ssl_version", 1), call.place)
    return Unknown("a certificate", Origin(call.place), kind="runtime", of="str")


# pyOpenSSL


def _open_context(machine: Interpreter, instance: Instance, call: Call) -> None:
    del instance
    note(machine, OPEN, call.get("method", 0), call.place)


INITS[OPEN] = _open_context


@calls(f"{OPEN}.set_min_proto_version", f"{OPEN}.set_max_proto_version")
def _proto_version(machine: Interpreter, call: Call) -> Abstract:
    name = getattr(getattr(call.node, "func", None), "attr", "set_min_proto_version")
    note(machine, f"{OPEN}.{name}", call.get("version", 0), call.place, least="min" in name)
    return Known(None)


@calls(f"{OPEN}.set_cipher_list")
def _cipher_list(machine: Interpreter, call: Call) -> Abstract:
    _ciphers(machine, f"{OPEN}.set_cipher_list", call.get("cipher_list", 0), call)
    return Known(None)


@calls(f"{OPEN}.set_verify")
def _set_verify(machine: Interpreter, call: Call) -> Abstract:
    """`set_verify(mode, callback)`: VERIFY_NONE believes everybody, unless it is a server."""
    mode = plain_object(call.get("mode", 0) or Known(None))
    if isinstance(mode, Library) and mode.name.endswith(".VERIFY_NONE"):
        verify = Known(value=False, origin=Origin(call.place))
        machine.record.append(("client", f"{OPEN}.set_verify", verify, call.place, "mode"))
    return Known(None)
