"""HTTP clients and `ssl`: whether calls to other servers check certificates.

Facts from requests 2.34, httpx 0.28, aiohttp 3.14, urllib3 2.8 and CPython
3.11 `ssl`. A call is recorded when it says something about verification, and
always where a function never verifies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import ALIASES, CALLS, INITS, SETTERS, VALUES, Call, calls, inits, setter
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Library,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.links import http, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

SESSION = "requests.Session"
CONTEXT = "ssl.SSLContext"
ALIASES.update(
    {
        "requests.session": SESSION,
        "requests.sessions.Session": SESSION,
        "requests.sessions.session": SESSION,
        "urllib3.poolmanager.PoolManager": "urllib3.PoolManager",
        "urllib3.poolmanager.ProxyManager": "urllib3.ProxyManager",
        "urllib3.connectionpool.HTTPSConnectionPool": "urllib3.HTTPSConnectionPool",
        "urllib3.connectionpool.HTTPConnectionPool": "urllib3.HTTPConnectionPool",
        "urllib3.poolmanager.proxy_from_url": "urllib3.proxy_from_url",
        "urllib3.connectionpool.connection_from_url": "urllib3.connection_from_url",
        "requests.models.Request": "requests.Request",
        "aiohttp.connector.TCPConnector": "aiohttp.TCPConnector",
        "aiohttp.client.ClientSession": "aiohttp.ClientSession",
        "ssl._create_stdlib_context": "ssl._create_unverified_context",
    }
)
_METHODS = "get options head post put patch delete request".split()


def _note(machine: Interpreter, function: str, verify: Abstract, place: Place, option: str) -> None:
    machine.record.append(("client", function, verify, place, option))


def _told(value: Abstract | None, untold: tuple[object, ...] = (None,)) -> Abstract | None:
    """Return an option as what it does: False where it is empty, None where it says nothing.

    A path of a certificate bundle and a context object verify; the context
    has its own facts.
    """
    result: Abstract | None = None
    for choice in each(value) if value is not None else ():
        held = plain_object(choice)
        if choice is ABSENT or (isinstance(choice, Known) and any(choice.value is one for one in untold)):
            one: Abstract = Known(value=True)
        elif isinstance(held, Instance):
            one = Known(value=True, origin=Origin(held.made))
        elif isinstance(choice, Known) and not choice.value:
            one = Known(value=False, origin=choice.origin)
        else:
            one = choice
        result = one if result is None else join(result, one)
    silent = isinstance(result, Known) and result.value is True and result.origin.home is None
    return None if silent else result


def _answer(place: Place) -> Unknown:
    return Unknown("an answer from another server", Origin(place), kind="runtime")


def _option(function: str, option: str, *, also: str = "") -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of a call that takes its verification from a keyword."""
    url = ("url", 1 if function.endswith((".request", ".stream")) else 0)

    def model(machine: Interpreter, call: Call) -> Abstract:
        for name in (option, also):
            told = _told(call.kwargs.get(name)) if name else None
            if told is not None:
                _note(machine, function, told, call.place, name)
        http(machine, function, call, url)
        return _answer(call.place)

    return model


def _made(option: str, *, also: str = "") -> Callable[[Interpreter, Instance, Call], None]:
    """Return the model of a class whose constructor takes the verification."""

    def model(machine: Interpreter, instance: Instance, call: Call) -> None:
        for name in (option, also):
            told = _told(call.kwargs.get(name)) if name else None
            if told is not None:
                _note(machine, instance.library, told, call.place, name)

    return model


def _set(machine: Interpreter, instance: Instance, held: Abstract, place: Place) -> None:
    machine.put(instance.cells, "verify", held)
    told = _told(held)
    forget(machine, instance, "verify")
    if told is not None:
        _note(machine, instance.library, told, place, "verify")
        instance.facts["verify"] = machine.record[-1]


def forget(machine: Interpreter, instance: Instance, *names: str) -> None:
    """Take back what was noted when these attributes were set before: what is set last counts."""
    gone = [instance.facts.pop(name, None) for name in names]
    if any(gone) and not machine.control:
        machine.record[:] = [fact for fact in machine.record if not any(fact is one for one in gone)]


for _name in _METHODS:
    CALLS[f"requests.{_name}"] = CALLS[f"requests.api.{_name}"] = _option(f"requests.{_name}", "verify")
    CALLS[f"{SESSION}.{_name}"] = _option(f"requests.Session.{_name}", "verify")
    CALLS[f"httpx.{_name}"] = _option(f"httpx.{_name}", "verify")
    for _client in ("httpx.Client", "httpx.AsyncClient", "urllib3.PoolManager"):
        CALLS[f"{_client}.{_name}"] = _option(f"{_client}.{_name}", "verify")
    CALLS[f"aiohttp.ClientSession.{_name}"] = _option(f"aiohttp.ClientSession.{_name}", "ssl", also="verify_ssl")
CALLS[f"{SESSION}.send"] = _option("requests.Session.send", "verify")
CALLS["httpx.stream"] = _option("httpx.stream", "verify")
CALLS["aiohttp.ClientSession.ws_connect"] = _option("aiohttp.ClientSession.ws_connect", "ssl", also="verify_ssl")
CALLS["aiohttp.request"] = _option("aiohttp.request", "ssl")
INITS[SESSION] = INITS["aiohttp.ClientSession"] = lambda _machine, _instance, _call: None
SETTERS[f"{SESSION}.verify"] = _set
for _name in ("httpx.Client", "httpx.AsyncClient", "httpx.HTTPTransport", "httpx.AsyncHTTPTransport"):
    INITS[_name] = _made("verify")
INITS["aiohttp.TCPConnector"] = _made("ssl", also="verify_ssl")


@calls(
    f"{SESSION}.__enter__", "httpx.Client.__enter__", "httpx.AsyncClient.__enter__", "aiohttp.ClientSession.__enter__"
)
def _enter(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return call.receiver or Known(None)


@inits("requests.Request")
def _request(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Request(method, url, headers, …, auth)`: sent as it is made."""
    http(machine, instance.library, call, ("url", 1))


@calls("urllib3.connection_from_url", "urllib3.proxy_from_url")
def _pool_of_url(machine: Interpreter, call: Call) -> Abstract:
    """Return a pool with the options of `PoolManager` (`proxy_from_url(url, **kw)` makes a `ProxyManager`)."""
    made = Instance(Library("urllib3.PoolManager"), call.place, Origin(call.place))
    _pool(machine, made, call)
    return made


@inits("urllib3.PoolManager", "urllib3.ProxyManager", "urllib3.HTTPSConnectionPool")
def _pool(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Read `cert_reqs` (`CERT_NONE` as a name or a constant) and `assert_hostname=False`."""
    modes = call.kwargs.get("cert_reqs")
    if modes is not None and not (isinstance(modes, Known) and modes.value is None):
        _note(machine, instance.library, mode(modes), call.place, "cert_reqs")
    hostname = call.kwargs.get("assert_hostname")
    if isinstance(hostname, Known) and hostname.value is False:
        _note(machine, instance.library, Known(value=False, origin=hostname.origin), call.place, "assert_hostname")


@inits("urllib3.HTTPConnectionPool")
def _plain_pool(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`HTTPConnectionPool(host, port=None, …)`: every request of it goes to that host over plain HTTP."""
    plain(machine, "http", instance.library, call, call.get("host", 0))


def mode(value: Abstract) -> Abstract:
    """Return whether a verification mode verifies (`urllib3.util.ssl_.resolve_cert_reqs`)."""
    result: Abstract | None = None
    for choice in each(value):
        one = choice
        if isinstance(choice, Known):
            one = Known(choice.value not in (0, "CERT_NONE", "NONE"), choice.origin)
        result = one if result is None else join(result, one)
    return result or value


# ssl


def _constant(value: Any) -> Callable[[Interpreter, Place], Abstract]:  # noqa: ANN401 - any constant
    def model(machine: Interpreter, place: Place) -> Abstract:
        del machine
        return Known(value, Origin(place))

    return model


for _name, _value in (("CERT_NONE", 0), ("CERT_OPTIONAL", 1), ("CERT_REQUIRED", 2)):
    VALUES[f"ssl.{_name}"] = VALUES[f"ssl.VerifyMode.{_name}"] = _constant(_value)


def _is_server(value: Abstract | None) -> bool:
    held = plain_object(value) if value is not None else None
    return isinstance(held, Library) and held.name.rpartition(".")[2] in ("CLIENT_AUTH", "PROTOCOL_TLS_SERVER")


@calls("ssl.create_default_context")
def _default_context(machine: Interpreter, call: Call) -> Abstract:
    del machine
    made = Instance(Library(CONTEXT), call.place, Origin(call.place))
    made.facts["server"] = _is_server(call.get("purpose", 0))
    return made


@inits(CONTEXT)
def _context(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Note nothing yet: without a protocol, or with an old one, nothing is verified where it is a client's."""
    del machine
    protocol = call.get("protocol", 0)
    instance.facts["server"] = _is_server(protocol)
    held = plain_object(protocol) if protocol is not None else None
    instance.facts["trusting"] = not call.open and (
        protocol is None or (isinstance(held, Library) and not held.name.endswith(("_CLIENT", "_SERVER")))
    )


@calls(f"{CONTEXT}.wrap_socket", f"{CONTEXT}.wrap_bio")
def _wrapped(machine: Interpreter, call: Call) -> Abstract:
    """`wrap_socket(sock, server_side=False, …, server_hostname=None)`, `wrap_bio(incoming, outgoing, …)`.

    A server asks for no certificate: what was noted of its context is taken back.
    """
    context = plain_object(call.receiver) if call.receiver is not None else None
    if isinstance(context, Instance):
        is_server = call.get("server_side", 1 if _method(call) == "wrap_socket" else 2)
        if is_server is not None and machine.truth(is_server) is not False:
            forget(machine, context, "check_hostname", "verify_mode")
        elif context.facts.get("trusting") and "verify_mode" not in context.cells and not call.open:
            verify = Known(value=False, origin=Origin(context.made))
            _note(machine, CONTEXT, verify, context.made, "verify_mode")
    return Unknown("a connection with TLS", Origin(call.place), kind="runtime")


def _method(call: Call) -> str:
    return getattr(getattr(call.node, "func", None), "attr", "")


@calls("ssl._create_unverified_context")
def _unverified(machine: Interpreter, call: Call) -> Abstract:
    """Note a context that checks nothing, unless it is told to (`cert_reqs`) or is a server's."""
    made = Instance(Library(CONTEXT), call.place, Origin(call.place))
    made.facts["server"] = _is_server(call.kwargs.get("purpose"))
    modes = call.kwargs.get("cert_reqs")
    if not made.facts["server"]:
        verify = Known(value=False, origin=Origin(call.place)) if modes is None else mode(modes)
        _note(machine, "ssl._create_unverified_context", verify, call.place, "")
    return made


@setter(f"{CONTEXT}.check_hostname", f"{CONTEXT}.verify_mode")
def _set_context(machine: Interpreter, instance: Instance, held: Abstract, place: Place) -> None:
    name = place[1].attr
    machine.put(instance.cells, name, held)
    if instance.facts.get("server"):
        return
    forget(machine, instance, name)
    verify = mode(held) if name == "verify_mode" else held
    _note(machine, f"{CONTEXT}.{name}", verify, place, name)
    instance.facts[name] = machine.record[-1]


@setter("ssl._create_default_https_context")
def _replace_default(machine: Interpreter, owner: Instance, held: Abstract, place: Place) -> None:
    """Note that `urllib` and `http.client` stop verifying for the whole process."""
    del owner
    function = plain_object(held)
    if isinstance(function, Library):
        verifies = function.name != "ssl._create_unverified_context"
        _note(machine, "ssl._create_default_https_context", Known(verifies, Origin(place)), place, "")
    else:
        why = "the function that makes contexts for urllib is replaced"
        _note(machine, "ssl._create_default_https_context", Unknown(why, Origin(place)), place, "")
