"""What Starlette's requests and responses tell the evaluator.

Facts from Starlette 1.10 `starlette.requests`, `starlette.responses`,
`starlette.datastructures` and `starlette.exceptions`; `fastapi` hands the same
classes on.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from batten.understand.evaluate.containers import DICT_METHODS
from batten.understand.evaluate.library import ALIASES, BASES, CALLS, INITS, VALUES, Call, attribute, calls, inits, load
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

REQUEST = "starlette.requests.Request"
RESPONSE = "starlette.responses.Response"
SOCKET = "starlette.websockets.WebSocket"
HTTP_ERROR = "starlette.exceptions.HTTPException"
HEADERS = "starlette headers"
"""What the mapping of an answer's headers is called."""

_RESPONSES = (
    "HTMLResponse PlainTextResponse JSONResponse RedirectResponse StreamingResponse FileResponse ORJSONResponse "
    "UJSONResponse"
).split()
RESPONSES = (RESPONSE, *(f"starlette.responses.{name}" for name in _RESPONSES))
for _name in RESPONSES:
    if _name != RESPONSE:
        BASES[_name] = (RESPONSE,)
    ALIASES[f"fastapi.responses.{_name.rpartition('.')[2]}"] = _name
for _name in ("starlette.requests.HTTPConnection", SOCKET):
    BASES[_name] = (REQUEST,)
ALIASES.update(
    {
        "fastapi.Request": REQUEST,
        "fastapi.requests.Request": REQUEST,
        "fastapi.requests.HTTPConnection": "starlette.requests.HTTPConnection",
        "fastapi.Response": RESPONSE,
        "fastapi.WebSocket": SOCKET,
        "fastapi.websockets.WebSocket": SOCKET,
        "fastapi.HTTPException": HTTP_ERROR,
        "fastapi.exceptions.HTTPException": HTTP_ERROR,
        "starlette.exceptions.StarletteHTTPException": HTTP_ERROR,
        "fastapi.templating.Jinja2Templates": "starlette.templating.Jinja2Templates",
    }
)


# Answers


def _init_response(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Response(content, status_code, headers, media_type, background)`."""
    body = call.get("content", 0) or call.kwargs.get("url")
    instance.facts["body"] = [] if body is None else [body]
    instance.facts["status"] = call.get("status_code", 1)
    given = call.get("headers", 2)
    held = plain_object(given) if given is not None else None
    if isinstance(held, Mapping):
        headers = machine.get_attribute(instance, "headers", call.place)
        if isinstance(headers, Mapping):
            machine.update_mapping(headers, held)


for _name in RESPONSES:
    INITS[_name] = _init_response


@attribute(f"{RESPONSE}.headers")
def _headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    held = instance.cells.get("headers")
    if held is None:
        held = Mapping(origin=Origin(place), of=HEADERS)
        machine.put(instance.cells, "headers", held)
    return held


def _header_method(machine: Interpreter, headers: Mapping, name: str, call: Call) -> Abstract | None:
    """Return what the methods do that a dict has not: `append(key, value)`, `add_vary_header(vary)`, `add`."""
    if name in ("append", "add", "set") and len(call.args) > 1:
        machine.set_item(headers, call.args[0], call.args[1])
        return Known(None)
    if name == "add_vary_header":
        return Known(None)
    if name in ("mutablecopy", "items", "raw", "keys", "getlist"):
        return Unknown("the headers of an answer", Origin(call.place), kind="runtime")
    if name == "pop" and call.args and isinstance(call.args[0], Known) and call.args[0].value not in headers.cells:
        return Unknown("a header of the answer", Origin(call.place), kind="runtime")
    return None


DICT_METHODS[HEADERS] = _header_method


@calls("starlette.datastructures.MutableHeaders", "starlette.datastructures.Headers")
def _mutable_headers(machine: Interpreter, call: Call) -> Abstract:
    """`MutableHeaders(scope=message)` writes into the message's own headers."""
    scope = plain_object(call.kwargs.get("scope", call.kwargs.get("raw", Known(None))))
    held = plain_object(scope.cells.get("headers", Known(None))) if isinstance(scope, Mapping) else scope
    del machine
    return held if isinstance(held, Mapping) and held.of == HEADERS else Mapping(origin=Origin(call.place), of=HEADERS)


@calls(f"{RESPONSE}.set_cookie")
def _set_cookie(machine: Interpreter, call: Call) -> Abstract:
    """`set_cookie(key, value, max_age, expires, path, domain, secure, httponly, samesite="lax")`."""
    names = "key value max_age expires path domain secure httponly samesite".split()
    kwargs = {**dict(zip(names, call.args, strict=False)), **call.kwargs}
    kwargs.setdefault("samesite", Known("lax", Origin(call.place)))
    machine.record.append(("set_cookie", Call([], kwargs, call.place, node=call.node, open=call.open)))
    return Known(None)


CALLS[f"{RESPONSE}.delete_cookie"] = lambda _machine, _call: Known(None)


@inits("starlette.templating.Jinja2Templates")
def _templates(machine: Interpreter, instance: Instance, call: Call) -> None:
    """It escapes by itself; before 1.0 options for Jinja2's environment could be given along."""
    del instance
    machine.record.append(("pages", call.place))
    if "autoescape" in call.kwargs and not machine.world.at_least("starlette", 1):
        machine.record.append(("jinja", call.kwargs["autoescape"], call.place, "Jinja2Templates"))


@attribute("starlette.templating.Jinja2Templates.env")
def _environment(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    load("jinja2")
    held = Instance(Library("jinja2.Environment"), place)
    machine.put(instance.cells, "env", held)
    return held


@calls("starlette.templating.Jinja2Templates.TemplateResponse")
def _template_response(machine: Interpreter, call: Call) -> Abstract:
    made = Instance(Library("starlette.responses.HTMLResponse"), call.place)
    made.facts["body"] = [*call.args, *call.kwargs.values()]
    del machine
    return made


# Names of status codes


def _status(module: str, name: str, code: int) -> None:
    def get(machine: Interpreter, place: Place) -> Abstract:
        del machine
        return Known(code, Origin(place))

    VALUES[f"{module}.{name}"] = get


for _code in HTTPStatus:
    for _module in ("starlette.status", "fastapi.status"):
        _status(_module, f"HTTP_{_code.value}_{_code.name}", _code.value)


# Errors that are answers


@inits(HTTP_ERROR)
def _init_error(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`HTTPException(status_code, detail, headers)`: its detail goes back to the visitor."""
    detail = call.get("detail", 1)
    for name, held in (("status_code", call.get("status_code", 0)), ("detail", detail)):
        machine.put(instance.cells, name, held if held is not None else Known(None))
    if detail is not None:
        machine.record.append(("http error", detail, call.place))


# Requests


def request(path: str = "") -> Instance:
    """Return a visitor's request, for `path` where one is named."""
    made = Instance(Library(REQUEST))
    if path:
        made.facts["path"] = path
    return made


@attribute(f"{REQUEST}.headers")
def _request_headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library(f"{REQUEST}.headers"), place)


@calls(f"{REQUEST}.headers.get", f"{REQUEST}.headers.__getitem__")
def _request_header(machine: Interpreter, call: Call) -> Abstract:
    del machine
    name = call.args[0] if call.args else Known("")
    is_origin = isinstance(name, Known) and str(name.value).lower() == "origin"
    labels = frozenset({"origin"} if is_origin else ())
    return Unknown("a header of the request", Origin(call.place), kind="runtime", labels=labels, of="str")


@attribute(f"{REQUEST}.url", f"{REQUEST}.base_url")
def _url(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine
    made = Instance(Library(f"{REQUEST}.url"), place)
    made.facts["path"] = instance.facts.get("path")
    return made


@attribute(f"{REQUEST}.url.path")
def _path(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine
    path = instance.facts.get("path")
    return Known(path) if path else Unknown("the path of the request", Origin(place), kind="runtime", of="str")


@attribute(f"{REQUEST}.url.scheme")
def _scheme(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    """Take production to be served over HTTPS."""
    del machine, instance
    return Known("https", Origin(place))


@attribute(f"{REQUEST}.scope")
def _scope(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine
    made = Mapping({"type": Known("http"), "scheme": Known("https")}, Origin(place))
    if instance.facts.get("path"):
        made.cells["path"] = Known(instance.facts["path"])
    made.more["rest"] = Known(value=True)
    return made


@attribute(f"{REQUEST}.method")
def _method(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    """A panel is opened with GET; what else a request may be is not known."""
    del machine
    if instance.facts.get("path"):
        return Known("GET", Origin(place))
    return Unknown("the method of the request", Origin(place), kind="runtime", of="str")


@attribute(f"{REQUEST}.app")
def _app(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del instance
    apps = [fact[1] for fact in machine.record if fact[0] == "app"]
    return apps[-1] if apps else Unknown("the app in charge", Origin(place), kind="runtime")


@attribute(f"{REQUEST}.session")
def _session(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library(f"{REQUEST}.session"), place)


def _session_used(machine: Interpreter, call: Call) -> Abstract:
    """Note that the app uses its session."""
    machine.record.append(("session", call.place))
    return Unknown("what a visitor's session holds", Origin(call.place), kind="runtime")


for _name in "__getitem__ __setitem__ __delitem__ get pop setdefault update clear items keys values".split():
    CALLS[f"{REQUEST}.session.{_name}"] = _session_used


def _unknown(what: str) -> None:
    """Register what a visitor sends."""

    def get(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
        del machine, instance
        return Unknown(f"{what} of the request", Origin(place), kind="runtime")

    attribute(f"{REQUEST}.{what}")(get)


for _name in "cookies query_params path_params client user auth state".split():
    _unknown(_name)


def outcome(answer: Abstract | None, given: Instance) -> str:
    """Return what a visitor gets: `given` always, an error of the app instead (`fault`), or `other` answers."""
    choices = [plain_object(choice) for choice in each(answer) if choice is not ABSENT] if answer is not None else []
    kinds = {"given" if one is given else "fault" if _is_fault(one) else "other" for one in choices} or {"other"}
    return "other" if "other" in kinds else "fault" if kinds != {"given"} and not _broken(choices, given) else "given"


def _broken(choices: list[Abstract], given: Instance) -> bool:
    """Return whether all other answers say that the app broke: no visitor chooses them."""
    return all(one is given or _status_of(one) >= HTTPStatus.INTERNAL_SERVER_ERROR for one in choices)


def _status_of(answer: Abstract) -> int:
    status = answer.facts.get("status") if isinstance(answer, Instance) else None
    return status.value if isinstance(status, Known) and isinstance(status.value, int) else 0


def _is_fault(answer: Abstract) -> bool:
    return _status_of(answer) in _FAULTS or _status_of(answer) >= HTTPStatus.INTERNAL_SERVER_ERROR


_FAULTS = frozenset({400, 413, 422, 429})
"""Answers to a request that is wrong, too large or one too many: no login."""
