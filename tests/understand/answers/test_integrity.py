"""What a page loads from elsewhere, and whether a hash holds it."""

from __future__ import annotations

import pytest

from batten.understand.answers.facts import FactKind
from batten.understand.answers.http import Answer, Request
from batten.understand.answers.integrity import Load, integrity_facts, loads
from batten.understand.answers.page import tags

HASH = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"


def page_loads(body: str, url: str = "https://www.site.example/") -> tuple[Load, ...]:
    return loads(Answer(Request("GET", url), 200), tags(body))


def kinds(body: str, url: str = "https://www.site.example/") -> list[FactKind]:
    return [one.kind for one in integrity_facts(Answer(Request("GET", url), 200), tags(body))]


def script(src: str, more: str = "") -> str:
    return f'<script src="{src}" {more}></script>'


def test_what_a_page_loads() -> None:
    body = (
        '<base><base href="/static/"><base href="/other/"><link rel="Stylesheet" href=a.css><link rel=icon href=b>'
        '<link rel="alternate stylesheet" href=c.css><link rel=modulepreload href=d.mjs><link href=e>'
        "<script src=f.js></script><script>1</script><script src></script>"
        "<noscript><script src=g.js></script></noscript>"
        '<script src=h type="text/template"></script><script src=i type=module></script>'
        "<script src=j type=' text/JavaScript'></script><script src='data:,1'></script><script src='http://[/'></script>"
    )
    urls = [load.url for load in page_loads(body)]
    assert urls == [f"https://www.site.example/static/{name}" for name in ("a.css", "d.mjs", "f.js", "i", "j")]


@pytest.mark.parametrize(
    ("src", "url", "foreign", "crossed"),
    [
        ("/a.js", "https://www.site.example/", False, False),
        ("https://www.site.example:443/a.js", "https://www.site.example/", False, False),
        ("https://www.site.example:444/a.js", "https://www.site.example/", False, True),
        ("http://www.site.example/a.js", "https://www.site.example/", False, True),
        ("//static.site.example/a.js", "https://www.site.example/", False, True),
        ("\\\\cdn.example\\a.js", "https://www.site.example/", True, True),
        ("https://b.github.io/a.js", "https://a.github.io/", True, True),
        ("https://10.0.0.2/a.js", "https://10.0.0.1/", True, True),
        ("https://10.0.0.1/a.js", "http://10.0.0.1/", False, True),
        ("http://other/a.js", "http://intranet/", True, True),
        ("https://a.example/a.js", "file:///x", True, True),
    ],
)
def test_whose_it_is(src: str, url: str, *, foreign: bool, crossed: bool) -> None:
    (load,) = page_loads(script(src), url)
    assert (load.is_foreign, load.is_cross_origin) == (foreign, crossed)


@pytest.mark.parametrize(
    ("integrity", "held"),
    [
        (HASH, True),
        (f"md5-abc {HASH}?x", True),
        ("md5-abc", False),
        ("", False),
        ("sha384-", False),
        ("xsha384-abc", False),
    ],
)
def test_hashes_that_browsers_know(integrity: str, *, held: bool) -> None:
    assert page_loads(script("a.js", f'integrity="{integrity}"'))[0].is_held is held


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (script("https://cdn.example/a.js"), None),
        (script("HTTPS://cdn.example/a.js"), FactKind.SCRIPT_FOREIGN),
        (script("//cdn.example/a.js", f"integrity={HASH} crossorigin"), FactKind.SCRIPT_LOADS_SAFELY),
        (script("https://cdn.example/a.js", f"integrity={HASH}"), FactKind.INTEGRITY_BLOCKS),
        (script("https://cdn.example/a.js", f"integrity={HASH} crossorigin"), None),
        (script("/a.js", f"integrity={HASH}"), None),
        (script("https://cdn.example/a.js", "integrity=md5-abc"), FactKind.INTEGRITY_EMPTY),
        ("<link rel=stylesheet href=https://cdn.example/a.css>", FactKind.STYLE_FOREIGN),
        ("<link rel=stylesheet href=/a.css>", None),
        ("<link rel=modulepreload href=https://cdn.example/a.mjs>", FactKind.MODULE_FOREIGN),
        ("<base href=https://cdn.example/>" + script("a.js"), FactKind.SCRIPT_FOREIGN),
        (script("https://10.0.0.1/a.js"), None),
    ],
)
def test_where_browsers_differ(body: str, kind: FactKind | None) -> None:
    assert kinds(body) == ([] if kind is None else [kind])


def test_what_the_observatory_takes_for_one_site() -> None:
    assert kinds(script("https://10.0.0.2/a.js"), "https://10.0.0.1/") == [FactKind.SCRIPT_FOREIGN]
    assert kinds(script("//10.0.0.2/a.js"), "http://10.0.0.1/") == []
    assert kinds(script("https://b.github.io/a.js"), "https://a.github.io/") == [FactKind.SCRIPT_FOREIGN]


def test_a_page_of_scripts_without_end() -> None:
    assert len(page_loads(script("a.js") * 10_000)) == 500
