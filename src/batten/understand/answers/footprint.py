"""What a site tells about itself unasked: the names in robots.txt and the site map, and whom to tell of a hole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer

_READ = 256 * 1024
_OK = 200
_ROBOTS_LINE = re.compile(r"(?im)^[ \t]*(?:dis)?allow[ \t]*:[ \t]*(\S{1,300})")
_LOCATION = re.compile(r"<loc>\s*([^<\s]{1,500})\s*</loc>", re.IGNORECASE)
_CONTACT = re.compile(r"(?im)^contact:[ \t]*\S")
_ENDING = re.compile(r"\.[a-z0-9]{1,6}$")
_PRIVATE = frozenset(
    "admin administrator backend backup backups bak config configs console credentials cron database db debug dump "
    "dumps export exports git hidden intern internal intranet logs manage management old phpmyadmin private secret "
    "secrets sql staging superuser svn temp tmp wp-admin".split()
)
"""Whole parts of a path that name what is not for visitors: `/admin/`, not `/blog/how-to-admin`."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """The files that speak of the site; each is None where there is none."""

    robots: Answer | None = None
    sitemap: Answer | None = None
    security: Answer | None = None
    absent: Answer | None = None
    """What was answered for security.txt, where that was a plain no."""


def robots(answer: Answer | None) -> Answer | None:
    """Return the answer where it is a robots.txt: text with a line that speaks to robots."""
    is_text = answer is not None and answer.status == _OK and answer.media_type in ("text/plain", None)
    return answer if answer is not None and is_text and re.search(r"(?im)^\s*user-agent\s*:", _text(answer)) else None


def sitemap(answer: Answer | None) -> Answer | None:
    """Return the answer where it is a site map."""
    return answer if answer is not None and answer.status == _OK and _LOCATION.search(_text(answer)) else None


def security(answer: Answer | None) -> Answer | None:
    """Return the answer where it is a security.txt (RFC 9116 section 2.5.3: a contact has to be there)."""
    is_text = answer is not None and answer.status == _OK and answer.media_type == "text/plain"
    return answer if answer is not None and is_text and _CONTACT.search(_text(answer)) else None


def private_paths(found: Footprint) -> Iterator[tuple[Answer, str]]:
    """Yield the paths that the files name and that are not for visitors, each with the file that names it."""
    for answer, mark in ((found.robots, _ROBOTS_LINE), (found.sitemap, _LOCATION)):
        if answer is not None:
            for written in dict.fromkeys(mark.findall(_text(answer))):
                path = urlsplit(written).path if "://" in written else written
                if not _PRIVATE.isdisjoint(_parts(path)):
                    yield answer, path


def _parts(path: str) -> Iterator[str]:
    return (_ENDING.sub("", part.strip("*$").removeprefix(".")) for part in path.lower().split("/"))


def _text(answer: Answer) -> str:
    return answer.text[:_READ]
