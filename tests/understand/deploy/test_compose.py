"""Compose projects: which files count, and what their services start."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from batten.model import Location
from batten.understand.deploy import files
from batten.understand.deploy.ports import ports
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from tests.understand.deploy.conftest import Resolved

Resolve = Callable[[Mapping[str, str]], "Resolved"]
IMAGE = (
    "FROM python:3.12 AS base\nWORKDIR /srv\nCOPY . .\nENV A=image B=image\n"
    "FROM base AS dev\nCMD flask run --debug\nFROM base\nCMD gunicorn shop:app\n"
)


def project(compose: str, **more: str) -> dict[str, str]:
    return {"compose.yaml": compose, "Dockerfile": IMAGE, "shop.py": "", **more}


def service(body: str, **more: str) -> dict[str, str]:
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    return project(f"services:\n  web:\n    build: .\n{lines}\n", **more)


def test_a_service_that_builds(resolved: Resolve) -> None:
    unit = resolved(service("environment:\n  B: compose\n  C: 'yes'\nuser: '1000'")).unit
    assert (unit.name, unit.kind, unit.command, str(unit.at)) == ("web", "compose", "gunicorn shop:app", "Dockerfile:8")
    assert {n: (v.value, str(v.at)) for n, v in unit.env.items()} == {
        "A": ("image", "Dockerfile:4"),
        "B": ("compose", "compose.yaml:5"),
        "C": ("yes", "compose.yaml:6"),
    }
    assert (unit.reach, unit.user, unit.home) == (Reach.INTERNAL, "1000", "/srv")
    assert [f"{e.at} {e.says}" for e in unit.evidence] == [
        "compose.yaml:2 started by the compose service web",
        "compose.yaml:3 built from Dockerfile",
        "Dockerfile:8 started by CMD",
    ]


@pytest.mark.parametrize(
    ("build", "command"),
    [
        (".", "gunicorn shop:app"),
        ("./", "gunicorn shop:app"),
        ("{context: .}", "gunicorn shop:app"),
        ("{target: dev}", "flask run --debug"),
        ("{context: ., target: DEV}", "flask run --debug"),
        ("{context: ., target: '0', dockerfile: Dockerfile}", None),
        ("{dockerfile: Dockerfile.local}", "python shop.py"),
        ("{target: gone}", None),
        ("{dockerfile: gone}", None),
        ("https://example.org/x.git", None),
        ("../up", None),
        ("[x]", "gunicorn shop:app"),
    ],
)
def test_build(resolved: Resolve, build: str, command: str | None) -> None:
    found = resolved(
        project(f"services: {{web: {{build: {build!s}}}}}", **{"Dockerfile.local": "FROM python\nCMD python shop.py\n"})
    )
    commands = [u.command for u in found.units if u.kind == "compose"]
    assert commands == ([command] if command else [])
    assert bool(found.doubts) == (command is None)
    assert ("Dockerfile.local" in found.stack.not_deployed) == ("local" not in build)


def test_build_arguments(resolved: Resolve) -> None:
    text = "FROM python\nARG MODE=dev\nARG KEY\nENV MODE=$MODE KEY=$KEY\nCMD flask run\n"
    found = resolved(
        {**project("services: {web: {build: {context: ., args: {MODE: prod, KEY: }}}}"), "Dockerfile": text}
    )
    assert [(v.value, v.default) for v in found.unit.env.values()] == [("prod", False), (None, False)]
    found = resolved({**project("services: {web: {build: {args: [MODE=ci]}}}"), "Dockerfile": text})
    assert found.env("MODE") == "ci"


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("command: flask run -p $$PORT", "flask run -p $PORT"),
        ('command: sh -c "flask run -p $${PORT:-80}"', "flask run -p 80"),
        ("command: [flask, run, --host, '${BIND:-127.0.0.1}']", "flask run --host 127.0.0.1"),
        ("command: flask run --host ${BIND}", "flask run --host ${BIND}"),
        ("command: flask run 'open", "flask run 'open"),
        ("command: null", "tini -- gunicorn shop:app"),
        ("command: []", "tini --"),
        ("entrypoint: flask\ncommand: run", "flask run"),
        ("entrypoint: [flask, run]", "flask run"),
        ("entrypoint: ''", None),
    ],
)
def test_command_and_entrypoint(resolved: Resolve, body: str, command: str | None) -> None:
    image = IMAGE.replace("FROM base\n", 'FROM base\nENTRYPOINT ["tini", "--"]\n').replace(
        "CMD gunicorn shop:app", 'CMD ["gunicorn", "shop:app"]'
    )
    found = resolved({**service(body), "Dockerfile": image})
    commands = [c.removeprefix("tini -- ") if command != c else c for c in found.commands]
    assert commands == ([command] if command else [])


def test_a_shell_entrypoint_of_the_image_ignores_the_command(resolved: Resolve) -> None:
    found = resolved({**service("command: flask run"), "Dockerfile": "FROM python\nENTRYPOINT gunicorn shop:app\n"})
    assert found.commands == ["gunicorn shop:app"]
    assert found.unit.evidence[-1].says == "started by ENTRYPOINT"


@pytest.mark.parametrize(
    ("value", "expected", "default", "place"),
    [
        ("plain", "plain", False, "compose.yaml:5"),
        ("${FILE}", "from .env", False, ".env:2"),
        ("$FILE", "from .env", False, ".env:2"),
        ("x${FILE}", "xfrom .env", False, "compose.yaml:5"),
        ("${HOST}", None, True, "compose.yaml:5"),
        ("${HOST:?needed}", None, False, "compose.yaml:5"),
        ("${HOST:-d}", "d", True, "compose.yaml:5"),
        ("${EMPTY:-d}", "d", True, "compose.yaml:5"),
        ("${EMPTY-d}", "", False, ".env:3"),
        ("${FILE:+set}", "set", False, "compose.yaml:5"),
        ("$${X}", "${X}", False, "compose.yaml:5"),
        ("", None, False, "compose.yaml:5"),
        ("~", None, False, "compose.yaml:5"),
        ("''", "", False, "compose.yaml:5"),
        ("8000", "8000", False, "compose.yaml:5"),
        ("yes", "yes", False, "compose.yaml:5"),
        ("[a]", None, False, "compose.yaml:5"),
    ],
)
def test_environment_values(resolved: Resolve, value: str, expected: str | None, default: bool, place: str) -> None:  # noqa: FBT001
    files_ = {".env": "# beside it\nFILE=from .env\nEMPTY=\n"}
    for form in (f"  V: {value}", f'  - "V={value}"' if value and value[0] not in "~['" else None):
        if form is not None:
            variable = resolved(service(f"environment:\n{form}", **files_)).unit.env["V"]
            assert (variable.value, variable.default, str(variable.at)) == (expected, default, place)


def test_a_bare_name_takes_the_hosts_value(resolved: Resolve) -> None:
    assert resolved(service("environment:\n  - SECRET_KEY\n  - {odd: 1}")).unit.env["SECRET_KEY"].value is None


def test_env_files(resolved: Resolve) -> None:
    more = {"conf/web.env": "A=1\nB=1\nC=${FILE}\n", "conf/b.env": "B=2\n", ".env": "FILE=f\n"}
    found = resolved(service("env_file:\n  - conf/web.env\n  - path: conf/b.env\nenvironment: [A=3]", **more))
    assert {n: (v.value, str(v.at)) for n, v in found.unit.env.items()} == {
        "A": ("3", "compose.yaml:7"),
        "B": ("2", "conf/b.env:1"),
        "C": ("f", "conf/web.env:3"),
    }
    assert resolved(service("env_file: conf/web.env", **more)).env("A") == "1"
    assert resolved(service("env_file: {path: conf/b.env}", **more)).env("B") == "2"


def test_env_files_that_are_not_there(resolved: Resolve) -> None:
    found = resolved(
        service("env_file:\n  - .env.prod\n  - {path: .env.local, required: false}\n  - /etc/x\n  - ~\n  - ../up")
    )
    assert found.doubts == (
        "the env_file .env.prod of service web: it is not in the repository (compose.yaml:5)\n"
        "the env_file /etc/x of service web: it is not in the repository (compose.yaml:7)\n"
        "the env_file ../up of service web: it is not in the repository (compose.yaml:9)"
    )
    assert [str(one.at) for one in found.unit.unread] == ["compose.yaml:5", "compose.yaml:7", "compose.yaml:9"]


def test_an_env_file_that_is_not_there_may_set_anew_what_stands_below_it(resolved: Resolve) -> None:
    more = {"a.env": "A=1\n", "c.env": "C=1\n", "Dockerfile": f"{IMAGE}ENV I=1 E=1\n"}
    found = resolved(service("env_file: [a.env, gone.env, c.env]\nenvironment: {E: 2}", **more))
    assert {name: variable.default for name, variable in found.unit.env.items() if name != "B"} == {
        "I": True,
        "A": True,
        "C": False,
        "E": False,
    }
    assert not resolved(service("env_file: [{path: gone.env, required: false}]")).unit.unread


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("8000", [("0.0.0.0", None, 8000)]),
        ("80:8000", [("0.0.0.0", 80, 8000)]),
        ("127.0.0.1:80:8000/tcp", [("127.0.0.1", 80, 8000)]),
        ("127.0.0.1::8000", [("127.0.0.1", None, 8000)]),
        ("[::1]:80:8000", [("::1", 80, 8000)]),
        ("8000-8001:9000-9001", [("0.0.0.0", 8000, 9000), ("0.0.0.0", 8001, 9001)]),
        ("1-99999:1-99999", None),
        ("127.0.0.1:${PORT}:80", [("127.0.0.1", None, 80)]),
        ("${PORT}:80", [("0.0.0.0", None, 80)]),
        ("${ADDRESS:?}:8080:80", [("", 8080, 80)]),
        ("${PORTS}", [("", None, None)]),
        ("a:b:${C}", [("", None, None)]),
        ("${DB_BIND}:5432", [("", None, 5432)]),
        ("${HOST_PORT}:5432", [("0.0.0.0", None, 5432)]),
        ("127.0.0.1:80", [("127.0.0.1", None, 80)]),
        ("localhost:8080:80/udp", [("localhost", 8080, 80)]),
        ("::1:8080:80", [("::1", 8080, 80)]),
        (":8080:80", [("0.0.0.0", 8080, 80)]),
        ("", []),
    ],
)
def test_ports(text: str, published: list[tuple[str, int | None, int | None]] | None) -> None:
    found = [(p.address, p.host, p.container) for p in ports(text, Location(file="compose.yaml", line=1))]
    assert found == published if published is not None else len(found) == 65


@pytest.mark.parametrize(
    ("body", "reach"),
    [
        ("ports: ['80:8000']", Reach.WORLD),
        ("ports: [22:22]", Reach.WORLD),
        ("ports: ['127.0.0.1:80:8000']", Reach.LOOPBACK),
        ("ports: ['127.0.0.1:80:8000', '81:8001']", Reach.WORLD),
        ("ports: ['${BIND:-127.0.0.1}:80:8000']", Reach.LOOPBACK),
        ("ports: [{target: 80, published: 8000}]", Reach.WORLD),
        ("ports: [{target: 80, published: '80', host_ip: 127.0.0.1}]", Reach.LOOPBACK),
        ("ports: [{target: 80, host_ip: '::1'}]", Reach.LOOPBACK),
        ("ports: [{target: 80}]", Reach.WORLD),
        ("expose: ['80']", Reach.INTERNAL),
        ("network_mode: host", Reach.WORLD),
        ("network_mode: bridge", Reach.INTERNAL),
    ],
)
def test_reach(resolved: Resolve, body: str, reach: Reach) -> None:
    assert resolved(service(body)).unit.reach is reach


def test_bind_mounts_win_over_copies(resolved: Resolve) -> None:
    body = (
        "volumes:\n  - ./live:/srv/live:ro\n  - data:/data\n  - /etc/x:/x\n"
        "  - {type: bind, source: ./one.py, target: /srv/two.py}\n  - ./gone:/gone\n  - ~\n"
        "  - ../up:/up\n  - '${PWD}/live:/pwd'"
    )
    unit = resolved(service(body, **{"live/a.py": "", "one.py": "", ".dockerignore": "live"})).unit
    assert files.repo_path(unit, "live/a.py") == "live/a.py"
    assert files.repo_path(unit, "two.py") == "one.py"
    assert files.repo_path(unit, "/pwd/a.py") == "live/a.py"
    assert unit.image is not None
    assert len(unit.image.volumes) == 3


def test_working_dir(resolved: Resolve) -> None:
    unit = resolved(service("working_dir: sub", **{"sub/x.py": ""})).unit
    assert (unit.home, unit.cwd, unit.roots) == ("/srv/sub", "sub", ("sub",))
    text = "services: {web: {image: 'python:3', working_dir: /code, volumes: ['.:/code'], command: python shop.py}}"
    unit = resolved({"compose.yaml": text, "shop.py": ""}).unit
    assert (unit.home, unit.cwd, files.unit_path(unit, "shop.py")) == ("/code", ".", "/code/shop.py")


def test_images_by_name(resolved: Resolve) -> None:
    text = (
        "services:\n  web: {build: ., image: 'example.org/shop:1'}\n"
        "  worker: {image: 'example.org/shop:1', command: celery -A shop worker}\n"
        "  db: {image: 'postgres:16'}\n"
        "  cache: {image: redis, command: redis-server /etc/redis.conf}\n"
        "  other: {image: 'example.org/x', command: npm start}\n"
    )
    found = resolved(project(text))
    assert [(u.name, u.start.server) for u in found.units] == [
        ("web", "gunicorn"),
        ("worker", "celery"),
    ]
    assert found.units[1].env["A"].value == "image"


def test_a_lone_dockerfile_is_taken_for_an_image_that_nothing_builds(resolved: Resolve) -> None:
    unit = resolved(project("services: {web: {image: example.org/shop}, db: {image: postgres}}")).unit
    assert (unit.command, unit.kind) == ("gunicorn shop:app", "compose")
    assert unit.evidence[1].says == "its image is taken to be built from Dockerfile"
    found = resolved(
        {
            "a/Dockerfile": IMAGE,
            "b/Dockerfile": IMAGE,
            "compose.yaml": "services: {x: {image: 'me/b'}, y: {image: 'me/c', command: flask run}}",
        }
    )
    assert [(u.name, u.kind) for u in found.units] == [("x", "compose"), ("y", "compose"), ("a/Dockerfile", "image")]


def test_an_image_from_elsewhere_runs_the_repository_as_it_is(resolved: Resolve) -> None:
    unit = resolved(
        {"compose.yaml": "services: {web: {image: example.org/shop, command: flask run}, x: {image: y}}"}
    ).unit
    assert (unit.command, unit.cwd, unit.home, str(unit.at)) == ("flask run", ".", None, "compose.yaml:1")
    assert files.contains(unit, "shop.py")


def test_services_that_run_tests_are_set_aside(resolved: Resolve) -> None:
    text = "services: {web: {build: .}, tests: {build: .}, web-e2e: {build: .}, dev: {build: .}, contest: {build: .}}"
    text = text.replace("dev: ", "devcontainer: {build: .}, dev: ")
    assert resolved(project(text)).names == ["web", "contest"]


def test_configuration_mounted_into_an_image_from_elsewhere_hides_nothing(resolved: Resolve) -> None:
    text = "services: {web: {image: x/y, command: flask run, volumes: ['./conf:/etc/conf']}, db: {image: a/b}}"
    unit = resolved({"compose.yaml": text, "conf/a.ini": "", "shop.py": "", "Dockerfile": IMAGE}).units[0]
    assert (unit.name, files.contains(unit, "shop.py")) == ("web", True)


def test_profiles_for_development_are_set_aside(resolved: Resolve) -> None:
    text = (
        "services:\n  web: {build: .}\n  a: {build: ., profiles: [dev, test]}\n"
        "  b: {build: ., profiles: [dev, prod]}\n  c: {build: ., profiles: worker}\n"
    )
    assert resolved(project(text)).names == ["web", "b", "c"]


def test_anchors_merges_and_extensions(resolved: Resolve) -> None:
    text = (
        "x-env: &env\n  A: '1'\n  B: '1'\nx-base: &base\n  build: .\n  environment: &more {<<: *env, B: '2'}\n"
        "services:\n  web:\n    <<: *base\n  api:\n    <<: [*base, {user: me}]\n"
        "    environment:\n      <<: [*more, {C: '4'}]\n      A: '3'\n"
    )
    found = resolved(project(text))
    assert [{n: v.value for n, v in u.env.items() if n != "B"} for u in found.units] == [
        {"A": "1"},
        {"A": "3", "C": "4"},
    ]
    assert [(u.env["B"].value, u.user) for u in found.units] == [("2", ""), ("2", "me")]


def test_extends(resolved: Resolve) -> None:
    text = (
        "services:\n  web: {extends: base, environment: [A=web]}\n"
        "  base: {build: ., environment: {A: base, B: base}, profiles: [dev]}\n"
        "  far: {extends: {file: deploy/common.yml, service: one}, profiles: []}\n"
        "  lost: {extends: {file: gone.yml, service: one}}\n"
        "  odd: {extends: {service: gone}}\n  me: {extends: me, image: x}\n"
    )
    common = "services: {one: {extends: two, command: flask run}, two: {build: .., environment: [A=two]}}"
    found = resolved(project(text, **{"deploy/common.yml": common}))
    far = next(u for u in found.units if u.name == "far")
    assert (far.env["A"].value, far.command) == ("two", "flask run")
    assert "gone.yml, which a service extends, could not be read" in found.doubts


def test_include(resolved: Resolve) -> None:
    text = "include:\n  - deploy/web.yml\n  - path: [gone.yml, compose.yaml]\nservices: {api: {build: .}}"
    found = resolved(project(text, **{"deploy/web.yml": "services: {web: {build: ..}}"}))
    assert "api" in found.names


def test_production_overlays_are_merged(resolved: Resolve) -> None:
    base = (
        "services:\n  web:\n    build: .\n    command: flask run --debug\n"
        "    ports: ['5000:5000']\n    environment: {A: base, B: base}\n    env_file: a.env\n"
        "  db: {image: postgres}\n"
    )
    prod = (
        "services:\n  web:\n    command: gunicorn shop:app\n"
        "    ports: !override ['127.0.0.1:80:80']\n    environment: {B: prod}\n"
        "    env_file: !reset null\n"
    )
    given = {
        "docker-compose.yml": base,
        "docker-compose.prod.yml": prod,
        "docker-compose.override.yml": base,
        "docker-compose.ci.yml": base,
        "docker-compose.tracing.yml": base,
        "a.env": "C=1",
        "Dockerfile": IMAGE,
    }
    found = resolved(given)
    assert (found.unit.command, found.unit.reach, found.env("A"), found.env("B")) == (
        "gunicorn shop:app",
        Reach.LOOPBACK,
        "base",
        "prod",
    )
    assert (found.place("B"), "C" in found.unit.env) == ("docker-compose.prod.yml:5", False)
    assert found.stack.not_deployed == {
        "docker-compose.ci.yml": "its name says tests",
        "docker-compose.override.yml": "compose adds it only where no file is named with -f: it is for development",
        "docker-compose.tracing.yml": "it is used only where a command names it",
    }


def test_a_production_file_that_stands_alone(resolved: Resolve) -> None:
    base = (
        "services: {web: {build: ., command: flask run --debug, "
        "environment: {FLASK_DEBUG: '1'}}, db: {image: postgres}}"
    )
    prod = "services: {web: {build: ., command: gunicorn shop:app}, db: {image: postgres}, proxy: {image: nginx}}"
    found = resolved({"docker-compose.yml": base, "docker-compose.prod.yml": prod, "Dockerfile": IMAGE})
    assert "FLASK_DEBUG" not in found.unit.env
    assert found.stack.not_deployed == {"docker-compose.yml": "docker-compose.prod.yml stands alone in its place"}
    for overlay in (
        "services: {web: {image: x}, db: {image: mysql}}",
        "services: {web: {user: x}, db: {image: mysql}}",
        "services: {}",
        "[]",
    ):
        found = resolved({"docker-compose.yml": base, "docker-compose.prod.yml": overlay, "Dockerfile": IMAGE})
        assert "FLASK_DEBUG" in found.unit.env


def test_a_deploy_command_names_the_files(resolved: Resolve) -> None:
    base = "services: {web: {build: ., environment: {FLASK_DEBUG: '1'}}}"
    given = {
        "compose.yaml": base,
        "compose.prod.yaml": "services: {web: {user: me}}",
        "compose.more.yaml": base,
        "Dockerfile": IMAGE,
    }
    script = (
        "docker compose -f compose.test.yaml up\ndocker compose -f compose.yaml up\n"
        " docker-compose -f ./compose.prod.yaml --file=compose.more.yaml up -d\ndocker compose up"
    )
    found = resolved({**given, "deploy.sh": script})
    assert found.unit.user == "me"
    assert found.stack.not_deployed == {
        "compose.yaml": "the deploy command names compose.prod.yaml and compose.more.yaml"
    }
    found = resolved({**given, "Makefile": "up:\n\tdocker compose -f compose.prod.yaml -f other.yaml up\n"})
    assert found.unit.user == "me"


def test_other_file_names(resolved: Resolve) -> None:
    base = "services: {web: {build: .}}"
    found = resolved({"docker-compose.yml": base, "compose.yml": base, "Dockerfile": IMAGE})
    assert found.stack.not_deployed == {"docker-compose.yml": "compose reads compose.yml in its place"}
    assert resolved({"production.yml": base, "local.yml": base, "Dockerfile": IMAGE}).unit.kind == "compose"
    assert resolved({"production.yml": "database: x", "Dockerfile": IMAGE}).unit.kind == "image"
    assert resolved({"compose.debug.yml": base, "Dockerfile": IMAGE}).unit.kind == "image"


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("services:\n  web:\n    build: [\n", "compose.yaml: it is not valid YAML"),
        ("services:\n\tweb: x\n", "compose.yaml: it is not valid YAML"),
        ("services: {{ template }}: x: [", "a Helm template"),
        ("services: " + "[" * 500, "it nests too deep"),
        ("- " * 500, "it nests too deep"),
        ("services:\n" + "  a: [" + "x, " * 60_000 + "]\n", "it has too many parts"),
        ("services: {web: {build: .}}" + " " * 1_000_001, "too large"),
    ],
)
def test_bad_yaml_is_told(resolved: Resolve, text: str, doubt: str) -> None:
    assert doubt in resolved(project(text)).doubts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "x",
        "services:",
        "services: []",
        "services: {web: }",
        "services: {? [a] : b}",
        "a: *gone",
        "services: &s {web: *s, x: {<<: *s, environment: *s, command: *s}}",
        "include: x\nservices: {a: {build: {args: }}}",
    ],
)
def test_odd_yaml_does_no_harm(resolved: Resolve, text: str) -> None:
    resolved(project(text))


def test_what_was_read_before_the_error_counts(resolved: Resolve) -> None:
    found = resolved({"compose.yaml": "services:\n  web:\n    image: x\n    command: flask run\n  bad: [\n"})
    assert found.commands == ["flask run"]


def test_an_alias_bomb_is_harmless(resolved: Resolve) -> None:
    rows = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 20)]
    rows += ["services: {web: {build: ., environment: *a19, ports: *a19, volumes: *a19, env_file: *a19, <<: *a19}}"]
    started = time.process_time()
    assert resolved(project("\n".join(rows))).names == ["web"]
    assert time.process_time() - started < 5


def test_an_entrypoint_stands_in_place_of_that_of_a_named_image(resolved: Resolve) -> None:
    compose = """\
services:
  web: {build: ., image: "shop:latest"}
  beat: {image: "shop:latest", entrypoint: ["celery", "-A", "shop", "beat"]}
  more: {image: "shop:latest", command: ["--reload"]}
"""
    image = 'FROM python\nCOPY . /srv\nWORKDIR /srv\nENTRYPOINT ["gunicorn", "shop:app"]\n'
    found = resolved({"compose.yaml": compose, "Dockerfile": image, "shop.py": ""})
    assert dict(zip(found.names, found.commands, strict=True)) == {
        "web": "gunicorn shop:app",
        "beat": "celery -A shop beat",
        "more": "gunicorn shop:app --reload",
    }
