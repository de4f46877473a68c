"""Sites that answer as if a fault were there: nothing is said of them, or that it cannot be told."""

from __future__ import annotations

import secrets
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.live.answering import HTML, JSON, TEXT, Answering, Said, Sent
from tests.live.judged import BANNER, BARE, probed

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.process

SHELL = '<!doctype html><html lang="en"><title>Shop</title><div id="root"></div><script src="/app.js"></script>'
QUOTED = """<!doctype html><html lang="en"><title>Docs</title><h1>When it fails</h1>
<pre>Traceback (most recent call last):
  File "/srv/shop/app.py", line 7, in item
KeyError: 'rope'</pre><p>Werkzeug Debugger: EVALEX = true, CONSOLE_MODE = true. You're seeing this error because
you have DEBUG = True. Sanic debug mode only.</p><pre>
[core]
    repositoryformatversion = 0
[remote "origin"]
    url = https://git.example/shop.git
SECRET_KEY=change-me
</pre><a href="/more?page=1">More</a>"""
GIT = "[core]\n\trepositoryformatversion = 0\n"
LOGIN = """<!doctype html><title>Log in</title><form method="post" action="/login">
<input name="user"><input name="password" type="password"></form>"""


def shell(sent: Sent) -> Said:
    return Said("console.log(1)", "text/javascript") if sent.path == "/app.js" else Said(SHELL)


def echo(sent: Sent) -> Said:
    return Said(f"you asked for {sent.path} with {sent.headers} and {sent.body}", TEXT)


def echo_page(sent: Sent) -> Said:
    return Said(f"<!doctype html><title>Not here</title><p>{sent.path} is not here", status=404)


def token(_: Sent) -> Said:
    return Said(secrets.token_hex(), TEXT)


def same_for_all(_: Sent) -> Said:
    return Said(f"{GIT}{secrets.token_hex()}\n", TEXT)


def not_there_but_200(_: Sent) -> Said:
    return Said('{"error": "not found", "config": {"password": "none", "debug": true}}', JSON)


def documents(_: Sent) -> Said:
    return Said(QUOTED)


def anyone(sent: Sent) -> Said:
    if sent.method == "POST":
        return Said(headers=(("Location", "/home"),), status=302)
    return (
        Said(LOGIN) if sent.path in ("/", "/login") else Said(SHELL) if sent.path == "/home" else Said("no", TEXT, 404)
    )


@pytest.mark.parametrize(
    "answer",
    [shell, not_there_but_200, echo, echo_page, token, same_for_all, documents, anyone],
    ids=lambda one: one.__name__,
)
def test_what_only_looks_like_a_fault_is_none(answer: Callable[[Sent], Said]) -> None:
    with Answering(answer) as site:
        told = probed(site.url)
    assert told.report.layers["http"] == "evaluated"
    assert told.rules <= BARE | BANNER
    assert told.unsure == ()
    assert told.requests <= 150


def to_login(sent: Sent) -> Said:
    if sent.path.startswith("/login"):
        return Said("<!doctype html><title>Log in</title><p>Ask the office for a link.")
    return Said(headers=(("Location", f"/login?next={sent.path[:40]}"),), status=302)


def index_of_packages(sent: Sent) -> Said:
    """Send on every name to its page in the index, and names of no package to the index of everybody."""
    if sent.path in ("/", "/simple/"):
        return Said('<!doctype html><title>Packages</title><a href="/simple/">All</a>')
    name = sent.path.removeprefix("/simple").strip("/")[:40]
    beyond = f"https://packages.example/simple/{name}/"
    location = beyond if sent.path.startswith("/simple/") else f"/simple/{name}/"
    return Said(headers=(("Location", location),), status=303)


def firewall(sent: Sent) -> Said:
    return Said(SHELL) if sent.path == "/" else Said("<!doctype html><title>Blocked</title>", HTML, 403)


def limited() -> Callable[[Sent], Said]:
    numbers = count()
    return lambda sent: echo_page(sent) if next(numbers) < 20 else Said("slow down", TEXT, 429)


def upkeep(_: Sent) -> Said:
    return Said("<!doctype html><title>Back soon</title>", HTML, 503)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (to_login, ": every name is sent elsewhere"),
        (index_of_packages, ": every name is sent elsewhere"),
        (firewall, "is answered 403: a login or a firewall"),
        (limited(), "were answered 429, too many requests"),
        (upkeep, "is answered 503"),
    ],
    ids=["a login before everything", "an index of packages", "a firewall", "a limit", "closed for upkeep"],
)
def test_what_cannot_be_told_is_unsure_in_words(answer: Callable[[Sent], Said], why: str) -> None:
    with Answering(answer) as site:
        told = probed(site.url)
    assert told.report.layers["http"] == "evaluated"
    assert told.rules <= BARE | BANNER
    assert [doubt for doubt in told.unsure if why in doubt], told.unsure


def test_a_redirect_to_another_site_is_told_and_not_followed() -> None:
    with Answering(shell) as other:
        away = (("Location", other.url),)
        with Answering(lambda _: Said(headers=away, status=302)) as site:
            told = probed(site.url)
        assert other.sent == []
    assert told.rules <= BARE | BANNER
    assert "nothing found" in told.report.layers["http"]
    assert told.report.gate.code == 3
