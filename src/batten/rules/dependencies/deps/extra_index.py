"""Packages come from a place that others can answer for.

A package's code runs when it is installed and when the app starts. Over http, or with the
certificate's check off, whoever stands between hands out their own. With a second index
pip takes the higher version of both: a name that only your index has can be registered on
the public one by anybody (dependency confusion).

Severity: high without TLS or with its check off, medium for a second index.

What a Dockerfile's commands and variables fetch without TLS is told by `image-source`.

Silent for indexes that hold no private names (PyTorch's wheels), on this machine, for uv,
which takes the first index that knows a name, and where hashes decide.

Fix: use https; name one index that mirrors the public one, or pin with hashes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dependencies.deps._shown import FLASK
from batten.understand.infrastructure.dependencies.nouns import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

HASHED = "--extra-index-url https://pypi.shop.example/simple\nshop==1.0 --hash=sha256:" + "2f" * 32 + "\n"
IMAGE = "FROM python:3.13\nENV PIP_EXTRA_INDEX_URL=https://pypi.shop.example/simple  # <- here\nCMD gunicorn app:app\n"
RUN = "FROM python:3.13\nRUN pip install --extra-index-url https://pypi.shop.example shop==1  # <- here\nCMD shop\n"
PIPFILE = """\
[[source]]
url = "https://pypi.shop.example/simple"  # <- here
verify_ssl = false

[packages]
flask = "==3.1.2"
"""


@rule(
    id="deps/extra-index",
    severity=Severity.HIGH,
    cwe=829,
    over=Source,
    sources=["pip 25 docs, pip install --extra-index-url", "Birsan, Dependency Confusion (2021)", "CWE-829", "CWE-494"],
    bad=[
        Bad(
            "a second index",
            {**FLASK, "requirements.txt": "--extra-index-url https://pypi.shop.example/simple  # <- here\nshop==1.0\n"},
        ),
        Bad("http", {**FLASK, "requirements.txt": "-i http://pypi.shop.example/simple  # <- here\nflask==3.1.2\n"}),
        Bad("a variable", {"Dockerfile": IMAGE, "app.py": ""}),
        Bad("a command", {"Dockerfile": RUN, "app.py": ""}),
        Bad(
            "no check of the certificate",
            {**FLASK, "requirements.txt": "--trusted-host pypi.shop.example  # <- here\nshop==1.0\n"},
        ),
        Bad("a source of Pipenv", {**FLASK, "Pipfile": PIPFILE}),
    ],
    good=[
        Good("one index", {**FLASK, "requirements.txt": "-i https://pypi.shop.example/simple\nflask==3.1.2\n"}),
        Good(
            "wheels of PyTorch",
            {**FLASK, "requirements.txt": "--extra-index-url https://download.pytorch.org/whl/cpu\n"},
        ),
        Good("hashes decide", {**FLASK, "requirements.txt": HASHED}),
        Good("on this machine", {**FLASK, "requirements.txt": "-i http://localhost:3141/root/pypi\nflask==3.1.2\n"}),
        Good("only developers", {**FLASK, "requirements-dev.txt": "-i http://pypi.shop.example/simple\npytest\n"}),
        Good("uv takes the first", {"Dockerfile": RUN.replace("pip", "uv pip", 1), "app.py": ""}),
    ],
)
def others_answer(source: Source) -> Iterator[Finding]:
    """Yield a finding for a place that others can stand in for."""
    host = _host(source)
    if host in _HERE or host.endswith((".localhost", ".local")):
        return
    severity, says, fix = Severity.HIGH, "", "Use https."
    if source.how == "trusted":
        says = f"the certificate of {host} is not checked"
        fix = f"Take `{source.says}` away; give pip the certificate of your authority with `--cert`."
    elif source.url.startswith("http://"):
        says = f"packages come from {host} without encryption"
    elif source.how == "extra" and not source.is_hashed and not f".{host}".endswith(_PUBLIC):
        severity = Severity.MEDIUM
        both = "the public index" if _INDEX.search(host) else host
        says = f"pip asks {both} besides, and takes the higher version: a private name can be registered by anybody"
        fix = "Name one index that mirrors the public one (`--index-url`), or pin with hashes."
    if says:
        yield Finding(at=source.at, says=says, severity=severity, fix=Fix(fix), symbol=f"{source.how} {host}")


def _host(source: Source) -> str:
    try:
        held = urlsplit(source.url if "://" in source.url else f"//{source.url}").hostname
    except ValueError:
        held = None
    return held or source.url


_HERE = frozenset(("localhost", "127.0.0.1", "::1", "host.docker.internal"))
_INDEX = re.compile(r"(?:^|\.)(?:pypi|pythonhosted)\.org$")
_PUBLIC = tuple(
    f".{host}"
    for host in (
        "download.pytorch.org data.pyg.org wheels.vllm.ai "
        "pypi.nvidia.com pypi.ngc.nvidia.com piwheels.org pypi.anaconda.org abetlen.github.io "
        "alpine-wheels.github.io pip.repos.neuron.amazonaws.com extension.intel.com mirrors.aliyun.com "
        "pypi.tuna.tsinghua.edu.cn pypi.mirrors.ustc.edu.cn pypi.douban.com"
    ).split()
)
"""Indexes of wheels for everybody, and mirrors of the public one."""
