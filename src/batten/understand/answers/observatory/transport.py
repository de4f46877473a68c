"""The Observatory's tests of the way to https: redirection and Strict-Transport-Security."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from batten.understand.answers.http import FOLLOWED, host_of, is_https

if TYPE_CHECKING:
    from batten.understand.answers.observatory.subject import Subject

_SIX_MONTHS_S = 180 * 86400
_LONGEST = 120
_NUMBER = re.compile(r"\s*([+-]?[0-9]+)")


def redirection(subject: Subject) -> str:
    """Return the outcome of asking over plain http."""
    beyond = subject.beyond
    hops = subject.visit.http.hops if beyond and subject.visit.http is not None else subject.http
    if not hops:
        return "redirection-not-needed-no-http"
    route = [hop.url for hop in hops]
    if hops[-1].status in FOLLOWED and hops[-1].first("location") is None:
        route.append(urljoin(route[-1], "/undefined"))  # what JavaScript makes of no Location, and asks
    if beyond:
        route.append(beyond)
    if any(hop.verified is False for hop in hops):
        return "redirection-invalid-cert"
    if all(subject.is_preloaded(url) for url in route):
        return "redirection-all-redirects-preloaded"
    if len(route) == 1:
        return "redirection-missing"
    if not is_https(route[-1]):
        return "redirection-not-to-https"
    if not is_https(route[1]):
        return "redirection-not-to-https-on-initial-redirection"
    return "redirection-to-https" if host_of(route[0]) == host_of(route[1]) else "redirection-off-host-from-http"


def strict_transport(subject: Subject) -> str:
    """Return the outcome of Strict-Transport-Security on the last answer over https."""
    if not subject.https:
        return "hsts-not-implemented-no-https"
    last = subject.https[-1]
    if subject.is_preloaded(last.url):
        return "hsts-preloaded"
    if last.verified is False:
        return "hsts-invalid-cert"
    value = last.joined("strict-transport-security")
    if value is None:
        return "hsts-not-implemented"
    ages = [part[8:] for piece in value.lower().split(";") if (part := piece.strip()).startswith("max-age=")]
    if "," in value or not ages:
        return "hsts-header-invalid"
    age_s = _integer(ages[-1][:_LONGEST])
    is_short = age_s is not None and age_s < _SIX_MONTHS_S
    return "hsts-implemented-max-age-" + ("less-than-six-months" if is_short else "at-least-six-months")


def _integer(text: str) -> int | None:
    """Return the number that a text begins with (JavaScript's parseInt); None without one, which is never too short."""
    found = _NUMBER.match(text)
    return int(found[1]) if found else None
