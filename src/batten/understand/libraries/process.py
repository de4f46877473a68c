"""What the running process knows of its machine: `platform`, `socket`, `subprocess`, and `logging`, `warnings`.

All of it is settled while the app runs (CPython 3.11); constants of `logging` and `typing.cast` are known.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import CALLS, VALUES, Call, calls
from batten.understand.evaluate.machine import ANY_ERROR
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Unknown
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter


def _runtime(why: str, of: str, machine: Interpreter, call: Call) -> Abstract:
    del machine
    return Unknown(why, Origin(call.place, ((call.place, why, None),)), kind="runtime", of=of)


def _started(of: str, machine: Interpreter, call: Call) -> Abstract:
    """Return what a program prints: it may fail, too."""
    machine.may_throw(ANY_ERROR)
    why = "what another program prints"
    return Unknown(why, Origin(call.place, ((call.place, why, None),)), kind="runtime", of=of)


for _name in (
    "platform.node platform.system platform.machine platform.platform platform.release platform.processor "
    "platform.python_version platform.python_implementation platform.version socket.gethostname socket.getfqdn "
    "socket.gethostbyname getpass.getuser"
).split():
    CALLS[_name] = partial(_runtime, "it depends on the server", "str")
for _name in "multiprocessing.cpu_count psutil.cpu_count".split():
    CALLS[_name] = partial(_runtime, "it depends on the server", "int")
for _name in "subprocess.check_output subprocess.getoutput".split():
    CALLS[_name] = partial(_started, "")

# logging

for _name in "CRITICAL FATAL ERROR WARNING WARN INFO DEBUG NOTSET".split():

    def _level(machine: Interpreter, place: Place, number: int = getattr(logging, _name)) -> Abstract:
        del machine
        return Known(number, Origin(place))

    VALUES[f"logging.{_name}"] = _level


@calls("logging.getLevelName")
def _level_name(machine: Interpreter, call: Call) -> Abstract:
    """Return the number of a level's name or the name of its number, as far as no level was added."""
    names = {name: getattr(logging, name) for name in "CRITICAL FATAL ERROR WARNING WARN INFO DEBUG NOTSET".split()}
    numbers = {50: "CRITICAL", 40: "ERROR", 30: "WARNING", 20: "INFO", 10: "DEBUG", 0: "NOTSET"}
    return machine.compute(call.place, lambda level: (names | numbers).get(level, f"Level {level}"), *call.args[:1])


# Nothing that configuration sees


def _nothing(machine: Interpreter, call: Call) -> Abstract:
    del machine, call
    return Known(None)


@calls("logging.getLogger")
def _logger(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return Instance(Library("logging.Logger"), call.place, Origin(call.place))


for _name in (
    "warnings.warn warnings.filterwarnings warnings.simplefilter logging.debug logging.info logging.warning "
    "logging.error logging.critical logging.Logger.debug logging.Logger.info logging.Logger.warning "
    "logging.Logger.error logging.Logger.critical"
).split():
    CALLS[_name] = _nothing


@calls("typing.cast")
def _cast(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return call.get("val", 1) or Unknown("nothing to cast", Origin(call.place))
