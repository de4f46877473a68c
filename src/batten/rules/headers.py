"""What an app's responses say in a header, and whether they say it at all: as evaluated, and as a visitor sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import UNSET, Finding, Fix, State
from batten.rules.form import first
from batten.understand.answers.site import seen

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def not_sent(site: Site, name: str, fix: str, *, instead: tuple[str, ...] = (), symbol: str = "") -> Iterator[Finding]:
    """Yield the finding about a header that pages of the site came without: one, at the first such page.

    `instead` names headers that do the same. Other answers than pages (JSON, pictures) are not asked.
    """
    names = (name, *instead)
    bare = [page for page in site.pages if page.is_html and not any(map(page.answer.all, names))]
    if bare:
        pages = [page for page in site.pages if page.is_html]
        share = "" if len(bare) == len(pages) else f" on {len(bare)} of {len(pages)} pages"
        evidence = tuple(seen(page.answer, f"answered {page.answer.status} without {name}") for page in bare[:_SHOWN])
        says = f"{name} is not sent{share}"
        yield Finding(at=bare[0].at, says=says, evidence=evidence, fix=Fix(fix), symbol=symbol or name.lower())


def sent(site: Site, name: str) -> Iterator[tuple[Page, str]]:
    """Yield each page of the site that has the header, with its values joined as browsers join them."""
    for page in site.pages:
        value = page.answer.joined(name)
        if page.is_html and value is not None:
            yield page, value


def sent_wrong(page: Page, name: str, value: str, effect: str, fix: str, symbol: str = "") -> Finding:
    """Return the finding about a header that was sent and says the wrong thing."""
    return Finding(
        at=page.at,
        says=f"{name} is {value!r}, {effect}",
        evidence=(seen(page.answer, f"answered {page.answer.status} with {name}:", value),),
        fix=Fix(fix),
        symbol=symbol or name.lower(),
    )


_SHOWN = 3
"""Pages named as evidence."""
