"""A virtual host: which of its addresses lead to files, and which to something else.

The order is httpd 2.4's: mod_proxy and mod_rewrite before mod_alias, mod_alias before mod_wsgi, `DocumentRoot` last.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.infrastructure.apache.sections import Sections, sections
from batten.understand.infrastructure.patterns import found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from batten.model import Location
    from batten.understand.infrastructure.apache.grammar import Directive

_SCRIPTS = frozenset(("wsgiscriptalias", "scriptalias"))
_MATCHED = frozenset(("wsgiscriptaliasmatch", "scriptaliasmatch", "proxypassmatch", "redirectmatch", "aliasmatch"))
_ENDS = re.compile(r"\b(?:P|proxy|R(?:=\d+)?|redirect(?:=\w+)?|F|forbidden|G|gone)\b", re.IGNORECASE)
_FILES = re.compile(r"%\{(?:REQUEST_FILENAME|DOCUMENT_ROOT)\}.*!-[fdF]|!-[fdF]")


@dataclass(frozen=True, slots=True)
class Root:
    """A directory that addresses lead to."""

    url: str
    path: str
    at: Location


@dataclass(frozen=True, slots=True)
class Site:
    """A virtual host, or the server outside of any."""

    directives: tuple[Directive, ...]
    """Its own, after those of the server."""
    own: tuple[Directive, ...]
    at: Location | None
    sections: Sections
    roots: tuple[Root, ...] = field(default=())

    def last(self, name: str) -> Directive | None:
        """Return the directive of a name that counts."""
        return next((d for d in reversed(self.directives) if d.name == name), None)

    def leads_to(self, root: Root, url: str) -> bool:
        """Return whether an address leads to files of that root; no where that could not be told."""
        if self._is_handed_on(url) or self._is_rewritten(url) or self._is_redirected(url):
            return False
        alias = next((r for r in self.roots if r.url != "/" and _is_below(url, r.url)), None)
        if alias is not None:
            return alias is root
        if any(self._takes(d, url) for d in self.directives if d.name in _SCRIPTS):
            return False
        if any(found(d.args[0], url) is not False for d in self._of("wsgiscriptaliasmatch") if d.args):
            return False
        return root.url == "/" and not self._is_handled(url)

    def _of(self, *names: str) -> Iterator[Directive]:
        return (d for d in self.directives if d.name in names)

    def _takes(self, directive: Directive, url: str) -> bool:
        return bool(directive.args) and _is_below(url, directive.args[0])

    def _is_handed_on(self, url: str) -> bool:
        for one in self._of("proxypass", "proxypassmatch"):
            if len(one.args) > 1 and (
                self._takes(one, url) if one.name == "proxypass" else found(one.args[0], url) is not False
            ):
                return one.args[1] != "!"
        for section in self.sections.each:
            if section.kind.name == "LOCATION" and section.holds("", url) is not False:
                passes = next((d for d in section.directives if d.name == "proxypass"), None)
                if passes is not None:
                    return passes.args[:1] != ("!",)
        return False

    def _is_handled(self, url: str) -> bool:
        """Return whether a handler that reads no files answers (`SetHandler proxy:…`)."""
        for section in self.sections.each:
            handler = next((d for d in section.directives if d.name == "sethandler"), None)
            if handler is not None and section.kind.name == "LOCATION" and section.holds("", url) is not False:
                return handler.text.lower() not in ("none", "default-handler")
        return False

    def _is_redirected(self, url: str) -> bool:
        for one in self._of("redirect", "redirectpermanent", "redirecttemp", "redirectmatch"):
            args = (
                one.args[1:]
                if one.args and re.fullmatch(r"\d{3}|permanent|temp|seeother|gone", one.args[0])
                else one.args
            )
            if not args:
                continue
            matches = found(args[0], url) is not False if one.name.endswith("match") else _is_below(url, args[0])
            if matches:
                return True
        return False

    def _is_rewritten(self, url: str) -> bool:
        """Return whether a rule of the host sends an address elsewhere, or refuses it."""
        engine = self.last("rewriteengine")
        if engine is None or engine.text.lower() != "on":
            return False
        conditions: list[str] = []
        for one in self._of("rewritecond", "rewriterule"):
            if one.name == "rewritecond":
                conditions.append(one.text)
                continue
            held, conditions = conditions, []
            pattern, target, flags = (*one.args, "", "", "")[:3]
            ends = bool(_ENDS.search(flags)) or re.match(r"\w+://", target) is not None
            if not ends or any(_FILES.search(text) for text in held):
                continue
            matches = found(pattern.lstrip("!"), url) is not pattern.startswith("!")
            if matches and all(_may_hold(text, url) for text in held):
                return True
        return False


def _may_hold(condition: str, url: str) -> bool:
    """Return whether a condition may hold for an address; one on the address itself is tried."""
    subject, _, rest = condition.partition(" ")
    pattern = rest.split(" ")[0]
    if subject.upper() not in ("%{REQUEST_URI}", "%{THE_REQUEST}") or not pattern:
        return True
    return found(pattern.lstrip("!"), url) is not pattern.startswith("!")


def _is_below(url: str, prefix: str) -> bool:
    """Return whether an address lies below another (mod_alias `alias_matches`)."""
    if prefix in ("/", url):
        return True
    return url.startswith(prefix) and (prefix.endswith("/") or url[len(prefix)] == "/")


def sites(directives: Iterable[Directive], htaccess: Callable[[str], tuple[Directive, ...]]) -> Iterator[Site]:
    """Yield the server's own site and its virtual hosts."""
    told = tuple(directives)
    hosts = [d for d in told if d.name == "virtualhost" and d.inside is not None]
    outside = tuple(d for d in told if d.name != "virtualhost")
    yield _site(outside, outside, None, htaccess)
    for block in hosts:
        inside = block.inside or ()
        yield _site((*outside, *inside), inside, block.at, htaccess)


def _site(
    directives: tuple[Directive, ...],
    own: tuple[Directive, ...],
    at: Location | None,
    htaccess: Callable[[str], tuple[Directive, ...]],
) -> Site:
    each = Sections(tuple(sections(directives)), htaccess)
    root = next((d for d in reversed(directives) if d.name == "documentroot" and d.args), None)
    roots = [Root(d.args[0], d.args[1], d.at) for d in directives if d.name == "alias" and len(d.args) > 1]
    if root is not None:
        roots.append(Root("/", root.args[0], root.at))
    return Site(directives, own, at, each, tuple(r for r in roots if r.path.startswith("/")))
