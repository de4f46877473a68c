"""Batten audits what a Python web deployment would really do."""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__", "audit", "check", "config", "ports", "probe"]

TYPE_CHECKING = False  # `typing` costs a tenth of the start-up; type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.model import Configuration, Report


def check(path: str = ".", *, env: Mapping[str, str] | None = None) -> Report:
    """Return the judged report on the project at `path`.

    `env` holds variables of the production environment; they stand over what
    the repository sets. The project's code is read, never run.

    Raises:
        BattenError: the path does not exist or its settings are malformed.
    """
    from batten.run import Request, check as run_check  # noqa: PLC0415 - `batten --version` stays fast

    return run_check(Request(target=path, env=dict(env or {})))


def config(path: str = ".", *, env: Mapping[str, str] | None = None, reveal_secrets: bool = False) -> Configuration:
    """Return what production will run with: each app's settings as evaluated, nothing judged.

    `env` holds variables of the production environment; they stand over what
    the repository sets. Secrets are masked unless `reveal_secrets`.

    Raises:
        BattenError: the path does not exist.
    """
    from batten.run import Request, config as run_config  # noqa: PLC0415 - `batten --version` stays fast

    return run_config(Request(target=path, env=dict(env or {})), reveal_secrets=reveal_secrets)


def probe(  # noqa: PLR0913 - one keyword for each way of looking at a site
    *urls: str,
    project: str | None = None,
    only: Sequence[str] = (),
    as_deployed: bool = False,
    active: bool | None = None,
    i_own: Sequence[str] = (),
    ca_file: str = "",
    headers: Mapping[str, str] | None = None,
) -> Report:
    """Return the judged report on running sites, as a visitor sees them.

    Loopback may be probed freely; any other host has to be one of `i_own`.
    `project` is the directory of the code behind them, so that findings name
    the line to mend. `only` names parts: headers, paths, errors, tls, login.
    `as_deployed` grades a local app as it will be behind a TLS proxy too.
    `active` allows POST, PUT, TRACE and default logins; None: on loopback only.

    Raises:
        BattenError: an address is none, or nothing says that its host may be probed.
    """
    from batten.run import ProbeRequest, Request, probe as run_probe  # noqa: PLC0415 - `batten --version` stays fast

    request = ProbeRequest(
        urls,
        terms=Request(target=project or "."),
        project=project is not None,
        only=tuple(only),
        as_deployed=as_deployed,
        active=active,
        i_own=tuple(i_own),
        ca_file=ca_file,
        headers=tuple((headers or {}).items()),
    )
    return run_probe(request)


def ports(host: str = "", *, project: str | None = None, logins: bool = True, i_own: Sequence[str] = ()) -> Report:
    """Return the judged report on what listens on a machine, and who is let in.

    Without a host that is this machine, from inside and from outside. `project`
    is the directory whose deployment files name ports. `logins` allows the few passwords that everybody knows.

    Raises:
        BattenError: the host has no address, or nothing says that it may be asked.
    """
    from batten.run import PortsRequest, Request, open_ports  # noqa: PLC0415 - `batten --version` stays fast

    terms = Request(target=project or ".")
    return open_ports(PortsRequest(host, terms=terms, project=project is not None, logins=logins, i_own=tuple(i_own)))


def audit(
    path: str = ".",
    *,
    urls: Sequence[str] = (),
    host: str = "",
    start: bool = False,
    env: Mapping[str, str] | None = None,
    i_own: Sequence[str] = (),
) -> Report:
    """Return the judged report on a project, on the sites that it serves and on its machine, joined.

    `urls` are where it runs; `start` starts its app on loopback; `host` is the
    machine whose ports are asked, `localhost` from inside too.

    Raises:
        BattenError: the path does not exist, or nothing says that a site or machine may be asked.
    """
    from batten.run import AuditRequest, Request, audit as run_audit  # noqa: PLC0415 - `batten --version` stays fast

    terms = Request(target=path, env=dict(env or {}))
    return run_audit(AuditRequest(terms, urls=tuple(urls), host=host, start=start, i_own=tuple(i_own)))
