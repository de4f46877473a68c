"""What is asked of OSV and PyPI through pip-audit; the library is a stand-in, no host is asked."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from batten.collect.advisories import Online
from batten.model import BattenError
from batten.run.advisories import service
from batten.understand.infrastructure.dependencies.advisories import Package, Skipped
from batten.understand.infrastructure.dependencies.nouns import Advisory

if TYPE_CHECKING:
    from collections.abc import Callable

RESULT = SimpleNamespace(
    id="PYSEC-1", aliases={"GHSA-1", "CVE-2026-1"}, fix_versions=[Version("0.9"), Version("1.2"), Version("1.10")]
)


class Resolved:
    def __init__(self, name: str, version: Version) -> None:
        self.name, self.version = name, version

    def is_skipped(self) -> bool:
        return self.name == "gone"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put a stand-in in the place of pip-audit's services; returns what it is asked."""
    seen: list[str] = []

    class Service:
        def __init__(self, timeout: int) -> None:
            assert timeout > 0

        def query(self, one: Resolved) -> tuple[Resolved, list[object]]:
            seen.append(one.name)
            if one.name == "down":
                raise OSError(one.name)
            return one, [RESULT] if one.name == "flask" else []

    made = ModuleType("pip_audit._service")
    vars(made).update(ResolvedDependency=Resolved, OsvService=Service, PyPIService=Service)
    monkeypatch.setitem(sys.modules, "pip_audit", ModuleType("pip_audit"))
    monkeypatch.setitem(sys.modules, "pip_audit._service", made)
    return seen


def answers(*names: str) -> list[tuple[Advisory, ...] | Skipped]:
    return [answer for _, answer in Online("pypi").query_all(Package(name, "1.1") for name in names)]


@pytest.mark.usefixtures("asked")
def test_answers() -> None:
    assert answers("flask", "click", "gone") == [
        (Advisory("CVE-2026-1", "1.2"),),
        (),
        Skipped("PyPI does not know it in this version"),
    ]


@pytest.mark.usefixtures("asked")
def test_a_version_that_is_none() -> None:
    (found,) = Online("osv").query_all([Package("flask", "one")])
    assert isinstance(found[1], Skipped)


def test_a_network_that_is_not_there_is_asked_twice(asked: list[str]) -> None:
    found = answers("down", "click", "down", "down", "flask")
    assert asked == ["down", "click", "down", "down"]
    assert [isinstance(one, Skipped) for one in found] == [True, False, True, True, True]
    assert found[-1] == Skipped("PyPI could not be asked: OSError")


def test_without_pip_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pip_audit._service", None)
    with pytest.raises(BattenError, match="needs pip-audit"):
        service("osv")


@pytest.mark.parametrize("broken", [{}, {"OsvService": lambda: None}])
def test_another_pip_audit(monkeypatch: pytest.MonkeyPatch, broken: dict[str, Callable[[], None]]) -> None:
    made = ModuleType("pip_audit._service")
    vars(made).update(broken)
    monkeypatch.setitem(sys.modules, "pip_audit", ModuleType("pip_audit"))
    monkeypatch.setitem(sys.modules, "pip_audit._service", made)
    with pytest.raises(BattenError, match="does not know this pip-audit"):
        service("osv")


def test_nothing_is_asked_unless_it_is_wanted() -> None:
    assert service("offline") is None
