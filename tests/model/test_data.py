"""Our decorator makes what `dataclasses` makes, only later."""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import field
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from batten.model.data import dataclass as ours

T = TypeVar("T")


def noun(decorator: Any, **options: Any) -> Any:  # noqa: ANN401 - either decorator
    @decorator(**options)
    class Base:
        kind: ClassVar[str] = "base"
        name: str
        parts: list[int] = field(default_factory=list, compare=False)

    @decorator(**options)
    class Noun(Base, Generic[T]):
        size: int = 3
        last: bool = field(default=False, kw_only=True)

        def double(self) -> int:
            return self.size * 2

    return Noun


@pytest.mark.parametrize("options", [{}, {"slots": True}, {"frozen": True, "slots": True}, {"eq": False}])
def test_it_makes_what_dataclasses_makes(options: dict[str, Any]) -> None:
    mine, real = noun(ours, **options), noun(dataclasses.dataclass, **options)
    assert [one.name for one in dataclasses.fields(mine)] == ["name", "parts", "size", "last"]
    first, second = mine("a", size=4), real("a", size=4)
    assert repr(first) == repr(second)
    assert first.double() == 8
    assert first.kind == "base"
    assert (first == mine("a", [1], 4)) is (second == real("a", [1], 4))
    assert hasattr(first, "__dict__") is hasattr(second, "__dict__")
    assert mine.__match_args__ == real.__match_args__ == ("name", "parts", "size")
    assert dataclasses.replace(first, last=True).last is True
    assert copy.copy(first).size == 4
    assert (mine.__hash__ is None) is (real.__hash__ is None)
    if options.get("frozen"):
        assert hash(first) == hash(mine("a", [2], 4)) != hash(mine("b"))
        assert hash(second) == hash(real("a", [2], 4))
    with pytest.raises(TypeError):
        mine()


def test_a_class_is_finished_by_its_first_instance_or_a_subclass() -> None:
    base, real = noun(ours, slots=True), noun(dataclasses.dataclass, slots=True)

    class Sub(base):  # type: ignore[misc, valid-type] # made by the decorator above
        def __init__(self) -> None:
            super().__init__("sub")

    assert Sub().name == "sub"
    assert repr(base("x")) == repr(real("x"))


def test_an_init_of_its_own_stays() -> None:
    @ours(slots=True)
    class Own:
        size: int

        def __init__(self) -> None:
            self.size = 5

    assert Own().size == 5
    assert repr(Own()).endswith("Own(size=5)")


def test_a_subclass_without_fields() -> None:
    @ours(frozen=True, slots=True)
    class Base:
        size: int

    @ours(frozen=True, slots=True)
    class Plain(Base):
        """Adds nothing."""

    assert Plain(3).size == 3
    assert Plain(3) == Plain(3)
    assert Plain(3) != Base(3)
    assert {Plain(3)} == {Plain(3)}
