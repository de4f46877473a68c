"""Content security policies as browsers read them, and where they part from the grade."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from batten.understand.answers.facts import FactKind, Where
from batten.understand.answers.http import Answer, Request
from batten.understand.answers.page import tags
from batten.understand.answers.policies import SCRIPT, allows_inline, of_header, of_page, read
from batten.understand.answers.policy_facts import policy_facts, repeated_nonces

URL = "https://site.example/"
AT = Where(URL, "Content-Security-Policy")
HELD = "form-action 'self'; base-uri 'none'; "


def answer(*policies: str, body: str = "") -> Answer:
    headers = tuple(("Content-Security-Policy", policy) for policy in policies)
    return Answer(Request("GET", URL), 200, headers=headers, body=body.encode())


def facts(*policies: str, body: str = "") -> list[tuple[FactKind, str]]:
    seen = answer(*policies, body=body)
    return [(one.kind, one.shown) for one in policy_facts(seen, tags(seen.text))]


def test_the_first_of_a_directive_counts() -> None:
    policy = read("script-src 'self'; ; Script-Src *; IMG-SRC a  b", AT)
    assert policy is not None
    assert policy.directives == {"script-src": ("'self'",), "img-src": ("a", "b")}
    assert policy.repeated == (("script-src", ("*",)),)
    assert policy.sources(SCRIPT) == ("'self'",)
    assert policy.sources(("style-src", "default-src")) is None
    assert read(" ; ", AT) is None


def test_policies_of_headers_and_pages() -> None:
    body = (
        "<meta http-equiv=' content-security-policy' content='img-src a; frame-ancestors b; sandbox'>"
        "<noscript><meta http-equiv=content-security-policy content='img-src c'></noscript>"
        "<meta http-equiv=content-security-policy><p>"
        "<meta http-equiv=content-security-policy content='img-src d'>"
    )
    seen = answer("default-src 'self', img-src e", "", body=body)
    assert [list(policy.directives) for policy in of_header(seen)] == [["default-src"], ["img-src"]]
    assert [policy.directives for policy in of_page(seen, tags(seen.text))] == [{"img-src": ("a",)}]


@pytest.mark.parametrize(
    ("sources", "allowed"),
    [
        (None, True),
        (("'UNSAFE-INLINE'",), True),
        (("'unsafe-inline'", "'nonce-abcdefgh'"), False),
        (("'unsafe-inline'", "'sha256-abc='"), False),
        (("'unsafe-inline'", "'nonce-'"), True),
        (("'unsafe-inline'", "'strict-dynamic'"), False),
        (("*",), False),
        ((), False),
    ],
)
def test_inline(sources: tuple[str, ...] | None, *, allowed: bool) -> None:
    assert allows_inline(sources) is allowed


def test_what_default_src_does_not_cover() -> None:
    free = [(FactKind.FORM_ACTION_FREE, "form-action"), (FactKind.BASE_URI_FREE, "base-uri")]
    assert facts("default-src 'none'") == free
    assert facts("default-src 'none'", "form-action 'self'; base-uri 'self'") == []
    assert facts("img-src 'none'; style-src 'self'") == []
    whys = [
        next(policy_facts(answer(f"form-action a; script-src {source}"), ())).why
        for source in ("b", "'nonce-abcdefgh'")
    ]
    assert "relative links" in whys[0]
    assert "bear the nonce" in whys[1]


def test_directives_that_open_what_script_src_closes() -> None:
    element = "script-src-elem 'unsafe-inline'"
    assert facts(f"{HELD}script-src 'self'; {element}") == [(FactKind.SCRIPT_INLINE, element)]
    handler = "script-src-attr 'unsafe-inline'"
    assert facts(f"{HELD}script-src 'self'; {handler}") == [(FactKind.SCRIPT_INLINE, handler)]
    assert facts(f"{HELD}script-src 'self'; {element}", "script-src 'self'") == []
    assert facts(f"{HELD}script-src 'unsafe-inline'; {element}") == []


@pytest.mark.parametrize(
    ("sources", "kind"),
    [
        ("blob:", FactKind.SCRIPT_BLOB),
        ("FileSystem:", FactKind.SCRIPT_BLOB),
        ("https://unpkg.com", FactKind.SCRIPT_BYPASS),
        ("unpkg.com:443/", FactKind.SCRIPT_BYPASS),
        ("https://unpkg.com/vue@3/", None),
        ("https://cdn.site.example", None),
        ("'strict-dynamic' 'nonce-abcdefgh' blob: https://unpkg.com", None),
    ],
)
def test_sources_that_let_scripts_in(sources: str, kind: FactKind | None) -> None:
    found = [one for one, _ in facts(f"{HELD}script-src {sources}")]
    assert found == ([] if kind is None else [kind])
    assert facts(f"{HELD}script-src {sources}", "script-src 'self'") == []
    assert [one for one, _ in facts(f"{HELD}script-src {sources}", "img-src a")] == found


def test_a_host_that_another_policy_allows_too() -> None:
    both = facts(f"{HELD}script-src unpkg.com", "script-src https:")
    assert both == [(FactKind.SCRIPT_BYPASS, "unpkg.com")]


@pytest.mark.parametrize(
    ("directive", "kind"),
    [
        ("script-src 'nonce-1'", FactKind.NONCE_SHORT),
        ("script-src 'nonce-12345678'", None),
        ("connect-src http://localhost:*", FactKind.LOOPBACK_SOURCE),
        ("connect-src ws://[::1]:8000/a", FactKind.LOOPBACK_SOURCE),
        ("connect-src http://localhost.example", None),
        ("img-src self", FactKind.KEYWORD_UNQUOTED),
        ("img-src self.example", None),
        ("script-src sha256-abc=", FactKind.KEYWORD_UNQUOTED),
        ("img-src \u2018self\u2019", FactKind.SOURCE_VOID),
        ("img-src 'none' a", FactKind.NONE_NOT_ALONE),
        ("img-src 'none'", None),
        ("report-to self", None),
        ("frobnicate self", FactKind.DIRECTIVE_UNKNOWN),
        ("script-src 'self' 'strict-dynamic'", FactKind.STRICT_DYNAMIC_ALONE),
        ("script-src 'strict-dynamic' 'sha256-abc='", None),
    ],
)
def test_slips(directive: str, kind: FactKind | None) -> None:
    assert [one for one, _ in facts(HELD + directive)] == ([] if kind is None else [kind])


def test_a_repeated_directive_is_milder_but_for_reports() -> None:
    repeated = list(policy_facts(answer(f"{HELD}img-src a; img-src b; report-uri /a; report-uri /b"), ()))
    assert [(one.shown, one.milder) for one in repeated] == [("img-src b", True), ("report-uri /b", False)]


def test_nonces_that_come_again() -> None:
    first, second = answer("script-src 'nonce-aaaaaaaaaa' 'self'"), answer("script-src 'nonce-aaaaaaaaaa'")
    assert [one.shown for one in repeated_nonces(first, second)] == ["'nonce-aaaaaaaaaa'"]
    assert list(repeated_nonces(first, answer("script-src 'nonce-bbbbbbbbbb'"))) == []


@given(st.text(st.characters(max_codepoint=255)))
def test_any_policy_is_read(text: str) -> None:
    for kind, shown in facts(text, HELD + text):
        assert isinstance(kind, FactKind)
        assert len(shown) <= 201


def test_a_long_policy_is_read() -> None:
    for part in (
        "a ",
        "'nonce-",
        "a;",
        "a,",
        "http://localhost:",
        "self ",
        "blob:,script-src ",
        "unpkg.com:1,script-src ",
    ):
        assert isinstance(facts(HELD + "script-src " + part * (50_000 // len(part))), list)
