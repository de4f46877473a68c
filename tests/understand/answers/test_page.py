"""Tags as a browser's tokenizer finds them."""

from __future__ import annotations

import pytest
from hypothesis import example, given, strategies as st

from batten.understand.answers.page import tags


def names(text: str) -> list[str]:
    return [tag.name for tag in tags(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<P>a<b >c</b><i/>", "p b i"),
        ("a < b <1 <", ""),
        ("<!-- <a> --><b>", "b"),
        ("<!--><a>", "a"),
        ("<!---><a>", "a"),
        ("<!-- <a> --!><b>", "b"),
        ("<!-- <a>", ""),
        ("<!doctype html><a><?php <b> ?><c>", "a c"),
        ("<![CDATA[<a>]]><b>", "b"),
        ("</><a></ b><c></", "a c"),
        ("<a", ""),
        ("<a b", ""),
        ("<a b=", ""),
        ("<a b='", ""),
        ("</a b='", ""),
        ("<title><a></title><b>", "title b"),
        ("<TITLE><a></TiTle ><b>", "title b"),
        ("<title><a></titlex><b>", "title"),
        ("<textarea><a></textarea><b>", "textarea b"),
        ("<plaintext><a></plaintext><b>", "plaintext"),
        ("<noscript><a></noscript><template><b></template>", "noscript a template b"),
        ("<script><a></script><b>", "script b"),
        ("<script><!-- <script> </script> <a> --></script><b>", "script b"),
        ("<script><!-- </script><a>", "script a"),
        ("<script><!--><script></script><a>", "script a"),
        ("<script><script></script><a>", "script a"),
        ("<script><!--<script></script></script><a>", "script a"),
        ("<svg><style><a></style></svg><style><b></style><i>", "svg style a style i"),
        ("<svg><title><style><a></style></title><title><b>", "svg title style title b"),
        ("<svg><![CDATA[<a>]]><b>", "svg b"),
        ("<svg><style><p><style><a>", "svg style p style"),
        ("<svg/><title><a></title>", "svg title"),
        ("<math><mi><title><a></title></math><style><b>", "math mi title style"),
        ("<svg><g></b></g></svg><title><a>", "svg g title"),
        ("<svg><mi><style><a></style></mi></svg>", "svg mi style a"),
        ("<math><desc><style><a></style></desc></math>", "math desc style a"),
        ("<svg><g></p><style><a></style>", "svg g style"),
        ("<svg></br><style><a></style>", "svg style"),
        ("<svg><desc><math><desc><style><a>", "svg desc math desc style a"),
    ],
)
def test_what_is_a_tag(text: str, expected: str) -> None:
    assert names(text) == expected.split()


def test_attributes() -> None:
    (tag,) = tags('<A B=1 b=2 =c=d e f=\'g\n"\' h = i/ j=""k\r\n/>')
    assert dict(tag.attributes) == {"b": "1", "=c": "d", "e": "", "f": 'g\n"', "h": "i/", "j": "", "k": ""}
    assert tag.get("B") is None
    assert tag.get("e") == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a&amp;b", "a&b"),
        ("&lt&gt;", "<>"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("&copy2", "&copy2"),
        ("&copy;=", "©="),
        ("&#x41;&#66&#x110000;", "AB�"),
        ("&nosuch;", "&nosuch;"),
        ("a\0b", "a�b"),
        ("&", "&"),
    ],
)
def test_references(written: str, read: str) -> None:
    (tag,) = tags(f'<a b="{written}">')
    assert tag.get("b") == read


def test_where_a_tag_stands() -> None:
    text = "<html><head><meta id=1>\n<title>a</title><noscript><meta id=2></noscript>\n<template><meta id=3></template>"
    metas = [tag for tag in tags(text + "</head> <meta id=4>\n<p></head><meta id=5>") if tag.name == "meta"]
    assert [(tag.in_head, tag.inert, tag.line) for tag in metas] == [
        (True, False, 1),
        (True, True, 2),
        (True, True, 3),
        (True, False, 3),
        (False, False, 4),
    ]


@pytest.mark.parametrize("before", ["text", "<p>", "<body>", "</body>", "</br>", "< ", "<svg>", "&amp;"])
def test_the_head_ends_where_a_body_begins(before: str) -> None:
    assert not tags(f"<head></head>{before}<meta>")[-1].in_head


@given(st.text())
@example("<a b=\0>")
def test_any_text_is_read(text: str) -> None:
    for tag in tags(text):
        assert tag.name
        assert 1 <= tag.line <= text.count("\n") + 1


PARTS = """<|<a |<a b='|<!--|<script>|</script|<script><!--|<svg>|<svg></b>|&amp|<title></titl|<a b=c>|<meta>|<a\t
|<template>|<![CDATA[|=|<svg><title>|a=b |<!-|-->|<?"""


@pytest.mark.parametrize("part", PARTS.split("|"))
def test_a_long_page_is_read(part: str) -> None:
    text = "<svg>" + part * (60_000 // len(part))  # what is quadratic would take hours
    assert tags(text)
    assert len(tags("<script>" + text)) <= len(tags(text)) + 1
    tags("<a " + text)
