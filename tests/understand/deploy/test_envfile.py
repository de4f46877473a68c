"""Environment files of compose and systemd, and interpolation."""

from __future__ import annotations

import pytest

from batten.understand.deploy import envfile
from batten.understand.deploy.interpolation import fill, sole_name
from batten.understand.deploy.reading import Piece


def lookup(name: str) -> Piece:
    held = {"A": Piece("a"), "EMPTY": Piece(""), "SECRET": Piece(None)}
    return held.get(name, Piece("", default=True, unset=True))


@pytest.mark.parametrize(
    ("text", "value", "default"),
    [
        ("plain", "plain", False),
        ("x$A-y", "xa-y", False),
        ("${A}", "a", False),
        ("${A:-b}", "a", False),
        ("${N:-b}", "b", True),
        ("${EMPTY:-b}", "b", True),
        ("${EMPTY-b}", "", False),
        ("${N-b}", "b", True),
        ("${N:-${A}}", "a", True),
        ("${N:-${M:-c}}", "c", True),
        ("${A:+set}", "set", False),
        ("${N:+set}", "", True),
        ("${EMPTY+set}", "set", False),
        ("${A:?x}", "a", False),
        ("${N:?x}", None, False),
        ("${N?x}", None, False),
        ("$SECRET", None, False),
        ("${SECRET:-b}", None, False),
        ("$N", "", True),
        ("${A", "${A", False),
        ("${A/x/y}", None, False),
        ("${1}", None, False),
        ("$5 and $", "$5 and $", False),
        ("${N:-" * 25 + "}" * 25, None, True),
        ("a\\$A", "a$A", False),
        ("${N:-\\}}", "\\}", True),
    ],
)
def test_interpolation(text: str, value: str | None, default: bool) -> None:  # noqa: FBT001
    assert fill(text, lookup) == Piece(value, default)


def test_a_doubled_dollar_is_composes_escape() -> None:
    assert fill("$$A$A\\$A", lookup, doubled=True).text == "$Aa\\a"
    assert fill("$A" * 30_000, lookup).text is None


def test_one_reference_and_nothing_else() -> None:
    assert [sole_name(t) for t in ("$A", "${A}", "${A:-x}", "x$A", "$A$B", "")] == ["A", "A", "A", None, None, None]


def test_compose_env_file() -> None:
    text = (
        '# comment\nexport A=1 # one\nB: two\nC=\'si#n\\gle $A\'\nD="dou\\tble\n${A} \\"x\\""\nHOST_GIVES\n'
        'E=${A}-${N:-n}\nF=${SECRET}\nnot a line\nG=\'open\nH=1\nI="$SECRET"\nJ=#x\n'
    )
    found = envfile.compose(text, "web.env", lookup)
    assert {n: v.value for n, v in found.items()} == {
        "A": "1",
        "B": "two",
        "C": "si#n\\gle $A",
        "D": 'dou\tble\n1 "x"',
        "HOST_GIVES": None,
        "E": "1-n",
        "F": None,
        "G": "'open",
        "H": "1",
        "I": None,
        "J": "",
    }
    assert {n: v.at.line for n, v in found.items() if n in "DEH"} == {"D": 5, "E": 8, "H": 12}
    assert (found["E"].default, found["A"].default, found["A"].says) == (True, False, "env_file")


def test_systemd_environment_file() -> None:
    text = "# a\n; b\nA=1 # kept\nB='two' \nC=\"th\\\\\nree\"\nD=\nexport E=1\nF=x\\\ny\n"
    found = envfile.systemd(text, "app.env")
    assert {n: v.value for n, v in found.items()} == {"A": "1 # kept", "B": "two", "C": "th\\ree", "D": "", "F": "xy"}
    assert found["F"].at.line == 9
