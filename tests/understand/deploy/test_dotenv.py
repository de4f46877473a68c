"""`.env` files read exactly as python-dotenv reads them."""

from __future__ import annotations

import io
import logging
import os
from unittest.mock import patch

import dotenv.main
from hypothesis import given, settings, strategies as st

from batten.model import Location
from batten.understand.deploy.dotenv import parse
from batten.understand.stack import Variable

HOST = {"HOST": "from host"}
ENVIRON = {name: Variable(name, value, Location(), "host") for name, value in HOST.items()}
SCRAPS = [
    "A",
    "B",
    "HOST",
    "export ",
    "=",
    "'",
    '"',
    "\\",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\t",
    "#",
    " # x",
    "$",
    "{",
    "}",
    "${A}",
    "${HOST}",
    "${B:-x}",
    "${HOST:-x}",
    ":-",
    "n",
    "é",
    "\x0b",
    "\ufeff",
    "A=1\n",
    "B='a'\n",
    'C="\\n"\n',
    "A\n",
]


def values(text: str, **more: bool) -> dict[str, str | None]:
    return {name: variable.value for name, variable in parse(text, ".env", ENVIRON, **more).items()}


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=30).map("".join), st.booleans())
def test_the_same_as_python_dotenv(text: str, override: bool) -> None:  # noqa: FBT001
    logging.disable(logging.CRITICAL)
    stream = io.StringIO(text, newline="")
    with patch.dict(os.environ, HOST, clear=True):
        theirs = dotenv.main.DotEnv(None, stream=stream, override=override).dict()
    logging.disable(logging.NOTSET)
    assert values(text, override=override) == {k: v for k, v in theirs.items() if v is not None}


def test_quotes_comments_and_escapes() -> None:
    text = (
        "# comment\n\nexport A = 'single $X \\' # not'  # comment\nB=\"two\\nlines ${A}\"\nC=plain # comment\n"
        "D=pl#ain\nE=\nF= # empty\nG\n'H I'=1\nA.B-C=x\n=bad\nJ='open\nK=1\n"
    )
    assert values(text) == {
        "A": "single $X ' # not",
        "B": "two\nlines single $X ' # not",
        "C": "plain",
        "D": "pl#ain",
        "E": "",
        "F": "",
        "H I": "1",
        "A.B-C": "x",
        "K": "1",
    }


def test_each_variable_stands_at_its_line() -> None:
    text = '\n\nA=1\n\n  # c\nB="x\ny"\nC=3'
    assert {n: str(v.at) for n, v in parse(text, "conf/.env").items()} == {
        "A": "conf/.env:3",
        "B": "conf/.env:6",
        "C": "conf/.env:8",
    }


def test_references_look_around_in_order() -> None:
    assert values("HOST=file\nA=${HOST}") == {"HOST": "file", "A": "from host"}
    assert values("HOST=file\nA=${HOST}", override=True) == {"HOST": "file", "A": "file"}
    found = parse("A=${NOBODY:-x}\nB=${A}\nC\nD=${C:-y}${NOBODY}", ".env")
    assert {n: (v.value, v.default) for n, v in found.items()} == {"A": ("x", True), "B": ("x", True), "D": ("", True)}


def test_a_reference_to_something_unknown_is_unknown() -> None:
    secret = Variable("S", None, Location(), "host")
    assert parse("A=x${S}y", ".env", {"S": secret})["A"].value is None


def test_the_last_one_wins_and_a_bare_name_unsets() -> None:
    assert values("A=1\nA=2\nB=1\nB\n") == {"A": "2"}


def test_long_lines_are_read_in_linear_time() -> None:
    assert values("A=x" + " " * 200_000 + "y\n" + "B='\n" * 20_001)["A"].endswith("y")  # type: ignore[union-attr]
