"""Dockerfiles as units: stages, environment, command, what is copied where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from batten.understand.deploy import files
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from tests.understand.deploy.conftest import Resolved

Resolve = Callable[[Mapping[str, str]], "Resolved"]
TAIL = '\nCMD ["gunicorn", "shop:app"]\n'


def docker(text: str, **files: str) -> dict[str, str]:
    return {"Dockerfile": text, "shop.py": "", "requirements.txt": "", "web/app.py": "", "web/conf.py": "", **files}


def test_a_plain_image(resolved: Resolve) -> None:
    found = resolved(
        docker("FROM python:3.12\nWORKDIR /srv\nCOPY . .\nENV A=1 \\\n    B=$A\nUSER web\nEXPOSE 80" + TAIL)
    )
    unit = found.unit
    assert (unit.name, unit.kind, unit.command, str(unit.at)) == (
        "Dockerfile",
        "image",
        "gunicorn shop:app",
        "Dockerfile:8",
    )
    assert (unit.cwd, unit.home, unit.roots, unit.user, unit.reach) == (".", "/srv", (".",), "web", Reach.UNKNOWN)
    assert [(v.value, str(v.at), v.says, v.default) for v in unit.env.values()] == [
        ("1", "Dockerfile:4", "ENV", False),
        ("", "Dockerfile:5", "ENV", True),
    ]
    assert [f"{e.at} {e.says}" for e in unit.evidence] == ["Dockerfile:8 started by CMD"]
    assert unit.image is not None
    assert unit.image.mounts == (("/srv", "."),)


@pytest.mark.parametrize(
    ("lines", "value", "default"),
    [
        ("ENV V=plain", "plain", False),
        ("ENV V plain text", "plain text", False),
        ("ARG A=x\nENV V=$A", "x", True),
        ("ARG A\nENV V=$A", None, True),
        ("ARG A\nENV V=${A:-prod}", "prod", True),
        ("ENV A=x\nENV A=y V=$A", "x", False),
        ("ENV V='$A' ", "$A", False),
        ('ENV V="a\\"b $U"', 'a"b ', True),
        ("ENV V=a\\ b", "a b", False),
        ("ENV V=$HOME", None, True),
        ("ENV V=${A:+x}", "", True),
        ("ENV V='open", "'open", False),
    ],
)
def test_env_values(resolved: Resolve, lines: str, value: str | None, default: bool) -> None:  # noqa: FBT001
    variable = resolved(docker(f"FROM python\n{lines}{TAIL}")).unit.env["V"]
    assert (variable.value, variable.default) == (value, default)


def test_arguments_before_the_first_stage_reach_only_where_they_are_declared(resolved: Resolve) -> None:
    found = resolved(docker("ARG BASE=python\nARG A=x\nFROM ${BASE}:3\nARG A\nENV V=$A W=$BASE" + TAIL))
    assert {n: v.value for n, v in found.unit.env.items()} == {"V": "x", "W": ""}


def test_the_last_stage_is_shipped_with_what_it_inherits(resolved: Resolve) -> None:
    text = (
        "FROM python AS base\nENV A=1\nWORKDIR /srv\nCOPY . .\nCMD flask run\n"
        'FROM node AS assets\nENV B=1\nCMD npm start\nFROM base\nENV C=1\nENTRYPOINT ["gunicorn"]\n'
    )
    unit = resolved(docker(text)).unit
    assert (sorted(unit.env), unit.command, unit.home) == (["A", "C"], "gunicorn", "/srv")
    unit = resolved(docker(text.replace('ENTRYPOINT ["gunicorn"]', ""))).unit
    assert (unit.command, unit.start.server) == ("flask run", "flask")


@pytest.mark.parametrize(
    ("lines", "command", "says"),
    [
        ('ENTRYPOINT ["gunicorn"]\nCMD ["a:b"]', "gunicorn a:b", "ENTRYPOINT"),
        ('ENTRYPOINT ["tini", "--"]\nCMD gunicorn a:b', "gunicorn a:b", "ENTRYPOINT"),
        ('ENTRYPOINT gunicorn a:b\nCMD ["ignored"]', "gunicorn a:b", "ENTRYPOINT"),
        ('ENTRYPOINT []\nCMD ["gunicorn", "a:b"]', "gunicorn a:b", "CMD"),
        ("CMD flask run\nCMD gunicorn a:b", "gunicorn a:b", "CMD"),
        ("CMD gunicorn -b :${PORT:-80} a:b", "gunicorn -b :80 a:b", "CMD"),
    ],
)
def test_entrypoint_and_cmd_combine(resolved: Resolve, lines: str, command: str, says: str) -> None:
    unit = resolved(docker(f"FROM python\n{lines}\n")).unit
    assert (unit.command, unit.evidence[0].says) == (command, f"started by {says}")


@pytest.mark.parametrize(
    ("lines", "sees"),
    [
        ("COPY . .", {"shop.py": "/srv/shop.py", "web/app.py": "/srv/web/app.py"}),
        ("COPY . /srv/", {"shop.py": "/srv/shop.py"}),
        ("COPY shop.py requirements.txt ./", {"shop.py": "/srv/shop.py", "web/app.py": None}),
        ("COPY shop.py main.py", {"shop.py": "/srv/main.py"}),
        ("COPY shop.py .", {"shop.py": "/srv/shop.py"}),
        ("COPY shop.py dir/", {"shop.py": "/srv/dir/shop.py"}),
        ("COPY web/ /srv/web\nCOPY shop.py /srv/web", {"web/app.py": "/srv/web/app.py", "shop.py": "/srv/web/shop.py"}),
        ('COPY ["web", "./"]', {"web/app.py": "/srv/app.py", "shop.py": None}),
        ("COPY *.py ./", {"shop.py": "/srv/shop.py", "web/app.py": None}),
        ("COPY w?b/*.py ./", {"web/conf.py": "/srv/conf.py", "shop.py": None}),
        ("COPY [a-z]*b /x/", {"web/conf.py": "/x/conf.py"}),
        (
            "COPY requirements.txt /\nCOPY [z-a]* /x/\nCOPY [[&--]* /x/\nCOPY [^]* /x/\nCOPY [ /\nCOPY a*b*c*d*e* /y/",
            {"shop.py": None},
        ),
        (
            "COPY [^q]hop.py /x/\nCOPY requirements.txt /",
            {"shop.py": "/x/shop.py"},
        ),
        ("COPY --parents web/app.py /x/", {"web/app.py": "/x/web/app.py"}),
        (
            "COPY requirements.txt /\nADD https://example.org/a.tgz /x/\nCOPY nothing /x\nCOPY ../up /x\nCOPY shop.py",
            {"shop.py": None},
        ),
        ("COPY /web /x", {"web/app.py": "/x/app.py"}),
        ("COPY . .\nCOPY web/conf.py shop.py", {"web/conf.py": "/srv/shop.py", "shop.py": None}),
        ("COPY web/conf.py shop.py\nCOPY . .", {"shop.py": "/srv/shop.py", "web/conf.py": "/srv/web/conf.py"}),
        ("COPY web/conf.py other.py\nCOPY . .", {"shop.py": "/srv/shop.py"}),
        (
            "COPY . .\nRUN cp web/conf.py conf.py && mv -f shop.py lib/",
            {"web/conf.py": "/srv/conf.py", "shop.py": "/srv/lib/shop.py"},
        ),
        ("COPY . .\nRUN cp .env.example .env", {".env.example": "/srv/.env"}),
        (
            "COPY web /srv/other\nCOPY . .\nRUN cp other/conf.py /x/ && cp -r a b c && cp shop.py .",
            {"web/conf.py": "/x/conf.py"},
        ),
        (
            "COPY shop.py /y/main.py\nCOPY web/app.py /srv/web/app.py\nRUN cp /y /z && cp /srv/web /z",
            {"web/app.py": "/srv/web/app.py"},
        ),
        ("COPY . .\nRUN cp nothing x; cp /etc/a b", {"shop.py": "/srv/shop.py"}),
    ],
)
def test_copies(resolved: Resolve, lines: str, sees: dict[str, str | None]) -> None:
    unit = resolved(docker(f"FROM python\nWORKDIR /srv\n{lines}{TAIL}", **{".env.example": ""})).unit
    assert {path: files.unit_path(unit, path) for path in sees} == sees


@pytest.mark.parametrize(
    ("copy", "path", "place"),
    [
        ("COPY --from=build /src /srv", "web/app.py", "/srv/web/app.py"),
        ("COPY --from=build /src/web /srv", "web/app.py", "/srv/app.py"),
        ("COPY --from=0 /src/shop.py /srv/", "shop.py", "/srv/shop.py"),
        ("COPY --from=build /src/shop.py /srv/main.py", "shop.py", "/srv/main.py"),
        ("COPY --from=build / /", "shop.py", "/src/shop.py"),
        ("COPY --from=build /one/shop.py /srv/", "shop.py", "/srv/shop.py"),
        ("COPY --from=build /one/ /srv/", "shop.py", "/srv/shop.py"),
    ],
)
def test_copies_from_a_stage_are_followed(resolved: Resolve, copy: str, path: str, place: str) -> None:
    text = f"FROM python AS build\nCOPY . /src\nCOPY shop.py /one/shop.py\nFROM python\nWORKDIR /srv\n{copy}{TAIL}"
    text = text.replace("COPY shop.py /one/shop.py\n", "") if "/one" not in copy else text.replace("COPY . /src\n", "")
    assert files.unit_path(resolved(docker(text)).unit, path) == place


def test_copies_of_what_no_stage_holds_bring_nothing(resolved: Resolve) -> None:
    text = (
        f"FROM python AS build\nCOPY . /src\nFROM python\nCOPY --from=build /src/gone /venv /x/\n"
        f"COPY --from=other /a /b{TAIL}"
    )
    image = resolved(docker(text)).unit.image
    assert image is not None
    assert image.mounts == ()


def test_dockerignore_keeps_files_out_also_across_stages(resolved: Resolve) -> None:
    text = f"FROM python AS b\nCOPY . /srv\nFROM python\nWORKDIR /srv\nCOPY --from=b /srv /srv{TAIL}"
    unit = resolved(docker(text, **{".env": "", ".dockerignore": ".env"})).unit
    assert files.unit_path(unit, ".env") is None
    own = {"Dockerfile.dockerignore": "shop.py", ".dockerignore": ".env", ".env": ""}
    unit = resolved(docker(text, **own)).unit
    assert (files.unit_path(unit, ".env"), files.unit_path(unit, "shop.py")) == ("/srv/.env", None)


def test_entrypoint_scripts(resolved: Resolve) -> None:
    script = '#!/bin/sh\nset -e\nexport FLASK_DEBUG="${FLASK_DEBUG:-1}"\nexec "$@"\n'
    text = (
        "FROM python\nWORKDIR /srv\nCOPY . .\nCOPY start.sh /usr/local/bin/\n"
        'ENTRYPOINT ["start.sh"]\nCMD ["flask", "run"]\n'
    )
    unit = resolved(docker(text, **{"start.sh": script})).unit
    assert (unit.command, str(unit.at)) == ("flask run", "Dockerfile:6")
    assert str(unit.env["FLASK_DEBUG"].at) == "start.sh:3"
    assert [f"{e.at} {e.says}" for e in unit.evidence] == [
        "Dockerfile:5 started by ENTRYPOINT",
        "start.sh:1 the script starts it",
    ]


def test_a_script_that_the_dockerfile_writes(resolved: Resolve) -> None:
    text = 'FROM python\nCOPY <<EOF /start.sh\nexport A=1\nexec flask run\nEOF\nCMD ["sh", "/start.sh"]\n'
    unit = resolved(docker(text)).unit
    assert (unit.command, str(unit.at), str(unit.env["A"].at)) == ("flask run", "Dockerfile:4", "Dockerfile:3")


def test_an_unreadable_script_is_a_program(resolved: Resolve) -> None:
    text = 'FROM python\nCOPY . /srv\nCMD ["/srv/start.sh"]\n'
    found = resolved(docker(text, **{"start.sh": "x" * 1_000_001}))
    assert found.unit.start.server == "start.sh"
    assert "start.sh: too large" in found.doubts


@pytest.mark.parametrize(
    ("lines", "roots"),
    [
        ("WORKDIR /srv\nCOPY . .\nCMD gunicorn app:app", (".",)),
        ("WORKDIR /srv/web\nCOPY . /srv\nCMD gunicorn app:app", ("web",)),
        ("WORKDIR /srv\nCOPY . .\nCMD gunicorn --chdir web app:app", ("web",)),
        ("COPY . /srv\nCMD cd /srv/web && gunicorn app:app", ("web",)),
        ("WORKDIR /srv\nCOPY . .\nCMD gunicorn --pythonpath web,/srv/lib app:app", ("web", ".")),
        ("WORKDIR /srv\nCOPY . .\nCMD uvicorn --app-dir web app:app", ("web", ".")),
        ("WORKDIR /srv\nCOPY . .\nENV PYTHONPATH=/srv/web:\nCMD gunicorn app:app", (".", "web")),
        ("WORKDIR /srv\nCOPY . .\nCMD PYTHONPATH=web gunicorn app:app", (".", "web")),
        ("WORKDIR /srv\nCOPY . .\nCMD python web/app.py", ("web",)),
        ("COPY . /srv\nCMD python /srv/web/app.py", ("web",)),
        ("WORKDIR /srv\nCOPY . .\nCMD python -m web.app", (".",)),
        ("WORKDIR /srv\nCOPY web web\nCOPY shop.py .\nCMD gunicorn app:app", (".",)),
        ("WORKDIR /srv\nCOPY web/ .\nCMD gunicorn app:app", ("web",)),
        ("WORKDIR /srv\nCOPY . .\nRUN pip install -e .\nCMD gunicorn app:app", (".", "src")),
        ("WORKDIR /tmp\nCOPY . /x\nRUN cd /x && pip install '/x[prod]'\nCMD gunicorn app:app", ("src", ".")),
        ("COPY . /x\nRUN pip install /x/web\nCMD gunicorn app:app", ("web",)),
        ("WORKDIR /srv\nCOPY . .\nRUN poetry install --no-root\nCMD gunicorn app:app", (".",)),
        ("WORKDIR /srv\nCOPY pyproject.toml .\nRUN uv sync --frozen\nCMD gunicorn app:app", (".", "src")),
        ("WORKDIR /srv\nCOPY . .\nRUN python setup.py install\nCMD gunicorn app:app", (".", "src")),
        ("COPY . /y\nRUN pip install ./nothing /etc\nCMD gunicorn app:app", (".",)),
        ("CMD gunicorn app:app", (".",)),
    ],
)
def test_import_path(resolved: Resolve, lines: str, roots: tuple[str, ...]) -> None:
    more = {"pyproject.toml": "", "src/shop/__init__.py": "", "web/setup.py": ""}
    assert resolved(docker(f"FROM python\n{lines}\n", **more)).unit.roots == roots


def test_a_wheel_that_another_stage_builds_brings_its_packages(resolved: Resolve) -> None:
    more = {"pyproject.toml": "", "src/shop/__init__.py": "", "src/shop/sub/__init__.py": "", "src/notes.txt": ""}
    for build, copy in (
        ("RUN make build", "COPY --from=build /build/dist/*.whl /tmp/"),
        ("RUN python -m build", "COPY --from=build /venv /venv"),
        ("RUN true", "COPY --from=build /build/dist /tmp/"),
    ):
        text = f"FROM python AS build\nCOPY . /build\nWORKDIR /build\n{build}\nFROM python\n{copy}\nCMD flask run\n"
        unit = resolved(docker(text, **more)).unit
        assert unit.roots == ("src", ".")
        assert files.contains(unit, "src/shop/sub/__init__.py")
        assert not files.contains(unit, "src/notes.txt")
    flat = {"pyproject.toml": "", "web/__init__.py": "", "requirements.txt": ""}
    text = "FROM python AS build\nCOPY . /b\nWORKDIR /b\nFROM python\nCOPY --from=build /b/dist /x/\nCMD flask run\n"
    assert files.contains(resolved(docker(text, **flat)).unit, "web/__init__.py")


def test_programs_are_looked_for_along_the_path(resolved: Resolve) -> None:
    text = "FROM python\nCOPY . /srv\nENV PATH=/srv/bin:$PATH\nCMD start\n"
    assert resolved(docker(text, **{"bin/start": "#!/bin/sh\nexec flask run\n"})).unit.command == "flask run"


def test_a_last_stage_for_tests_is_not_what_is_shipped(resolved: Resolve) -> None:
    text = "FROM python AS production\nCMD gunicorn a:b\nFROM production AS test\nCMD pytest\n"
    assert resolved(docker(text)).unit.command == "gunicorn a:b"
    assert resolved(docker(text.replace("production", "base"))).unit.command == "pytest"


def test_a_script_that_starts_nothing_is_told(resolved: Resolve) -> None:
    text = 'FROM python\nCOPY . /srv\nENTRYPOINT ["/srv/start"]\n'
    script = '#!/bin/sh\ncase "$1" in web) exec flask run;; *) echo "which?";; esac\n'
    found = resolved(docker(text, start=script))
    assert found.units == ()
    assert found.doubts == "Dockerfile: what it starts is decided only when it runs (Dockerfile:3)"


def test_the_context_is_where_the_copied_files_are(resolved: Resolve) -> None:
    text = "FROM python\nCOPY requirements.txt .\nCOPY . /srv\nWORKDIR /srv" + TAIL
    assert resolved({"docker/Dockerfile": text, "requirements.txt": "", "shop.py": ""}).unit.cwd == "."
    found = resolved({"web/Dockerfile": text, "web/requirements.txt": "", "web/shop.py": "", "requirements.txt": ""})
    assert found.unit.cwd == "web"
    text = "FROM python\nCOPY . /srv\nWORKDIR /srv" + TAIL
    assert resolved({"web/Dockerfile": text, "web/shop.py": ""}).unit.cwd == "web"
    assert resolved({"build/web/Dockerfile": text, "shop.py": ""}).unit.cwd == "."


def test_several_images_are_several_units(resolved: Resolve) -> None:
    text = "FROM python\nCOPY . /srv\nWORKDIR /srv" + TAIL
    found = resolved({"a/Dockerfile": text, "b/Containerfile": text, "a/shop.py": "", "b/shop.py": ""})
    assert [(u.name, u.cwd) for u in found.units] == [("a/Dockerfile", "a"), ("b/Containerfile", "b")]


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("", "Dockerfile: it has no FROM"),
        ("# nothing\nENV A=1\n", "Dockerfile: it has no FROM"),
        ("FROM\nCMD x", "Dockerfile: it has no FROM"),
        ("FROM python:3.12\nCOPY . .\n", "it names no CMD or ENTRYPOINT"),
        ("FROM python\nCMD gunicorn 'a:b\n", "a ' is not closed"),
        ("x" * 1_000_001, "too large"),
    ],
)
def test_what_an_image_does_not_tell(resolved: Resolve, text: str, doubt: str) -> None:
    assert doubt in resolved(docker(text)).doubts


def test_images_that_start_something_else_are_silent(resolved: Resolve) -> None:
    found = resolved(docker("FROM nginx:1.27\nCOPY web /usr/share/nginx/html\n"))
    assert (found.units, found.doubts) == ((), "")


def test_unknown_and_hostile_instructions_are_passed_over(resolved: Resolve) -> None:
    text = (
        "\ufeffFROM python\r\nFOO bar\r\nMAINTAINER x\r\nHEALTHCHECK CMD x\r\nONBUILD CMD y\r\n"
        "__CLASS__ x\r\nCMD gunicorn a:b\r\n"
    )
    assert resolved(docker(text)).unit.command == "gunicorn a:b"
    assert resolved(docker("FROM python\n" + "ENV A=$A$A$A\n" * 1500 + "CMD flask run")).unit.command == "flask run"
    many = "".join(f"COPY shop.py /s/a{i}.py\n" for i in range(600))
    image = resolved(docker(f"FROM python\n{many}CMD flask run\n")).unit.image
    assert image is not None
    assert len(image.mounts) == 400
    assert (
        "Dockerfile: it has too many instructions to follow all (Dockerfile:2001)"
        in resolved(docker("FROM python\n" + "RUN x\n" * 4000)).doubts
    )
