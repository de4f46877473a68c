"""The decorator of all our nouns: a frozen dataclass to the type checker, a cheap one at run time.

`dataclass(frozen=True, slots=True)` compiles eight functions a class; with
eighty classes that was a quarter of the start-up (CPython 3.11). That nothing
is written after it was made is held by `mypy --strict`, not at run time.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        eq: bool = True,
        **options: Any,  # noqa: ANN401 - as the original takes them
    ) -> Any:  # noqa: ANN401 - a class, or a decorator of classes
        """Return the class as a dataclass; hashable by value where it is frozen."""
        options["unsafe_hash"] = options.get("unsafe_hash", False) or (frozen and eq)
        return dataclasses.dataclass(cls, eq=eq, **options)


__all__ = ["dataclass"]
