"""HTTP clients and `ssl`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Outside, Understand

HEAD = "import os, ssl, requests, httpx, aiohttp, urllib3\n"


@pytest.mark.parametrize(
    ("call", "fact"),
    [
        ("requests.get('u', verify=False)", ("requests.get", False, "verify")),
        ("requests.request('GET', 'u', verify=0)", ("requests.request", False, "verify")),
        ("requests.post('u', verify='/ca.pem')", ("requests.post", "/ca.pem", "verify")),
        ("requests.get('u', verify=True)", ("requests.get", True, "verify")),
        ("requests.Session().put('u', verify=False)", ("requests.Session.put", False, "verify")),
        ("s = requests.session()\ns.verify = False", ("requests.Session", False, "verify")),
        ("with requests.Session() as s:\n    s.verify = False", ("requests.Session", False, "verify")),
        ("httpx.get('u', verify=False)", ("httpx.get", False, "verify")),
        ("httpx.Client(verify=False)", ("httpx.Client", False, "verify")),
        ("httpx.AsyncClient(verify=os.environ['V'] == '1')", ("httpx.AsyncClient", "?error", "verify")),
        ("aiohttp.TCPConnector(ssl=False)", ("aiohttp.TCPConnector", False, "ssl")),
        ("aiohttp.TCPConnector(verify_ssl=False)", ("aiohttp.TCPConnector", False, "verify_ssl")),
        ("aiohttp.ClientSession().get('u', ssl=False)", ("aiohttp.ClientSession.get", False, "ssl")),
        ("urllib3.PoolManager(cert_reqs='CERT_NONE')", ("urllib3.PoolManager", False, "cert_reqs")),
        ("urllib3.PoolManager(cert_reqs=ssl.CERT_NONE)", ("urllib3.PoolManager", False, "cert_reqs")),
        ("urllib3.PoolManager(cert_reqs='CERT_REQUIRED')", ("urllib3.PoolManager", True, "cert_reqs")),
        ("urllib3.PoolManager(cert_reqs=os.environ['MODE'])", ("urllib3.PoolManager", "?error", "cert_reqs")),
        ("urllib3.PoolManager(assert_hostname=False)", ("urllib3.PoolManager", False, "assert_hostname")),
        ("ssl._create_unverified_context()", ("ssl._create_unverified_context", False, "")),
        ("ssl._create_stdlib_context()", ("ssl._create_unverified_context", False, "")),
        (
            "ssl._create_unverified_context(cert_reqs=ssl.CERT_REQUIRED)",
            ("ssl._create_unverified_context", True, ""),
        ),
        (
            "ssl._create_default_https_context = ssl._create_unverified_context",
            ("ssl._create_default_https_context", False, ""),
        ),
        (
            "ssl._create_default_https_context = ssl.create_default_context",
            ("ssl._create_default_https_context", True, ""),
        ),
        ("ssl._create_default_https_context = lambda: None", ("ssl._create_default_https_context", "?unknown", "")),
        (
            "c = ssl.create_default_context()\nc.check_hostname = False",
            ("ssl.SSLContext.check_hostname", False, "check_hostname"),
        ),
        (
            "c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)\nc.verify_mode = ssl.CERT_NONE",
            ("ssl.SSLContext.verify_mode", False, "verify_mode"),
        ),
    ],
)
def test_what_a_call_says_of_verification(understand: Understand, call: str, fact: tuple[object, ...]) -> None:
    seen = understand(HEAD + call + "\n")
    assert [(f[0], f[1], f[3]) for f in seen.facts("client")] == [fact]


@pytest.mark.parametrize(
    "call",
    [
        "requests.get('u')",
        "requests.get('u', verify=None)",
        "s = requests.Session()\ns.verify = None",
        "urllib3.PoolManager(assert_hostname=None)",
        "httpx.Client()",
        "aiohttp.TCPConnector(ssl=None)",
        "urllib3.PoolManager(cert_reqs=None)",
        "c = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)\nc.verify_mode = ssl.CERT_NONE",
        "c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\nc.check_hostname = False",
        "ssl._create_unverified_context(purpose=ssl.Purpose.CLIENT_AUTH)",
        "import urllib.request\nurllib.request.urlopen('u', context=ssl.create_default_context())",
    ],
)
def test_calls_that_say_nothing_are_not_noted(understand: Understand, call: str) -> None:
    assert understand(HEAD + call + "\n").facts("client") == []


def test_a_context_object_verifies(understand: Understand) -> None:
    seen = understand(HEAD + "httpx.get('u', verify=ssl.create_default_context())\n")
    assert [f[1] for f in seen.facts("client")] == [True]


def test_an_undecided_option_keeps_its_alternatives(understand: Understand) -> None:
    seen = understand(HEAD + "requests.get('u', verify=None if os.path.exists('x') else False)\n")
    assert seen.facts("client")[0][1] == {True, False}
    seen = understand(HEAD + "urllib3.PoolManager(cert_reqs='CERT_NONE' if os.path.exists('x') else 'CERT_REQUIRED')\n")
    assert seen.facts("client")[0][1] == {True, False}


def test_passwords_are_quoted_for_urls(understand: Understand) -> None:
    seen = understand(
        "from urllib.parse import quote_plus, quote\nimport urllib.parse\n"
        "A = quote_plus('p@ss /')\nB = urllib.parse.quote('a b')\nC = quote('a', safe='')\n"
    )
    assert [seen.name(name) for name in "ABC"] == ["p%40ss+%2F", "a%20b", "a"]


REAL = """
import ssl, warnings
warnings.simplefilter("ignore")
import requests, urllib3
class Adapter(requests.adapters.BaseAdapter):
    def send(self, request, verify=None, **kwargs):
        seen.append(verify)
        raise SystemError
    def close(self): pass
answer = []
for source in data:
    seen = []
    session = requests.Session()
    session.mount("https://", Adapter())
    try:
        exec(source, {"s": session})
    except SystemError:
        pass
    answer.append(seen[0])
"""


@pytest.mark.process
def test_requests_verifies_as_understood(understand: Understand, outside: Outside) -> None:
    calls = [
        "s.get('https://x')",
        "s.get('https://x', verify=None)",
        "s.get('https://x', verify=False)",
        "s.verify = False; s.get('https://x')",
        "s.get('https://x', verify='/ca.pem')",
    ]
    for call, real in zip(calls, outside(REAL, calls), strict=True):
        facts = understand(f"import requests\ns = requests.Session()\n{call}\n").facts("client")
        assert (facts[-1][1] if facts else True) == real, call
