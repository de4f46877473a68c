"""Which files count as deployment, and how their units come together."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from batten.understand.deploy import candidates, resolve
from batten.understand.sources import DictSources

if TYPE_CHECKING:
    from tests.understand.deploy.conftest import Resolved

Resolve = Callable[[Mapping[str, str]], "Resolved"]
IMAGE = "FROM python\nCOPY . .\nCMD flask run\n"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("Dockerfile", None),
        ("deploy/Dockerfile", None),
        ("web.Dockerfile", None),
        ("Dockerfile.web", None),
        ("Containerfile", None),
        ("Dockerfile-prod", None),
        ("Dockerfile.dev", "its name says development"),
        ("dev.Dockerfile", "its name says development"),
        ("Dockerfile.devdb", "its name says development"),
        ("Dockerfile_test", "its name says tests"),
        ("docker/local/Dockerfile", "it is for development"),
        (".devcontainer/Dockerfile", "it is for development"),
        ("tests/Dockerfile", "it belongs to tests"),
        ("examples/a/Dockerfile", "it is an example"),
        ("docs/Dockerfile", "it belongs to documentation"),
        (".github/Dockerfile", "it is for continuous integration"),
        ("{{cookiecutter.x}}/Dockerfile", "it is a template"),
        ("Dockerfile.j2", "its name says example"),
        ("Dockerfile.old", "its name says it is out of use"),
        ("node_modules/a/Dockerfile", "it belongs to a dependency"),
        ("bench/Dockerfile", "it is for benchmarks"),
        ("Dockerfile.docs", "its name says it serves something else"),
        ("Procfile.dev", "its name says development"),
        ("shop-test.service", "its name says tests"),
        ("proxy-test/Dockerfile", "its name says tests"),
        ("load_benchmark/Dockerfile", "its name says it serves something else"),
        ("team-tests-board/Dockerfile", None),
        ("latest/Dockerfile", None),
        ("contested.service", None),
    ],
)
def test_what_is_set_aside(path: str, reason: str | None) -> None:
    found = candidates.find([path])
    assert found.not_deployed == ({} if reason is None else {path: reason})
    assert bool(found.docker + found.procfile + found.systemd) == (reason is None)


def test_other_files_are_no_candidates() -> None:
    paths = [
        "Dockerfile.dockerignore",
        "dockerfile-knGOOxt4.js",
        "static/dockerfile.html",
        "myfile",
        "profile.txt",
        "a.yaml.bak",
        "file",
        "tests/deploy.yaml",
        "tests/requirements.txt",
        "src/app.yaml",
        "x/y/z.ini",
        "nginx.conf",
    ]
    assert candidates.find(paths) == candidates.Candidates()
    assert len(candidates.find([f"d{i}/Dockerfile" for i in range(1000)]).docker) == 200


def test_a_procfile_and_an_image_are_two_ways_to_deploy(resolved: Resolve) -> None:
    found = resolved({"Dockerfile": IMAGE, "Procfile": "web: gunicorn a:b", "a.py": ""})
    assert [(u.kind, u.start.server) for u in found.units] == [("image", "flask"), ("procfile", "gunicorn")]


def test_nothing_but_set_aside_files_deploys_nothing(resolved: Resolve) -> None:
    found = resolved({"Dockerfile.dev": IMAGE, "examples/docker-compose.yml": "services: {a: {build: .}}"})
    assert found.units == ()
    assert set(found.stack.not_deployed) == {"Dockerfile.dev", "examples/docker-compose.yml"}


def test_unreadable_files_are_passed_over() -> None:
    class Unreadable(DictSources):
        def read(self, path: str) -> str | None:
            return None if path else ""

    names = [
        "Dockerfile",
        "compose.yaml",
        "Procfile",
        "a.service",
        "supervisord.conf",
        "uwsgi.ini",
        "fly.toml",
        "render.yaml",
        "app.json",
        "k8s/a.yaml",
        "requirements.txt",
        "pyproject.toml",
        "uv.lock",
        "Pipfile.lock",
        "setup.py",
        "setup.cfg",
        ".dockerignore",
        ".env",
        "deploy.sh",
    ]
    stack = resolve(Unreadable(dict.fromkeys(names, "")), lambda _: None)
    assert (stack.units, stack.has_requirements) == ((), False)


def test_a_command_that_starts_very_many_processes_is_cut(resolved: Resolve) -> None:
    script = "".join(f"celery -A a{i} worker &\n" for i in range(100)) + "wait\n"
    found = resolved({"Dockerfile": "FROM python\nCOPY . .\nCMD sh /run.sh\n", "run.sh": script})
    assert len(found.units) == 8


def test_a_tree_without_deployment_files_costs_next_to_nothing() -> None:
    sources = DictSources({f"pkg{i % 50}/module_{i}.py": "" for i in range(3000)})
    sources.files()
    started = time.perf_counter()
    resolve(sources, lambda _: None)
    assert time.perf_counter() - started < 0.5


SERVICE = "services:\n  web:\n    build: .\n    command: {}\n"
DJANGO = "FROM python\nCOPY . .\n"


@pytest.mark.parametrize(
    ("command", "beside", "started"),
    [
        ("python manage.py runserver 0:8000", {"Procfile": "web: gunicorn shop.wsgi\n"}, ["gunicorn"]),
        ("flask run", {"shop.service": "[Service]\nExecStart=/usr/bin/gunicorn shop:app\n"}, ["gunicorn"]),
        ("uvicorn shop:app --reload", {"Procfile": "web: uvicorn shop:app\n"}, ["uvicorn"]),
        ("python manage.py runserver 0:8000", {}, ["django"]),
        ("python manage.py runserver 0:8000", {"Procfile": "worker: celery -A shop worker\n"}, ["celery", "django"]),
        ("python manage.py runserver 0:8000", {"Procfile": "web: python manage.py runserver\n"}, ["django", "django"]),
        ("gunicorn shop.wsgi", {"Procfile": "web: gunicorn shop.wsgi\n"}, ["gunicorn", "gunicorn"]),
    ],
)
def test_a_development_server_beside_a_production_server(
    resolved: Resolve, command: str, beside: Mapping[str, str], started: list[str]
) -> None:
    found = resolved({"Dockerfile": DJANGO, "compose.yaml": SERVICE.format(command), **beside})
    assert sorted(unit.start.server for unit in found.units) == started
    aside = [why for name, why in found.stack.not_deployed.items() if name == "the compose service web"]
    assert bool(aside) is (len(started) == 1 and bool(beside))
