"""Production installs whatever a branch holds on the day of the build.

A branch moves. Who can push to it, the owner of the account or who took it over, puts
code into the next deploy; two builds of one commit differ.

Silent for a commit or a tag, for the commit that a lock writes down, for an archive with
its version in the URL, and for what lies in the repository itself.

Fix: name the commit: `shop @ git+https://…/shop@<40 digits>`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dependencies.deps._shown import FLASK
from batten.understand.infrastructure.dependencies.nouns import Installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.dependencies.nouns import Dependency

COMMIT = "4f6d3c0e9a7b1d2c8e5f0a9b7c6d5e4f3a2b1c0d"
POETRY = (
    '[tool.poetry.dependencies]\npython = "^3.13"\nshop = {git = "https://github.com/shop/shop.git", branch = "main"}\n'
)


@rule(
    id="deps/vcs-branch",
    severity=Severity.MEDIUM,
    cwe=494,
    over=Installed,
    sources=["pip 25 docs, VCS Support", "OWASP A03:2025", "CWE-494"],
    bad=[
        Bad("no revision", {**FLASK, "requirements.txt": "git+https://github.com/shop/shop.git#egg=shop  # <- here\n"}),
        Bad("a branch", {**FLASK, "requirements.txt": "shop @ git+https://github.com/shop/shop@main  # <- here\n"}),
        Bad(
            "an archive of a branch",
            {**FLASK, "requirements.txt": "https://github.com/shop/shop/archive/master.zip  # <- here\n"},
        ),
        Bad("of Poetry", {**FLASK, "pyproject.toml": POETRY.replace("}\n", "}  # <- here\n")}),
        Bad(
            "in a command",
            {"Dockerfile": "FROM python:3.13\nRUN pip install git+https://github.com/shop/shop  # <- here\nCMD shop\n"},
        ),
    ],
    good=[
        Good("a commit", {**FLASK, "requirements.txt": f"shop @ git+https://github.com/shop/shop@{COMMIT}\n"}),
        Good("a tag", {**FLASK, "requirements.txt": "git+https://github.com/shop/shop.git@v1.4.2#egg=shop\n"}),
        Good(
            "an archive of a version", {**FLASK, "requirements.txt": "https://github.com/shop/shop/archive/1.4.2.zip\n"}
        ),
        Good("a hash", {**FLASK, "requirements.txt": "https://shop.example/shop.zip#sha256=" + "2f" * 32 + "\n"}),
        Good("beside it", {**FLASK, "requirements.txt": "-e ./shop\n"}),
    ],
)
def moves(installed: Installed) -> Iterator[Finding]:
    """Yield a finding for each distribution that a branch decides."""
    for one in installed.dependencies:
        if installed.kind == "lock" or one.is_hashed or not one.url:
            continue
        branch = _branch(one)
        if branch is not None:
            which = f"the branch {branch}" if branch else "the newest commit"
            yield Finding(
                at=one.at,
                says=f"{which} of {_address(one)} is installed, whatever it holds at the build",
                evidence=installed.evidence,
                fix=Fix("Name the commit: `@` and its 40 digits after the address."),
                symbol=_address(one),
            )


def _branch(one: Dependency) -> str | None:
    """Return the branch that decides, empty where none is named; None where what decides does not move."""
    url, _, fragment = one.url.partition("#")
    if re.search(r"(?:sha(?:256|384|512)|md5)=", fragment):
        return None
    if re.match(r"(?:git|hg|svn|bzr)\+", url):
        ref = _reference(url)
        return None if re.fullmatch(r"[0-9a-f]{7,40}", ref) or _TAG.search(ref) else ref
    archive = re.search(r"/(?:archive|zipball|tarball|get)/(?:refs/heads/)?([\w.-]+?)(?:\.zip|\.tar\.gz|\.tgz)?$", url)
    return (
        archive[1]
        if archive is not None and not _TAG.search(archive[1]) and not _COMMIT.fullmatch(archive[1])
        else None
    )


def _reference(url: str) -> str:
    """Return what follows the `@` of an address, which is no user's."""
    path = re.sub(r"^(?:\w+\+)?\w+://[^/]*", "", url)
    return path.rpartition("@")[2].strip() if "@" in path else ""


def _address(one: Dependency) -> str:
    """Return where it comes from, without revision, user and password."""
    plain = re.sub(r"^(?:\w+\+)?(?:\w+://)?(?:[^/@]*@)?", "", one.url.partition("#")[0])
    return plain.partition("@")[0].removesuffix(".git")


_TAG = re.compile(r"\d+[._]\d+|^v?\d+$|^refs/tags/", re.IGNORECASE)
_COMMIT = re.compile(r"[0-9a-f]{7,40}")
