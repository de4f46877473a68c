"""The library `secure` (2.0, 1.x, and the older interface of 0.3): headers written into answers.

Facts from secure 2.0.1, 1.0.1 and 0.3.0 `secure.secure`; what the builders
write is in `secure_headers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import ALIASES, CALLS, INITS, Call, attribute, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.extension import app_of, is_none, served_app
from batten.understand.libraries.secure_headers import FIRST, NAMES, OLD, SECOND, RefusedError, preset, render

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

SECURE = "secure.Secure"
MIDDLEWARE = "secure.middleware.SecureWSGIMiddleware"
ALIASES.update(
    {
        "secure.secure.Secure": SECURE,
        "secure.secure.Preset": "secure.Preset",
        "secure.middleware.wsgi.SecureWSGIMiddleware": MIDDLEWARE,
        **{f"secure.headers.{name}": f"secure.{name}" for name in (*NAMES, "CustomHeader")},
    }
)
_SHORT = {
    "cache": "CacheControl",
    "coep": "CrossOriginEmbedderPolicy",
    "coop": "CrossOriginOpenerPolicy",
    "corp": "CrossOriginResourcePolicy",
    "csp": "ContentSecurityPolicy",
    "hsts": "StrictTransportSecurity",
    "permissions": "PermissionsPolicy",
    "referrer": "ReferrerPolicy",
    "xpcdp": "XPermittedCrossDomainPolicies",
    "xdfc": "XDnsPrefetchControl",
    "server": "Server",
    "xcto": "XContentTypeOptions",
    "xfo": "XFrameOptions",
    "xxp": "XXSSProtection",
    "content": "XContentTypeOptions",
}
_ON_BY_DEFAULT = ("hsts", "xfo", "xxp", "content", "referrer", "cache")
"""What `Secure()` of 0.3 sends without being told."""


def _version(machine: Interpreter) -> int:
    pinned = machine.world.version("secure")
    if pinned is None:
        return SECOND
    return OLD if pinned < (1,) else FIRST if pinned < (2,) else SECOND


# Builders: they remember the calls made on them


def _calls_on(builder: Instance) -> Sequence | None:
    """Return the calls made on a builder, None when they are not decided."""
    kept = [plain_object(choice) for choice in each(builder.cells.get("calls", ABSENT)) if choice is not ABSENT]
    return kept[0] if len(kept) == 1 and isinstance(kept[0], Sequence) else None


class _Recording:
    """The model of one builder method: it notes the call and returns the builder."""

    def __init__(self, method: str) -> None:
        self.method = method

    def __call__(self, machine: Interpreter, call: Call) -> Abstract:
        builder = plain_object(call.receiver or Known(None))
        if not isinstance(builder, Instance):
            return Unknown("a header that is not known", Origin(call.place))
        made = Sequence("tuple", (Known(self.method), *call.args, *call.kwargs.values()), Origin(call.place))
        before = _calls_on(builder)
        items = before.items if before is not None else None
        content: Any = Unknown("calls that are not known") if items is None or call.open else (*items, made)
        machine.put(builder.cells, "calls", Sequence("list", content, Origin(call.place)))
        return builder


_METHODS = {
    "": "set value clear custom",
    "ContentSecurityPolicy": (
        "report_only enforce custom_directive base_uri block_all_mixed_content child_src connect_src default_src "
        "fenced_frame_src font_src form_action frame_ancestors frame_src img_src manifest_src media_src object_src "
        "prefetch_src report_to report_uri require_trusted_types_for sandbox script_src script_src_attr "
        "script_src_elem style_src style_src_attr style_src_elem trusted_types upgrade_insecure_requests worker_src"
    ),
    "StrictTransportSecurity": "max_age include_subdomains preload",
    "ReferrerPolicy": (
        "add fallback no_referrer no_referrer_when_downgrade origin origin_when_cross_origin same_origin strict_origin "
        "strict_origin_when_cross_origin unsafe_url"
    ),
    "XFrameOptions": "deny sameorigin allow_from",
    "XContentTypeOptions": "nosniff",
    "CacheControl": (
        "immutable max_age max_stale min_fresh must_revalidate must_understand no_cache no_store no_transform "
        "only_if_cached private proxy_revalidate public s_maxage s_max_age stale_if_error stale_while_revalidate"
    ),
    "CrossOriginOpenerPolicy": "unsafe_none same_origin_allow_popups same_origin noopener_allow_popups",
    "CrossOriginEmbedderPolicy": "unsafe_none require_corp credentialless",
    "CrossOriginResourcePolicy": "same_origin same_site cross_origin",
    "PermissionsPolicy": (
        "add_directive directive accelerometer ambient_light_sensor autoplay battery browsing_topics camera "
        "clipboard_read clipboard_write display_capture encrypted_media fullscreen geolocation gyroscope "
        "magnetometer microphone midi payment picture_in_picture screen_wake_lock speaker sync_xhr usb web_share"
    ),
    "XDnsPrefetchControl": "on off allow disable",
    "XPermittedCrossDomainPolicies": "none master_only by_content_type by_ftp_filename all",
}


@inits(*(f"secure.{name}" for name in NAMES))
def _builder(machine: Interpreter, instance: Instance, call: Call) -> None:
    machine.put(instance.cells, "calls", Sequence("list", (), Origin(call.place)))


for _class in NAMES:
    for _name in f"{_METHODS['']} {_METHODS.get(_class, '')}".split():
        CALLS[f"secure.{_class}.{_name}"] = _Recording(_name)


@calls("secure.ContentSecurityPolicy.nonce")
def _nonce(machine: Interpreter, call: Call) -> Abstract:
    pattern = "'nonce-<{}>'" if _version(machine) == OLD else "'nonce-{}'"
    return machine.compute(call.place, pattern.format, *call.args[:1], of="str")


@inits("secure.CustomHeader")
def _custom(machine: Interpreter, instance: Instance, call: Call) -> None:
    machine.put(instance.cells, "header", call.get("header", 0) or Unknown("no name"))
    machine.put(instance.cells, "value", call.get("value", 1) or Unknown("no value"))


# Secure


@inits(SECURE)
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["call"] = call


def _prepared(name: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        del machine
        made = Instance(Library(SECURE), call.place, Origin(call.place))
        chosen = plain_object(call.get("preset", 0) or Known(None)) if not name else None
        made.facts["preset"] = name or (chosen.name.rpartition(".")[2] if isinstance(chosen, Library) else "?")
        return made

    return model


CALLS[f"{SECURE}.with_default_headers"] = _prepared("default")
CALLS[f"{SECURE}.from_preset"] = _prepared("")


@calls(f"{SECURE}.allowlist_headers", f"{SECURE}.deduplicate_headers", f"{SECURE}.validate_and_normalize_headers")
def _same(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return call.receiver or Known(None)


def _written(machine: Interpreter, builder: Abstract, version: int, place: Place) -> tuple[str, Abstract] | None:
    """Return the header that a builder writes, with its value; None when that is not known."""
    held = plain_object(builder)
    if not isinstance(held, Instance):
        return None
    if held.library == "secure.CustomHeader":
        name = held.cells.get("header")
        if isinstance(name, Known) and isinstance(name.value, str):
            return name.value, held.cells["value"]
        return None
    kind = held.library.rpartition(".")[2]
    if kind not in NAMES:
        return None
    made = _calls_on(held)
    plain = machine.plain(made) if made is not None else None
    origin = Origin(made.origin.home if made is not None and made.items else place)
    if plain is None:
        return NAMES[kind], Unknown("a part of it is not known", origin, of="str")
    try:
        header, value = render(kind, [(call[0], tuple(call[1:])) for call in plain[0]], version)
    except RefusedError:
        return NAMES[kind], Unknown("how it is written is not followed", origin, of="str")
    return header, Known(value, origin)


def headers(machine: Interpreter, secure: Instance, place: Place, version: int) -> Mapping:
    """Return the headers that a `Secure` object sends; open when some are not known."""
    made = Mapping(origin=Origin(place))
    origin = Origin(secure.made)
    if "preset" in secure.facts:
        try:
            for name, value in preset(secure.facts["preset"], version).items():
                made.cells[name] = Known(value, origin)
        except RefusedError:
            made.more["rest"] = Known(value=True)
        return made
    call = secure.facts.get("call")
    if not isinstance(call, Call) or call.open:
        made.more["rest"] = Known(value=True)
        return made
    options = dict(call.kwargs)
    if version == OLD:
        options = {**{name: Instance(Library(f"secure.{_SHORT[name]}")) for name in _ON_BY_DEFAULT}, **options}
    for name, option in options.items():
        if name in _SHORT:
            _add(machine, made, option, version, secure.made)
        elif name == "custom":
            for item in machine.iterate(option) or () if not is_none(option) else ():
                _add(machine, made, item, version, secure.made)
    return made


def _add(machine: Interpreter, made: Mapping, option: Abstract, version: int, place: Place) -> None:
    """Add what an option writes; where it may be None the header may be missing."""
    found: dict[str, Abstract] = {}
    absent = False
    for choice in each(option):
        if is_none(choice):
            absent = True
            continue
        held = plain_object(choice)
        if isinstance(held, Instance) and "calls" not in held.cells and held.library.startswith("secure."):
            held.cells.setdefault("calls", Sequence("list", ()))
        one = _written(machine, choice, version, place)
        if one is None:
            made.more["rest"] = Known(value=True)
        else:
            found[one[0]] = join(found[one[0]], one[1]) if one[0] in found else one[1]
    for name, value in found.items():
        made.cells[name] = join(value, ABSENT) if absent or len(found) > 1 else value


def _headers_of(machine: Interpreter, response: Abstract, call: Call) -> Abstract:
    """Return the headers of an answer, something unknown when it is none."""
    if not isinstance(plain_object(response), Instance):
        return Unknown("not an answer")
    return plain_object(machine.get_attribute(response, "headers", call.place))


def _write(machine: Interpreter, secure: Abstract | None, response: Abstract, call: Call, version: int) -> Abstract:
    """Write the headers into an answer."""
    held = plain_object(secure) if secure is not None else Known(None)
    target = _headers_of(machine, response, call)
    if isinstance(held, Instance) and isinstance(target, Mapping):
        found = headers(machine, held, call.place, version)
        for name, value in found.cells.items():
            machine.put(target.cells, name, value)
        if found.open:
            machine.put(target.more, "rest", Known(value=True))
    return Known(None)


@calls(f"{SECURE}.set_headers", f"{SECURE}.set_headers_async")
def _set_headers(machine: Interpreter, call: Call) -> Abstract:
    response = call.get("response", 0) or Unknown("no answer")
    return _write(machine, call.receiver, response, call, max(_version(machine), FIRST))


@attribute(f"{SECURE}.framework")
def _framework(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine
    made = Instance(Library("secure.Framework"), place)
    made.facts["secure"] = instance
    return made


@calls("secure.Framework.flask", "secure.Framework.quart")
def _old_set(machine: Interpreter, call: Call) -> Abstract:
    response = call.get("response", 0) or Unknown("no answer")
    framework = call.receiver
    secure = framework.facts["secure"] if isinstance(framework, Instance) else None
    return _write(machine, secure, response, call, OLD)


@calls("secure.SecureHeaders.flask", "secure.SecureHeaders.quart")
def _oldest_set(machine: Interpreter, call: Call) -> Abstract:
    """Note that 0.2 sets headers, without saying which."""
    response = call.get("response", 0) or Unknown("no answer")
    target = _headers_of(machine, response, call)
    if isinstance(target, Mapping):
        machine.put(target.more, "rest", Known(value=True))
    return Known(None)


INITS["secure.SecureHeaders"] = lambda _machine, _instance, _call: None


@attribute(f"{SECURE}.headers")
def _headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    """Return the headers as a dict; in 0.3 a method that returns them."""
    if _version(machine) == OLD:
        return Bound(Library(f"{SECURE}.headers()"), instance)
    return headers(machine, instance, place, _version(machine))


@calls(f"{SECURE}.headers()")
def _old_headers(machine: Interpreter, call: Call) -> Abstract:
    assert isinstance(call.receiver, Instance)  # noqa: S101 - bound above
    return headers(machine, call.receiver, call.place, OLD)


@inits(MIDDLEWARE)
def _middleware(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Note the headers that the middleware of 2.x puts on every answer."""
    app = app_of(served_app(call.get("app", 0)))
    instance.facts["app"] = app if app is not None else call.get("app", 0)
    secure = plain_object(call.kwargs.get("secure", Known(None)))
    if not isinstance(secure, Instance):
        secure = Instance(Library(SECURE), call.place)
        secure.facts["preset"] = "default"
    found = headers(machine, secure, call.place, SECOND)
    values = {str(name).lower(): value for name, value in found.cells.items()}
    none = dict.fromkeys(("https", "session_secure", "session_httponly", "session_samesite"))
    machine.record.append(("headers", app, values, call.place, none))
