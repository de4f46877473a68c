"""Which templates Flask 3.1 renders: those of some names are not escaped (`Flask.select_jinja_autoescape`)."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from batten.understand.code_facts import use
from batten.understand.evaluate.library import CALLS, Call
from batten.understand.evaluate.objects import Abstract, Known, Unknown
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_ESCAPED = (".html", ".htm", ".xml", ".xhtml", ".svg")
"""Ends of the names of templates that Flask 3.1 escapes (`Flask.select_jinja_autoescape`)."""
_flows = CALLS["flask.render_template"]


def _render(machine: Interpreter, call: Call) -> Abstract:
    """`render_template(template_name_or_list, **context)`."""
    name = call.get("template_name_or_list", 0)
    if isinstance(name, Unknown) and isinstance(call.node, ast.Call) and call.node.args:
        end = _ending(call.node.args[0])
        # No end that is escaped is longer: `x + "tml"` may be `….html`, `x + "unsafe"` cannot.
        open_end = not end or any(one.endswith(end) for one in _ESCAPED)
        name = None if open_end else Known(f"…{end}", Origin(call.place))
    if name is not None and not _decides_itself(machine):
        has_values = bool(call.kwargs) or len(call.args) > 1 or call.open
        use(machine, "rendered", "render_template", call.place, name=name, context=has_values)
    return _flows(machine, call)


def _ending(node: ast.expr) -> str:
    """Return what a text ends with as it is written: `name + ".txt"`, `"%s.txt" % name`, `f"{name}.txt"`."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _ending(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return re.split(r"%(?:\(\w+\))?[a-z]", _ending(node.left))[-1]
    if isinstance(node, ast.JoinedStr) and node.values:
        return _ending(node.values[-1])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _ending(node.func.value).rpartition("}")[2]
    return ""


def _decides_itself(machine: Interpreter) -> bool:
    """Return whether the app says itself what is escaped."""
    return any(
        "select_jinja_autoescape" in (machine.world.sources.read(path) or "")
        for path in machine.world.used
        if path.endswith(".py")
    )


CALLS["flask.render_template"] = _render
