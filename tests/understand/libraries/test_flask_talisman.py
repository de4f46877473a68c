"""Flask-Talisman, by itself and against the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Outside, Understand

HEAD = "import os\nfrom flask import Flask\nfrom flask_talisman import Talisman\napp = Flask(__name__)\n"
DEFAULTS = {
    "x-frame-options": "SAMEORIGIN",
    "x-content-type-options": "nosniff",
    "strict-transport-security": "max-age=31556926; includeSubDomains",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "browsing-topics=()",
    "content-security-policy": "default-src 'self'; object-src 'none'",
}


def test_the_defaults(understand: Understand) -> None:
    seen = understand(HEAD + "Talisman(app)\n")
    _, headers, _, facts = seen.facts("headers")[0]
    assert headers == DEFAULTS
    assert facts == {"https": True, "session_secure": True, "session_httponly": True, "session_samesite": "Lax"}
    assert seen.config("SESSION_COOKIE_SAMESITE") == "Lax"
    assert seen.config("SESSION_COOKIE_SECURE") is False, "Talisman sets it before each request"


def test_options_of_the_constructor_only_count_with_an_app(understand: Understand) -> None:
    """`Talisman(force_https=False)` drops its options; `init_app` takes its own."""
    seen = understand(HEAD + "t = Talisman(force_https=False)\nt.init_app(app, frame_options='DENY')\n")
    _, headers, _, facts = seen.facts("headers")[0]
    assert facts["https"] is True
    assert headers["x-frame-options"] == "DENY"


def test_the_session_cookie_may_be_left_alone(understand: Understand) -> None:
    seen = understand(
        HEAD + "app.config['SESSION_COOKIE_HTTPONLY'] = False\n"
        "Talisman(app, session_cookie_secure=False, session_cookie_http_only=False, session_cookie_samesite='None')\n"
    )
    facts = seen.facts("headers")[0][3]
    assert (facts["session_secure"], facts["session_httponly"]) == (None, None)
    assert (seen.config("SESSION_COOKIE_HTTPONLY"), seen.config("SESSION_COOKIE_SAMESITE")) == (False, "None")


def test_what_is_not_known_is_not_a_default(understand: Understand) -> None:
    seen = understand(HEAD + "import other\nTalisman(app, **other.OPTIONS)\n")
    _, headers, _, facts = seen.facts("headers")[0]
    assert facts["https"] == "?unknown"
    assert headers["x-frame-options"] == "?unknown"
    assert {"?unknown", "absent"} == headers["content-security-policy"]
    assert (
        seen.config("SESSION_COOKIE_HTTPONLY") == {True, "?unknown"} or seen.config("SESSION_COOKIE_HTTPONLY") is True
    )


def test_an_option_from_the_environment_keeps_its_history(understand: Understand) -> None:
    seen = understand(HEAD + "Talisman(app, force_https=os.environ.get('HTTPS', '') == '1')\n", env={"HTTPS": "1"})
    assert seen.facts("headers")[0][3]["https"] is True


def test_a_view_with_its_own_options_stays_what_it_is(understand: Understand) -> None:
    seen = understand(
        HEAD + "t = Talisman(app)\n@t(frame_options='DENY')\ndef view():\n    return 'x'\nRESULT = view()\n"
    )
    assert seen.name("RESULT") == "x"


def test_a_nonce_makes_the_policy_anew(understand: Understand) -> None:
    headers = understand(HEAD + "Talisman(app, content_security_policy_nonce_in=['script-src'])\n").facts("headers")[0][
        1
    ]
    assert headers["content-security-policy"] == "?runtime"


def test_a_policy_that_cannot_be_written_is_not_known(understand: Understand) -> None:
    headers = understand(HEAD + "Talisman(app, content_security_policy=['x'])\n").facts("headers")[0][1]
    assert headers["content-security-policy"] == "?unknown"


ARGUMENTS = [
    "",
    "force_https=False",
    "force_https=False, content_security_policy=None",
    "content_security_policy={'default-src': ['\\'self\\'', 'a.example'], 'img-src': '*'}",
    "content_security_policy=\"default-src 'self';script-src 'unsafe-inline'\"",
    "content_security_policy_report_only=True, content_security_policy_report_uri='/csp'",
    "content_security_policy_report_uri='/csp'",
    "frame_options=None, x_content_type_options=False, x_xss_protection=True",
    "frame_options='DENY', strict_transport_security=False",
    "strict_transport_security_max_age=60, strict_transport_security_include_subdomains=False",
    "strict_transport_security_preload=True",
    "referrer_policy='no-referrer', permissions_policy={'camera': '()', 'usb': '(self)'}",
    "permissions_policy='camera=()', feature_policy={'geolocation': '\\'none\\''}",
    "permissions_policy=None, session_cookie_secure=False, session_cookie_http_only=False",
    "session_cookie_samesite='Strict'",
]
REAL = """
from flask import Flask, session
from flask_talisman import Talisman
NAMES = ("x-frame-options", "x-content-type-options", "x-xss-protection", "strict-transport-security",
    "referrer-policy", "feature-policy", "permissions-policy", "content-security-policy",
    "content-security-policy-report-only")
answer = []
for arguments in data:
    app = Flask("app")
    eval(f"Talisman(app, {arguments})", {"app": app, "Talisman": Talisman})
    app.add_url_rule("/", view_func=lambda: "x")
    client = app.test_client()
    got = client.get("/", base_url="https://localhost").headers
    answer.append([{n: got[n] for n in NAMES if n in got}, client.get("/").status_code == 302,
        [app.config[n] for n in ("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE")]])
"""


@pytest.mark.process
def test_headers_are_those_of_the_real_library(understand: Understand, outside: Outside) -> None:
    answers: list[Any] = outside(REAL, ARGUMENTS)
    for arguments, (headers, redirected, cookie) in zip(ARGUMENTS, answers, strict=True):
        seen = understand(HEAD + f"Talisman(app, {arguments})\n")
        _, ours, _, facts = seen.facts("headers")[0]
        assert ours == headers, arguments
        assert facts["https"] == redirected, arguments
        secure = bool(facts["session_secure"]) or seen.config("SESSION_COOKIE_SECURE")
        assert [secure, seen.config("SESSION_COOKIE_HTTPONLY"), seen.config("SESSION_COOKIE_SAMESITE")] == cookie
