"""Links to other machines that nothing encrypts: `http://` and `ftp://` URLs, FTP, Telnet, mail, LDAP, SNMP.

Facts from CPython 3.11 `ftplib`, `telnetlib` (until 3.12), `smtplib`, `imaplib`,
`poplib`, `nntplib` (until 3.12) and `urllib.request`, python-ldap 3.4, ldap3 2.9,
pysnmp 7 `pysnmp.hlapi` (RFC 3414: a user without a privacy key is not encrypted)
and distributed 2026.8 `distributed.security`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.code_facts import use
from batten.understand.evaluate.library import ALIASES, CALLS, INITS, Call, calls, inits
from batten.understand.evaluate.objects import (
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import accounts

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

_SECRET_HEADERS = frozenset({"authorization", "cookie", "x-api-key", "x-auth-token", "proxy-authorization"})


def http(machine: Interpreter, function: str, call: Call, url: tuple[str, int]) -> None:
    """Note a URL whose scheme is not encrypted, and whether a secret goes along (`auth=`, headers, cookies)."""
    target = _plain_url(call.get(*url))
    login = accounts.pair(machine, function, call, call.kwargs.get("auth")) or _tells(call.kwargs.get("headers"))
    if target is not None:
        login = login or call.kwargs.get("cookies") is not None
        use(machine, "link", function, call.place, protocol="http", target=target, login=login)


def _plain_url(held: Abstract | None) -> Abstract | None:
    """Return the URLs of a value that are not encrypted, None where there is none."""
    result: Abstract | None = None
    for choice in each(held) if held is not None else ():
        one = _request_of(choice)
        if (
            isinstance(one, Known)
            and isinstance(one.value, str)
            and one.value.lower().startswith(("http://", "ftp://"))
        ):
            result = one if result is None else join(result, one)
    if result is None or held is None or all(isinstance(choice, Known) for choice in each(held)):
        return result
    return join(result, Unknown("another URL"))


def _request_of(value: Abstract) -> Abstract:
    """Return the URL of a `urllib.request.Request` that was noted where it was made: nothing more to tell."""
    return Known(None) if isinstance(plain_object(value), Instance) else value


def _tells(headers: Abstract | None) -> bool:
    target = plain_object(headers) if headers is not None else None
    return isinstance(target, Mapping) and any(str(name).lower() in _SECRET_HEADERS for name in target.cells)


# Other protocols


def plain(  # noqa: PLR0913 - the parts of a link
    machine: Interpreter,
    protocol: str,
    function: str,
    call: Call,
    host: Abstract | None,
    *,
    login: bool = False,
    option: str = "",
) -> None:
    """Note a connection of a protocol that does not encrypt."""
    use(machine, "link", function, call.place, protocol=protocol, target=host, login=login, option=option)


def _receiver(call: Call) -> Instance | None:
    held = plain_object(call.receiver) if call.receiver is not None else None
    return held if isinstance(held, Instance) else None


def _client(function: str, protocol: str) -> Callable[[Interpreter, Instance, Call], None]:
    """Return the model of a class that connects when it is made with a host."""

    def model(machine: Interpreter, instance: Instance, call: Call) -> None:
        host = call.get("host", 0)
        if host is not None and not (isinstance(host, Known) and not host.value):
            machine.put(instance.cells, "host", host)
            plain(machine, protocol, function, call, host)

    return model


def _connects(function: str, protocol: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        instance, host = _receiver(call), call.get("host", 0)
        if instance is not None and host is not None:
            machine.put(instance.cells, "host", host)
        plain(machine, protocol, function, call, host)
        return Unknown("an answer", Origin(call.place), kind="runtime")

    return model


INITS["ftplib.FTP"] = _client("ftplib.FTP", "ftp")
CALLS["ftplib.FTP.connect"] = _connects("ftplib.FTP.connect", "ftp")
INITS["telnetlib.Telnet"] = _client("telnetlib.Telnet", "telnet")
CALLS["telnetlib.Telnet.open"] = _connects("telnetlib.Telnet.open", "telnet")


@calls("ftplib.FTP.login", "ftplib.FTP_TLS.login")
def _ftp_login(machine: Interpreter, call: Call) -> Abstract:
    instance = _receiver(call)
    host = ("host", None)
    held = Call(call.args, dict(call.kwargs), call.place)
    if instance is not None and "host" in instance.cells:
        held.kwargs["host"] = instance.cells["host"]
    accounts.login(machine, "ftplib.FTP.login", held, password=("passwd", 1), user=("user", 0), host=host)
    return Unknown("an answer", Origin(call.place), kind="runtime")


def _without_context(machine: Interpreter, function: str, call: Call) -> None:
    """Note that no context is given: `ssl._create_stdlib_context()`, which is used then, verifies nothing."""
    given = call.kwargs.get("context", call.kwargs.get("ssl_context"))
    positional = any(isinstance(plain_object(one), Instance) for one in call.args)
    if not call.open and not positional and (given is None or (isinstance(given, Known) and given.value is None)):
        use(machine, "default context", function, call.place)


# Mail: a connection that may be encrypted before the login

_MAIL = {
    "smtplib.SMTP": ("smtp", "starttls", ("login",), ("user", "password")),
    "imaplib.IMAP4": ("imap", "starttls", ("login",), ("user", "password")),
    "poplib.POP3": ("pop3", "stls", ("pass_",), ("", "pswd")),
    "nntplib.NNTP": ("nntp", "starttls", ("login",), ("user", "password")),
}


def _mail(name: str, protocol: str, start: str, logins: tuple[str, ...], names: tuple[str, str]) -> None:
    def made(machine: Interpreter, instance: Instance, call: Call) -> None:
        host = call.get("host", 0)
        if host is not None:
            machine.put(instance.cells, "host", host)

    def started(machine: Interpreter, call: Call) -> Abstract:
        instance = _receiver(call)
        if instance is not None:
            machine.put(instance.cells, "tls", Known(value=True))
        _without_context(machine, f"{name}.{start}", call)
        return Unknown("an answer", Origin(call.place), kind="runtime")

    def logged_in(machine: Interpreter, call: Call) -> Abstract:
        instance = _receiver(call)
        cells = instance.cells if instance is not None else {}
        if instance is not None and "tls" not in cells:
            plain(machine, protocol, f"{name}.{logins[0]}", call, cells.get("host"), login=True)
        held = Call(call.args, {**call.kwargs, **({"host": cells["host"]} if "host" in cells else {})}, call.place)
        user = (names[0], 0) if names[0] else None
        position = 1 if names[0] else 0
        accounts.login(
            machine, f"{name}.{logins[0]}", held, password=(names[1], position), user=user, host=("host", None)
        )
        return Unknown("an answer", Origin(call.place), kind="runtime")

    INITS[name] = made
    CALLS[f"{name}.{start}"] = started
    for login in logins:
        CALLS[f"{name}.{login}"] = logged_in
    CALLS[f"{name}.__enter__"] = lambda _machine, call: call.receiver or Known(None)


for _name, (_protocol, _start, _logins, _names) in _MAIL.items():
    _mail(_name, _protocol, _start, _logins, _names)


@calls("smtplib.SMTP.connect")
def _smtp_connect(machine: Interpreter, call: Call) -> Abstract:
    instance, host = _receiver(call), call.get("host", 0)
    if instance is not None and host is not None:
        machine.put(instance.cells, "host", host)
    return Unknown("an answer", Origin(call.place), kind="runtime")


def _encrypted(name: str, names: tuple[str, str]) -> None:
    """Register a class that is encrypted from the start: only its password is looked at."""

    def made(machine: Interpreter, instance: Instance, call: Call) -> None:
        host = call.get("host", 0)
        if host is not None:
            machine.put(instance.cells, "host", host)
        _without_context(machine, name, call)

    def logged_in(machine: Interpreter, call: Call) -> Abstract:
        accounts.login(machine, f"{name}.login", call, password=(names[1], 1), user=(names[0], 0))
        return Unknown("an answer", Origin(call.place), kind="runtime")

    INITS[name] = made
    CALLS[f"{name}.login"] = logged_in
    CALLS[f"{name}.__enter__"] = lambda _machine, call: call.receiver or Known(None)


for _name in ("smtplib.SMTP_SSL", "imaplib.IMAP4_SSL", "poplib.POP3_SSL", "nntplib.NNTP_SSL", "ftplib.FTP_TLS"):
    _encrypted(_name, ("user", "passwd" if _name.startswith("ftp") else "password"))


# LDAP


@calls("ldap.initialize", "ldap.open")
def _ldap(machine: Interpreter, call: Call) -> Abstract:
    """`initialize(uri)`: encrypted for `ldaps://` and `ldapi://`, else after `start_tls_s()`."""
    made = Instance(Library("ldap.ldapobject.LDAPObject"), call.place, Origin(call.place))
    uri = call.get("uri", 0)
    if uri is not None:
        machine.put(made.cells, "uri", uri)
    return made


@calls("ldap.ldapobject.LDAPObject.start_tls_s")
def _start_tls(machine: Interpreter, call: Call) -> Abstract:
    instance = _receiver(call)
    if instance is not None:
        machine.put(instance.cells, "tls", Known(value=True))
    return Known(None)


@calls(
    "ldap.ldapobject.LDAPObject.simple_bind_s",
    "ldap.ldapobject.LDAPObject.simple_bind",
    "ldap.ldapobject.LDAPObject.bind_s",
)
def _simple_bind(machine: Interpreter, call: Call) -> Abstract:
    """`simple_bind_s(who="", cred="")`: an empty password is an anonymous bind."""
    instance = _receiver(call)
    secret = call.get("cred", 1)
    uri = instance.cells.get("uri") if instance is not None else None
    anonymous = secret is None or (isinstance(secret, Known) and not secret.value)
    if instance is not None and "tls" not in instance.cells and not anonymous and _is_plain_ldap(uri):
        plain(machine, "ldap", "ldap.LDAPObject.simple_bind_s", call, uri, login=True)
    accounts.login(machine, "ldap.LDAPObject.simple_bind_s", call, password=("cred", 1), user=("who", 0))
    return Known(None)


def _is_plain_ldap(uri: Abstract | None) -> bool:
    return any(isinstance(c, Known) and str(c.value).lower().startswith("ldap://") for c in each(uri or Known("")))


@inits("ldap3.Server")
def _ldap3_server(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Server(host, port=None, use_ssl=False, …)`; `ldaps://` in the host switches TLS on."""
    host, encrypted = call.get("host", 0), call.get("use_ssl", 2)
    if host is not None:
        machine.put(instance.cells, "host", host)
    secured = any(isinstance(c, Known) and str(c.value).lower().startswith("ldap") for c in each(host or Known("")))
    secured = secured and not _is_plain_ldap(host)
    told = encrypted is not None and machine.truth(encrypted) is not False
    instance.facts["encrypted"] = secured or told or call.open


@inits("ldap3.Connection")
def _ldap3_connection(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Connection(server, user=None, password=None, auto_bind=…, …)`: binds at once, or with `bind()`."""
    server = plain_object(call.get("server", 0) or Known(None))
    accounts.login(machine, "ldap3.Connection", call, password=("password", 2), user=("user", 1))
    instance.facts["server"] = server
    instance.facts["login"] = call.get("password", 2) is not None
    how = call.get("auto_bind", 3)
    name = getattr(plain_object(how), "name", "") if how is not None else ""
    before = any(word in f"{name}{getattr(how, 'value', '')}" for word in ("TLS_BEFORE_BIND", "NO_TLS_TLS"))
    if how is not None and machine.truth(how) is not False and not before:
        _bound(machine, instance, call)


def _bound(machine: Interpreter, connection: Instance, call: Call) -> None:
    server = connection.facts.get("server")
    encrypted = not isinstance(server, Instance) or server.facts.get("encrypted", True) or "tls" in connection.cells
    if isinstance(server, Instance) and not encrypted and connection.facts.get("login"):
        plain(machine, "ldap", "ldap3.Connection", call, server.cells.get("host"), login=True)


@calls("ldap3.Connection.bind", "ldap3.Connection.start_tls")
def _ldap3_bind(machine: Interpreter, call: Call) -> Abstract:
    instance = _receiver(call)
    if instance is not None and getattr(getattr(call.node, "func", None), "attr", "") == "start_tls":
        machine.put(instance.cells, "tls", Known(value=True))
    elif instance is not None:
        _bound(machine, instance, call)
    return Unknown("whether it worked", Origin(call.place), kind="runtime")


# SNMP

_SNMP = "pysnmp.hlapi.CommunityData", "pysnmp.hlapi.UsmUserData"
for _where in (
    "asyncio asyncio.auth auth asyncore sync v1arch v1arch.asyncio v1arch.asyncio.auth v1arch.auth v3arch "
    "v3arch.asyncio v3arch.asyncio.auth v3arch.auth twisted"
).split():
    for _full in _SNMP:
        ALIASES[_full.replace("pysnmp.hlapi.", f"pysnmp.hlapi.{_where}.")] = _full


_VERSIONS = {0: "1", 1: "2c"}


@inits(_SNMP[0])
def _community(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`CommunityData(communityIndex, communityName=None, mpModel=1, …)`: versions 1 and 2c are never encrypted."""
    del instance
    model = call.get("mpModel", 2)
    number = 1 if model is None or (isinstance(model, Known) and model.value is None) else getattr(model, "value", None)
    if number in _VERSIONS and not call.open:
        plain(machine, "snmp", _SNMP[0], call, None, login=True, option=f"SNMP version {_VERSIONS[number]}")


@inits(_SNMP[1])
def _user(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`UsmUserData(userName, authKey=None, privKey=None, …)`."""
    del instance
    if call.open:
        return
    missing = [name for index, name in ((1, "authKey"), (2, "privKey")) if _is_absent(call.get(name, index))]
    if missing:
        plain(machine, "snmp", _SNMP[1], call, None, login=True, option=f"no {' and no '.join(missing)}")


def _is_absent(held: Abstract | None) -> bool:
    return held is None or (isinstance(held, Known) and not held.value)


# Dask


@inits("distributed.security.Security")
def _dask(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Security(require_encryption=None, **files)`: without it, links without TLS are accepted too."""
    del instance
    told = call.get("require_encryption", 0)
    if isinstance(told, Known) and told.value is False:
        function = "distributed.security.Security"
        plain(machine, "dask", function, call, None, option="require_encryption is False")


ALIASES["distributed.Security"] = ALIASES["dask.distributed.Security"] = "distributed.security.Security"
