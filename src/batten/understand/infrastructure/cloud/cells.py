"""Values of a cloud configuration, each with its place; what is not known says what it mentions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from batten.model import Confidence, Evidence, Location
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the repository does not decide."""

    mentions: tuple[str, ...] = ()
    """Addresses of what it is made of: `aws_s3_bucket.logs`."""
    text: str = ""
    """A text as written, with its holes as `${…}`."""


Held: TypeAlias = "str | int | float | bool | Unknown | tuple[Cell, ...] | dict[str, Cell] | None"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and where it is given; None stands for null and for what nobody gives."""

    value: Held
    at: Location
    """Where the resource says it."""
    came: tuple[Evidence, ...] = ()
    """Through which variables and locals it came, the literal first."""
    default: bool = False
    """It rests on the default of a variable, which whoever applies the configuration may set otherwise."""

    def get(self, *names: str) -> Cell:
        """Return what stands under a chain of names; of a list with one item, of that item."""
        cell = self
        for name in names:
            held = cell.value
            if isinstance(held, tuple) and len(held) == 1:
                held = held[0].value
            if isinstance(held, dict):
                cell = held.get(name) or Cell(None, cell.at)
            else:
                cell = Cell(held if isinstance(held, Unknown) else None, cell.at)
        return cell

    def each(self) -> Sequence[Cell]:
        """Return the items of a list; anything else that is given counts as one."""
        if isinstance(self.value, tuple):
            return self.value
        return () if self.value is None else (self,)

    def first(self, *names: str) -> Cell:
        """Return the first of several names that is given."""
        found = [self.get(name) for name in names]
        return next((cell for cell in found if cell.is_given), found[0])

    @property
    def is_given(self) -> bool:
        """Whether there is a value at all."""
        return self.value is not None

    @property
    def is_unknown(self) -> bool:
        """Whether the repository does not decide it."""
        return isinstance(self.value, Unknown)

    @property
    def text(self) -> str | None:
        """A scalar as text; None for anything else."""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        return str(self.value) if isinstance(self.value, str | int | float) else None

    @property
    def flag(self) -> bool | None:
        """A truth value; None where it is none or not known."""
        return {"true": True, "false": False}.get((self.text or "").lower())

    @property
    def number(self) -> int | None:
        """A whole number; None where it is none or not known."""
        text = self.text or ""
        return int(text) if len(text) < 10 and text.removeprefix("-").isdecimal() else None  # noqa: PLR2004 - ports have five

    @property
    def written(self) -> str:
        """A text, known or with its holes."""
        return self.value.text if isinstance(self.value, Unknown) else self.text or ""

    @property
    def mentions(self) -> tuple[str, ...]:
        """Addresses of the resources that an unknown value is made of."""
        return self.value.mentions if isinstance(self.value, Unknown) else ()

    @property
    def literal_at(self) -> Location:
        """Where it is written."""
        return self.came[0].at if self.came else self.at

    @property
    def confidence(self) -> Confidence:
        """How sure it is: the default of a variable is likely."""
        return Confidence.LIKELY if self.default else Confidence.CERTAIN

    def walk(self) -> Iterator[Cell]:
        """Yield it and every value below it; of a value that refers to itself many times over, only so many."""
        waiting = [self]
        for _ in range(_MOST_BELOW):
            if not waiting:
                return
            cell = waiting.pop()
            yield cell
            if isinstance(cell.value, tuple):
                waiting += cell.value
            elif isinstance(cell.value, dict):
                waiting += cell.value.values()

    def seen(self, at: Location, says: str) -> Cell:
        """Return the value as another place says it, with the hop between."""
        return replace(self, came=(*self.came[:_MOST_HOPS], Evidence(at, says)))


_MOST_HOPS = 6
_MOST_BELOW = 2_000


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing that is ordered from a cloud, named as Terraform names its kind."""

    kind: str
    """`aws_s3_bucket`; CloudFormation's kinds are given Terraform's names."""
    address: str
    """`module.site.aws_s3_bucket.logs`, one for all that a `count` or `for_each` makes; in a template its name."""
    name: str
    """As a reader would say it: `aws_s3_bucket.logs`, `aws_instance.web["a"]`, `Logs`."""
    at: Location
    body: Cell
    data: bool = False
    """It is looked up, not made."""
    left_alone: tuple[str, ...] = ()
    """Attributes that are only given when it is made; others change them later."""

    def get(self, *names: str) -> Cell:
        """Return a value of it; where nobody gives one, at the line of the resource."""
        return self.body.get(*names)

    def first(self, *names: str) -> Cell:
        """Return the first of several values that is given."""
        return self.body.first(*names)


def once(found: Iterable[T]) -> Iterator[T]:
    """Yield each part once: what several configurations take from one module is the same."""
    return iter(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Order:
    """All that one configuration orders: a Terraform root with its modules, a CloudFormation template."""

    name: str
    """Its folder or file."""
    language: str
    """`terraform` or `cloudformation`."""
    resources: tuple[Resource, ...]

    def of(self, *kinds: str, data: bool = False) -> list[Resource]:
        """Return the resources of some kinds."""
        return [one for one in self.resources if one.kind in kinds and one.data is data]

    def meant(self, cell: Cell, kinds: frozenset[str]) -> list[Resource]:
        """Return the resources of some kinds that a value names, by reference or by the name they are given."""
        addresses = set(cell.mentions)
        found = [one for one in self.resources if one.kind in kinds and one.address in addresses]
        if found or not cell.text:
            return found
        names = ("bucket", "name", "identifier", "cluster_identifier")
        called = [one for one in self.resources if one.kind in kinds and cell.text in {one.get(n).text for n in names}]
        return called if len({one.address for one in called}) == 1 else []
