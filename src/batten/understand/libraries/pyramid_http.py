"""Pyramid 2.1's requests, answers, sessions and tickets; WebOb 1.8 under them.

Facts from Pyramid 2.1 `pyramid.session`, `pyramid.authentication` and WebOb 1.8 `webob.response`. Cookies of
sessions and tickets are Lax, and neither Secure nor HttpOnly unless told; one set by hand has no flag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, BASES, CALLS, Call, attribute, calls, inits
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Mapping, Unknown, plain_object
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import webapp

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

RESPONSE = "pyramid.response.Response"
ALIASES.update({"pyramid.Response": RESPONSE, "webob.Response": RESPONSE})

attribute("pyramid.request.Request.headers")(webapp.request_headers)


@attribute("pyramid.request.Request.response")
def _response(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library(RESPONSE), place)


@attribute("pyramid.request.Request.session")
def _session(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del instance
    machine.record.append(("session", place))
    return Unknown("what a visitor's session holds", Origin(place), kind="runtime")


@calls("pyramid.security.remember")
def _remember(machine: Interpreter, call: Call) -> Abstract:
    machine.record.append(("session", call.place))
    return Unknown("headers that log a visitor in", Origin(call.place), kind="runtime")


CALLS[RESPONSE] = webapp.holding(RESPONSE)


def _raised(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Note what an answer says that is raised or returned."""
    del instance
    webapp.note_answer(machine, call)


for _name in (
    "HTTPBadRequest HTTPUnauthorized HTTPForbidden HTTPNotFound HTTPConflict HTTPUnprocessableEntity "
    "HTTPInternalServerError HTTPServiceUnavailable HTTPFound HTTPSeeOther HTTPServerError HTTPClientError"
).split():
    inits(f"pyramid.httpexceptions.{_name}")(_raised)
    BASES[f"pyramid.httpexceptions.{_name}"] = (RESPONSE,)


@calls(f"{RESPONSE}.set_cookie")
def _set_cookie(machine: Interpreter, call: Call) -> Abstract:
    """`set_cookie(name, value, max_age, path, domain, secure, httponly, comment, expires, overwrite, samesite)`."""
    places = {"key": 0, "secure": 5, "httponly": 6, "samesite": 10}
    flags = {name: call.get("name" if name == "key" else name, index) for name, index in places.items()}
    return webapp.note_cookie(machine, call, flags)


@attribute(f"{RESPONSE}.headers")
def _headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library("pyramid.headers"), place)


@calls("pyramid.headers.__setitem__", "pyramid.headers.add", "pyramid.headers.setdefault")
def _set_header(machine: Interpreter, call: Call) -> Abstract:
    return webapp.note_header(machine, call.get("key", 0), call.get("value", 1), call.place)


@calls("pyramid.headers.update")
def _update_headers(machine: Interpreter, call: Call) -> Abstract:
    held = plain_object(call.args[0]) if call.args else None
    for name, item in held.cells.items() if isinstance(held, Mapping) else ():
        webapp.note_header(machine, Known(name), item, call.place)
    return Known(None)


# Sessions and tickets

_COOKIES: dict[str, tuple[str, dict[str, int], str]] = {
    "pyramid.session.SignedCookieSessionFactory": (
        "session",
        {"secret": 0, "cookie_name": 1, "secure": 5, "httponly": 6, "samesite": 7},
        "the session cookie",
    ),
    "pyramid.authentication.AuthTktAuthenticationPolicy": (
        "auth_tkt",
        {"secret": 0, "cookie_name": 2, "secure": 3, "httponly": 9, "samesite": 15},
        "the ticket that says who a visitor is",
    ),
    "pyramid.authentication.AuthTktCookieHelper": (
        "auth_tkt",
        {"secret": 0, "cookie_name": 1, "secure": 2, "httponly": 7, "samesite": 12},
        "the ticket that says who a visitor is",
    ),
}
"""What makes a cookie of the visitor's: its name, where its arguments stand, and what its key signs."""


def _made(name: str) -> Callable[[Interpreter, Instance, Call], None]:
    default, places, signs = _COOKIES[name]
    last = name.rpartition(".")[2]

    def model(machine: Interpreter, instance: Instance, call: Call) -> None:
        del instance
        flags = {flag: call.get(_spelled(last, flag), index) for flag, index in places.items()}
        webapp.note_key(machine, f"the secret of {last}", flags.pop("secret"), call.place, signs)
        if last.startswith("AuthTkt"):
            otherwise = {"cookie_name": default, "samesite": "Lax"}
            told = {flag: flags[flag] or Known(held, Origin(call.place)) for flag, held in otherwise.items()}
            key = told.pop("cookie_name")
            webapp.note_cookie(machine, call, {**flags, **told, "key": key})
        else:
            machine.record.append(("session cookie", last, default, flags, call))

    return model


def _spelled(name: str, flag: str) -> str:
    return "http_only" if flag == "httponly" and name.startswith("AuthTkt") else flag


for _name in _COOKIES:
    inits(_name)(_made(_name))
