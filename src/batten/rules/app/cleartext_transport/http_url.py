"""A call to another host goes over plain HTTP.

Whoever is on the way reads what is asked and answered, and can answer instead:
another price, another program to install, another page of data that the app
then believes. With a password, a token or a cookie in the call it is an account,
too: that is high. Without one it is low.

Silent for hosts of the machine or the network around it (`localhost`, private
addresses, bare names such as `redis`, `.internal`), and for a URL that is not
known. URLs that are only names, as in XML, are never fetched and never told.

Fix: `https://`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.app.cleartext_transport._far import host_of, is_far
from batten.understand.code_subjects import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import requests


def rates():
    return requests.get("http://rates.example.com/today", timeout=5).json()  # <- here
"""

LOGIN = """\
import os

import requests


def rates():
    return requests.get("http://rates.example.com/today", auth=("shop", os.environ["RATES_KEY"]), timeout=5)  # <- here
"""

OPENED = """\
from urllib.request import urlopen

DEFAULT = "http://rates.example.com/today"


def rates(url=DEFAULT):
    with urlopen(url) as answer:  # <- here
        return answer.read()
"""

POOL = """\
import urllib3

rates = urllib3.HTTPConnectionPool("rates.example.com", maxsize=4)  # <- here
"""

CONNECTION = """\
from http.client import HTTPConnection


def rates():
    connection = HTTPConnection("rates.example.com")  # <- here
    connection.request("GET", "/today")
    return connection.getresponse().read()
"""


@rule(
    id="cleartext-transport/http-url",
    severity=Severity.LOW,
    cwe=319,
    over=Link,
    sources=["RFC 9110 section 17", "ASVS 5.0 12.3.1", "OWASP A02:2025"],
    bad=[
        Bad("a public host", {"job.py": CODE}),
        Bad("with a password", {"job.py": LOGIN}),
        Bad("by default", {"job.py": OPENED}),
        Bad("a pool of connections", {"job.py": POOL}),
        Bad("a connection", {"job.py": CONNECTION}),
    ],
    good=[
        Good("a pool over TLS", {"job.py": POOL.replace("HTTPConn", "HTTPSConn")}),
        Good("a socket of this machine", {"job.py": CONNECTION.replace("rates.example.com", "localhost")}),
        Good("over TLS", {"job.py": CODE.replace("http:", "https:")}),
        Good("a container beside it", {"job.py": CODE.replace("rates.example.com", "rates:8000")}),
        Good("this machine", {"job.py": OPENED.replace("rates.example.com", "localhost")}),
        Good(
            "a name that nobody fetches",
            {
                "job.py": CODE.replace("http://rates", "https://rates")
                + '\n\nXMLNS = "http://rates.example.com/today"\n'
            },
        ),
    ],
)
def plain_call(link: Link) -> Iterator[Finding]:
    """Yield a finding for a URL that may be fetched over plain HTTP from a public host."""
    if link.protocol != "http":
        return
    for case in link.target.cases():
        host = host_of(case.value)
        if is_far(host):
            with_secret = link.login or "@" in urlsplit(str(case.value)).netloc
            scheme = "FTP" if str(case.value).lower().startswith("ftp:") else "HTTP"
            yield Finding(
                at=link.at,
                says=f"{link.function} calls {host} over plain {scheme}{' and sends a secret' if with_secret else ''}",
                evidence=case.evidence,
                confidence=case.confidence,
                severity=Severity.HIGH if with_secret else Severity.LOW,
                fix=Fix("Call it with `https://`."),
                symbol=f"{link.function} {host}",
            )
            return
