"""SSH clients: what they do with the key of a host that they do not know.

Facts from paramiko 5 `paramiko.client`, `paramiko.transport`, asyncssh 2
`asyncssh.connect` and pysftp 0.2.9 `CnOpts`. `MissingHostKeyPolicy` itself does
nothing, which lets the connection go on; a class that is not known may do
anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.code_facts import use
from batten.understand.evaluate.library import ALIASES, CALLS, INITS, METHODS, Call, calls, setter
from batten.understand.evaluate.objects import (
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
from batten.understand.libraries import accounts

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

CLIENT = "paramiko.SSHClient"
TRANSPORT = "paramiko.Transport"
_POLICIES = ("AutoAddPolicy", "WarningPolicy", "RejectPolicy", "MissingHostKeyPolicy")
ALIASES.update(
    {
        "paramiko.client.SSHClient": CLIENT,
        "paramiko.transport.Transport": TRANSPORT,
        **{f"paramiko.client.{name}": f"paramiko.{name}" for name in _POLICIES},
    }
)
INITS[CLIENT] = INITS[TRANSPORT] = lambda _machine, _instance, _call: None


def _policy(held: Abstract | None) -> Abstract:
    """Return the name of a policy, given as a class or as an object of it."""
    result: Abstract | None = None
    for choice in each(held) if held is not None else ():
        target = plain_object(choice)
        name = target.library if isinstance(target, Instance) else getattr(target, "name", "")
        last = name.rpartition(".")[2]
        one: Abstract = Unknown("a policy that is not known", target.origin)
        if last in _POLICIES and (
            isinstance(target, Library) or (isinstance(target, Instance) and target.of.name == name)
        ):
            one = Known(last, target.origin)
        result = one if result is None else join(result, one)
    return result or Unknown("no policy is given")


@calls(f"{CLIENT}.set_missing_host_key_policy")
def _set_policy(machine: Interpreter, call: Call) -> Abstract:
    client = plain_object(call.receiver) if call.receiver is not None else None
    knows = isinstance(client, Instance) and "hosts" in client.cells
    use(
        machine,
        "host key",
        f"{CLIENT}.set_missing_host_key_policy",
        call.place,
        policy=_policy(call.get("policy", 0)),
        knows=knows,
    )
    return Known(None)


METHODS["set_missing_host_key_policy"] = lambda machine, call, _dotted: (_set_policy(machine, call), None)[1]


@calls(f"{CLIENT}.load_system_host_keys", f"{CLIENT}.load_host_keys")
def _load(machine: Interpreter, call: Call) -> Abstract:
    client = plain_object(call.receiver) if call.receiver is not None else None
    if isinstance(client, Instance):
        machine.put(client.cells, "hosts", Known(value=True))
    return Known(None)


@calls(f"{CLIENT}.connect")
def _connect(machine: Interpreter, call: Call) -> Abstract:
    """`connect(hostname, port=22, username=None, password=None, …)`."""
    accounts.login(
        machine, f"{CLIENT}.connect", call, password=("password", 3), user=("username", 2), host=("hostname", 0)
    )
    return Known(None)


@calls(f"{TRANSPORT}.connect")
def _transport(machine: Interpreter, call: Call) -> Abstract:
    """`connect(hostkey=None, username="", password=None, …)`: without a key every host is the right one."""
    key = call.get("hostkey", 0)
    if not call.open and (key is None or (isinstance(key, Known) and key.value is None)):
        use(machine, "host key", f"{TRANSPORT}.connect", call.place, policy=Known("none", Origin(call.place)))
    accounts.login(machine, f"{TRANSPORT}.connect", call, password=("password", 2), user=("username", 1))
    return Known(None)


@calls("asyncssh.connect", "asyncssh.connect_ssh", "asyncssh.create_connection", "asyncssh.SSHClientConnectionOptions")
def _asyncssh(machine: Interpreter, call: Call) -> Abstract:
    """`known_hosts=None` switches the check off; without it, `~/.ssh/known_hosts` is read."""
    known = call.kwargs.get("known_hosts")
    if isinstance(known, Known) and known.value is None:
        use(machine, "host key", "asyncssh.connect", call.place, policy=Known("none", known.origin))
    accounts.login(
        machine, "asyncssh.connect", call, password=("password", None), user=("username", None), host=("host", 0)
    )
    return Unknown("an SSH connection", Origin(call.place), kind="runtime")


INITS["pysftp.CnOpts"] = lambda _machine, _instance, _call: None


@setter("pysftp.CnOpts.hostkeys")
def _hostkeys(machine: Interpreter, instance: Instance, held: Abstract, place: Place) -> None:
    machine.put(instance.cells, "hostkeys", held)
    if isinstance(held, Known) and held.value is None:
        use(machine, "host key", "pysftp.CnOpts.hostkeys", place, policy=Known("none", held.origin))


def _enter(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return call.receiver or Known(None)


for _name in (CLIENT, TRANSPORT):
    CALLS[f"{_name}.__enter__"] = _enter
