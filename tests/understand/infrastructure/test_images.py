"""What images are built from, what they hold, and who they run as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Parts = Callable[[Mapping[str, str], type[Image]], list[Image]]


STAGES = """\
ARG VERSION=3.13
FROM python:${VERSION}-slim AS wheels
ARG INDEX_TOKEN
RUN --mount=type=cache,target=/cache \\
    # what follows is one command
    pip wheel \\
    --wheel-dir /wheels . && \\
    curl -fsSL https://files.example.org/a.tar.gz | tar xz

FROM debian AS unused
RUN curl -k https://files.example.org/

FROM gcr.io/distroless/python3-debian12:nonroot@sha256:0d0d
COPY --from=wheels /wheels /wheels
COPY --from=ghcr.io/astral-sh/uv:0.7.2 /uv /bin/uv
ENV MODE=production
EXPOSE 8000/tcp 9000
"""


def test_what_the_stages_of_an_image_say(parts: Parts) -> None:
    (image,) = parts({"Dockerfile": STAGES}, Image)
    assert [(b.name, b.tag, b.digest, b.ships, b.at.line) for b in image.bases] == [
        ("python", "3.13-slim", "", False, 2),
        ("gcr.io/distroless/python3-debian12", "nonroot", "sha256:0d0d", True, 13),
        ("ghcr.io/astral-sh/uv", "0.7.2", "", False, 15),
    ]
    assert [(s.name, s.value, s.kind, s.ships) for s in image.settings] == [
        ("VERSION", "3.13", "ARG", False),
        ("INDEX_TOKEN", None, "ARG", False),
        ("MODE", "production", "ENV", True),
    ]
    assert [(c.name, c.at.line, c.run_by, c.ships) for c in image.commands] == [
        ("pip", 6, "", False),
        ("curl", 8, "", False),
        ("tar", 8, "", False),
    ]
    assert [port for port, _ in image.ports] == ["8000/tcp", "9000"]
    assert image.runs_as.is_root is False


@pytest.mark.parametrize(
    ("dockerfile", "files", "is_root"),
    [
        ("FROM debian:12\nUSER app:app\n", {}, False),
        ("FROM debian:12\nUSER 0\n", {}, True),
        ("FROM debian:12\nARG U\nUSER $U\n", {}, False),
        ("FROM harbour/base:1\n", {}, None),
        ("ARG BASE\nFROM $BASE\n", {}, None),
        ("FROM public.ecr.aws/lambda/python:3.13\n", {}, False),
        ("FROM docker.io/library/python:3.13\n", {}, True),
        ("FROM postgres:17\nCOPY a.sql /docker-entrypoint-initdb.d/\n", {}, False),
        ("FROM nginx:1.29\nCMD nginx -g 'daemon off;'\n", {}, False),
        ("FROM nginx:1.29\nCMD python3 app.py\n", {}, True),
        ("FROM debian:12\nCMD /start.sh\n", {}, None),
        ("FROM debian:12\nCOPY . /\nCMD /start.sh\n", {"start.sh": "exec su-exec app gunicorn app:app\n"}, False),
        ("FROM debian:12\nCMD setpriv --reuid=app gunicorn app:app\n", {}, False),
        ("FROM debian:12\nCMD uwsgi --uid www-data --module app\n", {}, False),
        ("FROM debian:12\nCMD gunicorn --user www-data app:app\n", {}, False),
        (
            "FROM debian:12\nCOPY . /srv\nWORKDIR /srv\nCMD gunicorn app:app\n",
            {"gunicorn.conf.py": "user = 'www-data'\n", "app.py": "app = 1\n"},
            False,
        ),
        (
            "FROM debian:12\nCOPY s.conf /etc/\nCMD supervisord -c /etc/s.conf\n",
            {"s.conf": "[program:web]\ncommand=gunicorn app:app\nuser=www-data\n"},
            False,
        ),
    ],
)
def test_who_it_runs_as(parts: Parts, dockerfile: str, files: dict[str, str], *, is_root: bool | None) -> None:
    (image,) = parts({"Dockerfile": dockerfile, **files}, Image)
    assert image.runs_as.is_root is is_root
