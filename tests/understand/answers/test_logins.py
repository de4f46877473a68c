"""Which forms ask for a login, what is sent of them, and what an answer to it says."""

from __future__ import annotations

import pytest

from batten.understand.answers.http import Answer, Chain, Failure, FailureKind, Request
from batten.understand.answers.links import links
from batten.understand.answers.logins import asks_basic, filled, is_inside, is_locked, login_form

URL = "http://127.0.0.1/login"
FORM = (
    '<form method="post" action="/in"><input type="hidden" name="token" value="t1"><input name="user">'
    '<input type="password" name="pass"><input type="checkbox" name="stay"><button>in</button></form>'
)


def page(body: str, status: int = 200, url: str = URL, *headers: tuple[str, str]) -> Answer:
    kind = ("Content-Type", "text/html")
    return Answer(Request("GET", url), status, headers=(kind, *headers), body=body.encode())


def chain(*answers: Answer) -> Chain:
    return Chain(answers)


def test_a_form_with_one_password_is_a_login() -> None:
    form = login_form(page(FORM))
    assert form is not None
    assert (form.action, form.method, form.page) == ("http://127.0.0.1/in", "POST", URL)
    assert filled(form, "admin", "secret") == (("token", "t1"), ("user", "admin"), ("pass", "secret"))


@pytest.mark.parametrize(
    "body",
    [
        FORM.replace('method="post"', ""),
        FORM.replace("</form>", '<input type="password" name="again"></form>'),
        FORM.replace('<input name="user">', ""),
        "<form method=post><input name=q></form>",
    ],
    ids=["by GET", "a registration", "a password alone", "a search"],
)
def test_another_form_is_none(body: str) -> None:
    assert login_form(page(body)) is None


@pytest.mark.parametrize(
    ("told", "inside"),
    [
        (page("Welcome", url="http://127.0.0.1/desk"), True),
        (page(FORM), False),
        (page("Welcome", 500), False),
    ],
)
def test_inside_is_where_the_form_is_gone(told: Answer, *, inside: bool) -> None:
    assert is_inside(chain(page(FORM)), chain(told)) is inside


def test_a_site_that_lets_anyone_in_lets_nobody_in() -> None:
    welcome = chain(page("Welcome", url="http://127.0.0.1/desk"))
    assert not is_inside(welcome, welcome)
    gone = Chain((), Failure(Request("GET", URL), FailureKind.CLOSED))
    assert not is_inside(chain(page(FORM)), gone)


@pytest.mark.parametrize(
    ("answer", "locked"),
    [
        (page("Too many attempts"), True),
        (page("x", 429), True),
        (page("x", 403), True),
        (page("wrong password"), False),
    ],
)
def test_a_lock_out_is_told(answer: Answer, *, locked: bool) -> None:
    assert is_locked(chain(answer)) is locked


def test_basic_is_asked_for_by_its_header() -> None:
    header = ("WWW-Authenticate", 'Basic realm="x"')
    assert asks_basic(page("", 401, URL, header))
    assert not asks_basic(page("", 200, URL, header))
    assert not asks_basic(page("", 401, URL, ("WWW-Authenticate", "Bearer")))


def test_links_stay_on_the_origin_and_change_nothing() -> None:
    body = (
        '<base href="/shop/"><a href="item/1#top">1</a><a href="//other.example/">o</a><a href="/logout">x</a>'
        '<a href="javascript:void(0)">j</a><a href="http://[">b</a><a href="?q=1">q</a><script src="/s.js"></script>'
        '<link href="style.css"><img src="data:x"><form action="/f"><select name="s"></select></form>'
    )
    found = links(page(body))
    assert found.pages == ("http://127.0.0.1/shop/item/1", "http://127.0.0.1/shop/?q=1")
    assert found.assets == ("http://127.0.0.1/s.js", "http://127.0.0.1/shop/style.css")
    (form,) = found.forms
    assert (form.action, form.method, [(one.name, one.kind) for one in form.fields]) == (
        "http://127.0.0.1/f",
        "GET",
        [("s", "select")],
    )
