"""The demo apps run: each hole of the unlocked one is a real hole, and shut in its twin."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
import pytest

import batten

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    Start = Callable[..., Flask]

LAB = Path(batten.__file__).parent / "lab"
KEY = "a-key-of-thirty-two-bytes-or-more-for-the-test"
MODULES = ("api", "app", "config", "pages", "store")


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Start:
    """Return a function that imports a twin afresh, with the environment given, and returns its app."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # the lab is package data: leave nothing behind
    rates = types.ModuleType("requests")
    rates.get = _no_network  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "requests", rates)
    for name in ("SHOP_DEBUG", "SECRET_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def started(twin: str, **env: str) -> Flask:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        for name in MODULES:
            monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.syspath_prepend(str(LAB / twin))
        app: Flask = __import__("app").app
        for name in MODULES:
            monkeypatch.delitem(sys.modules, name)
        return app

    return started


def _no_network(*_: object, **__: object) -> None:
    raise ConnectionError("rates.example cannot be reached")


@pytest.fixture
def unlocked(start: Start, tmp_path: Path) -> FlaskClient:
    return start("unlocked", DATABASE_URL=f"sqlite:///{tmp_path / 'shop.db'}").test_client()


@pytest.fixture
def hardened(start: Start, tmp_path: Path) -> FlaskClient:
    app = start("hardened", SECRET_KEY=KEY, DATABASE_URL=f"sqlite:///{tmp_path / 'shop.db'}")
    return app.test_client()


def _token(html: str) -> str:
    return html.partition('name="csrf_token" value="')[2].partition('"')[0]


def _order(client: FlaskClient, token: str = "") -> Any:  # noqa: ANN401 - Werkzeug's test response
    over_tls = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/"}}
    client.post("/login", data={"user": "ada", "csrf_token": token}, **over_tls)
    return client.post("/order", data={"item": "rope", "csrf_token": token}, **over_tls)


def test_unlocked_defaults_are_open(start: Start) -> None:
    config = start("unlocked").config
    assert config["DEBUG"] is True
    assert config["SECRET_KEY"] == "chandlery-secret"
    assert "admin:admin@" in config["DATABASE_URL"]
    assert config["SESSION_COOKIE_HTTPONLY"] is False


def test_unlocked_cookie_has_no_flag(unlocked: FlaskClient) -> None:
    cookie = unlocked.post("/login", data={"user": "ada"}).headers["Set-Cookie"]
    assert not {"secure", "httponly", "samesite"} & {part.strip().split("=")[0].lower() for part in cookie.split(";")}


def test_unlocked_takes_a_forged_form_and_writes_the_order(unlocked: FlaskClient) -> None:
    answer = _order(unlocked)
    assert answer.status_code == 200
    assert b"Rope" in answer.data


def test_unlocked_believes_any_token(unlocked: FlaskClient) -> None:
    _order(unlocked)
    forged = jwt.encode({"sub": "ada"}, "not the shop's key, but long enough for HMAC", "HS256")
    answer = unlocked.get("/api/orders", headers={"Authorization": f"Bearer {forged}"})
    assert answer.json == ["rope"]


def test_unlocked_prints_what_the_visitor_types(unlocked: FlaskClient) -> None:
    assert b"<script>alert(1)</script>" in unlocked.get("/?q=<script>alert(1)</script>").data


def test_unlocked_lets_every_website_read(unlocked: FlaskClient) -> None:
    headers = unlocked.get("/", headers={"Origin": "https://evil.example"}).headers
    assert headers["Access-Control-Allow-Origin"] == "https://evil.example"
    assert headers["Access-Control-Allow-Credentials"] == "true"


def test_unlocked_answers_an_error_with_its_traceback(unlocked: FlaskClient) -> None:
    answer = unlocked.get("/api/orders")
    assert answer.status_code == 500
    assert b"Traceback (most recent call last)" in answer.data
    assert b"api.py" in answer.data


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL"])
def test_hardened_does_not_start_without_its_secrets(start: Start, missing: str) -> None:
    given = {"SECRET_KEY": KEY, "DATABASE_URL": "sqlite:///shop.db"}
    del given[missing]
    with pytest.raises(KeyError, match=missing):
        start("hardened", **given)


def test_hardened_has_debug_off_unless_told(start: Start) -> None:
    secrets = {"SECRET_KEY": KEY, "DATABASE_URL": "sqlite:///shop.db"}
    assert start("hardened", **secrets).debug is False
    assert start("hardened", SHOP_DEBUG="true", **secrets).debug is True


def test_hardened_sells_and_its_cookie_has_every_flag(hardened: FlaskClient) -> None:
    page = hardened.get("/", base_url="https://localhost")
    cookie = page.headers["Set-Cookie"]
    assert all(flag in cookie for flag in ("; Secure", "; HttpOnly", "; SameSite=Lax"))
    answer = _order(hardened, _token(page.text))
    assert answer.status_code == 200
    assert b"Rope" in answer.data


def test_hardened_refuses_a_forged_form(hardened: FlaskClient) -> None:
    assert _order(hardened).status_code == 400


def test_hardened_believes_its_own_tokens_only(hardened: FlaskClient) -> None:
    page = hardened.get("/", base_url="https://localhost")
    _order(hardened, _token(page.text))
    claims = {"sub": "ada", "exp": 4_000_000_000}

    def asked(token: str) -> Any:  # noqa: ANN401 - Werkzeug's test response
        return hardened.get("/api/orders", headers={"Authorization": f"Bearer {token}"})

    assert asked(jwt.encode(claims, KEY, "HS256")).json == ["rope"]
    assert asked(jwt.encode(claims, "x" * 40, "HS256")).status_code == 401
    assert asked(jwt.encode(claims, "", "none")).status_code == 401
    assert asked("").status_code == 401


def test_hardened_escapes_what_the_visitor_types(hardened: FlaskClient) -> None:
    assert b"<script>" not in hardened.get("/?q=<script>alert(1)</script>").data


def test_hardened_lets_only_the_partners_read_and_only_the_api(hardened: FlaskClient) -> None:
    def allowed(path: str, origin: str) -> str | None:
        return hardened.get(path, headers={"Origin": origin}).headers.get("Access-Control-Allow-Origin")

    partners = "https://partners.chandlery.example"
    assert allowed("/api/orders", partners) == partners
    assert allowed("/api/orders", "https://evil.example") is None
    assert allowed("/", partners) is None


def test_hardened_keeps_an_error_to_its_log(hardened: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = hardened.get("/price/rope/usd")
    assert answer.status_code == 500
    assert answer.text == "Something went wrong on our side. It is in our log."
    assert "rates.example cannot be reached" in caplog.text
    assert hardened.get("/nowhere").status_code == 404


@pytest.mark.parametrize("path", ["/", "/nowhere", "/price/rope/usd", "/api/orders"])
def test_hardened_puts_the_headers_on_every_answer(hardened: FlaskClient, path: str) -> None:
    headers = hardened.get(path).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_twins_have_the_same_pages(start: Start) -> None:
    def routes(app: Flask) -> set[str]:
        return {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"}

    hardened = start("hardened", SECRET_KEY=KEY, DATABASE_URL="sqlite:///shop.db")
    assert routes(start("unlocked")) == routes(hardened)


@pytest.mark.parametrize("folder", ["", "unlocked"])
def test_readme_says_never_to_expose_it(folder: str) -> None:
    assert "Never expose" in (LAB / folder / "README.md").read_text(encoding="utf-8")
