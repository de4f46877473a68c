"""Files that a site gives away: each is proved by its own content, and nothing else is taken for it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings, strategies as st

from batten.rules.samples import served, shown
from batten.run.live.drive import drive
from batten.run.live.exposed import exposed, rarely_exposed
from batten.run.live.landing import landing
from batten.run.live.memory import MemorySite
from batten.run.live.scene import Scene
from batten.understand.answers.http import Answer, Request
from batten.understand.exposures.entries import ENTRIES, Entry, Exposed
from batten.understand.exposures.proofs import is_file

URL = "https://shop.example.com/"
CONTENT = {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/index": "DIRC\x00\x00\x00\x02\x00\x00",
    ".git/config": "[core]\n\trepositoryformatversion = 0\n",
    ".svn/wc.db": "SQLite format 3\x00....",
    ".svn/entries": "10\n\ndir\n4\nhttps://svn.example.com/shop\n",
    ".hg/requires": "dotencode\nfncache\nrevlogv1\nstore\n",
    ".bzr/branch-format": "Bazaar-NG meta directory, format 1\n",
    ".env": "DATABASE_URL=postgres://shop:q3Lz8@db/shop\n",
    ".env.example": "API_TOKEN=q8Zr3Lw0vTn5yB2kHd7x\n",
    "core": "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00>\x00",
    ".hg/hgrc": "[paths]\ndefault = https://hg.example.com/shop\n",
    ".flaskenv": "FLASK_APP=shop\nFLASK_DEBUG=1\n",
    ".ssh/id_rsa": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n",
    ".aws/credentials": "[default]\naws_access_key_id = AKIAX\naws_secret_access_key = wJal\n",
    ".netrc": "machine git.example.com login shop password q3Lz8\n",
    ".pypirc": "[distutils]\nindex-servers = pypi\n\n[pypi]\nusername = __token__\n",
    ".npmrc": "//npm.example.com/:_authToken=q3Lz8\n",
    ".htpasswd": "admin:$apr1$a1b2c3d4$abcdefghijklmnopqrstu/\n",
    "terraform.tfstate": '{"version": 4, "terraform_version": "1.9.0", "resources": []}',
    "db.sqlite3": "SQLite format 3\x00....",
    "dump.sql": "-- PostgreSQL database dump\n\nCREATE TABLE users (id int);\n",
    "backup.zip": "PK\x03\x04....",
    "backup.tar.gz": "\x1f\x8b\x08....",
    "settings.py": "import os\n\nDEBUG = True\n",
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "__pycache__/app.cpython-312.pyc": "\xcb\r\r\n\x00\x00",
    "app.py.bak": "import os\n",
    ".app.py.swp": "b0VIM 9.0\x00",
    "docker-compose.yml": "services:\n  web:\n    image: shop\n",
    "Dockerfile": "FROM python:3.12\nCOPY . .\n",
    "gunicorn.conf.py": 'bind = "0.0.0.0:8000"\n',
    "uwsgi.ini": "[uwsgi]\nmodule = shop\n",
    "supervisord.conf": "[program:shop]\ncommand=gunicorn shop:app\n",
    "requirements.txt": "flask==3.1.0\n",
    "pyproject.toml": '[project]\nname = "shop"\n',
    "Pipfile": '[packages]\nflask = "*"\n',
    "poetry.lock": '# made by hand\n\n[[package]]\nname = "flask"\n',
    "package.json": '{"name": "shop", "dependencies": {}}',
    ".gitlab-ci.yml": "stages:\n  - test\n",
    ".circleci/config.yml": "version: 2.1\njobs:\n  test:\n",
    "Jenkinsfile": "pipeline {\n  agent any\n}\n",
    ".DS_Store": "\x00\x00\x00\x01Bud1....",
    ".vscode/sftp.json": '{"host": "shop.example.com", "remotePath": "/srv"}',
    ".idea/workspace.xml": '<?xml version="1.0"?>\n<project version="4">\n',
    ".bash_history": "cd /srv\ngit pull\nls\n",
    ".python_history": "import os\nprint(os.environ)\nexit()\n",
    "debug.log": "INFO started\nERROR failed\n",
}
"""What really stands in each file, written by hand; the first path of an entry stands for it."""


def given_away(table: dict[str, str], url: str = URL) -> list[Exposed]:
    scene = Scene(url)
    drive([[landing], [exposed], [rarely_exposed]], scene, MemorySite({"GET /": shown(), **table}))
    return [part for part in scene.parts if isinstance(part, Exposed)]


def doubts(table: dict[str, str]) -> list[str]:
    scene = Scene(URL)
    drive([[exposed]], scene, MemorySite(table))
    return [doubt.why for doubt in scene.doubts]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: (*entry.paths, *entry.rarer)[0])
def test_each_file_is_known_by_its_content(entry: Entry) -> None:
    path = (*entry.paths, *entry.rarer)[0]
    found = given_away({f"GET /{path}": served(CONTENT[path], "application/octet-stream")})
    assert [(one.answer.url, one.kind) for one in found] == [(URL + path, entry.kind)]


@pytest.mark.parametrize("path", CONTENT)
def test_a_site_that_answers_every_name_so_gives_nothing_away(path: str) -> None:
    assert given_away({"GET *": served(CONTENT[path])}) == []


@pytest.mark.parametrize("path", CONTENT)
def test_a_page_that_quotes_a_file_is_not_the_file(path: str) -> None:
    page = f"<!DOCTYPE html><html><body>No such page. Here is one:\n{CONTENT[path]}</body></html>"
    assert given_away({f"GET /{path}": served(page)}) == []


@pytest.mark.parametrize(
    "body",
    [
        "The page /.env was not found; DEBUG=1 would show more\nTry another address\nOr write to us",
        '{"detail": "Not Found"}',
        "OK",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "404",
    ],
)
def test_words_for_every_name_prove_nothing(body: str) -> None:
    assert given_away({"GET *": served(body)}) == []


def test_no_secret_is_shown() -> None:
    texts = {"/.env": CONTENT[".env"], "/.npmrc": CONTENT[".npmrc"], "/.netrc": CONTENT[".netrc"]}
    found = given_away({f"GET {path}": served(text) for path, text in texts.items()})
    assert len(found) == 3
    assert "q3Lz8" not in " ".join(one.line for one in found)


def test_a_site_below_a_folder_is_asked_there_too() -> None:
    found = given_away(
        {"GET /shop/start": shown(), "GET /shop/.git/HEAD": served(CONTENT[".git/HEAD"])}, f"{URL}shop/start"
    )
    assert [one.answer.url for one in found] == [f"{URL}shop/.git/HEAD"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (served("no", status="403 Forbidden"), "answered 403"),
        (served("slow down", status="429 Too Many Requests"), "answered 429"),
        ("HTTP/1.1 302 Found\nLocation: /login\n\n", "answered 302 to /login"),
        ("", "the connection was closed"),
    ],
)
def test_a_wall_before_everything_is_told(answer: str, why: str) -> None:
    (said,) = doubts({"GET *": answer})
    assert why in said


def test_a_limit_that_is_reached_on_the_way_is_told() -> None:
    (said,) = doubts({"GET /.git/*": served("", status="429 Too Many"), "GET /.svn/*": served("", status="429 Too")})
    assert said.startswith("2 of ")
    assert doubts({}) == []


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_judged(body: bytes) -> None:
    answer = Answer(Request("GET", URL), 200, body=body)
    if is_file(answer):
        for entry in ENTRIES:
            entry.proof(answer)


@pytest.mark.parametrize("body", [b"a" * 2_000_000, b"\n" * 2_000_000, b"A=" * 1_000_000, b"[" * 2_000_000])
def test_a_huge_body_is_judged_quickly(body: bytes) -> None:
    answer = Answer(Request("GET", URL), 200, body=body)
    begun = time.process_time()
    for entry in ENTRIES:
        entry.proof(answer)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "text",
    [
        "SECRET_KEY=change-me-to-a-long-random-1\n",
        "SECRET_KEY=\nDEBUG=1\n",
        "SECRET_KEY=your_secret_key_goes_here_42\n",
        "PAGE_SIZE=q8Zr3Lw0vTn5yB2kHd7x\n",
        "SECRET_KEY=aaaaaaaaaaaaaaaaaaaaaaa1\n",
        "Copy this file, and set the API_TOKEN in it.\n",
    ],
)
def test_a_sample_with_words_to_replace_gives_nothing_away(text: str) -> None:
    assert given_away({"GET /.env.example": served(text)}) == []


def test_python_that_runs_in_the_browser_is_meant_to_be_read() -> None:
    script = {"GET /main.py": served("import js\n"), "GET /app.py": served("import js\n")}
    found = given_away({"GET /": shown('<script type="py" src="/main.py"></script>'), **script})
    assert [one.answer.url for one in found] == [f"{URL}app.py"]


def test_a_dump_of_either_byte_order_is_known() -> None:
    big = "\x7fELF\x02\x02\x01" + "\x00" * 10 + "\x04\x00\x15"
    assert [one.kind for one in given_away({"GET /core": served(big, "application/octet-stream")})] == ["memory"]
