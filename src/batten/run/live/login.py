"""Tries three logins that everybody knows, where the site asks for one; only where the user allows it.

Two that must fail come first: without knowing how the site turns a visitor away, nobody can tell that it lets one in.
Whatever looks like a lock-out ends it.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from batten.understand.answers.logins import PAIRS, Taken, asks_basic, filled, is_inside, is_locked, login_form

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from batten.run.live.scene import Scene, Stage
    from batten.understand.answers.http import Chain
    from batten.understand.answers.wish import Wish

    Trial = Generator[Sequence[Wish], Sequence[Chain], Iterable[object]]

_USUAL = ("/login", "/admin/", "/accounts/login/", "/admin/login")
"""Where logins are, beside the pages that the site links to."""
_WHAT, _TOPIC = "whether default logins are taken", "default-credentials"
_FAILED = 400
_FORM = ("Content-Type", "application/x-www-form-urlencoded")


def login(scene: Scene) -> Stage:
    """Try the logins at the first place of each kind that asks for one."""
    answers = [page.answer for page in scene.pages]
    if scene.active:
        known = {answer.url for answer in answers}
        chains = yield [wish for path in _USUAL if (wish := scene.wish(path, follow=True)).request.url not in known]
        answers += [chain.last for chain in chains if chain.last is not None]
    basic = next((answer for answer in answers if asks_basic(answer)), None)
    page = next((answer for answer in answers if answer.status < _FAILED and login_form(answer)), None)
    if not scene.active:
        if basic or page:
            scene.doubt(_WHAT, "logins are tried with --active only", _TOPIC)
        return ()
    taken: list[object] = []
    if basic is not None:
        taken += yield from _basic(scene, basic.url)
    if page is not None:
        taken += yield from _form(scene, page.url)
    return taken


def _basic(scene: Scene, url: str) -> Trial:
    nobody = scene.nobody("login")
    (first,) = yield [_with_basic(scene, url, nobody, nobody)]
    if first.last is None or not asks_basic(first.last):
        scene.doubt(_WHAT, f"a login that is none was not turned away at {url}", _TOPIC)
        return []
    for user, password in PAIRS:
        (chain,) = yield [_with_basic(scene, url, user, password)]
        if chain.last is not None and chain.last.status < _FAILED:
            return [Taken(user, password, "HTTP Basic", chain.last)]
        if chain.last is None or not asks_basic(chain.last):
            scene.doubt(_WHAT, f"{url} answered another way after a try, and was left alone", _TOPIC)
            return []
    return []


def _with_basic(scene: Scene, url: str, user: str, password: str) -> Wish:
    token = b64encode(f"{user}:{password}".encode()).decode()
    return scene.wish(url, ("Authorization", f"Basic {token}"), with_cookies=False)


def _form(scene: Scene, url: str) -> Trial:
    nobody = scene.nobody("login")
    failed = yield from _sent(scene, url, nobody, nobody, "login 0")
    again = yield from _sent(scene, url, f"x{nobody}", nobody, "login 1")
    if failed is None or again is None or is_locked(failed) or is_locked(again):
        scene.doubt(_WHAT, f"the form at {url} does not say plainly how it turns a visitor away", _TOPIC)
        return []
    if is_inside(failed, again):
        scene.doubt(_WHAT, f"the form at {url} lets anyone in, or answers each try another way", _TOPIC)
        return []
    for number, (user, password) in enumerate(PAIRS, 2):
        told = yield from _sent(scene, url, user, password, f"login {number}")
        if told is None or is_locked(told):
            scene.doubt(_WHAT, f"the form at {url} locked after a try, and was left alone", _TOPIC)
            return []
        if told.last is not None and is_inside(failed, told):
            return [Taken(user, password, "the form", told.last)]
    return []


def _sent(
    scene: Scene, url: str, user: str, password: str, jar: str
) -> Generator[Sequence[Wish], Sequence[Chain], Chain | None]:
    """Get the form as a new visitor, with its token and cookie, fill it in, send it, and go where it leads."""
    (got,) = yield [scene.wish(url, follow=True, jar=jar)]
    form = login_form(got.last) if got.last is not None else None
    if form is None:
        return None
    body = urlencode(filled(form, user, password)).encode()
    referer = ("Referer", got.last.url if got.last is not None else url)
    (told,) = yield [scene.wish(form.action, _FORM, referer, method="POST", body=body, follow=True, jar=jar)]
    return told
