"""`set_cookie` on an answer whose class is not known, as the web frameworks of the program have it.

Flask, Werkzeug, Django, WebOb, Tornado, Bottle and aiohttp leave a cookie without
flags unless they are given; Starlette 1, Litestar 2 and their kin say
`SameSite=lax`. Falcon's own defaults are on, and its names differ: nothing is
noted where a program imports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import METHODS, Call
from batten.understand.evaluate.objects import Abstract, Known, Unknown
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.webapp import note_cookie

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_BARE = frozenset("flask quart werkzeug django rest_framework webob pyramid tornado bottle aiohttp".split())
_LAX = frozenset("starlette fastapi litestar".split())
_FLAGS = 5
"""From this position on, flags are given without their names, in the order of each framework."""
_A_COOKIE = 2
"""A name and a value; a cookie jar's `set_cookie` takes one object."""


def _set_cookie(machine: Interpreter, call: Call, dotted: str) -> None:
    """Note a cookie, unless some other library's object is meant."""
    known = machine.libraries & (_BARE | _LAX)
    if not known or "falcon" in machine.libraries or (dotted and dotted.partition(".")[0] not in _BARE | _LAX):
        return
    if len(call.args) + len(call.kwargs) < _A_COOKIE or len(call.args) > _FLAGS or _is_deleted(call):
        return
    samesite: Abstract | None = call.kwargs.get("samesite")
    if samesite is None and known & _LAX:
        samesite = Known("lax", Origin(call.place)) if not known & _BARE else Unknown("a default of two frameworks")
    flags = {name: call.kwargs.get(name) for name in ("secure", "httponly")}
    name = call.get("key", 0) or call.kwargs.get("name")
    note_cookie(machine, call, {"key": name, **flags, "samesite": samesite})


def _is_deleted(call: Call) -> bool:
    """Return whether the browser is told to forget the cookie at once."""
    age = call.kwargs.get("max_age")
    return isinstance(age, Known) and age.value == 0


METHODS["set_cookie"] = _set_cookie
