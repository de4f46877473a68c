"""`urllib.request` and `http.client`: URLs that nothing encrypts.

Facts from CPython 3.11 `urllib.request`; `URLopener` and `FancyURLopener` are
gone since 3.14. `HTTPSConnection` verifies by default since 3.4.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, CALLS, INITS, Call, calls
from batten.understand.evaluate.objects import Abstract, Instance, Library, Unknown
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.links import http, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

OPENER = "urllib.request.OpenerDirector"
OLD = "urllib.request.URLopener"
REQUEST = "urllib.request.Request"
ALIASES["urllib.request.FancyURLopener"] = OLD


def _fetches(function: str, parameter: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of a function that fetches the URL which is its first argument."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        http(machine, function, call, (parameter, 0))
        return Unknown("an answer from another server", Origin(call.place), kind="runtime")

    return model


CALLS["urllib.request.urlopen"] = _fetches("urllib.request.urlopen", "url")
CALLS["urllib.request.urlretrieve"] = _fetches("urllib.request.urlretrieve", "url")
CALLS[f"{OPENER}.open"] = _fetches(f"{OPENER}.open", "fullurl")
CALLS[f"{OLD}.open"] = _fetches(f"{OLD}.open", "fullurl")
CALLS[f"{OLD}.retrieve"] = _fetches(f"{OLD}.retrieve", "url")
INITS[OPENER] = INITS[OLD] = lambda _machine, _instance, _call: None


def _request(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Request(url, data=None, headers={}, …)`."""
    del instance
    http(machine, REQUEST, call, ("url", 0))


INITS[REQUEST] = _request


@calls("urllib.request.build_opener")
def _opener(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return Instance(Library(OPENER), call.place, Origin(call.place))


def _connection(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`HTTPConnection(host, port=None, …)`."""
    plain(machine, "http", instance.library, call, call.get("host", 0))


INITS["http.client.HTTPConnection"] = _connection
