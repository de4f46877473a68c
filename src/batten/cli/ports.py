"""`batten ports`: what listens on this machine, and who is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from batten.cli.codes import INTERRUPTED
from batten.cli.options import Flags, shared, there
from batten.cli.output import audit, write
from batten.cli.progress import Progress
from batten.model import BattenError

if TYPE_CHECKING:
    from batten.run import PortsRequest


@click.command()
@click.argument("host", default="")
@click.option("--project", type=click.Path(), help="The project whose deployment files name ports.  [default: .]")
@click.option("--scan/--no-scan", default=True, help="Ask all ports from outside too.  [default: yes]")
@click.option("--ports", "numbers", metavar="LIST", help="Ask only these from outside: 22,80,8000-8100.")
@click.option("--no-login", is_flag=True, help="Try no password, not even those that everybody knows.")
@click.option("--own", is_flag=True, help="Only what this user's processes listen on.")
@click.option("--i-own", multiple=True, metavar="HOST", help="A host that you may scan; this machine needs no word.")
@click.option("--timeout", type=click.FloatRange(1), metavar="SECONDS", help="For the whole run.  [default: 120]")
@shared
def ports(host: str, **typed: Any) -> int:  # noqa: ANN401 - click hands over the options by name
    """List what listens on this machine, and ask each service who is let in.

    HOST is another address or name: it is then seen from outside only, and has
    to be named by --i-own or in [tool.batten] targets. Nothing is changed in any service.
    """
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    own = {name: typed.pop(name) for name in ("project", "scan", "numbers", "no_login", "own", "i_own", "timeout")}
    project = own["project"] or "."
    there(project, "batten ports --project DIRECTORY")
    flags = Flags(**typed)
    outputs, wishes = flags.outputs(), flags.wishes(project)
    with Progress() as progress:
        report = run.open_ports(_request(host, own, flags), told=lambda text: progress.show(f"{text} ..."))
    write(outputs, lambda output: audit(output, report, wishes))
    return INTERRUPTED if report.layers["ports"].startswith("interrupted") else report.gate.code


def _request(host: str, own: dict[str, Any], flags: Flags) -> PortsRequest:
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    project = own["project"] or "."
    return run.PortsRequest(
        host=host,
        terms=flags.request(project),
        project=True,
        scan=own["scan"],
        ports=_numbers(own["numbers"] or ""),
        logins=not own["no_login"],
        processes="own" if own["own"] else "all",
        i_own=own["i_own"],
        targets=run.settings(project).targets,
        **({"time_s": own["timeout"]} if own["timeout"] else {}),
    )


def _numbers(text: str) -> tuple[int, ...]:
    """Return the ports of a list such as `22,80,8000-8100`.

    Raises:
        BattenError: it is no such list.
    """
    found: dict[int, None] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        first, dash, last = part.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise BattenError(f"--ports {text}: {part!r} is no port", hint="--ports 22,80,8000-8100")
        begin, end = int(first), int(last or first)
        if not 1 <= begin <= end <= _LAST:
            raise BattenError(f"--ports {text}: {part!r} is no range of ports", hint="from 1 to 65535")
        found.update(dict.fromkeys(range(begin, end + 1)))
    return tuple(found)


_LAST = 65_535
