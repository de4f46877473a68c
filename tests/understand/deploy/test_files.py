"""Which file of the repository a process sees where, and `.dockerignore`."""

from __future__ import annotations

import time

import pytest

from batten.understand.deploy import files
from batten.understand.deploy.ignore import ignored
from batten.understand.stack import Image, Start, Unit

PATHS = [
    ".env",
    "app.py",
    "conf/.env",
    "conf/local.py",
    "docs/a.md",
    "README.md",
    "tests/t.py",
    "web/tests/t.py",
    "a+b.py",
]


@pytest.mark.parametrize(
    ("text", "out"),
    [
        (".env", [".env"]),
        ("**/.env", [".env", "conf/.env"]),
        (".env*\n", [".env"]),
        ("/conf/", ["conf/.env", "conf/local.py"]),
        ("*.md", ["README.md"]),
        ("**/*.md\n!README.md", ["docs/a.md"]),
        ("tests", ["tests/t.py"]),
        ("**/tests", ["tests/t.py", "web/tests/t.py"]),
        ("conf/**", ["conf/.env", "conf/local.py"]),
        ("conf/**/local.py", ["conf/local.py"]),
        (
            "*\n!app.py\n!conf\nconf/.env",
            ["README.md", ".env", "docs/a.md", "tests/t.py", "web/tests/t.py", "a+b.py", "conf/.env"],
        ),
        ("[cd]o*/*", ["conf/.env", "conf/local.py", "docs/a.md"]),
        ("[^cd]o*/*", []),
        ("?pp.py", ["app.py"]),
        ("*o*c*/*", ["docs/a.md"]),
        ("*o*f/l*l*", ["conf/local.py"]),
        ("**.md", ["README.md", "docs/a.md"]),
        ("a+b.py", ["a+b.py"]),
        ("a\\+b.py", ["a+b.py"]),
        ("[", []),
        ("a[", []),
        ("[z-a]pp.py", []),
        ("# .env\n  app.py  \n!\n\n", ["app.py"]),
        ("x/../app.py", ["app.py"]),
        ("!app.py", []),
        ("**", PATHS),
        ("a\\*b", []),
    ],
)
def test_dockerignore(text: str, out: list[str]) -> None:
    assert ignored(PATHS, text) == tuple(sorted(out))


def test_dockerignore_of_a_context_below_the_root() -> None:
    assert ignored(PATHS, ".env\nlocal*", "conf") == ("conf/.env", "conf/local.py")


def test_hostile_patterns_end_soon() -> None:
    started = time.process_time()
    many = [f"{'a' * 100}/b{i}.py" for i in range(1000)]
    ignored(many, "*a*a*a*a*a*a*a*a*c\n" + "**/" * 30 + "x\n" + "*x\n!*y\n" * 1000)
    assert time.process_time() - started < 10


def unit(image: Image | None = None, *, cwd: str = ".", home: str | None = None) -> Unit:
    return Unit("web", "image", Start("gunicorn"), "", None, cwd=cwd, home=home, image=image)


def test_outside_a_container_paths_are_the_repositorys() -> None:
    bare = unit(cwd="web")
    assert files.repo_path(bare, "app.py") == "web/app.py"
    assert files.repo_path(bare, "../x.py") == "x.py"
    assert files.repo_path(bare, "../../x.py") is None
    assert files.repo_path(bare, "/srv/x.py") is None
    assert files.unit_path(bare, "web/app.py") is None
    assert files.contains(bare, "anything")


def test_a_known_home_places_the_repository() -> None:
    host = unit(cwd="web", home="/srv/shop/web")
    assert files.repo_path(host, "/srv/shop/web/a.py") == "web/a.py"
    assert files.repo_path(host, "/srv/shop/web") == "web"
    assert files.repo_path(host, "/srv/other/a.py") is None
    assert files.unit_path(host, "web/a.py") == "/srv/shop/web/a.py"
    assert files.unit_path(host, "conf/x") == "/srv/shop/conf/x"


def test_inside_an_image_copies_decide() -> None:
    image = Image(
        (("/srv", "."), ("/srv/conf/live.py", "conf/prod.py"), ("/opt/web", "web")), (".env", "conf/local.py")
    )
    inside = unit(image, home="/srv")
    assert files.repo_path(inside, "app.py") == "app.py"
    assert files.repo_path(inside, "/srv/conf/live.py") == "conf/prod.py"
    assert files.repo_path(inside, "../opt/web/x.py") == "web/x.py"
    assert files.repo_path(inside, ".env") is None
    assert files.repo_path(inside, "/etc/passwd") is None
    assert files.unit_path(inside, "web/x.py") == "/opt/web/x.py"
    assert files.unit_path(inside, "conf/local.py") is None
    assert files.contains(inside, "conf/prod.py")
    assert not files.contains(inside, ".env")


def test_a_later_copy_wins_and_bind_mounts_win_over_all() -> None:
    image = Image((("/srv", "old"), ("/srv", "new")), (".env",), (("/srv/conf", "conf"),))
    inside = unit(image, home="/srv")
    assert files.repo_path(inside, "a.py") == "new/a.py"
    assert files.repo_path(inside, "conf/.env") == "conf/.env"
    assert files.unit_path(inside, "old/a.py") is None
    assert files.unit_path(inside, "conf/.env") == "/srv/conf/.env"


def test_single_copies_make_up_a_directory() -> None:
    image = Image(
        (("/srv/app.py", "web/app.py"), ("/srv/shop", "web/shop"), ("/srv/lib", "vendored"), ("/srv/b.py", "b.py"))
    )
    inside = unit(image, home="/srv")
    assert list(files.directories(image, "/srv")) == [".", "web"]
    assert files.repo_path(inside, "/srv") == "."
    assert files.contains(inside, "web")
    assert not files.contains(inside, "docs")
    assert files.contains(inside, "web/shop/x.py")
    assert list(files.directories(Image((("/", "."), ("/srv", "srv"))), "/srv")) == ["srv"]


def test_an_image_of_unknown_content_is_taken_as_the_repository() -> None:
    inside = unit(Image(), home=None)
    assert files.repo_path(inside, "app.py") == "app.py"
    assert files.contains(inside, "app.py")
    no_home = unit(Image((("/srv", "."),)))
    assert files.repo_path(no_home, "app.py") == "app.py"
