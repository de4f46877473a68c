"""Flask-Admin 2.2: pages that show and change the app's data, open to everybody until a view says otherwise.

Facts from Flask-Admin 2.2.1 `flask_admin.base` (the same in 1.6):
`BaseView._handle_view` asks `is_accessible`, which returns True unless a view
overrides it; `Admin` adds no login of its own.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, Call, calls
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.extension import extension, given
from batten.understand.libraries.panels import Noted, serve, text

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place

ADMIN = "flask_admin.Admin"
ALIASES["flask_admin.base.Admin"] = ADMIN
MOST_NAMED = 3
_VIEW = "view:"


@extension(ADMIN)
def _install(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    """Record the admin; which views it has and what guards them is known at the end only."""
    if "panel" in instance.facts:
        return
    url = given(call, "url", 2, None)
    panel = Noted("admin", "Flask-Admin", text(url, "/admin"), call.place, app)
    panel.power = "changes data"
    panel.guarded = lambda: _guard(instance, panel)
    instance.facts.update(app=app, panel=panel)
    serve(machine, panel)


@calls(f"{ADMIN}.add_view", f"{ADMIN}.add_views")
def _add_view(machine: Interpreter, call: Call) -> Abstract:
    admin = plain_object(call.receiver) if call.receiver is not None else None
    if isinstance(admin, Instance):
        for view in (*call.args, *call.kwargs.values()):
            machine.put(admin.cells, f"{_VIEW}{len(admin.cells)}", view)
            admin.facts.setdefault("places", {})[plain_object(view)] = call.place
        if call.open:
            machine.put(admin.cells, f"{_VIEW}{len(admin.cells)}", Unknown("views that are not known"))
    return Known(None)


def _guard(admin: Instance, panel: Noted) -> Abstract:
    """Return whether every view asks for a login; absent where there is no view."""
    views = [plain_object(held) for name, held in admin.cells.items() if str(name).startswith(_VIEW)]
    guards = {view: is_guarded(view) for view in views}
    if not guards:
        return ABSENT
    opened = [view for view in views if guards[view] is False]
    if opened:
        place: Place = admin.facts["places"].get(opened[0], panel.place)
        panel.place = place
        names = [_name(view) for view in opened]
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        panel.what = f"Flask-Admin ({', '.join(names[:MOST_NAMED])}{more})"
        return Known(value=False, origin=Origin(place))
    if all(guards.values()):
        return Known(value=True, origin=Origin(panel.place))
    return Unknown("whether a view asks for a login", Origin(panel.place))


def is_guarded(view: Abstract) -> bool | None:
    """Return whether a view's class refuses strangers, None when that is not known."""
    if not isinstance(view, Instance):
        return None
    for base in view.of.order if isinstance(view.of, Class) else (view.of,):
        if isinstance(base, Class):
            own = base.cells.get("is_accessible") or base.cells.get("_handle_view")
            if own is not None:
                return not _says_yes(own)
            if any(_is_decorated(held) for held in base.cells.values()):
                return None
        elif not isinstance(base, Library):
            return None
        elif base.name.startswith("flask_admin."):
            return False
    return None


def _says_yes(function: Abstract) -> bool:
    """Return whether a method does nothing but return True."""
    node = function.node if isinstance(function, Function) else None
    body = node.body if isinstance(node, ast.FunctionDef) else []
    last = body[-1] if body else None
    return (
        isinstance(last, ast.Return)
        and isinstance(last.value, ast.Constant)
        and last.value.value is True
        and not [
            part for part in body[:-1] if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        ]
    )


def _is_decorated(held: Abstract) -> bool:
    """Return whether a method has a decorator that may ask for a login."""
    node = held.node if isinstance(held, Function) else None
    names = [ast.unparse(decorator) for decorator in getattr(node, "decorator_list", ())]
    return any(not name.startswith(("expose", "action", "property", "staticmethod", "classmethod")) for name in names)


def _name(view: Abstract) -> str:
    """Return what a person calls a view: its model, else its class."""
    if not isinstance(view, Instance):
        return "a view"
    call = view.facts.get("args")
    model = plain_object(call.args[0]) if isinstance(call, Call) and call.args else None
    if isinstance(model, Class):
        return model.name
    return view.of.name.rpartition(".")[2]
