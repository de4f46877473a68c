"""Asks OSV or PyPI what is publicly known of versions, with pip-audit as the library; only when it is asked for.

The one file that knows pip-audit (2.10): its services, its dependencies, its results.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from batten.model import BattenError
from batten.understand.infrastructure.dependencies.advisories import Package, Skipped
from batten.understand.infrastructure.dependencies.nouns import Advisory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TIMEOUT_S = 10
MOST_FAILURES = 2
"""Failures in a row after which nothing more is asked: the network is not there."""
SERVICES = {"osv": ("OSV", "OsvService"), "pypi": ("PyPI", "PyPIService")}
"""What the user types, to its name and pip-audit's class."""


class Online:
    """A service of pip-audit, in our words; what it could not answer is told with the reason."""

    date = ""
    """It is asked live."""

    def __init__(self, which: str) -> None:
        """Make the service; nothing is asked yet.

        Raises:
            BattenError: pip-audit is not installed, or is one that this file does not know.
        """
        self.name, made = SERVICES[which]
        hint = 'pip install "batten[deps]"'
        try:
            self._audit: Any = import_module("pip_audit._service")
            self._version: Any = import_module("packaging.version")
            self._service: Any = getattr(self._audit, made)(timeout=TIMEOUT_S)
        except ImportError as error:
            raise BattenError(f"--advisories {which} needs pip-audit", hint=hint) from error
        except (AttributeError, TypeError) as error:
            raise BattenError(f"--advisories {which} does not know this pip-audit: {error}", hint=hint) from error

    def query_all(self, packages: Iterable[Package]) -> Iterator[tuple[Package, tuple[Advisory, ...] | Skipped]]:
        """Yield each package with what the service knows of it."""
        failures, last = 0, ""
        for package in packages:
            if failures >= MOST_FAILURES:
                yield package, Skipped(last)
                continue
            try:
                answer = self._asked(package)
            except Exception as error:  # noqa: BLE001 - requests, urllib3 and pip-audit each raise their own
                failures += 1
                last = f"{self.name} could not be asked: {type(error).__name__}"
                answer = Skipped(last)
            else:
                failures = 0
            yield package, answer

    def _asked(self, package: Package) -> tuple[Advisory, ...] | Skipped:
        try:
            version = self._version.Version(package.version)
        except self._version.InvalidVersion:
            return Skipped(f"{package.version} is not a version of PEP 440")
        told, results = self._service.query(self._audit.ResolvedDependency(package.name, version))
        if told.is_skipped():
            return Skipped(f"{self.name} does not know it in this version")
        return tuple(Advisory(_id(one), _fixed(one, version)) for one in results)


def _id(result: Any) -> str:  # noqa: ANN401 - pip-audit's VulnerabilityResult
    """Return its CVE where it has one."""
    return min((name for name in (result.id, *result.aliases) if name.startswith("CVE-")), default=str(result.id))


def _fixed(result: Any, version: Any) -> str:  # noqa: ANN401 - pip-audit's VulnerabilityResult, packaging's Version
    """Return the first version after the one asked about that is named as mended."""
    return str(min((one for one in result.fix_versions if one > version), default=""))
