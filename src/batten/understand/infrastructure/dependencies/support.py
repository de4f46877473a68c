"""When security updates of runtimes, frameworks, systems and databases end.

As the projects publish it, gathered by endoflife.date, read in 2026: Python's PEPs of each release and
devguide.python.org/versions, Django's download page, Debian's LTS wiki, Ubuntu's release cycle, Alpine's releases,
nodejs/Release, PostgreSQL's versioning policy, Oracle's and MongoDB's lifetime policies. For systems with a long-term
support that is free of charge, its end counts. Flask publishes no days: a feature release ends with the next one
(Pallets' version support policy); only whole majors are told.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

_ROWS: dict[str, str] = {
    "Python": (
        "2.6 2013-10-29, 2.7 2020-01-01, 3.3 2017-09-29, 3.4 2019-03-18, 3.5 2020-09-30, 3.6 2021-12-23, "
        "3.7 2023-06-27, 3.8 2024-10-07, 3.9 2025-10-31, 3.10 2026-10-31, 3.11 2027-10-31, 3.12 2028-10-31, "
        "3.13 2029-10-31, 3.14 2030-10-31"
    ),
    "Django": (
        "1.4 2015-10-01, 1.5 2014-09-02, 1.6 2015-04-01, 1.7 2015-12-01, 1.8 2018-04-01, 1.9 2017-04-04, "
        "1.10 2017-12-02, 1.11 2020-04-01, 2.0 2019-04-01, 2.1 2019-12-02, 2.2 2022-04-11, 3.0 2021-04-06, "
        "3.1 2021-12-07, 3.2 2024-04-01, 4.0 2023-04-03, 4.1 2023-12-04, 4.2 2026-04-30, 5.0 2025-04-02, "
        "5.1 2025-12-31, 5.2 2028-04-30, 6.0 2027-04-30"
    ),
    "Flask": "0 2018-04-26, 1 2021-05-11, 2 2023-09-30",
    "Debian": (
        "7 2018-05-31, 8 2020-06-30, 9 2022-06-30, 10 2024-06-30, 11 2026-08-31, 12 2028-06-30, 13 2030-06-30"
    ),
    "Ubuntu": (
        "12.04 2017-04-28, 14.04 2019-04-25, 16.04 2021-04-30, 17.10 2018-07-19, 18.04 2023-05-31, 18.10 2019-07-18, "
        "19.04 2020-01-23, 19.10 2020-07-17, 20.04 2025-05-31, 20.10 2021-07-22, 21.04 2022-01-20, 21.10 2022-07-14, "
        "22.04 2027-04-30, 22.10 2023-07-20, 23.04 2024-01-25, 23.10 2024-07-11, 24.04 2029-04-30, 24.10 2025-07-10, "
        "25.04 2026-01-15"
    ),
    "Alpine": (
        "3.5 2018-11-01, 3.6 2019-05-01, 3.7 2019-11-01, 3.8 2020-05-01, 3.9 2020-11-01, 3.10 2021-05-01, "
        "3.11 2021-11-01, 3.12 2022-05-01, 3.13 2022-11-01, 3.14 2023-05-01, 3.15 2023-11-01, 3.16 2024-05-23, "
        "3.17 2024-11-22, 3.18 2025-05-09, 3.19 2025-11-01, 3.20 2026-04-01, 3.21 2026-11-01, 3.22 2027-05-01"
    ),
    "Node.js": (
        "8 2019-12-31, 9 2018-06-30, 10 2021-04-30, 11 2019-06-01, 12 2022-04-30, 13 2020-06-01, 14 2023-04-30, "
        "15 2021-06-01, 16 2023-09-11, 17 2022-06-01, 18 2025-04-30, 19 2023-06-01, 20 2026-04-30, 21 2024-06-01, "
        "22 2027-04-30, 23 2025-06-01, 24 2028-04-30"
    ),
    "CentOS": "6 2020-11-30, 7 2024-06-30, 8 2021-12-31",
    "Amazon Linux": "1 2023-12-31, 2 2026-06-30",
    "PostgreSQL": (
        "9.0 2015-10-08, 9.1 2016-10-27, 9.2 2017-11-09, 9.3 2018-11-08, 9.4 2020-02-13, 9.5 2021-02-11, "
        "9.6 2021-11-11, 10 2022-11-10, 11 2023-11-09, 12 2024-11-21, 13 2025-11-13, 14 2026-11-12, 15 2027-11-11, "
        "16 2028-11-09, 17 2029-11-08"
    ),
    "MySQL": "5.5 2018-12-31, 5.6 2021-02-28, 5.7 2023-10-31, 8.0 2026-04-30",
    "MongoDB": (
        "3.2 2018-09-30, 3.4 2020-01-31, 3.6 2021-04-30, 4.0 2022-04-30, 4.2 2023-04-30, 4.4 2024-02-29, "
        "5.0 2024-10-31, 6.0 2025-07-31, 7.0 2027-08-31"
    ),
}  # fmt: skip
POLICY = frozenset(("Flask",))
"""Products without published days."""
_CODENAMES: dict[str, tuple[str, str]] = {
    **{
        name: ("Debian", number)
        for name, number in zip(
            "wheezy jessie stretch buster bullseye bookworm trixie".split(), "7 8 9 10 11 12 13".split(), strict=True
        )
    },
    **{
        name: ("Ubuntu", number)
        for name, number in zip(
            "trusty xenial bionic focal jammy noble".split(),
            "14.04 16.04 18.04 20.04 22.04 24.04".split(),
            strict=True,
        )
    },
}
_TABLE = {
    product: {cycle: dt.date.fromisoformat(day) for cycle, day in (row.split(" ") for row in rows.split(", "))}
    for product, rows in _ROWS.items()
}
_BY_IMAGE = {
    "python": "Python", "pypy": "Python", "debian": "Debian", "ubuntu": "Ubuntu", "alpine": "Alpine",
    "node": "Node.js", "centos": "CentOS", "amazonlinux": "Amazon Linux", "postgres": "PostgreSQL", "mysql": "MySQL",
    "mysql-server": "MySQL", "mongo": "MongoDB", "postgis": "PostgreSQL",
}  # fmt: skip
_PYTHON = re.compile(r"(?:^|[^a-z])python-?(\d\.\d+)(?!\d)")
_NUMBER = re.compile(r"v?(\d+(?:\.\d+)*)")
_ALPINE = re.compile(r"alpine(\d\.\d+)")


class Version(NamedTuple):
    """A product in a version."""

    product: str
    version: str


def ended(product: str, version: str) -> dt.date | None:
    """Return the day on which updates end, None where it is not known."""
    cycles, parts = _TABLE.get(product, {}), version.split(".")
    return next((cycles[key] for n in (2, 1) if (key := ".".join(parts[:n])) in cycles), None)


def in_image(image: str) -> tuple[Version, ...]:
    """Return what an image holds by its name and tag: the runtime first, then the system below it."""
    path = image.partition("@")[0]
    name, _, tag = path.rpartition("/")[2].partition(":")
    tag = tag.lower()
    found: list[Version] = []
    product = _BY_IMAGE.get(name.lower())
    number = _NUMBER.match(tag)
    if product is not None and number is not None and re.fullmatch(r"v?\d[\d.]*(?:[-_a-z].*)?", tag):
        found.append(Version(product, number[1]))
    elif python := _PYTHON.search(f"{name.lower()}:{tag}"):
        found.append(Version("Python", python[1]))
    for word in re.split(r"[-_]", tag):
        if word in _CODENAMES:
            found.append(Version(*_CODENAMES[word]))
        elif alpine := _ALPINE.fullmatch(word):
            found.append(Version("Alpine", alpine[1]))
    return tuple(found)
