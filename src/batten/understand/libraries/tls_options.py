"""Options of many libraries that switch the check of certificates off.

The names are those of elasticsearch 8, opensearch-py 2, PyMongo 4, redis-py 5,
kafka-python 2, hvac 2, python-gitlab 4, kubernetes 30, websocket-client 1.9,
ldap3 2.9, httplib2 0.22, Tornado 6, influxdb 5, minio 7, jira 3 and pywinrm 0.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import OPTIONS, SETTERS, Call
from batten.understand.evaluate.objects import Abstract, Instance, Known, Mapping, OneOf, plain_object
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.clients import mode

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_VERIFIES = (
    "verify_certs ssl_verify verify_ssl ssl_assert_hostname ssl_check_hostname validate_cert validate_certs "
    "check_certificate".split()
)
"""Off where False."""
_TRUSTS = (
    "tlsAllowInvalidCertificates tlsInsecure tlsAllowInvalidHostnames tls_insecure "
    "disable_ssl_certificate_validation".split()
)
"""Off where True."""
_MODES = ("cert_reqs", "ssl_cert_reqs", "validate", "server_cert_validation")
"""Off for `CERT_NONE`, as a constant or a word."""


def _note(machine: Interpreter, call: Call, function: str, name: str, held: Abstract, *, sure: bool = True) -> None:
    off: Abstract = Known(value=False, origin=getattr(held, "origin", Origin(call.place)))
    if not sure:
        off = OneOf((off, Known(value=True, origin=Origin(call.place))))
    machine.record.append(("client", function or "a function", off, call.place, name))


def _verifies(machine: Interpreter, call: Call, function: str, name: str) -> None:
    held = call.kwargs[name]
    if isinstance(held, Known) and held.value is False:
        _note(machine, call, function, name, held)


def _trusts(machine: Interpreter, call: Call, function: str, name: str) -> None:
    held = call.kwargs[name]
    if isinstance(held, Known) and held.value is True:
        _note(machine, call, function, name, held)


def _reads_mode(machine: Interpreter, call: Call, function: str, name: str) -> None:
    held = call.kwargs[name]
    encrypts = machine.truth(call.kwargs["ssl"]) if "ssl" in call.kwargs else True  # redis-py: no TLS, no certificate
    if encrypts is not False and isinstance(held, Known) and _is_none(machine, held, name):
        _note(machine, call, function, name, held, sure=encrypts is True)


def _is_none(machine: Interpreter, held: Known, name: str) -> bool:
    del machine
    if held.value is None:
        return name == "ssl_cert_reqs"  # redis-py 5: None is CERT_NONE
    word = str(held.value).lower()
    told = mode(Known(held.value))
    return word in {"none", "ignore", "cert_none"} or (isinstance(told, Known) and told.value is False)


def _sslopt(machine: Interpreter, call: Call, function: str, name: str) -> None:
    """`websocket.create_connection(url, sslopt={"cert_reqs": ssl.CERT_NONE})`."""
    options = plain_object(call.kwargs[name])
    if isinstance(options, Mapping):
        for key in ("cert_reqs", "check_hostname"):
            held = options.cells.get(key)
            told = mode(held) if held is not None and key == "cert_reqs" else held
            if isinstance(told, Known) and told.value is False:
                _note(machine, call, function, f"sslopt[{key!r}]", told)


for _name in _VERIFIES:
    OPTIONS[_name] = _verifies
for _name in _TRUSTS:
    OPTIONS[_name] = _trusts
for _name in _MODES:
    OPTIONS[_name] = _reads_mode
OPTIONS["sslopt"] = _sslopt


def _kubernetes(machine: Interpreter, instance: Instance, held: Abstract, place: Place) -> None:
    """`configuration.verify_ssl = False`."""
    machine.put(instance.cells, "verify_ssl", held)
    if isinstance(held, Known) and held.value is False:
        machine.record.append(("client", "kubernetes.client.Configuration", held, place, "verify_ssl"))


SETTERS["kubernetes.client.Configuration.verify_ssl"] = _kubernetes
