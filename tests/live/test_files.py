"""Folders that are served: by Python's own server, and by nginx as people configure it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.live.judged import BANNER, BARE, probed
from tests.live.started import python
from tests.live.web import HARDENED, needs_nginx, nginx, site

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process

INDEX = "<!doctype html><html lang=en><title>Shop</title><p>rope"
STYLED = f'{INDEX}<link rel="stylesheet" href="/static/shop.css">'
SECRET = "q3Lz8dWw0vT2"
CHECKOUT = {
    "index.html": INDEX,
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/config": '[core]\n\trepositoryformatversion = 0\n[remote "origin"]\n\turl = https://git.example/shop.git\n',
    ".env": f"SECRET_KEY={SECRET}\nDATABASE_URL=postgres://shop:{SECRET}@db/shop\n",
}
OPEN = BARE | BANNER
GIVEN_AWAY = frozenset({"exposed-path/env", "exposed-path/git"})
LISTED, ABOVE = frozenset({"directory-listing/served"}), frozenset({"served-files/alias-traversal"})
STATUS = frozenset({"status-page/nginx"})
ALIAS = "location /static { alias site/static/; } location ~ ^/\\. { return 404; }"


def test_a_checkout_under_pythons_own_server(tmp_path: Path) -> None:
    with python("-m", "http.server", "0", "--bind", "127.0.0.1", prints=True, cwd=site(tmp_path, CHECKOUT)) as server:
        told = probed(server.url)
    assert told.rules == OPEN | GIVEN_AWAY
    assert told.unsure == ()
    assert SECRET not in repr(told.report)


def test_a_folder_without_an_index_under_pythons_own_server(tmp_path: Path) -> None:
    files = {"shop.py": "import os\n\nNAME = 'rope'\n", "notes.txt": "rope"}
    with python("-m", "http.server", "0", "--bind", "127.0.0.1", prints=True, cwd=site(tmp_path, files)) as server:
        told = probed(server.url)
    assert told.rules == OPEN | LISTED | {"exposed-path/source"}
    assert told.unsure == ()


@needs_nginx
@pytest.mark.parametrize(
    ("rest", "files", "broken"),
    [
        pytest.param("", CHECKOUT, OPEN | GIVEN_AWAY, id="dotfiles are served"),
        pytest.param("autoindex on;", {"static/a.css": "p {}", "notes.txt": "rope"}, OPEN | LISTED, id="autoindex"),
        pytest.param(
            ALIAS, {**CHECKOUT, "index.html": STYLED, "static/shop.css": "p {}"}, OPEN | ABOVE, id="alias off by slash"
        ),
        pytest.param(
            "location = /nginx_status { stub_status; }", {"index.html": INDEX}, OPEN | STATUS, id="stub_status"
        ),
        pytest.param(HARDENED, CHECKOUT, frozenset(), id="hardened"),
    ],
)
def test_nginx_as_people_configure_it(tmp_path: Path, rest: str, files: dict[str, str], broken: frozenset[str]) -> None:
    with nginx(tmp_path, rest, files) as server:
        told = probed(server.url)
        said = server.said()
    assert told.report.layers["http"] == "evaluated", said
    assert told.rules == broken
    assert told.unsure == ()
