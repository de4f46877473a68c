"""Something is fetched with the check of certificates switched off.

Everybody between the build and the server (a hotel's network, a hijacked route, a resolver) decides what
the image holds. Where a variable of the image switches it off, the running app trusts everybody too.

Severity: medium for what is fetched in a build, high for `NODE_TLS_REJECT_UNAUTHORIZED=0` and its like in the
environment of what is shipped.

Silent where an authority is named instead (`--cacert`, `--ca-certificate`).

Fix: take it out; where a proxy or a server of your own signs, copy its authority's certificate in and name that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = """\
FROM debian:12-slim
RUN apt-get update && \\
    curl -fsSL https://files.example.org/tool.tar.gz -o /tmp/tool.tar.gz  # <- here
USER app
"""
FETCH = "curl -fsSL https://files.example.org/tool.tar.gz -o /tmp/tool.tar.gz"
URL = "https://files.example.org/tool.tar.gz"


@rule(
    id="image-source/tls-off",
    severity=Severity.MEDIUM,
    cwe=295,
    over=Image,
    sources=["CWE-295", "OWASP A02:2025"],
    bad=[
        Bad("curl", {"Dockerfile": PLAIN.replace("-fsSL", "-fsSLk")}),
        Bad("curl, in full", {"Dockerfile": PLAIN.replace("-fsSL", "--insecure")}),
        Bad("wget", {"Dockerfile": PLAIN.replace(FETCH, f"wget --no-check-certificate {URL}")}),
        Bad(
            "pip",
            {"Dockerfile": PLAIN.replace(FETCH, "pip install --trusted-host index.example.org shop")},
        ),
        Bad("git", {"Dockerfile": PLAIN.replace(FETCH, "git config --global http.sslVerify false")}),
        Bad("npm", {"Dockerfile": PLAIN.replace(FETCH, "npm config set strict-ssl false")}),
        Bad("for one command", {"Dockerfile": PLAIN.replace(FETCH, f"GIT_SSL_NO_VERIFY=1 git clone {URL}")}),
        Bad(
            "for all that runs",
            {
                "Dockerfile": PLAIN.replace(
                    f"RUN apt-get update && \\\n    {FETCH}", "ENV NODE_TLS_REJECT_UNAUTHORIZED=0"
                )
            },
        ),
    ],
    good=[
        Good("on", {"Dockerfile": PLAIN.replace("  # <- here", "")}),
        Good("an authority of our own", {"Dockerfile": PLAIN.replace("-fsSL", "--cacert /etc/ca.pem")}),
        Good("another option's value", {"Dockerfile": PLAIN.replace("-o /tmp", "-ok/tmp").replace("  # <- here", "")}),
        Good("switched on", {"Dockerfile": PLAIN.replace(FETCH, "npm config set strict-ssl true")}),
        Good("not switched off", {"Dockerfile": PLAIN.replace("RUN", "ENV NODE_TLS_REJECT_UNAUTHORIZED=1\nRUN")}),
    ],
)
def fetches_from_anybody(image: Image) -> Iterator[Finding]:
    """Yield a finding for each place that switches the check of certificates off."""
    for found in image.unchecked:
        if found.kind == "certificate":
            yield Finding(
                found.at,
                f"{found.says}: whoever answers is believed",
                image.evidence,
                severity=Severity.HIGH if found.ships and found.says.startswith(_WHILE_IT_RUNS) else Severity.MEDIUM,
                fix=Fix("take it out; where a server of your own signs, copy its authority's certificate in"),
                symbol=found.says,
            )


_WHILE_IT_RUNS = ("NODE_TLS", "HTTPLIB2")
"""Variables that the running app obeys; pip's, npm's and git's are for those who install."""
