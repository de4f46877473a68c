"""Mako 1.4: whether templates escape what they print.

Facts from `mako.template.Template` and `mako.lookup.TemplateLookup`:
`default_filters` are `["str"]` unless told otherwise, which escapes nothing;
`h` is the filter for HTML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import CALLS, INITS, Call
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Sequence, Unknown, plain_object
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

ESCAPES = ("h", "x", "markupsafe.escape")
"""Filters that make HTML or XML of text."""


def escapes(machine: Interpreter, call: Call) -> Abstract:
    """Return whether a template's default filters escape."""
    filters = call.kwargs.get("default_filters")
    if filters is None and call.open:
        return Unknown("default_filters may be among arguments that are not known", Origin(call.place))
    if filters is None or (isinstance(filters, Known) and filters.value is None):
        return Known(value=False, origin=Origin(call.place))
    target = plain_object(filters)
    items = target.items if isinstance(target, Sequence) else None
    if items is None or not all(isinstance(item, Known) for item in items):
        return Unknown("filters that are not known", Origin(call.place))
    del machine
    return Known(any(getattr(item, "value", None) in ESCAPES for item in items), Origin(call.place))


def _made(what: str) -> Callable[[Interpreter, Instance, Call], None]:
    def made(machine: Interpreter, instance: Instance, call: Call) -> None:
        del instance
        machine.record.append(("jinja", escapes(machine, call), call.place, what))

    return made


for _name in ("mako.template.Template", "mako.lookup.TemplateLookup"):
    INITS[_name] = _made(_name)
CALLS["mako.lookup.TemplateLookup.get_template"] = lambda _machine, call: Instance(
    Library("mako.template of a lookup"), call.place
)
