"""Pyramid 2: ticket cookies and protection against forged requests.

Facts from `pyramid.authentication.AuthTktAuthenticationPolicy` and
`AuthTktCookieHelper`, `pyramid.config.Configurator.set_default_csrf_options`
and `pyramid.view.view_config`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.code_facts import use
from batten.understand.evaluate.library import ALIASES, CALLS, INITS, METHODS, Call
from batten.understand.evaluate.objects import Abstract, Builtin, Known, plain_object
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.webapp import note_cookie

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Instance

POLICY = "pyramid.authentication.AuthTktAuthenticationPolicy"
HELPER = "pyramid.authentication.AuthTktCookieHelper"
OPTIONS = "set_default_csrf_options"
_POLICY = "secret callback cookie_name secure include_ip timeout reissue_time max_age path http_only".split()
_HELPER = "secret cookie_name secure include_ip timeout reissue_time max_age http_only".split()


def _ticket(names: list[str]) -> Callable[[Interpreter, Instance, Call], None]:
    def made(machine: Interpreter, instance: Instance, call: Call) -> None:
        del instance
        given = {**dict(zip(names, call.args, strict=False)), **call.kwargs}
        lax = Known("Lax", Origin(call.place))
        note_cookie(
            machine,
            call,
            {
                "key": given.get("cookie_name", Known("auth_tkt", Origin(call.place))),
                "secure": given.get("secure"),
                "httponly": given.get("http_only"),
                "samesite": given.get("samesite", lax),
            },
        )

    return made


INITS[POLICY] = _ticket(_POLICY)
INITS[HELPER] = _ticket(_HELPER)


def _options(machine: Interpreter, call: Call, dotted: str = "") -> None:
    """`set_default_csrf_options(require_csrf=True, …, check_origin=True, …)`."""
    del dotted
    for name, position in (("require_csrf", 0), ("check_origin", 4)):
        held = call.get(name, position)
        if held is not None:
            use(machine, "csrf", f"pyramid {OPTIONS}", call.place, option=name, checks=held)


def _default_options(machine: Interpreter, call: Call) -> Abstract:
    _options(machine, call)
    return Known(None)


CALLS[f"pyramid.config.Configurator.{OPTIONS}"] = _default_options
METHODS[OPTIONS] = _options


def _view(machine: Interpreter, call: Call) -> Abstract:
    """`@view_config(require_csrf=False)`: this view takes requests of other sites."""
    del machine
    place = call.place

    def keep(inner: Interpreter, later: Call) -> Abstract:
        view = later.args[0] if later.args else Known(None)
        target = plain_object(view)
        held = call.kwargs.get("require_csrf")
        if held is not None and inner.truth(held) is False:
            inner.record.append(("csrf exempt", str(getattr(target, "name", "a view")), place, target))
        return view

    return Builtin("view_config", keep)


CALLS["pyramid.view.view_config"] = CALLS["pyramid.view.view_defaults"] = _view
ALIASES["pyramid.view.exception_view_config"] = "pyramid.view.view_config"
