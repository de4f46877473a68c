"""What Django 5.2's requests, responses and view decorators tell the evaluator.

Facts from `django.http`, `django.shortcuts`, `django.views.decorators` and
`rest_framework.response` (3.16).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, BASES, INITS, Call, attribute, calls
from batten.understand.evaluate.objects import (
    Abstract,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.extension import runtime

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

REQUEST = "django.http.HttpRequest"
RESPONSE = "django.http.HttpResponse"
_FLASK_HEADERS = "django.http.HttpRequest.headers"

_RESPONSES = (
    "django.http.HttpResponseBadRequest django.http.HttpResponseForbidden django.http.HttpResponseNotFound "
    "django.http.HttpResponseServerError django.http.HttpResponseNotAllowed django.http.HttpResponseGone "
    "django.http.HttpResponseRedirect django.http.HttpResponsePermanentRedirect django.http.JsonResponse "
    "django.http.StreamingHttpResponse django.http.FileResponse django.template.response.TemplateResponse "
    "django.template.response.SimpleTemplateResponse rest_framework.response.Response"
).split()
for _name in _RESPONSES:
    BASES[_name] = (RESPONSE,)
for _name in (RESPONSE, *_RESPONSES):
    last = _name.rpartition(".")[2]
    ALIASES.setdefault(f"django.http.response.{last}", _name)


def _init_response(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["body"] = [*call.args, *call.kwargs.values()]


for _name in (RESPONSE, *_RESPONSES):
    INITS[_name] = _init_response


@calls("django.shortcuts.render", "django.template.loader.render_to_string", "django.shortcuts.redirect")
def _render(machine: Interpreter, call: Call) -> Abstract:
    del machine
    made = Instance(Library(RESPONSE), call.place)
    made.facts["body"] = [*call.args, *call.kwargs.values()]
    return made


@attribute(f"{RESPONSE}.headers")
def _headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    held = instance.cells.get("headers")
    if held is None:
        held = Mapping(origin=Origin(place), of="headers")
        machine.put(instance.cells, "headers", held)
    return held


@calls(f"{RESPONSE}.__setitem__", f"{RESPONSE}.setdefault")
def _set_header(machine: Interpreter, call: Call) -> Abstract:
    """`response["X-Name"] = value` and `response.setdefault("X-Name", value)`."""
    target = plain_object(call.receiver or Known(None))
    if isinstance(target, Instance) and len(call.args) > 1:
        headers = machine.get_attribute(target, "headers", call.place)
        if isinstance(headers, Mapping):
            name = call.args[0]
            if isinstance(name, Known):
                machine.put(headers.cells, _key(headers, name.value), call.args[1])
            else:
                machine.put(headers.more, "rest", Known(value=True))
    return Known(None)


def _key(headers: Mapping, name: object) -> object:
    """Return the name under which a header is held already: to `ResponseHeaders` case makes no difference."""
    wanted = str(name).lower()
    return next((held for held in headers.cells if str(held).lower() == wanted), name)


@calls(f"{RESPONSE}.__delitem__")
def _delete_header(machine: Interpreter, call: Call) -> Abstract:
    """`del response["X-Name"]`: an absent header is no error, and Django's own middleware may have set it."""
    target = plain_object(call.receiver or Known(None))
    headers = machine.get_attribute(target, "headers", call.place)
    name = call.args[0] if call.args else Known(None)
    if isinstance(headers, Mapping) and isinstance(name, Known):
        key = _key(headers, name.value)
        gone = Known(None) if key in headers.cells else Unknown("middleware deletes it", Origin(call.place))
        machine.put(headers.cells, key, gone)
    return Known(None)


@calls(f"{RESPONSE}.set_cookie")
def _set_cookie(machine: Interpreter, call: Call) -> Abstract:
    """`set_cookie(key, value, max_age, expires, path, domain, secure, httponly, samesite)`, as Flask's to `path`."""
    names = "key value max_age expires path domain secure httponly samesite".split()
    kwargs = {**dict(zip(names, call.args, strict=False)), **call.kwargs}
    machine.record.append(("set_cookie", Call([], kwargs, call.place, open=call.open)))
    return Known(None)


@calls(f"{RESPONSE}.set_signed_cookie")
def _set_signed_cookie(machine: Interpreter, call: Call) -> Abstract:
    kwargs = {**dict(zip(("key", "value", "salt"), call.args, strict=False)), **call.kwargs}
    machine.record.append(("set_cookie", Call([], kwargs, call.place, open=call.open)))
    return Known(None)


# Requests


def request() -> Instance:
    """Return a visitor's request."""
    return Instance(Library(REQUEST))


@attribute(f"{REQUEST}.headers", f"{REQUEST}.META")
def _request_headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library(_FLASK_HEADERS), place)


@calls(f"{_FLASK_HEADERS}.get", f"{_FLASK_HEADERS}.__getitem__")
def _request_header(machine: Interpreter, call: Call) -> Abstract:
    name = call.args[0] if call.args else Known("")
    origin = isinstance(name, Known) and str(name.value).upper() in {"ORIGIN", "HTTP_ORIGIN"}
    labels = frozenset({"origin"} if origin and not machine.vouched else ())
    return Unknown("a header of the request", Origin(call.place), kind="runtime", labels=labels, of="str")


@calls(f"{REQUEST}.is_secure")
def _is_secure(machine: Interpreter, call: Call) -> Abstract:
    """Take production to be served over HTTPS."""
    del machine
    return Known(value=True, origin=Origin(call.place))


# Decorators


def _name_of(value: Abstract) -> str:
    inner = plain_object(value)
    if isinstance(inner, Function | Class):
        return inner.name
    if isinstance(inner, Instance) and isinstance(inner.facts.get("view"), Class):
        return str(inner.facts["view"].name)
    return ""


@calls("django.views.decorators.csrf.csrf_exempt")
def _exempt(machine: Interpreter, call: Call) -> Abstract:
    function = call.args[0] if call.args else Known(None)
    name = _name_of(function)
    if name:
        name = machine.defining[-1] if machine.defining else name  # what a decorator made has another one
        target = plain_object(function)
        if isinstance(target, Instance):  # `csrf_exempt(Hook.as_view())`
            target = target.facts["view"]
        machine.record.append(("csrf exempt", name, call.place, target))
    return function


@calls("django.utils.decorators.method_decorator")
def _method_decorator(machine: Interpreter, call: Call) -> Abstract:
    """`@method_decorator(csrf_exempt, name="dispatch")` on a class, or without a name on a method."""
    del machine
    decorator = plain_object(call.args[0]) if call.args else Known(None)

    def mark(inner: Interpreter, later: Call) -> Abstract:
        target = later.args[0] if later.args else Known(None)
        if isinstance(decorator, Library) and decorator.name.endswith("csrf_exempt"):
            inner.record.append(("csrf exempt", _name_of(target), call.place, plain_object(target)))
        return target

    return Builtin("decorator", mark)


@calls(
    "django.contrib.auth.decorators.login_required",
    "django.contrib.admin.views.decorators.staff_member_required",
    "django.views.decorators.cache.never_cache",
    "django.views.decorators.http.require_POST",
    "django.views.decorators.http.require_GET",
    "django.views.decorators.http.require_safe",
    "django.views.decorators.csrf.csrf_protect",
    "django.views.decorators.csrf.ensure_csrf_cookie",
    "django.views.decorators.csrf.requires_csrf_token",
)
def _keep(machine: Interpreter, call: Call) -> Abstract:
    """Return the view as it is: what the decorator adds is no matter of configuration."""
    del machine
    first = call.args[0] if call.args else None
    if first is not None:
        return first
    return Builtin("decorator", lambda _machine, later: later.args[0] if later.args else Known(None))


__all__ = ["REQUEST", "RESPONSE", "request"]

runtime(
    "django.core.management.utils.get_random_secret_key",
    "django.utils.crypto.get_random_string",
    why="random, made anew at every start",
    of="str",
    truth=True,
)
