"""What an Apache hands out: directories that it lists, trees that hold what no visitor should have."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from batten.model import Confidence
from batten.understand.infrastructure.apache.access import Lets
from batten.understand.infrastructure.apache.sections import Kind
from batten.understand.infrastructure.strangers import kept_from
from batten.understand.infrastructure.web import Listing, ServedTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.infrastructure.apache.grammar import Directive
    from batten.understand.infrastructure.apache.installations import Installation
    from batten.understand.infrastructure.apache.sites import Root, Site
    from batten.understand.infrastructure.ground import Ground

NO_LISTING = "Write `Options -Indexes`."
_GRANTED = ("/var/www", "/usr/local/apache2/htdocs", "/usr/share")
"""What the main files of Debian (2.4) and of the image httpd grant to everybody; they deny all else."""
SYSTEMS = frozenset(("/", "/etc", "/var", "/home", "/root", "/usr", "/opt", "/srv", "/proc", "/dev"))
"""Directories that hold more than one site: `/srv` is none of them alone, it is told only where all is granted."""
_WHOLE = SYSTEMS - {"/srv", "/opt"}
_ACCESS = frozenset(("require", "order", "allow", "deny", "requireall", "requireany"))


def of_site(ground: Ground, one: Installation, site: Site) -> Iterator[object]:
    """Yield the listings and trees of a host."""
    for root in site.roots:
        if "$" in root.path or "{" in root.path:
            continue
        yield from _listings(ground, one, site, root)
        tree = _tree(ground, one, site, root)
        if tree is not None:
            yield tree


def _open(one: Installation, site: Site, place: str, url: str, *, is_file: bool) -> bool:
    """Return whether strangers get at a file or directory."""
    state = site.sections.state(place, url, is_file=is_file)
    if state.unsure:
        return False
    if state.access is not None:
        return state.access.lets is Lets.ANYBODY
    if one.is_whole or not _says_access(one.directives):
        return True
    return place.startswith(_GRANTED)


def _says_access(directives: Iterable[Directive]) -> bool:
    return any(one.name in _ACCESS or _says_access(one.inside or ()) for one in directives)


def _listings(ground: Ground, one: Installation, site: Site, root: Root) -> Iterator[Listing]:
    """Yield the lines that let the root, or a directory in it of which something is said, be listed."""
    base = root.path.rstrip("/") or "/"
    named = [s.pattern for s in site.sections.each if s.kind is Kind.DIRECTORY and not s.is_regular]
    places = [base, *(p for p in named if p.startswith(f"{base.rstrip('/')}/") and not set("*?[") & set(p))]
    places += [place for place in _with_htaccess(ground, one, base) if place not in places]
    for place in places:
        inside = place[len(base) :].strip("/")
        url = f"{root.url.rstrip('/')}/{inside}/" if inside else f"{root.url.rstrip('/')}/"
        if not site.leads_to(root, url):
            continue
        state = site.sections.state(place, url, is_file=False)
        if state.lists is not None and _open(one, site, place, url, is_file=False):
            yield Listing("Apache", place, state.lists, NO_LISTING, one.evidence, one.confidence, state.unsure)


def _with_htaccess(ground: Ground, one: Installation, base: str) -> Iterator[str]:
    for folder in one.machine.within(base):
        prefix = "" if folder == "." else f"{folder}/"
        for path in ground.files.get("apache", []):
            if path.startswith(prefix) and posixpath.basename(path) == ".htaccess":
                yield posixpath.normpath(posixpath.join(base, posixpath.dirname(path[len(prefix) :])))


def _tree(ground: Ground, one: Installation, site: Site, root: Root) -> ServedTree | None:
    """Return the tree of a root where a visitor gets something from it that he should not."""
    base = root.path.rstrip("/") or "/"
    start = f"{root.url.rstrip('/')}/"
    if base in _WHOLE:
        is_open = site.leads_to(root, f"{start}x") and _open(
            one, site, f"{base.rstrip('/')}/x", f"{start}x", is_file=True
        )
        if is_open and root.at.file is not None:
            fix = "Name the one directory that holds what visitors should get."
            return ServedTree("Apache", root.url, root.path, root.at, is_systems=True, fix=fix, evidence=one.evidence)
        return None
    runs = _run(one)

    def hands_out(inside: str) -> bool:
        url = f"{start}{inside}"
        return (
            site.leads_to(root, url)
            and not inside.endswith(runs)
            and _open(one, site, f"{base}/{inside}", url, is_file=True)
        )

    for folder in one.machine.within(base):
        if ground.reading.is_file(folder) or not ground.reading.is_directory(folder):
            continue
        files = [path for path in ground.reading.files() if not one.machine.is_left_out(path)]
        kept = kept_from(files, folder, hands_out, checkout=one.machine.has_history(ground.reading))
        if kept.hidden or kept.sources:
            fix = "Let `DocumentRoot` and `Alias` name a directory that holds nothing but what visitors should get."
            return ServedTree(
                "Apache", root.url, root.path, root.at, folder, kept.hidden, kept.sources, fix=fix,
                evidence=one.evidence,
                confidence=one.confidence if one.machine.container is not None else Confidence.LIKELY,
            )  # fmt: skip
    return None


def _run(one: Installation) -> tuple[str, ...]:
    """Return endings of files that a handler runs instead of handing them out."""
    found: list[str] = ["\0"]
    stack = list(one.directives)
    while stack:
        directive = stack.pop()
        stack += directive.inside or ()
        if directive.name == "addhandler" and re.search(r"cgi|wsgi|python", directive.text, re.IGNORECASE):
            found += [arg if arg.startswith(".") else f".{arg}" for arg in directive.args[1:]]
    return tuple(found)
