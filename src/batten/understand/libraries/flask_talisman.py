"""Flask-Talisman 1.1: security headers, HTTPS and the session cookie.

Facts from Flask-Talisman 1.1.0 `flask_talisman.talisman`. `init_app` writes
SESSION_COOKIE_SAMESITE always and SESSION_COOKIE_HTTPONLY when asked;
SESSION_COOKIE_SECURE is set before each request unless the app is in debug
mode. Strict-Transport-Security goes out over HTTPS only.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import ALIASES, VALUES, Call
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Unknown,
    each,
    join,
)
from batten.understand.evaluate.origin import Origin, Place, combined
from batten.understand.libraries.extension import as_bool, config_of, extension, given, keeps

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Mapping

TALISMAN = "flask_talisman.Talisman"
ALIASES.update(
    {
        "flask_talisman.talisman.Talisman": TALISMAN,
        "talisman.Talisman": TALISMAN,
    }
)
keeps(f"{TALISMAN}.__call__")

_POSITIONS = {
    name: index
    for index, name in enumerate(
        "app feature_policy permissions_policy document_policy force_https force_https_permanent force_file_save "
        "frame_options frame_options_allow_from strict_transport_security strict_transport_security_preload "
        "strict_transport_security_max_age strict_transport_security_include_subdomains content_security_policy "
        "content_security_policy_report_uri content_security_policy_report_only content_security_policy_nonce_in "
        "referrer_policy session_cookie_secure session_cookie_http_only session_cookie_samesite "
        "x_content_type_options x_xss_protection".split()
    )
}
_CSP = {"default-src": "'self'", "object-src": "'none'"}
_CONSTANTS: dict[str, Any] = {
    "DENY": "DENY",
    "SAMEORIGIN": "SAMEORIGIN",
    "ALLOW_FROM": "ALLOW-FROM",
    "DEFAULT_CSP_POLICY": _CSP,
    "GOOGLE_CSP_POLICY": {
        "font-src": "'self' themes.googleusercontent.com *.gstatic.com",
        "frame-src": "'self' www.google.com www.youtube.com",
        "script-src": "'self' ajax.googleapis.com *.googleanalytics.com *.google-analytics.com",
        "style-src": "'self' ajax.googleapis.com fonts.googleapis.com *.gstatic.com",
        "object-src": "'none'",
        "default-src": "'self' *.gstatic.com",
    },
}


def _constant(name: str, machine: Interpreter, place: Place) -> Abstract:
    return machine.lift(_CONSTANTS[name], Origin(place))


for _name in _CONSTANTS:
    VALUES[f"flask_talisman.{_name}"] = VALUES[f"flask_talisman.talisman.{_name}"] = partial(_constant, _name)


class _Options:
    """The arguments of `Talisman.init_app`, with their defaults."""

    def __init__(self, machine: Interpreter, call: Call) -> None:
        self.machine = machine
        self.call = call
        self.place: Place = call.place

    def get(self, name: str, otherwise: Any) -> Abstract:  # noqa: ANN401 - any constant
        if name not in self.call.kwargs and isinstance(otherwise, dict) and not self.call.open:
            held = self.call.get(name, _POSITIONS[name])
            return held if held is not None else self.machine.lift(otherwise, Origin(self.place))
        if isinstance(otherwise, dict):
            otherwise = None
        return given(self.call, name, _POSITIONS[name], otherwise)

    def header(self, option: Abstract, text: Callable[[Abstract], Abstract]) -> Abstract | None:
        """Return a header that is sent when `option` is true, None when it is not sent."""
        result: Abstract | None = None
        for choice in each(option):
            truth = self.machine.truth(choice)
            one: Abstract = text(choice) if truth else ABSENT
            if truth is None:
                one = self.machine.unknown_of(self.place, choice, of="str")
            result = one if result is None else join(result, one)
        return None if result is ABSENT else result


def _fixed(value: str) -> Callable[[Abstract], Abstract]:
    def text(option: Abstract) -> Abstract:
        return Known(value, option.origin)

    return text


def _policy(machine: Interpreter, place: Place) -> Callable[[Abstract], Abstract]:
    """Return how a policy (CSP, Feature-Policy) is written: `Talisman._parse_policy`."""

    def write(policy: Any) -> str:  # noqa: ANN401 - a dict or a string
        if isinstance(policy, str):
            parts = [part.strip().split(" ") for part in policy.split(";")]
            policy = {part[0]: " ".join(part[1:]) for part in parts}
        return "; ".join(
            f"{section} {content if isinstance(content, str) else ' '.join(content)}"
            for section, content in policy.items()
        )

    return _written(machine, place, write)


def _structured(machine: Interpreter, place: Place) -> Callable[[Abstract], Abstract]:
    """Return how Permissions-Policy is written: `Talisman._parse_structured_header_policy`."""

    def write(policy: Any) -> str:  # noqa: ANN401 - a dict or a string
        return policy if isinstance(policy, str) else ", ".join(f"{name}={content}" for name, content in policy.items())

    return _written(machine, place, write)


def _written(machine: Interpreter, place: Place, write: Callable[[Any], str]) -> Callable[[Abstract], Abstract]:
    def text(policy: Abstract) -> Abstract:
        plain = machine.plain(policy)
        if plain is None:
            return machine.unknown_of(place, policy, of="str")
        origin = combined(place, policy.origin)
        try:
            return Known(write(plain[0]), origin)
        except (TypeError, AttributeError, ValueError):
            return Unknown("a policy that Talisman cannot write", origin)

    return text


def _headers(machine: Interpreter, options: _Options) -> dict[str, Abstract]:
    place = options.place
    found: dict[str, Abstract | None] = {
        "x-frame-options": options.header(options.get("frame_options", "SAMEORIGIN"), lambda value: value),
        "x-content-type-options": options.header(
            options.get("x_content_type_options", otherwise=True), _fixed("nosniff")
        ),
        "x-xss-protection": options.header(options.get("x_xss_protection", otherwise=False), _fixed("1; mode=block")),
        "strict-transport-security": _hsts(machine, options),
        "referrer-policy": options.get("referrer_policy", "strict-origin-when-cross-origin"),
        "feature-policy": options.header(options.get("feature_policy", {}), _policy(machine, place)),
        "permissions-policy": options.header(
            options.get("permissions_policy", {"browsing-topics": "()"}), _structured(machine, place)
        ),
    }
    found.update(_security_policy(machine, options))
    return {name: value for name, value in found.items() if value is not None}


def _security_policy(machine: Interpreter, options: _Options) -> dict[str, Abstract | None]:
    """Return Content-Security-Policy, or its variant that only reports."""
    policy = options.header(options.get("content_security_policy", _CSP), _policy(machine, options.place))
    if policy is None:
        return {}
    report = options.get("content_security_policy_report_uri", None)
    if machine.truth(report) is not False:
        policy = machine.compute(
            options.place,
            lambda text, uri: text if "report-uri" in text or not uri else f"{text}; report-uri {uri}",
            policy,
            report,
        )
    nonces = machine.truth(options.get("content_security_policy_nonce_in", None))
    if nonces is not False:
        why, kind = "it holds a nonce made anew for each request", "runtime"
        if nonces is None:
            why, kind = "it may hold a nonce", "unknown"
        policy = Unknown(why, policy.origin, kind=kind, truth=True, of="str")
    only = machine.truth(options.get("content_security_policy_report_only", otherwise=False))
    if only is None:
        return {
            "content-security-policy": join(policy, ABSENT),
            "content-security-policy-report-only": join(policy, ABSENT),
        }
    return {"content-security-policy-report-only" if only else "content-security-policy": policy}


def _hsts(machine: Interpreter, options: _Options) -> Abstract | None:
    age = options.get("strict_transport_security_max_age", 31_556_926)
    subdomains = as_bool(
        machine, options.get("strict_transport_security_include_subdomains", otherwise=True), options.place
    )
    preload = as_bool(machine, options.get("strict_transport_security_preload", otherwise=False), options.place)

    def write(seconds: object, below: object, listed: object) -> str:
        return f"max-age={seconds}{'; includeSubDomains' if below else ''}{'; preload' if listed else ''}"

    def text(option: Abstract) -> Abstract:
        return machine.tainted(machine.compute(options.place, write, age, subdomains, preload, of="str"), option.origin)

    return options.header(options.get("strict_transport_security", otherwise=True), text)


def _on(machine: Interpreter, value: Abstract, place: Place) -> Abstract | None:
    """Return the truth of an option, None when Talisman leaves the setting alone."""
    return None if machine.truth(value) is False else as_bool(machine, value, place)


def _untouched(config: Mapping, name: str) -> bool:
    """Return whether a setting still holds Flask's own default."""
    held = config.cells.get(name, ABSENT)
    return isinstance(held, Known) and held.origin.home is None


@extension(TALISMAN)
def _install(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    del instance
    options = _Options(machine, call)
    secure = options.get("session_cookie_secure", otherwise=True)
    httponly = options.get("session_cookie_http_only", otherwise=True)
    samesite = options.get("session_cookie_samesite", "Lax")
    config = config_of(app)
    if config is not None:
        machine.put(config.cells, "SESSION_COOKIE_SAMESITE", samesite)
        if isinstance(secure, Known) and not secure.value and _untouched(config, "SESSION_COOKIE_SECURE"):
            hop = (call.place, "Talisman is told not to set SESSION_COOKIE_SECURE", None)
            machine.put(config.cells, "SESSION_COOKIE_SECURE", Known(value=False, origin=Origin(call.place, (hop,))))
        for choice in each(httponly):
            truth = machine.truth(choice)
            if truth is not False:
                held = Known(value=True, origin=choice.origin if isinstance(choice, Known) else Origin(call.place))
                value = (
                    held
                    if truth and choice is httponly
                    else join(config.cells.get("SESSION_COOKIE_HTTPONLY", ABSENT), held)
                )
                machine.put(config.cells, "SESSION_COOKIE_HTTPONLY", value)
    facts = {
        "https": as_bool(machine, options.get("force_https", otherwise=True), call.place),
        "session_secure": _on(machine, secure, call.place),
        "session_httponly": _on(machine, httponly, call.place),
        "session_samesite": samesite,
    }
    machine.record.append(("headers", app, _headers(machine, options), call.place, facts))
