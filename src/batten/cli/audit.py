"""`batten audit`: the project, its site and its machine, joined in one report."""

from __future__ import annotations

from typing import Any

import click

from batten.cli.codes import INTERRUPTED
from batten.cli.options import Flags, shared, there
from batten.cli.output import audit as rendered, write
from batten.cli.progress import Progress

_OWN = ("url", "host", "start", "no_scan", "no_login", "active", "as_deployed", "i_own", "ca_file", "resolve")
_LIMITS = ("max_requests", "timeout")


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--url", multiple=True, metavar="URL", help="Where the app runs: probe that too; repeatable.")
@click.option("--host", metavar="HOST", help="Look at this machine's ports too; localhost: from inside as well.")
@click.option("--start", is_flag=True, help="Start the project's own app on loopback, and probe that.")
@click.option("--no-scan", is_flag=True, help="Do not ask the machine's ports from outside.")
@click.option("--no-login", is_flag=True, help="Try no password, not even those that everybody knows.")
@click.option(
    "--active/--no-active", default=None, help="POST, PUT, TRACE and default logins.  [default: on loopback only]"
)
@click.option("--as-deployed", is_flag=True, help="Stand in for the TLS proxy before a local app, and grade that too.")
@click.option("--i-own", multiple=True, metavar="HOST", help="A host that you may probe; loopback needs no word.")
@click.option("--ca-file", type=click.Path(exists=True, dir_okay=False), help="Certificates to trust besides.")
@click.option("--resolve", multiple=True, metavar="NAME:ADDRESS", help="Reach a name at this address; repeatable.")
@click.option("--max-requests", type=click.IntRange(1), help="Ask a site no more than this.  [default: 150]")
@click.option("--timeout", type=click.FloatRange(1), metavar="SECONDS", help="For each live half.  [default: 120]")
@shared
def audit(path: str, **typed: Any) -> int:  # noqa: ANN401 - click hands over the options by name
    """Audit everything: the project, and with --url, --start or --host what it looks like when it runs.

    What the project says and what is seen live are joined: one finding with both proofs, one score, one gate.
    """
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    there(path, "batten audit DIRECTORY")
    own = {name: typed.pop(name) for name in (*_OWN, *_LIMITS)}
    flags = Flags(**typed)
    outputs, wishes = flags.outputs(), flags.wishes(path)
    limits = {"max_requests": own["max_requests"], "time_s": own["timeout"]}
    request = run.AuditRequest(
        terms=flags.request(path),
        urls=own["url"],
        host=own["host"] or "",
        start=own["start"],
        scan=not own["no_scan"],
        logins=not own["no_login"],
        active=own["active"],
        as_deployed=own["as_deployed"],
        i_own=own["i_own"],
        targets=run.settings(path).targets,
        ca_file=own["ca_file"] or "",
        resolve=own["resolve"],
        **{name: value for name, value in limits.items() if value is not None},
    )
    with Progress() as progress:
        report = run.audit(request, told=progress.tell, doing=lambda text: progress.show(f"{text} ..."))
    write(outputs, lambda output: rendered(output, report, wishes))
    return INTERRUPTED if report.layers["ports"].startswith("interrupted") else report.gate.code
