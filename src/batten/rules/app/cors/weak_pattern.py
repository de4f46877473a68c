r"""A pattern for origins lets strangers in.

A regular expression for origins has three usual holes. Its end is open: Flask-CORS matches
from the start only, so `https://.*\.example\.com` also takes
`https://a.example.com.evil.test`. A dot that is not escaped takes any character:
`https://www.example.com` as a pattern takes `https://wwwxexample.com`. The wildcard has no
dot after it: `https://.*example\.com` takes `https://evilexample.com`. Each of those names
can be bought, and its pages then read the app's answers.

Batten tries the pattern on such origins and names one that gets through. High with
credentials, medium without.

Silent when none does, and for patterns that it cannot make an example for.

Fix: list the origins as plain text; a pattern wants `\.` for every dot and `$` at its end:
`r"https://([a-z0-9-]+\.)?example\.com$"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, live, rule
from batten.rules.app.cors._origins import grants, hole, is_any, is_pattern
from batten.rules.app.cors._seen import ANY, WITH_COOKIES, told
from batten.rules.form import one_per_place
from batten.rules.samples import shown
from batten.understand.answers.crossing import crossings
from batten.understand.answers.site import Site
from batten.understand.subjects import CorsPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app, origins=r"https://[a-z]+\\.example\\.com", supports_credentials=True)  # <- here
"""


@rule(
    id="cors/weak-pattern",
    severity=Severity.HIGH,
    cwe=942,
    over=CorsPolicy,
    sources=["Flask-CORS 6.0 flask_cors.core.try_match_pattern", "CWE-942", "OWASP A02:2025"],
    bad=[
        Bad("the end is open", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "a dot takes any character",
            {
                "app.py": APP.replace(r"[a-z]+\.example\.com", "(www.)?example.com$"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Bad(
            "no dot after the wildcard",
            {
                "app.py": APP.replace(r"[a-z]+\.example\.com", r".*example\.com$"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
    good=[
        Good(
            "escaped and closed",
            {
                "app.py": APP.replace(r"\.com", r"\.com$"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "plain text is compared as a whole",
            {
                "app.py": APP.replace(r"[a-z]+\.example\.com", "www.example.com"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def stranger_matches(policy: CorsPolicy) -> Iterator[Finding]:
    """Yield a finding for each pattern that takes an origin which nobody meant."""
    yield from one_per_place(
        Finding(
            at=policy.at,
            says=f"the pattern {allowed!r} also lets {stranger} read the answers",
            evidence=(*policy.evidence, *grant.origins.evidence),
            confidence=grant.confidence,
            severity=Severity.HIGH if grant.credentials else Severity.MEDIUM,
            fix=Fix("List the origins as plain text, or escape every dot and end the pattern with `$`."),
            symbol=allowed,
        )
        for grant in grants(policy)
        if not policy.reflects and not any(is_any(policy, allowed) for allowed in grant.allowed)
        for allowed in grant.allowed
        if is_pattern(policy, allowed) and (stranger := hole(policy, allowed))
    )


OPEN_END = "shop.example.com.batten-one.example"
NO_DOT = "batten-example.com"


@live(
    over=Site,
    bad=[
        Bad("the end is open", answers={"GET / # <- here": shown(), f"GET / [{OPEN_END}]": shown("", *WITH_COOKIES)}),
        Bad("no dot before the name", answers={"GET / # <- here": shown(), f"GET / [{NO_DOT}]": shown("", *ANY)}),
    ],
    good=[
        Good("strangers are refused", answers={"GET /": shown()}),
        Good("everybody is let in, which is another matter", answers={"GET /": shown("", *ANY)}),
        Good(
            "a server on this machine has no name that anybody could buy one like",
            answers={"GET http://127.0.0.1:5000/": shown(), f"GET / [{OPEN_END}]": shown("", *WITH_COOKIES)},
        ),
    ],
)
def lookalike_was_let_in(site: Site) -> Iterator[Finding]:
    """Yield a finding for the first origin that only resembles the site's and was let in, where not everybody is."""
    if any(crossing.is_open for crossing in crossings(site)):
        return
    for crossing in crossings(site):
        found = [one for one in crossing.lookalikes if one.reflects]
        if found:
            says = f"an origin that only resembles the site's own, {found[0].sent}, may read the answers"
            severity = Severity.HIGH if any(one.with_credentials for one in found) else Severity.MEDIUM
            fix = "Compare the whole origin with a list, or escape every dot and end the pattern with `$`."
            yield from told(found, says, fix, "origins", severity)
            return
