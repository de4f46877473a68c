"""What is read out of single answers: the maker, the hosts they lead to, ways past a policy, banners, metafiles."""

from __future__ import annotations

import pytest

from batten.understand.answers.banners import made_by, versioned
from batten.understand.answers.footprint import Footprint, private_paths, robots, security, sitemap
from batten.understand.answers.http import Answer, Request
from batten.understand.answers.made_with import made_with
from batten.understand.answers.methods import is_echo
from batten.understand.answers.named_hosts import NamedHost
from batten.understand.answers.openings import openings_of
from batten.understand.answers.page import comments, tags
from batten.understand.answers.remarks import telling

URL = "http://site.example/"
HTML = ("Content-Type", "text/html")
TEXT = ("Content-Type", "text/plain")


def answer(*headers: tuple[str, str], body: str = "<p>", status: int = 200, url: str = URL) -> Answer:
    return Answer(Request("GET", url), status, headers=headers, body=body.encode())


FLASK = answer(
    HTML,
    status=404,
    body="<p>The requested URL was not found on the server. If you entered the URL manually please check",
)
DJANGO = answer(HTML, ("Set-Cookie", "csrftoken=x; Path=/"))


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ([answer(("Server", "Werkzeug/3.1.3 Python/3.12"))], "flask"),
        ([answer(("Server", "gunicorn")), FLASK], "flask"),
        ([answer(("Server", "nginx/1.24.0")), DJANGO], "django"),
        ([answer(("Content-Type", "application/json"), body='{"detail":"Not Found"}', status=404)], "fastapi"),
        ([answer(("Server", "TornadoServer/6.5"))], "tornado"),
        ([answer(("Server", "nginx"))], "nginx"),
        ([answer(("Server", "Apache/2.4.57 (Debian)"))], "apache"),
        ([answer(("Server", "gunicorn"))], ""),
        ([answer(("Server", "WSGIServer/0.2 CPython/3.12.3"))], ""),
        ([FLASK, DJANGO], ""),
        ([answer(body='{"detail":"Not Found"}')], ""),
        ([answer(("Set-Cookie", "sessionid=1"))], ""),
    ],
)
def test_what_a_site_is_made_with_is_told_only_where_it_is_plain(answers: list[Answer], name: str) -> None:
    assert made_with(answers) == name


@pytest.mark.parametrize(
    ("page", "links"),
    [
        ('<a href="https://no.example/x">', ("https://no.example/x",)),
        ('<a href="//no.example:8000/x">', ("//no.example:8000/x",)),
        ('<meta http-equiv="refresh" content="0; url=http://no.example/">', ("http://no.example/",)),
        ('<link rel="canonical" href="http://no.example/">', ("http://no.example/",)),
        ('<a href="https://no.example.evil/x">', ()),
        ('<a href="/no.example/x">', ()),
        ("<p>http://no.example/", ()),
        ('<a href="/login?next=http://no.example/">', ()),
    ],
)
def test_links_to_a_host_that_the_visitor_named(page: str, links: tuple[str, ...]) -> None:
    assert NamedHost("no.example", answer(HTML, body=page)).links == links


def test_a_page_that_refuses_the_host_leads_nowhere() -> None:
    page = '<a href="https://no.example/">no.example is not served here</a>'
    assert not NamedHost("no.example", answer(HTML, body=page, status=404)).links


def test_links_in_data() -> None:
    data = answer(("Content-Type", "application/json"), body='{"next": "http:\\/\\/no.example\\/?page=2"}')
    assert NamedHost("no.example", data).links == ("http://no.example/?page=2",)
    assert not NamedHost("no.example", answer(TEXT, body="http://no.example/")).links


@pytest.mark.parametrize(
    ("location", "leads"),
    [
        ("http://no.example/login", True),
        ("//no.example/login", True),
        ("https://no.example/", False),
        ("https://no.example/login", True),
        ("/login", False),
        ("http://site.example/login", False),
    ],
)
def test_redirects_to_a_host_that_the_visitor_named(location: str, *, leads: bool) -> None:
    seen = NamedHost("no.example", answer(("Location", location), status=302))
    assert bool(seen.redirect) is leads
    assert not NamedHost("no.example", answer(("Location", location))).redirect


def ways(policy: str, page: str = "<p>") -> list[str]:
    shown = answer(HTML, ("Content-Security-Policy", policy), body=page)
    return [way.partition(":")[0] for way in openings_of(shown, tags(page))]


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("default-src 'self'", []),
        ("upgrade-insecure-requests", ["says nothing about scripts"]),
        ("script-src 'unsafe-inline'", ["allows scripts from 'unsafe-inline'"]),
        ("script-src 'unsafe-inline' *", ["allows scripts from 'unsafe-inline', *"]),
        ("script-src 'unsafe-inline' 'nonce-abcdefgh1'", []),
        ("script-src 'unsafe-inline' 'nonce-abcdefgh1' https", []),
        ("script-src 'nonce-abcdefgh1' 'strict-dynamic' https", []),
        ("script-src 'nonce-abcdefgh1' https:", ["allows scripts from https"]),
        ("script-src 'self'; script-src-attr 'unsafe-inline'", ["allows inline event handlers"]),
        ("script-src *, script-src 'self'", []),
        ("script-src *, frame-ancestors 'none'", ["allows scripts from *"]),
        ("script-src 'nonce-abc'", ["has script-src 'nonce-abc'"]),
        ("script-src 'self' cdnjs.cloudflare.com", ["has cdnjs.cloudflare.com"]),
        ("script-src 'self' cdnjs.cloudflare.com/ajax/libs/vue/3.2.0/", []),
        ("default-src 'none'; style-src 'unsafe-inline'; img-src *", []),
    ],
)
def test_ways_past_a_policy(policy: str, said: list[str]) -> None:
    assert ways(policy) == said


def test_a_policy_in_the_page_counts_beside_the_header() -> None:
    assert ways("script-src *", '<meta http-equiv="content-security-policy" content="script-src \'self\'">') == []
    assert not list(openings_of(answer(HTML), ()))


@pytest.mark.parametrize(
    ("banner", "is_told"),
    [
        ("nginx/1.24.0 (Ubuntu)", True),
        ("Werkzeug/3.1.3 Python/3.12", True),
        ("Apache/2.4.57 (Debian)", True),
        ("SimpleHTTP/0.6", True),
        ("PHP/8", True),
        ("WordPress 6.4.2", True),
        ("4.0.30319", True),
        ("nginx", False),
        ("gunicorn", False),
        ("uvicorn", False),
        ("Apache (Debian 12)", False),
        ("cloudflare", False),
        ("Python 3", False),
        ("AmazonS3", False),
        ("", False),
    ],
)
def test_which_banner_tells_a_version(banner: str, *, is_told: bool) -> None:
    assert versioned(banner) is is_told


def test_what_a_page_says_that_made_it() -> None:
    page = answer(HTML, ("X-Powered-By", "Express"), body='<meta name=Generator content="Drupal 10.2 (x)">')
    assert list(made_by(page)) == [("X-Powered-By", "Express"), ("the generator tag", "Drupal 10.2 (x)")]
    for made in ("Docutils 0.19: https://docutils.sourceforge.io/", "mkdocs-1.5.3", "Sphinx 7.2", "Hugo 0.120.4"):
        assert not list(made_by(answer(HTML, body=f'<meta name="generator" content="{made}">'))), made


def test_private_paths_are_whole_parts() -> None:
    lines = ("/admin/ # here", "/backup.zip", "/.git", "/how-to-admin/", "/*?q=")
    text = "User-agent: *\n" + "".join(f"Disallow: {line}\n" for line in lines)
    file = robots(answer(TEXT, body=text))
    assert [path for _, path in private_paths(Footprint(robots=file))] == ["/admin/", "/backup.zip", "/.git"]
    shown = sitemap(answer(body="<loc>https://a.example/x</loc><loc> https://a.example/internal/x </loc>"))
    assert [path for _, path in private_paths(Footprint(sitemap=shown))] == ["/internal/x"]


def test_a_page_is_no_metafile() -> None:
    assert robots(answer(HTML, body="User-agent: *\nDisallow: /admin/")) is None
    assert robots(answer(TEXT, body="hello")) is None
    assert sitemap(answer(body="<p>")) is None
    assert security(answer(HTML, body="Contact: a")) is None
    assert security(answer(TEXT, body="Contact: mailto:a@site.example")) is not None
    assert security(None) is None


def test_an_echo_holds_the_header_that_was_sent() -> None:
    message = ("Content-Type", "message/http")
    assert is_echo(answer(message, body="TRACE / HTTP/1.1\r\nx-batten: 1\r\n"), "X-Batten", "1")
    assert not is_echo(answer(message, body="TRACE / HTTP/1.1\r\n"), "X-Batten", "1")
    assert not is_echo(answer(TEXT, body="X-Batten: 1"), "X-Batten", "1")


@pytest.mark.parametrize(
    ("comment", "tells"),
    [
        ("Powered by ShopSuite 4.2.1", "what made the page, with its version"),
        ("This site is optimized with the Tidy plugin v20.1", "what made the page, with its version"),
        ("page generated by Drupal 10.2", "what made the page, with its version"),
        ("Generated with Sphinx 7.2.6 and Furo 2023.09.10", ""),
        ("Powered by coffee", ""),
        ("served from 10.0.3.7", "a name of the inner network"),
        ("db01.corp", "a name of the inner network"),
        ("version 10.0.3", ""),
        ("the password: hunter2", "of a secret"),
        ("password field", ""),
        ("TODO: mind the role", "what is still to be done"),
        ("a todo list", ""),
        ("[if IE]> TODO <![endif]", ""),
    ],
)
def test_what_a_comment_tells(comment: str, tells: str) -> None:
    assert telling(comment) == tells


def test_comments_are_found_as_browsers_find_them() -> None:
    text = "<p>\n<!-- a\n--><script>'<!-- b -->'</script><title><!-- c --></title><!-- d --!><!-- e"
    assert comments(text) == ((2, " a\n"), (3, " d "))
