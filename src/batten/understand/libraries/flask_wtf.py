"""Flask-WTF 1.2 and Flask-SeaSurf 2.0: protection of forms.

Facts from Flask-WTF 1.3.0 `flask_wtf.csrf` (the same in 1.2) and
Flask-SeaSurf 2.0.0 `flask_seasurf`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, CALLS, Call
from batten.understand.evaluate.objects import Abstract, Function, Instance, Known, Unknown, plain_object
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.extension import default, extension, keeps, negated, set_default, setting

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

PROTECT = "flask_wtf.CSRFProtect"
SEASURF = "flask_seasurf.SeaSurf"
ALIASES.update(
    {
        "flask_wtf.csrf.CSRFProtect": PROTECT,
        "flask_wtf.csrf.CsrfProtect": PROTECT,
        "flask_wtf.CsrfProtect": PROTECT,
        "flask_wtf.form.FlaskForm": "flask_wtf.FlaskForm",
    }
)
_DEFAULTS: dict[str, object] = {
    "WTF_CSRF_ENABLED": True,
    "WTF_CSRF_CHECK_DEFAULT": True,
    "WTF_CSRF_FIELD_NAME": "csrf_token",
    "WTF_CSRF_TIME_LIMIT": 3600,
    "WTF_CSRF_SSL_STRICT": True,
}
"""What `CSRFProtect.init_app` sets where the app sets nothing."""


@extension(PROTECT)
def _protect(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    instance.facts["app"] = app
    for name, value in _DEFAULTS.items():
        set_default(machine, app, name, default(value, call.place))
    machine.record.append(("csrf", app, {"setting": "WTF_CSRF_ENABLED"}, call.place))


@extension(SEASURF)
def _seasurf(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    """Read the settings now: SeaSurf never looks again."""
    instance.facts["app"] = app
    testing = setting(machine, app, "TESTING", Known(value=False), call.place)
    enabled = negated(machine, setting(machine, app, "CSRF_DISABLE", testing, call.place), call.place)
    kind = setting(machine, app, "SEASURF_INCLUDE_OR_EXEMPT_VIEWS", Known("exempt"), call.place)
    if not (isinstance(kind, Known) and kind.value == "exempt"):
        enabled = Unknown("SEASURF_INCLUDE_OR_EXEMPT_VIEWS decides which views are checked", Origin(call.place))
    machine.record.append(("csrf", app, {"setting": "CSRF_DISABLE", "enabled": enabled}, call.place))


def _exempt(machine: Interpreter, call: Call) -> Abstract:
    """Note a view or blueprint that is taken out, by call or decorator."""
    target = plain_object(call.args[0]) if call.args else Known(None)
    machine.record.append(("csrf exempt", _called(target), call.place, target))
    return call.args[0] if call.args else Known(None)


def _called(target: Abstract) -> str:
    """Return what a person calls a view or blueprint."""
    if isinstance(target, Function):
        return target.name
    if isinstance(target, Known) and isinstance(target.value, str):
        return target.value
    name = target.cells.get("name") if isinstance(target, Instance) else None
    return f"blueprint {name.value}" if isinstance(name, Known) else "a view"


def _exempt_urls(machine: Interpreter, call: Call) -> Abstract:
    """Note the beginnings of paths that SeaSurf does not check."""
    for item in machine.iterate(call.args[0]) or () if call.args else ():
        if isinstance(item, Known):
            machine.record.append(("csrf exempt", str(item.value), call.place, item))
    return Known(None)


CALLS[f"{PROTECT}.exempt"] = _exempt
CALLS[f"{SEASURF}.exempt"] = _exempt
CALLS[f"{SEASURF}.exempt_urls"] = _exempt_urls
keeps(
    f"{PROTECT}.error_handler",
    f"{SEASURF}.include",
    f"{SEASURF}.disable_cookie",
    f"{SEASURF}.set_cookie",
    f"{SEASURF}.skip_validation",
)
