"""How the header builders of the library `secure` write their values, for each of its three interfaces.

Facts from secure 0.3.0 `secure.headers`, 1.0.1 and 2.0.1 `secure.headers` and
`secure._internal.presets`. A builder is the name of its class and the calls
that were made on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

OLD, FIRST, SECOND = 0, 1, 2
"""The interfaces of secure 0.3, 1.x and 2.x."""
Calls = list[tuple[str, tuple[Any, ...]]]

NAMES = {
    "CacheControl": "Cache-Control",
    "ContentSecurityPolicy": "Content-Security-Policy",
    "CrossOriginEmbedderPolicy": "Cross-Origin-Embedder-Policy",
    "CrossOriginOpenerPolicy": "Cross-Origin-Opener-Policy",
    "CrossOriginResourcePolicy": "Cross-Origin-Resource-Policy",
    "PermissionsPolicy": "Permissions-Policy",
    "ReferrerPolicy": "Referrer-Policy",
    "Server": "Server",
    "StrictTransportSecurity": "Strict-Transport-Security",
    "XContentTypeOptions": "X-Content-Type-Options",
    "XDnsPrefetchControl": "X-DNS-Prefetch-Control",
    "XFrameOptions": "X-Frame-Options",
    "XPermittedCrossDomainPolicies": "X-Permitted-Cross-Domain-Policies",
    "XXSSProtection": "X-XSS-Protection",
}
"""Builder class to header."""
_FEATURES = "geolocation=(), microphone=(), camera=()"
_DEFAULTS: dict[str, tuple[str, str, str]] = {
    "CacheControl": ("no-store", "no-store", "no-store, max-age=0"),
    "ContentSecurityPolicy": (
        "script-src 'self'; object-src 'self'",
        "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'",
        (
            "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'self'; "
            "frame-ancestors 'self'; form-action 'self'"
        ),
    ),
    "CrossOriginEmbedderPolicy": ("", "require-corp", "require-corp"),
    "CrossOriginOpenerPolicy": ("", "same-origin", "same-origin"),
    "CrossOriginResourcePolicy": ("", "same-origin", "same-origin"),
    "PermissionsPolicy": (
        (
            "accelerometer=(), ambient-light-sensor=(), autoplay=(),camera=(), encrypted-media=(), fullscreen=(),"
            "geolocation=(), gyroscope=(), magnetometer=(),microphone=(); midi=(), payment=(),picture-in-picture=(), "
            "speaker=(), sync-xhr=(), usb=(),vr=()"
        ),
        _FEATURES,
        _FEATURES,
    ),
    "ReferrerPolicy": (
        "no-referrer, strict-origin-when-cross-origin",
        "strict-origin-when-cross-origin",
        "strict-origin-when-cross-origin",
    ),
    "Server": ("NULL", "", ""),
    "StrictTransportSecurity": ("max-age=63072000; includeSubdomains", "max-age=31536000", "max-age=31536000"),
    "XContentTypeOptions": ("nosniff", "nosniff", "nosniff"),
    "XDnsPrefetchControl": ("", "", "off"),
    "XFrameOptions": ("SAMEORIGIN", "SAMEORIGIN", "SAMEORIGIN"),
    "XPermittedCrossDomainPolicies": ("", "", "none"),
    "XXSSProtection": ("0", "0", "0"),
}
_SET = frozenset({"set", "value", "custom"})
_YEAR_S = 31_536_000


class RefusedError(Exception):
    """The builder does not take this, or its result is not known."""


def render(kind: str, calls: Calls, version: int) -> tuple[str, str]:
    """Return the header and the value that a builder writes.

    Raises:
        RefusedError: a call is not one of the builder's.
    """
    name, default = NAMES[kind], _DEFAULTS[kind][version]
    try:
        if kind == "ContentSecurityPolicy":
            return _policy(name, default, calls, version)
        return name, _WRITERS.get(kind, _single)(kind, default, calls, version)
    except (TypeError, ValueError, IndexError, AttributeError) as error:
        raise RefusedError(str(error)) from None


def _dashed(method: str) -> str:
    return method.replace("_", "-")


def _policy(name: str, default: str, calls: Calls, version: int) -> tuple[str, str]:
    """Write Content-Security-Policy: 2.x merges repeated directives, older versions repeat them."""
    parts: list[tuple[str, list[str]]] = []
    for method, args in calls:
        if method == "report_only":
            name = "Content-Security-Policy-Report-Only"
        elif method == "enforce":
            name = NAMES["ContentSecurityPolicy"]
        elif method == "clear":
            parts = []
        elif method in ("set", "value"):
            parts = [*(parts if version == OLD else []), (args[0], [])]
        else:
            directive, tokens = (
                (args[0], args[1:]) if method in ("custom_directive", "custom") else (_dashed(method), args)
            )
            held = next((found for known, found in parts if known == directive), None) if version == SECOND else None
            if held is None:
                parts.append((directive, held := []))
            held += [token for token in tokens if version != SECOND or token not in held]
    return name, "; ".join(" ".join([directive, *tokens]) for directive, tokens in parts) or default


def _transport(kind: str, default: str, calls: Calls, version: int) -> str:
    """Write Strict-Transport-Security: 2.x in a fixed order, older versions as called."""
    del kind
    parts: dict[str, str] = {}
    for method, args in calls:
        if method == "clear":
            parts = {}
        elif method in ("set", "value"):
            parts = {**(parts if version == OLD else {}), "raw": args[0]}
        elif method in ("max_age", "include_subdomains", "preload"):
            if version == SECOND:
                parts.pop("raw", None)
            parts[method] = {
                "max_age": f"max-age={args[0] if args else ''}",
                "include_subdomains": "includeSubDomains",
            }.get(method, "preload")
        else:
            raise RefusedError(method)
    if version != SECOND or "raw" in parts or not parts:
        return "; ".join(parts.values()) or default
    words = [parts.get("max_age", f"max-age={_YEAR_S}")]
    if "include_subdomains" in parts or "preload" in parts:
        words.append("includeSubDomains")
    return "; ".join([*words, *(["preload"] if "preload" in parts else [])])


def _permissions(kind: str, default: str, calls: Calls, version: int) -> str:
    del kind
    parts: dict[str, str] = {}
    for method, args in calls:
        if method == "clear":
            parts = {}
        elif method in ("set", "value"):
            if version != SECOND:
                raise RefusedError(method)
            parts = {"raw": args[0]}
        else:
            feature, allowed = (
                (args[0], args[1:]) if method in ("add_directive", "directive") else (_dashed(method), args)
            )
            parts.pop("raw", None)
            parts[feature] = f"{feature}=({' '.join(_allowed(allowed) if version == SECOND else allowed)})"
    return ", ".join(parts.values()) or default


def _allowed(sources: tuple[str, ...]) -> list[str]:
    """Return the sources of a feature as 2.x writes them; only `self` and `none` are followed."""
    bare = [source.strip("'\"") for source in sources]
    if any(source not in ("self", "none") for source in bare):
        raise RefusedError(str(bare))
    return [source for source in bare if source == "self"]


def _referrer(kind: str, default: str, calls: Calls, version: int) -> str:
    del kind
    parts: list[str] = []
    for method, args in calls:
        if method == "clear":
            parts = []
            continue
        if version == SECOND and method in ("value", "custom", "fallback"):
            parts = []
        words = [_dashed(method)] if method not in (*_SET, "add", "fallback") else list(args)
        if version == SECOND:
            words = [word.strip().lower() for text in words for word in text.split(",") if word.strip()]
        parts += [word for word in words if version == OLD or word not in parts]
    return ", ".join(parts) or default


def _cache(kind: str, default: str, calls: Calls, version: int) -> str:
    del kind
    parts: dict[str, str] = {}
    for method, args in calls:
        if method == "clear":
            parts = {}
        elif method in ("set", "value"):
            parts = {**(parts if version == OLD else {}), "raw": args[0]}
        elif method == "custom":
            raise RefusedError(method)
        else:
            if version == SECOND:
                parts.pop("raw", None)
            name = "s-maxage" if method in ("s_maxage", "s_max_age") else _dashed(method)
            parts[name] = f"{name}={args[0]}" if args else name
    if version == SECOND:
        parts = dict(sorted(parts.items(), key=lambda part: _ORDER.index(part[0]) if part[0] in _ORDER else 99))
    return ", ".join(parts.values()) or default


_ORDER = (
    "no-store no-cache private public max-age s-maxage max-stale min-fresh must-revalidate proxy-revalidate "
    "must-understand no-transform immutable stale-while-revalidate stale-if-error only-if-cached"
).split()
_WORDS = {"allow": "on", "disable": "off", "noopen": "noopen"}


def _single(kind: str, default: str, calls: Calls, version: int) -> str:
    value = default
    for method, args in calls:
        if method == "clear":
            value = default
        elif method in _SET:
            value = args[0]
        elif method == "allow_from":
            value = f"ALLOW-FROM {args[0].strip()}"
        elif kind == "XFrameOptions":
            value = method if version == OLD else method.upper()
        else:
            value = _WORDS.get(method, _dashed(method))
    return value


_WRITERS: dict[str, Callable[[str, str, Calls, int], str]] = {
    "StrictTransportSecurity": _transport,
    "PermissionsPolicy": _permissions,
    "ReferrerPolicy": _referrer,
    "CacheControl": _cache,
}

_BASE_POLICY: Calls = [
    ("default_src", ("'self'",)),
    ("base_uri", ("'self'",)),
    ("font_src", ("'self'", "https:", "data:")),
    ("form_action", ("'self'",)),
    ("frame_ancestors", ("'self'",)),
    ("img_src", ("'self'", "data:")),
    ("object_src", ("'none'",)),
    ("script_src", ("'self'",)),
    ("script_src_attr", ("'none'",)),
    ("style_src", ("'self'", "https:", "'unsafe-inline'")),
    ("upgrade_insecure_requests", ()),
]
_STRICT_POLICY: Calls = [
    *((f"{name}_src", ("'self'",)) for name in ("default", "script", "style")),
    ("object_src", ("'none'",)),
    ("base_uri", ("'none'",)),
    ("frame_ancestors", ("'none'",)),
]
_SITE: Calls = [("max_age", (_YEAR_S,)), ("include_subdomains", ())]


def preset(name: str, version: int) -> dict[str, str]:
    """Return the headers of a preset, `default` among them.

    Raises:
        RefusedError: the version has no such preset.
    """
    chosen = {"default": "BALANCED"}.get(name, name) if version == SECOND else name
    builders = _PRESETS.get((version, chosen))
    if builders is None:
        raise RefusedError(name)
    written = dict(render(kind, calls, version) for kind, calls in builders.items())
    if (version, chosen) == (SECOND, "BASIC"):
        written.update({"Origin-Agent-Cluster": "?1", "X-Download-Options": "noopen", "X-XSS-Protection": "0"})
    return written


_COMMON: dict[str, Calls] = {"Server": [], "XContentTypeOptions": []}
_OPEN: dict[str, Calls] = {
    "CacheControl": [("no_store", ())],
    "ReferrerPolicy": [("strict_origin_when_cross_origin", ())],
    "XFrameOptions": [("sameorigin", ())],
    **_COMMON,
}
_STRICT: dict[str, Calls] = {
    "CrossOriginEmbedderPolicy": [],
    "CrossOriginOpenerPolicy": [],
    "ContentSecurityPolicy": _STRICT_POLICY,
    "PermissionsPolicy": [],
    "ReferrerPolicy": [("no_referrer", ())],
    "XFrameOptions": [("deny", ())],
    **_COMMON,
}
_TWO_YEARS: Calls = [("max_age", (2 * _YEAR_S,)), ("include_subdomains", ())]
_PRESETS: dict[tuple[int, str], dict[str, Calls]] = {
    (FIRST, "default"): {
        **_OPEN,
        "CrossOriginOpenerPolicy": [],
        "ContentSecurityPolicy": _STRICT_POLICY[:4],
        "StrictTransportSecurity": [("max_age", (_YEAR_S,))],
        "PermissionsPolicy": [],
    },
    (FIRST, "BASIC"): {**_OPEN, "StrictTransportSecurity": [("max_age", (_YEAR_S,))]},
    (FIRST, "STRICT"): {
        **_STRICT,
        "CacheControl": [("no_store", ())],
        "StrictTransportSecurity": [*_TWO_YEARS, ("preload", ())],
    },
    (SECOND, "BASIC"): {
        "CrossOriginOpenerPolicy": [],
        "CrossOriginResourcePolicy": [],
        "ContentSecurityPolicy": _BASE_POLICY,
        "StrictTransportSecurity": _SITE,
        "ReferrerPolicy": [("no_referrer", ())],
        "XContentTypeOptions": [],
        "XFrameOptions": [],
        "XDnsPrefetchControl": [],
        "XPermittedCrossDomainPolicies": [],
    },
    (SECOND, "BALANCED"): {
        "CrossOriginOpenerPolicy": [],
        "CrossOriginResourcePolicy": [],
        "ContentSecurityPolicy": _BASE_POLICY,
        "StrictTransportSecurity": _SITE,
        "PermissionsPolicy": [],
        "ReferrerPolicy": [("strict_origin_when_cross_origin", ())],
        "XFrameOptions": [],
        **_COMMON,
    },
    (SECOND, "STRICT"): {
        **_STRICT,
        "CacheControl": [("no_store", ()), ("max_age", (0,))],
        "StrictTransportSecurity": _TWO_YEARS,
    },
}
