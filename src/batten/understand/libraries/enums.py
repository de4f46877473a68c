"""`enum` (CPython 3.11); what a class of members is, `evaluate/enumerations.py` tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import Call, calls
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter


@calls("enum.auto")
def _auto(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return Instance(Library("enum.auto"), call.place, Origin(call.place))


@calls("enum.unique")
def _unique(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return call.args[0] if call.args else Known(None)
