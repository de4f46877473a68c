"""Every rule holds on its own examples."""

from __future__ import annotations

import pytest

from batten.rules import all_rules
from batten.testing import Example, examples, verify

EXAMPLES = [example for rule in all_rules() for example in examples(rule)]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example(example: Example) -> None:
    verify(example)
