"""`exec` of a file of the repository: it runs among the names of the body that calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.frame import Frame
from batten.understand.evaluate.machine import ANY_ERROR
from batten.understand.evaluate.objects import Abstract, Known, Mapping, Namespace, Unknown, plain_object
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from batten.understand.evaluate.library import Call
    from batten.understand.evaluate.objects import Cells


def execute(machine: Any, call: Call) -> Abstract:
    """Run the text of a file that was read; any other text may do anything."""
    code = plain_object(call.args[0]) if call.args else Unknown("no code")
    path, names = _file(code), _names(call)
    if path is None or names is None or call.frame is None or call.open or call.kwargs:
        return unclear(machine, call)
    tree = machine.parse(path, getattr(code, "value", ""))
    if tree is None:
        return unclear(machine, call)
    globals_, locals_ = names
    machine.block(tree.body, Frame(path, globals_, locals_, None, call.frame.module))
    return Known(None)


def _file(code: Abstract) -> str | None:
    """Return the file of the repository whose whole text the code is."""
    home = code.origin.home if isinstance(code, Known) and isinstance(code.value, str) else None
    whole = isinstance(home, tuple) and home[1] is None and code.origin.pinned
    return str(home[0]) if whole and isinstance(home, tuple) else None


def _names(call: Call) -> tuple[Cells, Cells] | None:
    """Return the names that the code sees and binds, None when they are not known."""
    given = [plain_object(arg) for arg in call.args[1:]]
    if call.frame is None or not all(isinstance(one, Mapping) for one in given):
        return None
    if not given:
        return call.frame.globals, call.frame.locals
    return given[0].cells, given[-1].cells  # type: ignore[attr-defined] # a mapping, by the line above


def compiled(machine: Any, call: Call) -> Abstract:
    """Return what `compile(text, name, "exec")` gives: the text, which `exec` runs."""
    mode = call.get("mode", 2)
    if isinstance(mode, Known) and mode.value == "exec" and call.args:
        return call.args[0]
    return machine.unknown_of(call.place, *call.args)  # type: ignore[no-any-return]


def unclear(machine: Any, call: Call) -> Abstract:
    """Note that code which is not followed may bind any name."""
    machine.doubt("a call of exec() or eval()", "what it does is not followed", call.place)
    machine.may_throw(ANY_ERROR)
    if call.frame is not None:
        for cells in (call.frame.globals, call.frame.locals):
            machine.obscure(Namespace(cells), Unknown("exec() or eval() may write it"))
    return Unknown("the result of exec() or eval()", Origin(call.place))
