"""The library `secure`: its builders, presets and how they reach answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from batten.understand.evaluate.objects import ABSENT, Instance, OneOf
from batten.understand.libraries.secure_headers import FIRST, OLD, SECOND, RefusedError, preset, render
from batten.understand.requests import header_writes

if TYPE_CHECKING:
    from .conftest import Outside, Understand

HEAD = """\
import os
from flask import Flask
import secure
from secure import (
    CacheControl, ContentSecurityPolicy, CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy, CrossOriginResourcePolicy,
    CustomHeader, PermissionsPolicy, ReferrerPolicy, Secure, Server, StrictTransportSecurity, XContentTypeOptions,
    XDnsPrefetchControl, XFrameOptions, XPermittedCrossDomainPolicies,
)
app = Flask(__name__)
"""
HOOK = "\n@app.after_request\ndef harden(response):\n    {}\n    return response\n"


def written(understand: Understand, source: str, hook: str, version: str = "") -> dict[str, Any]:
    """Return the headers that the app's hook writes."""
    seen = understand(HEAD + source + HOOK.format(hook), requirements={"secure": f"=={version}"} if version else None)
    assert not seen.stopped
    app = seen.value("app")
    assert isinstance(app, Instance)
    mapping, unsure = header_writes(seen.program.machine, [app.facts["hooks"]["after_request"][0][0]])
    assert mapping is not None
    assert not unsure
    found = {str(name): _plain(value) for name, value in mapping.cells.items()}
    return {**found, "?": "?"} if mapping.open else found


def _plain(value: object) -> Any:  # noqa: ANN401 - plain data
    if isinstance(value, OneOf):
        return {_plain(choice) for choice in value.choices}
    return None if value is ABSENT else getattr(value, "value", "?")


SET = "headers.set_headers(response)"


def test_chosen_headers_only(understand: Understand) -> None:
    source = (
        "headers = Secure(hsts=StrictTransportSecurity().max_age(60).include_subdomains(), xfo=XFrameOptions().deny(), "
        "csp=None, custom=[CustomHeader('X-Own', 'yes')])"
    )
    assert written(understand, source, SET) == {
        "Strict-Transport-Security": "max-age=60; includeSubDomains",
        "X-Frame-Options": "DENY",
        "X-Own": "yes",
    }


def test_a_header_under_a_condition_may_be_missing(understand: Understand) -> None:
    source = "headers = Secure(xfo=XFrameOptions().deny() if os.path.exists('x') else None)"
    assert written(understand, source, SET) == {"X-Frame-Options": {"DENY", None}}


def test_what_is_not_known_leaves_the_headers_open(understand: Understand) -> None:
    for source in (
        "import other\nheaders = Secure(**other.OPTIONS)",
        "import other\nheaders = Secure(csp=other.policy)",
        "import other\nheaders = Secure.from_preset(other.preset())",
        "headers = Secure(custom=[CustomHeader(os.path.join, 'x')])",
        "headers = Secure(csp=Secure(), unheard_of=1)",
    ):
        assert written(understand, source, SET) == {"?": "?"}, source
    source = "import other\nheaders = Secure(csp=ContentSecurityPolicy().default_src(other.SOURCE))"
    assert written(understand, source, SET) == {"Content-Security-Policy": "?"}
    source = "headers = Secure(permissions=PermissionsPolicy().camera('https://a.example'))"
    assert written(understand, source, SET) == {"Permissions-Policy": "?"}


def test_a_builder_changed_in_a_branch_is_followed(understand: Understand) -> None:
    source = (
        "csp = ContentSecurityPolicy().default_src(\"'self'\")\nif os.environ.get('X', '1') == '1':\n"
        "    csp.script_src(\"'self'\")\nheaders = Secure(csp=csp)"
    )
    assert written(understand, source, SET) == {"Content-Security-Policy": "default-src 'self'; script-src 'self'"}


def test_headers_may_be_copied(understand: Understand) -> None:
    source = "headers = Secure.from_preset(secure.Preset.STRICT).allowlist_headers()"
    found = written(
        understand, source, "for name, value in headers.headers.items():\n        response.headers[name] = value"
    )
    assert found == preset("STRICT", SECOND)


def test_the_old_interface(understand: Understand) -> None:
    found = written(
        understand, "headers = secure.Secure(xfo=XFrameOptions().deny(), xxp=None)", "headers.framework.flask(response)"
    )
    assert found == {
        "Strict-Transport-Security": "max-age=63072000; includeSubdomains",
        "X-Frame-Options": "deny",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer, strict-origin-when-cross-origin",
        "Cache-Control": "no-store",
    }
    copied = "for name, value in headers.headers().items():\n        response.headers[name] = value"
    assert "X-XSS-Protection" in written(understand, "headers = secure.Secure()", copied, "0.3.0")
    nonce = "headers = Secure(csp=ContentSecurityPolicy().img_src(ContentSecurityPolicy.nonce('x')))"
    assert written(understand, nonce, SET, "0.3.0")["Content-Security-Policy"] == "img-src 'nonce-<x>'"
    assert written(understand, "headers = secure.SecureHeaders()", "headers.flask(response)") == {"?": "?"}


def test_versions_differ(understand: Understand) -> None:
    source = "headers = Secure.with_default_headers()"
    assert written(understand, source, SET, "1.0.1")["Strict-Transport-Security"] == "max-age=31536000"
    assert written(understand, source, SET, "1.0.1")["Cache-Control"] == "no-store"
    assert written(understand, source, SET, "2.0.1")["Strict-Transport-Security"].endswith("includeSubDomains")


def test_the_middleware_sets_them_for_the_whole_app(understand: Understand) -> None:
    source = "from secure.middleware import SecureWSGIMiddleware\napp.wsgi_app = SecureWSGIMiddleware(app.wsgi_app{})\n"
    (fact,) = understand(HEAD + source.format("")).facts("headers")
    assert fact[0] == "<flask.Flask>"
    assert fact[1] == {name.lower(): value for name, value in preset("default", SECOND).items()}
    assert fact[3]["https"] is None
    (fact,) = understand(HEAD + source.format(", secure=Secure(xfo=XFrameOptions())")).facts("headers")
    assert fact[1] == {"x-frame-options": "SAMEORIGIN"}


def test_builders_refuse_what_they_do_not_know() -> None:
    for kind, calls in (
        ("StrictTransportSecurity", [("for_ever", ())]),
        ("CacheControl", [("custom", ("x",))]),
        ("ContentSecurityPolicy", [("set", ())]),
    ):
        with pytest.raises(RefusedError):
            render(kind, calls, SECOND)
    with pytest.raises(RefusedError):
        render("PermissionsPolicy", [("set", ("x",))], FIRST)
    with pytest.raises(RefusedError):
        preset("BALANCED", FIRST)


@pytest.mark.parametrize(
    ("kind", "calls", "version", "value"),
    [
        ("StrictTransportSecurity", [("preload", ())], OLD, "preload"),
        ("StrictTransportSecurity", [("preload", ()), ("max_age", (1,))], FIRST, "preload; max-age=1"),
        ("StrictTransportSecurity", [("set", ("x",)), ("preload", ())], OLD, "x; preload"),
        ("StrictTransportSecurity", [("set", ("x",)), ("clear", ())], FIRST, "max-age=31536000"),
        ("ContentSecurityPolicy", [("img_src", ("a",)), ("img_src", ("b",))], FIRST, "img-src a; img-src b"),
        ("ContentSecurityPolicy", [("set", ("a",)), ("sandbox", ())], OLD, "a; sandbox"),
        ("ReferrerPolicy", [("origin", ()), ("origin", ())], OLD, "origin, origin"),
        ("ReferrerPolicy", [("origin", ()), ("set", ("origin",))], FIRST, "origin"),
        ("CacheControl", [("set", ("a",)), ("no_cache", ())], OLD, "a, no-cache"),
        ("CacheControl", [("max_age", (3,)), ("no_cache", ())], FIRST, "max-age=3, no-cache"),
        ("PermissionsPolicy", [("camera", ("self", "x"))], FIRST, "camera=(self x)"),
        ("XFrameOptions", [("set", ("X",))], OLD, "X"),
    ],
)
def test_older_builders(kind: str, calls: list[tuple[str, tuple[Any, ...]]], version: int, value: str) -> None:
    assert render(kind, calls, version)[1] == value


REAL = """
import secure
from secure import *
from secure import Preset
answer = []
for source in data:
    answer.append(dict(eval(source, globals()).header_items()))
"""
SOURCES = [
    "Secure.with_default_headers()",
    *(f"Secure.from_preset(secure.Preset.{name})" for name in ("BASIC", "BALANCED", "STRICT")),
    "Secure()",
    "Secure(csp=ContentSecurityPolicy())",
    "Secure(csp=ContentSecurityPolicy().default_src(\"'self'\").script_src('a', 'b').script_src('b', 'c').sandbox())",
    "Secure(csp=ContentSecurityPolicy().script_src(ContentSecurityPolicy.nonce('abc')))",
    "Secure(csp=ContentSecurityPolicy().custom_directive('x-y', 'z').report_only())",
    "Secure(csp=ContentSecurityPolicy().report_only().enforce().value('a b'))",
    "Secure(csp=ContentSecurityPolicy().img_src('a').clear().upgrade_insecure_requests())",
    "Secure(hsts=StrictTransportSecurity())",
    "Secure(hsts=StrictTransportSecurity().preload())",
    "Secure(hsts=StrictTransportSecurity().include_subdomains().max_age(99))",
    "Secure(hsts=StrictTransportSecurity().max_age(5).value('max-age=0'))",
    "Secure(hsts=StrictTransportSecurity().value('x').max_age(5))",
    "Secure(permissions=PermissionsPolicy().camera().usb('self').geolocation(\"'none'\"))",
    "Secure(permissions=PermissionsPolicy().value('camera=()'), referrer=ReferrerPolicy().add('origin, no-referrer'))",
    "Secure(referrer=ReferrerPolicy().no_referrer().same_origin(), xcto=XContentTypeOptions())",
    "Secure(referrer=ReferrerPolicy().no_referrer().fallback('origin', 'unsafe-url').clear())",
    "Secure(cache=CacheControl().max_age(0).no_store().must_revalidate(), server=Server().set('x'))",
    "Secure(cache=CacheControl().s_maxage(3).value('private'), xfo=XFrameOptions().allow_from(' a '))",
    "Secure(coop=CrossOriginOpenerPolicy().same_origin_allow_popups(), coep=CrossOriginEmbedderPolicy().unsafe_none())",
    "Secure(corp=CrossOriginResourcePolicy().cross_origin(), xdfc=XDnsPrefetchControl().allow())",
    "Secure(permissions=PermissionsPolicy().usb().clear(), cache=CacheControl().private().clear())",
    "Secure(xfo=XFrameOptions().deny().clear())",
    "Secure(xpcdp=XPermittedCrossDomainPolicies().master_only(), custom=[CustomHeader('X-A', 'b')])",
]


@pytest.mark.process
def test_headers_are_those_of_the_real_library(understand: Understand, outside: Outside) -> None:
    for source, real in zip(SOURCES, outside(REAL, SOURCES), strict=True):
        assert written(understand, f"headers = {source}", SET) == real, source
