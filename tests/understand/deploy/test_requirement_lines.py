"""Lines of requirements files, as pip 25 reads them (compared with pip-requirements-parser 32 on 600 real files)."""

from __future__ import annotations

import pytest

from batten.understand.deploy.requirement_lines import Broken, Option, Requirement, lines

HASH = "sha256:" + "ab" * 32


def names(text: str) -> list[tuple[int, str, str]]:
    return [(one.line, one.name, one.specifier) for one in lines(text) if isinstance(one, Requirement)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Flask [async] >= 2 , < 4", ("flask", ">=2,<4")),
        ("zope.interface==5 # why", ("zope-interface", "==5")),
        ("foo (>=1,<2)", ("foo", ">=1,<2")),
        ("foo>=1,", ("foo", ">=1")),
        ("foo==1;python_version=='3'", ("foo", "==1")),
        ("a===1.0.weird", ("a", "===1.0.weird")),
        ("git+ssh://git@h/r.git@v1#egg=zz&subdirectory=d", ("zz", "")),
        ("zz @ https://h/zz-1.0.zip ; os_name == 'posix'", ("zz", "")),
        ("https://h/foo_bar-1.2-py3-none-any.whl", ("foo-bar", "")),
        ("-e ./here[x]", ("", "")),
        ("../up", ("", "")),
        ("foo-1.0.tar.gz", ("", "")),
    ],
)
def test_a_requirement(text: str, found: tuple[str, str]) -> None:
    assert names(text) == [(1, *found)]


@pytest.mark.parametrize("text", ["what is this", "foo=1", "==1", "foo==", "foo @", "foo#c", "é==1", "foo[bar"])
def test_what_pip_refuses(text: str) -> None:
    assert lines(text) == (Broken(1, text),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("-r base.txt", ("requirement", "base.txt")),
        ("-rbase.txt", ("requirement", "base.txt")),
        ("--constraint=c.txt", ("constraint", "c.txt")),
        ("-i https://x/simple", ("index-url", "https://x/simple")),
        ("--pypi-url https://x", ("index-url", "https://x")),
        ("--trusted-host 'h'", ("trusted-host", "h")),
        ("--pre", ("pre", "")),
        ("--find-links 'open", ("find-links", "'open")),
    ],
)
def test_an_option(text: str, found: tuple[str, str]) -> None:
    assert lines(text) == (Option(1, *found),)


def test_lines_go_on_and_hashes_belong_to_what_is_before() -> None:
    text = f"# top\n\nflask==3.1 \\\n    --hash={HASH} \\\n    --hash {HASH}\n  # via x\ngunicorn \\\n"
    first, second = lines(text)
    assert isinstance(first, Requirement)
    assert (first.line, first.version, first.hashes) == (3, "3.1", 2)
    assert isinstance(second, Requirement)
    assert (second.line, second.name, second.version) == (7, "gunicorn", "")


def test_a_comment_never_goes_on() -> None:
    assert names("foo \\\n # x\nbar\n") == [(1, "foo", ""), (3, "bar", "")]


def test_a_wildcard_is_no_version() -> None:
    assert [one.version for one in lines("a==1.*\nb==1.0\nc===x,>0\n") if isinstance(one, Requirement)] == [
        "",
        "1.0",
        "x",
    ]


def test_a_hostile_file_takes_no_time() -> None:
    assert names("a \\\n" * 15_000) == []
    assert len(lines("[" * 100_000)) == 1
    assert len(lines("a" + " " * 100_000 + "!")) == 1
