"""The evaluator against CPython: whatever Batten calls known is what the real interpreter computes.

`BATTEN_ORACLE=3000 pytest tests/understand/test_oracle.py -s` runs that many programs of each kind, others each
time, and prints the share of names that were told.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.understand.attacks import ATTACKS
from tests.understand.corners import CORNERS
from tests.understand.cpython import CPython
from tests.understand.expressions import UNKNOWN
from tests.understand.oracle import Share, faults, unsteady
from tests.understand.programs import programs

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS = int(os.environ.get("BATTEN_ORACLE", "120"))
PROFILE = settings(
    max_examples=PROGRAMS,
    derandomize="BATTEN_ORACLE" not in os.environ,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def python() -> Iterator[CPython]:
    with CPython() as worker:
        yield worker


@pytest.mark.process
@pytest.mark.parametrize("unknown", [(), UNKNOWN], ids=["decided", "undecided"])
def test_what_is_known_is_so(unknown: tuple[str, ...], python: CPython) -> None:
    share = Share()

    @PROFILE
    @given(programs(unknown))
    def holds(source: str) -> None:
        wrong = faults(source, unknown, python, share)
        assert not wrong, "\n".join([source, *wrong])

    holds()
    print(share)  # noqa: T201 - the share that is told, for whoever works on the evaluator
    told = (share.known + share.one_of) / share.names
    assert told > (0.75 if unknown else 0.85), f"{share}: an evaluator that knows nothing is never wrong"


@pytest.mark.process
def test_corners(python: CPython) -> None:
    share = Share()
    wrong = [line for source in CORNERS for line in (*faults(source, UNKNOWN, python, share),)]
    assert not wrong, "\n".join(wrong)
    assert share.raising == 0


@pytest.mark.process
def test_attacks(python: CPython) -> None:
    share, steady = Share(), Share()
    wrong = [line for source in ATTACKS for line in (*faults(source, UNKNOWN, python, share),)]
    wrong += [line for source in ATTACKS for line in (*unsteady(source, python, steady),)]
    assert not wrong, "\n".join(wrong)
    assert share.raising == 0
    print(share)  # noqa: T201 - the share that is told


@pytest.mark.process
def test_what_is_certain_rests_on_no_variable_that_is_not_set(python: CPython) -> None:
    share = Share()

    @PROFILE
    @given(programs())
    def holds(source: str) -> None:
        wrong = unsteady(source, python, share)
        assert not wrong, "\n".join([source, *wrong])

    holds()
    print(share)  # noqa: T201 - the share that is certain
    assert share.known / share.names > 0.5, f"{share}: an evaluator that is never certain is never wrong"
