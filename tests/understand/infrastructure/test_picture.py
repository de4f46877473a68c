"""The picture of a stack: what runs, which doors lead in, who talks to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.report import stack as told
from batten.run.request import Request
from batten.run.static import check

if TYPE_CHECKING:
    from pathlib import Path

    from batten.model import Picture

COMPOSE = """\
services:
  web:
    build: .
    environment:
      DATABASE_URL: postgresql://shop:Zw3xqPw71@db:5432/shop
  proxy:
    image: nginx:1.28
    ports: ["443:443", "127.0.0.1:8081:81"]
  db:
    image: postgres:17
"""
IMAGE = 'FROM python:3.13\nCOPY app.py .\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n'
APP = "from flask import Flask\n\napp = Flask(__name__)\n"


def picture(root: Path, **files: str) -> Picture:
    for name, text in files.items():
        (root / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return check(Request(target=str(root))).stack


def test_a_compose_project(tmp_path: Path) -> None:
    seen = picture(tmp_path, compose__yaml=COMPOSE, Dockerfile=IMAGE, app__py=APP)
    assert [(box.name, box.kind, box.runs) for box in seen.boxes] == [
        ("web", "app", "flask"),
        ("proxy", "proxy", "nginx 1.28"),
        ("db", "database", "postgres 17"),
    ]
    assert [(str(door), door.inside, door.is_open) for door in seen.boxes[1].doors] == [
        ("0.0.0.0:443", 443, True),
        ("127.0.0.1:8081", 81, False),
    ]
    assert [(link.begin, link.end, link.says, link.is_known) for link in seen.links] == [
        ("web", "db", "as shop", True),
        ("proxy", "web", "", False),
    ]


def test_as_text_from_the_outside_in_and_without_secrets(tmp_path: Path) -> None:
    text = told.render(picture(tmp_path, compose__yaml=COMPOSE, Dockerfile=IMAGE, app__py=APP))
    assert [line.split()[0] for line in text.splitlines() if line and line[0] != " "] == ["proxy", "web", "db"]
    assert "open  0.0.0.0:443" in text
    assert "local 127.0.0.1:8081 → 81" in text
    assert "Zw3xqPw71" not in text


def test_a_server_on_the_host_itself(tmp_path: Path) -> None:
    unit = "[Service]\nWorkingDirectory=/srv/shop\nExecStart=/usr/bin/gunicorn --bind 0.0.0.0:8000 app:app\n"
    seen = picture(tmp_path, shop__service=unit, app__py=APP)
    assert [(str(door), door.is_open) for box in seen.boxes for door in box.doors] == [("0.0.0.0:8000", True)]


def test_no_deployment_file(tmp_path: Path) -> None:
    assert "no deployment file" in told.render(picture(tmp_path, README="hello"))
