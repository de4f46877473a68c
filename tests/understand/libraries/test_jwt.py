"""PyJWT, python-jose and Authlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Outside, Understand

HEAD = """\
import os, jwt, other
from jose import jwt as jose
from authlib.jose import jwt as authlib, JsonWebToken
"""


@pytest.mark.parametrize(
    ("call", "verifies", "algorithms", "key"),
    [
        ("jwt.decode(t, 'k', algorithms=['HS256'])", True, ["HS256"], "k"),
        ("jwt.decode(t, 'k', ['HS256'])", True, ["HS256"], "k"),
        ("jwt.decode(t, key='k')", True, None, "k"),
        ("jwt.decode(t, options={'verify_signature': False})", False, None, ""),
        ("jwt.decode(t, options={'verify_exp': False}, algorithms=['none'])", True, ["none"], ""),
        ("jwt.decode(t, options=None)", True, None, ""),
        ("jwt.decode(t, options=os.environ)", "?unknown", None, ""),
        ("jwt.decode(t, options=other.OPTIONS)", "?unknown", None, ""),
        ("jwt.decode(t, **other.OPTIONS)", "?unknown", "?unknown", "?unknown"),
        ("jwt.decode(t, 'k', verify=False, algorithms=['HS256'])", True, ["HS256"], "k"),
        ("jwt.PyJWT().decode_complete(t, 'k', algorithms=['HS256'])", True, ["HS256"], "k"),
        ("jose.decode(t, 'k', options={'verify_signature': False})", False, None, "k"),
        ("jose.decode(t, 'k', algorithms='HS256')", True, "HS256", "k"),
        ("authlib.decode(t, 'k')", True, "?unknown", "k"),
        ("JsonWebToken(['HS256']).decode(t, 'k')", True, "?unknown", "k"),
    ],
)
def test_reading(understand: Understand, call: str, verifies: object, algorithms: object, key: object) -> None:
    seen = understand(HEAD + f"t = 't'\nX = {call}\n")
    if "os.environ" in call:
        assert seen.facts("token")[0][1]["verifies"] in (True, "?unknown")
        return
    assert seen.facts("token")[0][1] == {"verifies": verifies, "algorithms": algorithms, "key": key, "writes": False}
    assert seen.name("X") == "?runtime"


def test_the_first_version_could_be_told_not_to_verify(understand: Understand) -> None:
    old = {"pyjwt": "==1.7.1"}
    for call, verifies in (
        ("jwt.decode('t', 'k', verify=False)", False),
        ("jwt.decode('t', 'k', False)", False),
        ("jwt.decode('t', 'k')", True),
        ("jwt.decode('t', 'k', True, ['HS256'], {'verify_signature': False})", False),
    ):
        seen = understand(f"import jwt\n{call}\n", requirements=old)
        assert seen.facts("token")[0][1]["verifies"] is verifies


@pytest.mark.parametrize(
    ("call", "algorithms", "key"),
    [
        ("jwt.encode({}, 'k')", ["HS256"], "k"),
        ("jwt.encode({}, 'k', algorithm=None)", [None], "k"),
        ("jwt.encode({})", ["HS256"], "?unknown"),
        ("jose.encode({}, 'k', 'HS512')", ["HS512"], "k"),
        ("authlib.encode({'alg': 'HS256'}, {}, 'k')", ["HS256"], "k"),
        ("authlib.encode(other.HEADER, {}, 'k')", ["?unknown"], "k"),
    ],
)
def test_making(understand: Understand, call: str, algorithms: object, key: object) -> None:
    seen = understand(HEAD + f"{call}\njwt.get_unverified_header('t')\n")
    assert seen.facts("token")[0][1] == {"verifies": True, "algorithms": algorithms, "key": key, "writes": True}


REAL = """
import warnings
warnings.simplefilter("ignore")
import jwt
forged = jwt.encode({"a": 1}, "x" * 32, algorithm="HS256")
bare = jwt.encode({"a": 1}, None, algorithm="none")
answer = []
for source in data:
    row = []
    for token in (forged, bare):
        try:
            eval(source, {"jwt": jwt, "t": token, "k": "k" * 32})
            row.append(True)
        except jwt.PyJWTError:
            row.append(False)
    answer.append(any(row))
"""


@pytest.mark.process
def test_a_forged_token_passes_where_it_is_understood_to(understand: Understand, outside: Outside) -> None:
    calls = [
        "jwt.decode(t, k, algorithms=['HS256'])",
        "jwt.decode(t, k)",
        "jwt.decode(t, k, options={'verify_signature': False})",
        "jwt.decode(t, k, algorithms=['HS256'], verify=False)",
        "jwt.decode(t, '', algorithms=['none'])",
        "jwt.decode(t, None, algorithms=['none'])",
        "jwt.decode(t, k, algorithms=['HS256', 'none'])",
        "jwt.decode(t, options={'verify_exp': False, 'verify_signature': True}, key=k, algorithms=['HS256'])",
    ]
    for call, passes in zip(calls, outside(REAL, calls), strict=True):
        seen = understand(f"import jwt\nt, k = 't', 'k'\n{call}\n")
        assert (seen.facts("token")[0][1]["verifies"] is False) == passes, call
