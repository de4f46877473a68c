"""Commands that install, as shells read them."""

from __future__ import annotations

import pytest

from batten.understand.deploy.install_commands import installs
from batten.understand.deploy.requirement_lines import Option, Requirement


def told(text: str) -> list[tuple[str, list[str]]]:
    return [
        (
            made.tool,
            [
                f"{one.name}{one.specifier}" if isinstance(one, Requirement) else f"--{one.name} {one.value}".strip()
                for one in made.lines
                if isinstance(one, Requirement | Option)
            ],
        )
        for made in installs(text)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pip install flask==3 'gunicorn>=23; python_version > \"3\"'", [("pip", ["flask==3", "gunicorn>=23"])]),
        ("python3.12 -m pip install -rreq.txt", [("pip", ["--requirement req.txt"])]),
        ("apt-get install -y git && pip3 --no-cache-dir install -c c.txt x", [("pip", ["--constraint c.txt", "x"])]),
        ("set -eux; sudo PIP_X=1 /opt/v/bin/pip3.12 install x", [("pip", ["x"])]),
        ("uv pip sync req.txt", [("uv pip", ["--requirement req.txt"])]),
        ("pip wheel -w /wheels --requirement=req.txt", [("pip", ["--wheel-dir /wheels", "--requirement req.txt"])]),
        (
            "pip install -e git+https://h/r#egg=x --index-url http://h $EXTRA > log",
            [("pip", ["x", "--index-url http://h"])],
        ),
        ("pip download x; pip freeze; pip uninstall install", []),
        ("poetry config x && poetry install --only main", [("poetry", [])]),
        ("uv sync\nuv run x", [("uv", [])]),
        ("npm install x; make install", []),
        ("pip install 'x", [("pip", [])]),
        ("", []),
    ],
)
def test_what_is_installed(text: str, found: list[tuple[str, list[str]]]) -> None:
    assert told(text) == found


def test_options_and_their_values() -> None:
    (made,) = installs("poetry install --without dev,docs --only=main --no-root")
    assert made.values("--without", "--only") == ("dev", "docs", "main")
    assert made.has("--no-root")
    assert not made.has("--no")


def test_a_comment_is_no_name() -> None:
    text = "pip install a 'b' -t /x  # x-release  please\npip install \\\n  'c#d' \"e # f\"\n# pip install g\n"
    assert [one.words for one in installs(text)] == [("a", "b", "-t", "/x"), ("c#d", "e # f")]
