"""What Flask 3.1's request and response objects tell the evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.containers import DICT_METHODS
from batten.understand.evaluate.library import (
    CALLS,
    PROXIES,
    Call,
    attribute,
    calls,
    setter,
    value,
)
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    Unknown,
)
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter


@value("flask.current_app")
def _current(machine: Interpreter, place: Place) -> Abstract:
    apps = [r[1] for r in machine.record if r[0] == "app"]
    if apps:
        found: Abstract = apps[-1]
        return found
    return Unknown("the app in charge", Origin(place), kind="runtime", labels=frozenset({"flask.current_app"}))


PROXIES["flask.current_app"] = _current


@value("flask.session")
def _session(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Instance(Library("flask.session"), place)


def _session_used(machine: Interpreter, call: Call) -> Abstract:
    """Note that the app uses its session: importing the name is not yet using it."""
    machine.record.append(("session", call.place))
    return Unknown("what a visitor's session holds", Origin(call.place), kind="runtime")


for _name in "__getitem__ __setitem__ get pop setdefault update clear items keys values".split():
    CALLS[f"flask.session.{_name}"] = _session_used


@setter("flask.session.permanent")
def _session_permanent(machine: Interpreter, instance: Instance, held: Abstract, place: Place) -> None:
    del instance, held
    machine.record.append(("session", place))


@value("flask.request", "flask.g")
def _request(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Instance(Library("flask.Request"), place)


@attribute("flask.Request.is_secure")
def _is_secure(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    """Take production to be served over HTTPS."""
    del machine, instance
    return Known(value=True, origin=Origin(place))


@attribute("flask.Request.scheme")
def _scheme(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Known("https", Origin(place))


@attribute("flask.Request.headers")
def _request_headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library("flask.Request.headers"), place)


@calls("flask.Request.headers.get", "flask.Request.headers.__getitem__")
def _request_header(machine: Interpreter, call: Call) -> Abstract:
    name = call.args[0] if call.args else Known("")
    origin = isinstance(name, Known) and str(name.value).lower() == "origin"
    labels = frozenset({"origin"} if origin and not machine.vouched else ())
    return Unknown("a header of the request", Origin(call.place), kind="runtime", labels=labels, of="str")


@attribute("flask.Request.origin")
def _origin(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    return _request_header(machine, Call([Known("Origin")], {}, place, receiver=instance))


def _flows(of: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return a model of a function whose result holds what its arguments hold."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        made = Instance(Library("flask.Response"), call.place)
        made.facts["body"] = [*call.args, *call.kwargs.values()]
        del machine
        return made

    del of
    return model


for _name in (
    "flask.jsonify flask.make_response flask.render_template_string flask.Response flask.render_template "
    "werkzeug.Response flask.json.dumps markupsafe.Markup markupsafe.escape flask.escape"
).split():
    CALLS[_name] = _flows(_name)


@calls("json.dumps")
def _dumps(machine: Interpreter, call: Call) -> Abstract:
    """Return the text where the data is known, else what flows into it."""
    from batten.understand.libraries.structured import dumps  # noqa: PLC0415 - used by few apps

    told = dumps(machine, call)
    return _flows("json.dumps")(machine, call) if isinstance(told, Unknown) else told


@calls("html.escape")
def _escaped(machine: Interpreter, call: Call) -> Abstract:
    """Return the text where it is known, whichever library was looked at first; else what flows into it."""
    from batten.understand.libraries.texts import ESCAPE  # noqa: PLC0415 - used by few apps

    told = ESCAPE(machine, call)
    return _flows("html.escape")(machine, call) if isinstance(told, Unknown) else told


@calls("flask.flash")
def _flash(machine: Interpreter, call: Call) -> Abstract:
    machine.record.append(("session", call.place))
    return Known(None)


@attribute("flask.Response.headers")
def _headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    held = instance.cells.get("headers")
    if held is None:
        held = Mapping(origin=Origin(place), of="headers")
        machine.put(instance.cells, "headers", held)
    return held


def _header_method(machine: Interpreter, headers: Mapping, name: str, call: Call) -> Abstract | None:
    """Return the result of a method that Werkzeug's `Headers` adds to dict (Werkzeug 3.1 `datastructures.Headers`)."""
    if name in {"add", "set", "add_header", "__setitem__"}:
        header, held = call.get("key", 0) or call.get("_key"), call.get("value", 1) or call.get("_value")
        if header is None or held is None or (call.kwargs.keys() - {"key", "value", "_key", "_value"}):
            machine.obscure(headers)
        else:
            machine.store(headers, header, held, call.place)
        return Known(None)
    if name == "extend":
        for source in call.args:
            machine.update_mapping(headers, source)
        return Known(None)
    if name == "remove" and call.args and isinstance(call.args[0], Known):
        machine.put(headers.cells, call.args[0].value, ABSENT)
        return Known(None)
    return None


DICT_METHODS["headers"] = _header_method


@calls("flask.Response.set_cookie")
def _set_cookie(machine: Interpreter, call: Call) -> Abstract:
    machine.record.append(("set_cookie", call))
    return Known(None)


# Links that are built from the Host header (Flask 3.1 `Flask.url_for`, Werkzeug 3.1 `Request.host_url`)


@calls("flask.url_for", "flask.helpers.url_for", "flask.Flask.url_for")
def _url_for(machine: Interpreter, call: Call) -> Abstract:
    """Note a link with a host; it is the visitor's unless SERVER_NAME is set."""
    external = call.get("_external")
    if external is not None and machine.truth(external) is True:
        secret = next((name for name in call.kwargs if is_secret_part(name)), "")
        machine.record.append(("host link", "url_for", secret, call.place))
    return Unknown("a link that depends on the request", Origin(call.place), kind="runtime", of="str")


def _host_link(name: str) -> None:
    @attribute(f"flask.Request.{name}")
    def model(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
        del instance
        machine.record.append(("host link", f"request.{name}", "", place))
        return Unknown("an address of the request", Origin(place), kind="runtime", of="str")


for _name in ("host_url", "url_root", "base_url"):
    _host_link(_name)


def is_secret_part(name: str) -> bool:
    """Return whether a parameter of a link is one that lets its holder in (`token`, `reset_code`)."""
    words = name.lower().split("_")
    return any(word in {"token", "code", "key", "secret", "nonce", "otp", "sig", "signature", "hash"} for word in words)
