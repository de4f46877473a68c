"""`batten probe`: what a visitor sees of a running site, graded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from batten.cli.options import Flags, shared, there
from batten.cli.output import audit, write
from batten.cli.progress import Progress
from batten.model import BattenError

if TYPE_CHECKING:
    from batten.run import ProbeRequest

PARTS = ("headers", "paths", "errors", "tls", "login")
ALGORITHMS = ("6", "5")


@click.command()
@click.argument("urls", metavar="URL…", nargs=-1)
@click.option(
    "--only", multiple=True, metavar="PART", help=f"Of {', '.join(PARTS)}; repeatable, or a,b.  [default: all]"
)
@click.option("--app", metavar="MODULE:NAME", help="Start this WSGI or ASGI app on loopback, and probe that.")
@click.option("--project", type=click.Path(), help="The project behind the site: findings name the line to mend.")
@click.option("--as-deployed", is_flag=True, help="Stand in for the TLS proxy before a local app, and grade that too.")
@click.option("--http-url", metavar="URL", help="Where plain HTTP is served, to see whether it redirects.")
@click.option("--ca-file", type=click.Path(exists=True, dir_okay=False), help="Certificates to trust besides.")
@click.option("--resolve", multiple=True, metavar="NAME:ADDRESS", help="Reach a name at this address; repeatable.")
@click.option("--header", multiple=True, metavar="NAME:VALUE", help="A header to send to the site; repeatable.")
@click.option("--cookie", multiple=True, metavar="NAME=VALUE", help="A cookie, for pages behind a login; repeatable.")
@click.option(
    "--active/--no-active", default=None, help="POST, PUT, TRACE and default logins.  [default: on loopback only]"
)
@click.option("--i-own", multiple=True, metavar="HOST", help="A host that you may probe; loopback needs no word.")
@click.option("--max-requests", type=click.IntRange(1), help="Ask no more than this.  [default: 150]")
@click.option("--timeout", type=click.FloatRange(1), metavar="SECONDS", help="For the whole run.  [default: 40]")
@click.option("--observatory", type=click.Choice(ALGORITHMS), help="Which scoring of the Observatory.  [default: 6]")
@shared
def probe(urls: tuple[str, ...], **typed: Any) -> int:  # noqa: ANN401 - click hands over the options by name
    """Look at your own running site as a visitor does, and grade it.

    URL is the address of a site: http://127.0.0.1:5000, https://shop.example.com.
    This machine may be probed freely; any other host has to be named by --i-own
    or in [tool.batten] targets.
    """
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    own = {name: typed.pop(name) for name in _OWN}
    project = own["project"] or "."
    there(project, "batten probe URL --project DIRECTORY")
    flags = Flags(**typed)
    outputs, wishes = flags.outputs(), flags.wishes(project)
    request = _request(urls, own, flags)
    with Progress() as progress:
        most = request.max_requests
        report = run.probe(
            request, told=progress.tell, asked=lambda count: progress.show(f"{count} of at most {most} requests ...")
        )
    write(outputs, lambda output: audit(output, report, wishes))
    return report.gate.code


_OWN = (
    "only",
    "app",
    "project",
    "as_deployed",
    "http_url",
    "ca_file",
    "resolve",
    "header",
    "cookie",
    "active",
    "i_own",
    "max_requests",
    "timeout",
    "observatory",
)


def _request(urls: tuple[str, ...], own: dict[str, Any], flags: Flags) -> ProbeRequest:
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    if not urls and not own["app"]:
        raise BattenError("no address given", hint="batten probe http://127.0.0.1:5000, or --app MODULE:NAME")
    project = own["project"] or "."
    return run.ProbeRequest(
        urls=urls,
        terms=flags.request(project),
        project=bool(own["project"] or own["app"]),
        only=_parts(own["only"]),
        as_deployed=own["as_deployed"],
        app=own["app"] or "",
        http_url=own["http_url"] or "",
        ca_file=own["ca_file"] or "",
        resolve=own["resolve"],
        headers=tuple(_header(text) for text in own["header"]),
        cookies=own["cookie"],
        active=own["active"],
        i_own=own["i_own"],
        targets=run.settings(project).targets,
        **{name: own[key] for name, key in _LIMITS if own[key] is not None},
        algorithm=int(own["observatory"] or ALGORITHMS[0]),
    )


_LIMITS = (("max_requests", "max_requests"), ("time_s", "timeout"))
"""Fields of the request by option; their defaults stand where nothing was typed."""


def _parts(typed: tuple[str, ...]) -> tuple[str, ...]:
    parts = tuple(part.strip() for text in typed for part in text.split(",") if part.strip())
    for part in parts:
        if part not in PARTS:
            raise BattenError(f"--only {part}: there is no such part", hint=f"one of {', '.join(PARTS)}")
    return parts


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip() or "\n" in text or "\r" in text:
        raise BattenError(f"--header {text.splitlines()[0]}: not a header", hint='--header "Authorization: Bearer …"')
    return name.strip(), value.strip()
