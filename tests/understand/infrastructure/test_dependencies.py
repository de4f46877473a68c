"""What production installs, and what is known against it."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from batten.understand import DictSources, resolve
from batten.understand.apps import Understanding
from batten.understand.infrastructure import survey
from batten.understand.infrastructure.dependencies.advisories import Offline, Package, Skipped
from batten.understand.infrastructure.dependencies.cvss import base_score
from batten.understand.infrastructure.dependencies.markers import is_left_out
from batten.understand.infrastructure.dependencies.nouns import Advisory, Group, Installed, Runtime, Source, Vulnerable
from batten.understand.infrastructure.dependencies.support import ended, in_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from batten.model import Unsure
    from batten.understand.infrastructure.nouns import Infrastructure

Parts = Callable[..., list[object]]
APP = {"Procfile": "web: gunicorn app:app\n", "app.py": ""}
UV = '[project]\ndependencies = ["flask"]\n[dependency-groups]\ndev = ["pytest"]\n'
LOCK = (
    '[[package]]\nname = "flask"\nversion = "3.1.2"\n[[package]]\nname = "pytest"\nversion = "8.4.2"\n'
    '[[package]]\nname = "stray"\nversion = "1"\nsource = { git = "https://h/stray" }\n'
)


def image(*lines: str, base: str = "python:3.13-slim") -> str:
    return "\n".join((f"FROM {base}", "WORKDIR /srv", "COPY . .", *lines, "CMD gunicorn app:app", ""))


def shown(found: Iterable[object]) -> list[tuple[str, list[str]]]:
    return [
        (one.path, [f"{d.name}{d.specifier}" for d in one.dependencies if not d.group])
        for one in found
        if isinstance(one, Installed)
    ]


DYNAMIC = '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = ["base.txt"]}\n'
EXPORT = image("RUN poetry export -o r.txt && pip install -r r.txt")
DESK = {"Dockerfile": image("RUN pip install -r dev.txt"), "web.Dockerfile": image("RUN pip install -r prod.txt")}
LISTED: list[tuple[dict[str, str], list[tuple[str, list[str]]]]] = [
    (
        {**APP, "requirements.txt": "-r base.txt\nflask\n", "base.txt": "redis\n-r requirements.txt\n"},
        [("requirements.txt", ["flask"]), ("base.txt", ["redis"])],
    ),
    (
        {**APP, "requirements-dev.txt": "pytest\n", "requirements/prod.txt": "flask\n"},
        [("requirements/prod.txt", ["flask"])],
    ),
    ({**APP, "setup.cfg": "[options]\ninstall_requires =\n    flask\n"}, [("setup.cfg", ["flask"])]),
    (
        {
            "Dockerfile": image("RUN pip install -r deploy/web.txt gunicorn==1"),
            "deploy/web.txt": "flask\n",
            "requirements.txt": "x\n",
        },
        [("deploy/web.txt", ["flask"]), ("Dockerfile", ["gunicorn==1"])],
    ),
    (
        {"Dockerfile": image("RUN pip install -r /tmp/web.txt"), "deploy/web.txt": "flask\n"},
        [("deploy/web.txt", ["flask"])],
    ),
    (
        {"Dockerfile": image("RUN uv sync --no-dev"), "pyproject.toml": UV, "uv.lock": LOCK},
        [("pyproject.toml", []), ("uv.lock", ["flask==3.1.2"])],
    ),
    (
        {"Dockerfile": image("RUN pip install ."), "pyproject.toml": UV, "uv.lock": LOCK},
        [("pyproject.toml", ["flask"])],
    ),
    (
        {"Dockerfile": EXPORT, "pyproject.toml": UV, "poetry.lock": LOCK},
        [("pyproject.toml", []), ("poetry.lock", ["flask==3.1.2"])],
    ),
    (
        {"Dockerfile": image("RUN pip install --group prod"), "pyproject.toml": UV.replace("dev =", "prod =")},
        [("pyproject.toml", ["pytest"])],
    ),
    ({"manage.py": "", "requirements.txt": "django\n"}, [("requirements.txt", ["django"])]),
    ({"shop/x.py": "", "requirements.txt": "flask\n"}, []),
    ({**DESK, "dev.txt": "pytest\n", "prod.txt": "flask\n"}, [("prod.txt", ["flask"])]),
    ({**APP, "pyproject.toml": DYNAMIC, "base.txt": "flask\n"}, [("base.txt", ["flask"])]),
    (
        {**APP, "requirements.txt": "-e ./lib\n", "lib/setup.py": "setup(install_requires=['redis'])"},
        [("requirements.txt", []), ("lib/setup.py", ["redis"])],
    ),
    (
        {**APP, "requirements.txt": 'a; sys_platform == "win32"\nb; python_version >= "3.8"\n'},
        [("requirements.txt", ["b"])],
    ),
]


@pytest.mark.parametrize(("files", "found"), LISTED)
def test_what_production_installs(parts: Parts, files: dict[str, str], found: list[tuple[str, list[str]]]) -> None:
    assert shown(parts(files, Installed)) == found


def test_a_list_that_is_not_there_is_told(parts: Parts, doubts: list[Unsure]) -> None:
    parts({"Dockerfile": image("RUN pip install -r gone.txt -r $MORE"), "app.py": ""})
    absent = [(doubt.what, doubt.layer) for doubt in doubts if "not in the repository" in doubt.why]
    assert absent == [("gone.txt", "dependencies")]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("uv sync", ["dev"]),
        ("uv sync --no-dev", []),
        ("uv sync && rm -r .venv && uv sync --no-default-groups", []),
        ("uv sync --no-group dev", []),
        ("uv sync --only-group dev", ["dev"]),
        ("poetry install", ["dev"]),
        ("poetry install --without dev", []),
        ("poetry install --only main", []),
        ("poetry install --only dev", ["dev"]),
        ("pdm install", ["dev"]),
        ("pdm install --prod", []),
        ("pipenv install", []),
        ("pipenv install --dev", ["dev"]),
        ("pip install .", []),
        ("pip install --group dev", ["dev"]),
    ],
)
def test_groups_for_development(parts: Parts, line: str, names: list[str]) -> None:
    found = parts({"Dockerfile": image(f"RUN {line}"), "pyproject.toml": UV}, Group)
    assert [one.name for one in found if isinstance(one, Group)] == names


def test_extras_and_optional_groups(parts: Parts) -> None:
    project = '[project]\ndependencies = ["a"]\n[project.optional-dependencies]\nprod = ["b"]\ndev = ["c"]\n'
    for line in ("pip install .[prod,dev]", "uv sync --extra prod --extra dev", "uv sync --all-extras"):
        found = parts({"Dockerfile": image(f"RUN {line}"), "pyproject.toml": project})
        assert shown(found) == [("pyproject.toml", ["a", "b"])]
        assert [one.name for one in found if isinstance(one, Group)] == ["dev"]


def test_packages_of_a_lock_that_only_development_needs(parts: Parts) -> None:
    held = parts({"Dockerfile": image("RUN uv sync --no-dev"), "pyproject.toml": UV, "uv.lock": LOCK}, Installed)[1]
    assert isinstance(held, Installed)
    assert [(d.name, d.group, d.url) for d in held.dependencies] == [
        ("flask", "", ""),
        ("pytest", "dev", ""),
        ("stray", "dev", "locked"),
    ]


def test_another_image_pins_nothing_for_this_one(parts: Parts) -> None:
    files = {"a/Dockerfile": image("RUN pip install flask"), "b/Dockerfile": image("RUN pip install flask==3.1 redis")}
    one, other = parts(files, Installed)
    assert isinstance(one, Installed)
    assert isinstance(other, Installed)
    assert [d.name for d in (*one.open, *other.open)] == ["flask", "redis"]
    assert (one.alone, other.alone) == (True, False)


def test_only_a_stage_for_developers_is_built(parts: Parts) -> None:
    files = {
        "Dockerfile": "FROM python:3.13 AS dev\nRUN pip install x\nFROM python:3.13 AS prod\nRUN pip install y\nCMD a",
        "compose.yaml": "services:\n  web:\n    build: {context: ., target: dev}\n",
    }
    assert shown(parts(files, Installed)) == [("Dockerfile", ["y"])]


# Where it comes from


def test_places_that_packages_come_from(parts: Parts) -> None:
    files = {
        "Dockerfile": image(
            "ENV PIP_EXTRA_INDEX_URL='https://a.example https://b.example'",
            "RUN uv pip install --extra-index-url https://c.example -r r.txt",
            "RUN pip install --extra-index-url https://e.example --trusted-host told-elsewhere.example -r r.txt",
        ),
        "r.txt": "--index-url http://d.example\n--trusted-host d.example\n-i ${OWN}\nx==1\n",
    }
    assert [(one.how, one.url, one.at.line) for one in parts(files, Source) if isinstance(one, Source)] == [
        ("index", "http://d.example", 1),
        ("trusted", "d.example", 2),
        ("extra", "https://e.example", 6),
        ("extra", "https://a.example", 4),
        ("extra", "https://b.example", 4),
    ]


# Markers


@pytest.mark.parametrize(
    ("marker", "python", "out"),
    [
        ("", "", False),
        ("sys_platform == 'win32'", "", True),
        ('sys_platform != "win32" and os_name == "posix"', "", False),
        ("'win' in sys_platform", "", True),
        ("platform_system in 'Linux Darwin'", "", False),
        ("sys_platform not in 'linux'", "", True),
        ("python_version < '3.8'", "3.13", True),
        ("python_version < '3.8'", "", False),
        ("python_version >= '3.8'", "3.7.2", True),
        ("'3.8' > python_version", "3.13", True),
        ("python_full_version < '3.13.2'", "3.13", False),
        ("python_version == '3.1.*'", "3.13", True),
        ("python_version != '3.13.*'", "3.13", True),
        ("extra == 'dev'", "", True),
        ("(sys_platform == 'win32' or os_name == 'nt') and python_version > '3'", "", True),
        ("sys_platform == 'win32' or python_version < '3.8'", "", False),
        ("platform_machine == 'arm64'", "", False),
        ("sys_platform ~= 'win32'", "", False),
        ("python_version < 'x'", "3.13", False),
        ("(" * 900, "", False),
        ("sys_platform ==", "", False),
        ("sys_platform == 'win32' §", "", False),
        ("x" * 3000, "", False),
    ],
)
def test_a_marker(marker: str, python: str, *, out: bool) -> None:
    assert is_left_out(marker, python) is out


# Runtimes


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("python:3.8.10-slim-buster", [("Python", "3.8.10"), ("Debian", "10")]),
        ("docker.io/library/python:3.12-alpine3.16@sha256:aa", [("Python", "3.12"), ("Alpine", "3.16")]),
        ("tiangolo/uvicorn-gunicorn:python3.7", [("Python", "3.7")]),
        ("ubuntu:bionic", [("Ubuntu", "18.04")]),
        ("ubuntu:18.04", [("Ubuntu", "18.04")]),
        ("debian:bullseye-slim", [("Debian", "11")]),
        ("node:lts-alpine3.16", [("Alpine", "3.16")]),
        ("postgres:9.6-alpine", [("PostgreSQL", "9.6")]),
        ("python:latest", []),
        ("python", []),
        ("python:slim", []),
        ("registry:5000/shop", []),
        ("python:3", [("Python", "3")]),
    ],
)
def test_what_an_image_holds(name: str, found: list[tuple[str, str]]) -> None:
    assert [tuple(one) for one in in_image(name)] == found


def test_the_day_on_which_updates_end() -> None:
    assert ended("Python", "3.8.10") == dt.date(2024, 10, 7)
    assert ended("Django", "4.2") == dt.date(2026, 4, 30)
    assert ended("Debian", "10.3") == dt.date(2024, 6, 30)
    assert ended("Python", "3") is None
    assert ended("Python", "3.99") is None
    assert ended("Perl", "5") is None


def test_a_version_is_supported_until_its_day() -> None:
    files = {"Dockerfile": image(base="python:3.10")}

    def over(day: dt.date) -> list[bool]:
        return [one.ended is not None for one in surveyed(files, day).parts if isinstance(one, Runtime)]

    assert (over(dt.date(2026, 10, 31)), over(dt.date(2026, 11, 1))) == ([False], [True])


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        ("==3.8.*", "3.8"), ("~=3.8.0", "3.8"), ("~=3.8", ""), (">=3.6,<3.9", "3.8"), ("<=3.8", "3.8"), ("<3", "2.7"),
        (">=3.8", ""), ("~3.8", "3.8"), ("<4", ""), ("<3.9.2", "3.9"),
    ],
)  # fmt: skip
def test_the_newest_python_that_is_allowed(parts: Parts, wanted: str, version: str) -> None:
    found = parts({**APP, "pyproject.toml": f'[project]\nrequires-python = "{wanted}"\n'}, Runtime)
    assert [one.version for one in found if isinstance(one, Runtime)] == ([version] if version else [])


# Advisories


def surveyed(
    files: Mapping[str, str], today: dt.date, service: object = None, note: list[Unsure] | None = None
) -> Infrastructure:
    sources = DictSources(files)
    doubts: list[Unsure] = [] if note is None else note
    stack = resolve(sources, doubts.append)
    return survey(sources, stack, Understanding(), doubts.append, today=today, advisories=service)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "version", "ids"),
    [
        ("flask", "0.12.2", {"CVE-2018-1000656", "CVE-2019-1010083", "CVE-2023-30861"}),
        ("flask", "0.12.3", {"CVE-2019-1010083", "CVE-2023-30861"}),
        ("flask", "2.2.5", set()),
        ("flask", "2.3.0rc1", set()),
        ("flask", "2.3.1", {"CVE-2023-30861"}),
        ("flask", "3.1.3", set()),
        ("jw-util", "1.0", {"CVE-2020-13388"}),
        ("no-such-package", "1.0", set()),
    ],
)
def test_the_data_that_batten_carries(name: str, version: str, ids: set[str]) -> None:
    ((_, found),) = Offline().query_all([Package(name, version)])
    assert not isinstance(found, Skipped)
    assert {one.id for one in found} == ids


def test_versions_that_cannot_be_compared_are_skipped() -> None:
    asked = [Package("flask", "one"), Package("steam", "0.0.1")]
    assert all(isinstance(found, Skipped) for _, found in Offline().query_all(asked))


def test_the_version_that_mends() -> None:
    ((_, found),) = Offline().query_all([Package("flask", "2.3.1")])
    assert not isinstance(found, Skipped)
    assert [(one.id, one.fixed) for one in found] == [("CVE-2023-30861", "2.3.2")]


class Told:
    """A service that knows what the test says."""

    name, date = "a service", ""

    def __init__(self, answers: dict[str, tuple[Advisory, ...] | Skipped]) -> None:
        self.answers = answers

    def query_all(self, packages: Iterable[Package]) -> Iterator[tuple[Package, tuple[Advisory, ...] | Skipped]]:
        yield from ((package, self.answers.get(package.name, ())) for package in packages)


LISTS = {**APP, "requirements.txt": "a==1.0\nb==2.0+local\nc\nd @ git+https://h/d@v1\na==1.0\n"}


def test_what_was_looked_up_is_told() -> None:
    doubts: list[Unsure] = []
    worst = (Advisory("X-1", "1.2", 5.0), Advisory("X-2", "1.10"), Advisory("X-3", ""))
    held = surveyed(LISTS, dt.date(2026, 1, 1), Told({"a": worst, "b": Skipped("it is not known")}), doubts)
    (found,) = [one for one in held.parts if isinstance(one, Vulnerable)]
    assert [one.id for one in found.advisories] == ["X-2", "X-3", "X-1"]
    assert (found.fixed, found.dependency.at.line) == ("1.10", 1)
    assert held.notes == ("1 of 4 dependencies were looked up in a service",)
    assert {doubt.what: doubt.why for doubt in doubts} == {
        "known vulnerabilities of b": "it is not known",
        "known vulnerabilities of c": "no version is decided in the repository",
        "known vulnerabilities of d": "it is not taken from an index, and advisories speak of versions",
    }
    assert held.layers["dependencies"] == "evaluated"


def test_a_service_that_answers_nothing_is_no_clean_bill() -> None:
    held = surveyed(LISTS, dt.date(2026, 1, 1), Told({"a": Skipped("gone"), "b": Skipped("gone")}))
    assert held.layers["dependencies"] == "nothing could be looked up in a service"


def test_the_age_of_the_data_is_told_after_a_month() -> None:
    (young,), (old,) = (surveyed(LISTS, day).notes for day in (dt.date(2024, 11, 9), dt.date(2024, 11, 10)))
    assert young.endswith("of 2024-10-10")
    assert "31 days old" in old


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.8),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:N/I:N/A:N", 0.0),
        ("CVSS:2.0/AV:N/AC:L/Au:N/C:P/I:P/A:P", None),
        ("CVSS:3.1/AV:N", None),
        ("", None),
    ],
)
def test_scores_of_the_specification(vector: str, score: float | None) -> None:
    assert base_score(vector) == score


# What is seldom


def test_constraints_of_a_command(parts: Parts) -> None:
    files = {"Dockerfile": image("RUN pip install -c limits.txt flask redis"), "limits.txt": "flask==3.1\nredis>=5\n"}
    (held,) = parts(files, Installed)
    assert isinstance(held, Installed)
    assert [one.name for one in held.open] == ["redis"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("uv pip install -r pyproject.toml", [("pyproject.toml", ["flask"])]),
        ("uv pip install -r pyproject.toml && pip install .", [("pyproject.toml", ["flask"])]),
        ("pip install -e .[dev] pip setuptools", [("pyproject.toml", ["flask"])]),
    ],
)
def test_a_project_is_named_in_many_ways(parts: Parts, line: str, found: list[tuple[str, list[str]]]) -> None:
    assert shown(parts({"Dockerfile": image(f"RUN {line}"), "pyproject.toml": UV})) == found


@pytest.mark.parametrize("line", ["uv sync", "pip install --group dev", "pip install .", "pip install -c gone.txt"])
def test_a_project_that_is_not_there(parts: Parts, line: str) -> None:
    assert shown(parts({"Dockerfile": image(f"RUN {line}"), "app.py": ""})) == []


def test_a_list_that_is_made_without_a_project_is_not_known(parts: Parts, doubts: list[Unsure]) -> None:
    parts({"Dockerfile": image("RUN uv export -o r.txt && pip install -r r.txt"), "app.py": ""})
    assert [doubt.what for doubt in doubts if "not in the repository" in doubt.why] == ["r.txt"]


def test_the_nearest_list_above(parts: Parts) -> None:
    unit = "[Service]\nWorkingDirectory=/srv/web/api\nExecStart=gunicorn app:app\n"
    files = {"a.service": unit, "requirements.txt": "flask\n-r gone.txt\n", "setup.py": "setup()", "app.py": ""}
    assert shown(parts(files)) == [("requirements.txt", ["flask"])]
    only = {"manage.py": "", "web/manage.py": "", "web/setup.cfg": "[options]\n", "requirements.txt": "django\n"}
    assert shown(parts(only)) == [("requirements.txt", ["django"])]


def test_a_lock_of_a_workspace(parts: Parts) -> None:
    files = {"web/Dockerfile": image("RUN uv sync --no-dev"), "web/pyproject.toml": UV, "uv.lock": LOCK}
    assert shown(parts(files)) == [("web/pyproject.toml", []), ("uv.lock", ["flask==3.1.2"])]


def test_a_lock_that_says_its_groups(parts: Parts) -> None:
    row = '[[package]]\nname = "{}"\nversion = "1"\ngroups = ["{}"]\n'
    lock = row.format("a", "main") + row.format("b", "dev")
    files = {"Dockerfile": image("RUN poetry install --only main"), "pyproject.toml": UV, "poetry.lock": lock}
    held = [one for one in parts(files, Installed) if isinstance(one, Installed)][1]
    assert [(one.name, one.group) for one in held.dependencies] == [("a", ""), ("b", "dev")]


@pytest.mark.parametrize(
    ("files", "versions"),
    [
        ({**APP, "runtime.txt": "python-3.9.1\n"}, ["3.9.1"]),
        ({**APP, ".python-version": "# ours\nmine\n3.9\n3.8\n"}, ["3.9"]),
        ({**APP, "other/runtime.txt": "python-3.9.1\n"}, []),
        ({**APP, "runtime.txt": "nodejs-20\n"}, []),
        ({"runtime.txt": "python-3.9.1\n"}, []),
        ({"Dockerfile": image(base="debian:12"), "runtime.txt": "python-3.9.1\n"}, ["12", "3.9.1"]),
    ],
)
def test_what_a_platform_is_told_to_run(parts: Parts, files: dict[str, str], versions: list[str]) -> None:
    assert [one.version for one in parts(files, Runtime) if isinstance(one, Runtime)] == versions


def test_markers_are_read_with_the_python_of_the_image(parts: Parts) -> None:
    files = {"Dockerfile": image("RUN pip install -r r.txt"), "r.txt": "a; python_version < '3.9'\nb\n"}
    assert shown(parts(files)) == [("r.txt", ["b"])]


def test_many_names_are_counted(doubts: list[Unsure]) -> None:
    surveyed({**APP, "requirements.txt": "a\nb\nc\nd\ne\nf\ng\n"}, dt.date(2026, 1, 1), note=doubts)
    assert [doubt.what for doubt in doubts] == ["known vulnerabilities of a, b, c, d, e and 2 more"]


def test_a_package_of_production_stands_before_the_same_of_development() -> None:
    lock = (
        '[[package]]\nname = "pytest"\nversion = "1"\n[[package]]\nname = "flask"\nversion = "1"\n'
        'dependencies = [{ name = "pytest" }]\n'
    )
    files = {"Dockerfile": image("RUN uv sync"), "pyproject.toml": UV, "uv.lock": lock}
    held = surveyed(files, dt.date(2026, 1, 1), Told({"pytest": (Advisory("X"),)}))
    assert [one.dependency.group for one in held.parts if isinstance(one, Vulnerable)] == [""]


def test_a_python_without_lzma(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lzma", None)
    doubts: list[Unsure] = []
    held = surveyed(LISTS, dt.date(2026, 1, 1), note=doubts)
    assert held.notes == ()
    assert "known vulnerabilities" in {doubt.what for doubt in doubts}


def test_versions_that_no_release_can_be_named_for() -> None:
    held = surveyed(LISTS, dt.date(2026, 1, 1), Told({"a": (Advisory("X", "one"),), "b": (Advisory("Y"),)}))
    assert [one.fixed for one in held.parts if isinstance(one, Vulnerable)] == ["", ""]
