"""Items of structured fields."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from batten.understand.answers.structured import token


@pytest.mark.parametrize(
    "value",
    [
        "same-origin",
        " same-origin ",
        'same-origin; report-to="c"',
        'same-origin;a;b=1;c=-1.5;d=?1;e=:YQ==:;f=@1;g=%"%c3%a9";h=tok;*i=\'',
        'same-origin; a="\\"\\\\"'.replace("'", ""),
    ],
)
def test_an_item_that_is_a_token(value: str) -> None:
    expected = None if value.endswith("'") else "same-origin"
    assert token(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        '"same-origin"',
        "a, a",
        "a b",
        "1",
        "?1",
        "a;",
        "a;B",
        "a;b=",
        "a;b=1.",
        "a;b=1.2345",
        "a ;b",
        'a;b="',
        "ü",
        "a;b=é",
    ],
)
def test_what_is_none(value: str) -> None:
    assert token(value) is None


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found = token(text)
    assert found is None or text.strip(" ").startswith(found)
