"""Hosting platforms: fly.toml, render.yaml, heroku.yml, app.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from batten.understand.stack import Reach

if TYPE_CHECKING:
    from tests.understand.deploy.conftest import Resolved

Resolve = Callable[[Mapping[str, str]], "Resolved"]
IMAGE = 'FROM python\nWORKDIR /srv\nCOPY . .\nENV A=image\nENTRYPOINT ["tini", "--"]\nCMD ["gunicorn", "shop:app"]\n'
FLY = 'app = "x"\n[env]\n  A = "fly"\n  PORT = 8080\n[http_service]\ninternal_port = 8080\n'


def test_fly(resolved: Resolve) -> None:
    unit = resolved({"fly.toml": FLY, "Dockerfile": IMAGE}).unit
    assert (unit.name, unit.kind, unit.command, unit.reach) == (
        "app",
        "platform",
        "tini -- gunicorn shop:app",
        Reach.PLATFORM,
    )
    assert {n: (v.value, str(v.at)) for n, v in unit.env.items()} == {
        "A": ("fly", "fly.toml:3"),
        "PORT": ("8080", "fly.toml:4"),
    }
    found = resolved(
        {"fly.toml": FLY + '[processes]\nweb = "flask run"\nbad = "flask \'run"\nodd = 1\n', "Dockerfile": IMAGE}
    )
    assert [(u.name, u.command, str(u.at)) for u in found.units] == [
        ("web", "tini -- flask run", "Dockerfile:5"),
        ("bad", "tini -- flask 'run", "Dockerfile:5"),
    ]
    assert found.units[0].evidence[0].at.line == 8


def test_fly_with_a_named_dockerfile_or_none(resolved: Resolve) -> None:
    found = resolved({"fly.toml": 'build = 1\nenv = 2\n[processes]\nweb = "flask run"\n'})
    assert (found.unit.command, found.unit.reach, found.unit.image) == ("flask run", Reach.INTERNAL, None)
    found = resolved({"fly.toml": '[build]\ndockerfile = "docker/Dockerfile.dev"\n', "docker/Dockerfile.dev": IMAGE})
    assert (found.unit.kind, found.stack.not_deployed) == ("platform", {})
    assert resolved({"fly.toml": "[env]\n"}).units == ()
    assert "fly.toml: it is not valid TOML" in resolved({"fly.toml": "x ="}).doubts
    assert "not valid TOML" in resolved({"fly.toml": "x = " + "[" * 5000}).doubts


RENDER = """\
envVarGroups:
  - name: shared
    envVars: [{key: G, value: g}]
services:
  - type: web
    name: shop
    runtime: python
    rootDir: web
    startCommand: gunicorn shop:app
    envVars:
      - {key: A, value: render}
      - {key: S, generateValue: true}
      - {key: T, sync: false}
      - fromGroup: shared
      - fromGroup: gone
      - x
  - {type: pserv, name: inner, runtime: docker, envVars: [{key: A, value: r}]}
  - {type: worker, env: docker, dockerfilePath: gone, dockerCommand: celery -A shop worker}
  - {type: cron, startCommand: flask x}
  - {type: worker, runtime: docker, dockerfilePath: gone}
  - x
"""


def test_render(resolved: Resolve) -> None:
    found = resolved({"render.yaml": RENDER, "Dockerfile": IMAGE, "web/shop.py": ""})
    assert [(u.name, u.command, u.cwd, u.reach) for u in found.units] == [
        ("shop", "gunicorn shop:app", "web", Reach.PLATFORM),
        ("inner", "tini -- gunicorn shop:app", ".", Reach.INTERNAL),
        ("web", "celery -A shop worker", ".", Reach.INTERNAL),
    ]
    assert {n: (v.value, v.at.line) for n, v in found.units[0].env.items()} == {
        "A": ("render", 11),
        "S": (None, 12),
        "T": (None, 13),
        "G": ("g", 3),
    }
    assert resolved({"render.yaml": "[]"}).units == ()


def test_heroku(resolved: Resolve) -> None:
    text = (
        "setup:\n  config:\n    A: heroku\n    B: [x]\nbuild:\n  docker:\n    web: Dockerfile\n"
        "    job: gone\nrun:\n  web: flask run\n  bg:\n    command:\n"
        "      - celery -A shop worker\n    image: web\n  release: {command: [x]}\n"
        "  odd: {image: gone}\n"
    )
    found = resolved({"heroku.yml": text, "Dockerfile": IMAGE})
    assert [(u.name, u.start.server, u.env["A"].value, str(u.at)) for u in found.units] == [
        ("web", "flask", "heroku", "heroku.yml:10"),
        ("bg", "celery", "heroku", "heroku.yml:13"),
    ]
    assert found.units[0].image is not None
    unit = resolved({"heroku.yml": "build: {docker: {web: Dockerfile}}", "Dockerfile": IMAGE}).unit
    assert (unit.kind, unit.command) == ("platform", "tini -- gunicorn shop:app")
    assert resolved({"heroku.yml": "x"}).units == ()


def test_app_json(resolved: Resolve) -> None:
    text = (
        '{\n"env": {\n"A": "1",\n"B": {"value": "2"},\n"S": {"generator": "secret"},\n'
        '"O": {"required": false},\n"N": 1}}'
    )
    unit = resolved({"app.json": text, "Procfile": "web: flask run"}).unit
    assert {n: (v.value, v.default, v.at.line) for n, v in unit.env.items()} == {
        "A": ("1", True, 3),
        "B": ("2", True, 4),
        "S": (None, False, 5),
    }
    unit = resolved({"web/app.json": text, "web/Procfile": "web: flask run"}).unit
    assert "A" in unit.env


@pytest.mark.parametrize("text", ["", "[]", '{"env": []}', "{", "[" * 100_000])
def test_odd_app_json(resolved: Resolve, text: str) -> None:
    found = resolved({"app.json": text, "Procfile": "web: flask run"})
    assert found.unit.env == {}
    assert ("not valid JSON" in found.doubts) == (text in ("{", "[" * 100_000))


SPEC = """\
name: shop
envs:
  - key: A
    value: app
services:
  - name: web
    source_dir: /web
    envs:
      - {key: B, value: service, scope: RUN_TIME}
      - {key: BUILT, value: "1", scope: BUILD_TIME}
      - {key: BOUND, value: "${db.DATABASE_URL}"}
      - {key: HIDDEN, value: "EV[1:x:y]", type: SECRET}
      - {key: ASKED}
"""


def test_digitalocean_sets_variables_for_the_procfile(resolved: Resolve) -> None:
    files = {"web/Procfile": "web: gunicorn shop:app", "web/shop.py": ""}
    found = resolved({**files, ".do/app.yaml": SPEC})
    assert {name: variable.value for name, variable in found.unit.env.items()} == {
        "A": "app",
        "B": "service",
        "BOUND": None,
        "HIDDEN": None,
        "ASKED": None,
    }
    assert found.place("B") == ".do/app.yaml:9"
    assert not found.unit.env["B"].default
    elsewhere = resolved({"Procfile": "web: gunicorn shop:app", ".do/app.yaml": SPEC})
    assert elsewhere.unit.env == {}


def test_digitalocean_template_is_a_proposal(resolved: Resolve) -> None:
    template = "spec:\n" + "".join(f"  {line}\n" for line in SPEC.replace("source_dir: /web", "").splitlines())
    unit = resolved({"Procfile": "web: gunicorn shop:app", ".do/deploy.template.yaml": template}).unit
    assert unit.env["B"].default
    assert "ASKED" not in unit.env
    assert unit.env["BOUND"].value is None


def test_digitalocean_starts_commands_and_images(resolved: Resolve) -> None:
    spec = """\
services:
  - {name: web, run_command: "gunicorn shop:app", environment_slug: python}
  - {name: api, dockerfile_path: api/Dockerfile}
  - {name: gone, dockerfile_path: gone/Dockerfile}
  - nonsense
workers:
  - {run_command: celery -A shop worker}
"""
    found = resolved({".do/app.yaml": spec, "api/Dockerfile": IMAGE.replace("COPY . .", "COPY api .")})
    assert [(u.name, u.start.server, u.reach) for u in found.units] == [
        ("web", "gunicorn", Reach.PLATFORM),
        ("api", "gunicorn", Reach.PLATFORM),
        ("workers", "celery", Reach.INTERNAL),
    ]
    assert resolved({".do/app.yaml": "- a list"}).units == ()
    assert resolved({".do/app.yaml": "services: 3", "Procfile": "web: gunicorn shop:app"}).unit.env == {}
