"""What an app's responses say in a header, and whether they say it at all: as evaluated, and as a visitor sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import UNSET, Finding, Fix, Severity, State
from batten.rules.form import first
from batten.understand.answers.site import PageKind, seen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.model import Value
    from batten.understand.answers.site import Page, Site
    from batten.understand.subjects import App, Headers


def lacking(app: App, *names: str, pages: bool = True) -> Headers | None:
    """Return the headers of the app where none of `names` is on the responses.

    None when one of them is there, or may be: set to something unknown, by
    the proxy, or by a hook that could not be followed. With `pages`, also
    None for an app that serves no pages.
    """
    for headers in app.headers:
        if headers.unsure or (pages and not headers.serves_pages):
            continue
        if not any(may_say(headers, name) for name in names):
            return headers
    return None


def may_say(headers: Headers, name: str) -> bool:
    """Return whether the header is, or may be, on the responses."""
    value = headers.values.get(name)
    if value is None or value.state is State.UNSET:
        return False
    return value.state not in {State.KNOWN, State.ONE_OF} or any(case.value for case in value.cases())


def said(app: App, name: str) -> Iterator[tuple[Headers, Value, str]]:
    """Yield each text that the header is known to have."""
    for headers in app.headers:
        value = headers.values.get(name)
        for case in value.cases() if value is not None else ():
            if isinstance(case.value, str) and case.value.strip():
                yield headers, case, case.value.strip()


def absent(app: App, headers: Headers, says: str, fix: str, symbol: str) -> Finding:
    """Return the finding about a header that is not there, at the place that switches it off, or would set it."""
    header = "x-frame-options" if symbol == "frame-ancestors" else symbol
    if header in headers.partly:
        says = f"{says} outside of one blueprint, which sets it for its own routes only"
    if header in headers.only:
        says = f"{says}: {headers.only[header]}"
    told = headers.values.get(header, UNSET)
    off = next((case for case in told.cases() if not case.value and not case.default), None)
    return Finding(
        at=first(off.at if off is not None else None, headers.at, app.at),
        says=says,
        evidence=off.evidence if off is not None else (),
        fix=Fix(fix),
        symbol=symbol,
    )


def wrong(app: App, headers: Headers, case: Value, says: str, fix: str, symbol: str) -> Finding:
    """Return the finding about a header that says the wrong thing."""
    return Finding(
        at=first(case.at, headers.at, app.at),
        says=says,
        evidence=case.evidence,
        confidence=case.confidence,
        fix=Fix(fix),
        symbol=symbol,
    )


def policy_decides(headers: Headers) -> bool:
    """Return whether the Content-Security-Policy says, or may say, who may frame the pages."""
    policy = headers.values.get("content-security-policy")
    if policy is None or not may_say(headers, "content-security-policy"):
        return False
    if policy.state not in {State.KNOWN, State.ONE_OF}:
        return True
    return all(_names_framers(str(case.value)) for case in policy.cases())


def _names_framers(policy: str) -> bool:
    for part in policy.lower().split(";"):
        name, *sources = part.split() or [""]
        if name == "frame-ancestors":
            return "*" not in sources
    return False


def pages(site: Site) -> list[Page]:
    """Return the pages whose headers are judged: what browsers show, errors too, where the app itself answered."""
    return [page for page in site.pages if page.is_html and page.is_the_apps]


def answers(site: Site) -> list[Page]:
    """Return the pages, and the answers for programs that are no errors."""
    return [page for page in site.pages if page.is_the_apps and (page.is_html or page.kind is not PageKind.ERROR)]


def bare(
    found: Sequence[Page],
    judged: Sequence[Page],
    says: str,
    sees: str,
    fix: str,
    symbol: str,
) -> Iterator[Finding]:
    """Yield the finding about pages that came without something: one, at the first; info where only errors did."""
    if not found:
        return
    only_errors = all(_is_error(page) for page in found) and len(found) < len(judged)
    kind = "error pages" if only_errors else f"{len(found)} of {len(judged)} pages"
    share = "" if len(found) == len(judged) else f" on {kind}"
    yield Finding(
        at=found[0].at,
        says=f"{says}{share}",
        evidence=tuple(seen(page.answer, f"answered {page.answer.status} {sees}") for page in found[:_SHOWN]),
        severity=Severity.INFO if only_errors else None,
        fix=Fix(fix),
        symbol=symbol,
    )


def _is_error(page: Page) -> bool:
    return page.kind is not PageKind.LANDING and page.answer.status >= 400  # noqa: PLR2004 - statuses of errors


def not_sent(
    site: Site, name: str, fix: str, *, instead: tuple[str, ...] = (), data: bool = False
) -> Iterator[Finding]:
    """Yield the finding about a header that pages of the site came without.

    `instead` names headers that do the same. With `data` also answers for programs (JSON) are asked.
    """
    judged = answers(site) if data else pages(site)
    found = [page for page in judged if not any(map(page.answer.all, (name, *instead)))]
    yield from bare(found, judged, f"{name} is not sent", WITHOUT, fix, name.lower())


def sent(site: Site, name: str) -> Iterator[tuple[Page, str]]:
    """Yield each page of the site that has the header, with its values joined as browsers join them."""
    for page in pages(site):
        value = page.answer.joined(name)
        if value is not None:
            yield page, value


def sent_wrong(page: Page, name: str, value: str, effect: str, fix: str) -> Finding:
    """Return the finding about a header that was sent and says the wrong thing."""
    return Finding(
        at=page.at,
        says=f"{name} is {value!r}, {effect}",
        evidence=(seen(page.answer, f"answered {page.answer.status} with {name}:", value),),
        fix=Fix(fix),
        symbol=name.lower(),
    )


WITHOUT = "without it"
"""Of a header that is not sent: the same words for each, so that a reader sees one frame for all of them."""
_SHOWN = 3
"""Pages named as evidence."""
