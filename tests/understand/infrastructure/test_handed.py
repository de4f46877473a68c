"""Secrets that deployment files hand to containers, those left out that rules on apps tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.handed import Handed
from batten.understand.infrastructure.secrets.nouns import SecretFile

if TYPE_CHECKING:
    from collections.abc import Callable

APP = """\
import os

from flask import Flask

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["DEBUG"] = False
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
"""
COMPOSE = """\
services:
  web:
    build: .
    command: gunicorn app:app
    environment:
      SECRET_KEY: Vq7nN2hX9sT4wK8bR3mZ
      DATABASE_URL: postgresql://shop:q8ZtV3mN0pRc@db/shop
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: q8ZtV3mN0pRc
      BACKUP_TOKEN: YcW5LxKd2q8ZtV3mN0pR
"""


def test_what_an_app_signs_and_logs_in_with_is_left_to_it(parts: Callable[..., list[Handed]]) -> None:
    files = {"compose.yaml": COMPOSE, "app.py": APP, "Dockerfile": "FROM python:3.13\nCOPY app.py .\n"}
    assert [(one.name, one.to) for one in parts(files, Handed)] == [("BACKUP_TOKEN", "db")]


def test_an_option_of_the_image_is_told_of_the_image(parts: Callable[..., list[Handed]]) -> None:
    files = {
        "compose.yaml": "services:\n  pay: {build: .}\n",
        "Dockerfile": 'FROM alpine\nCMD ["pay", "--api-key", "q8ZtV3mN0pRcYw5LxKd2"]\n',
    }
    assert parts(files, Handed) == []
    files["compose.yaml"] = "services:\n  pay: {build: ., command: pay --api-key q8ZtV3mN0pRcYw5LxKd2}\n"
    assert [one.name for one in parts(files, Handed)] == ["--api-key"]


@pytest.mark.parametrize(("name", "names"), [("web.env", ["API_KEY"]), ("local_dev.env", []), ("test.env", [])])
def test_variables_for_the_desk_are_no_secrets(name: str, names: list[str], parts: Callable[..., list[Handed]]) -> None:
    files = {
        "compose.yaml": f"services:\n  pay: {{image: pay, env_file: conf/{name}}}\n",
        f"conf/{name}": "API_KEY=q8ZtV3mN0pRcYw5LxKd2\n",
    }
    assert [one.name for one in parts(files, Handed)] == names


def test_a_text_that_a_container_gets_is_told_once(parts: Callable[..., list[object]]) -> None:
    same = "API_KEY=q8ZtV3mN0pRcYw5LxKd2\n"
    files = {
        "compose.yaml": "services:\n  pay: {image: pay, environment: {API_KEY: q8ZtV3mN0pRcYw5LxKd2}}\n",
        "cli/variables.env": same,
        "aio/variables.env": same + "MAIL_KEY=Yw5LxKd2q8ZtV3mN0pRc\n",
    }
    held = [one for one in parts(files, SecretFile) if isinstance(one, SecretFile)]
    assert [(one.path, [slot.name for slot in one.slots]) for one in held] == [("aio/variables.env", ["MAIL_KEY"])]
