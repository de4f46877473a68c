"""Where `COPY` and `RUN` put files of the repository."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.understand.deploy.reading import Reading

_MOST_MATCHES = 500
_INSTALLS = re.compile(
    r"\b(?:pip3?|uv\s+pip)\b[^&;|\n]*?\binstall\b([^&;|\n]*)"
    r"|\bpython3?\s+setup\.py\s+(?:install|develop)()"
    r"|\b(?:poetry\s+install|uv\s+sync|pdm\s+(?:install|sync)|flit\s+install)\b([^&;|\n]*)"
)
_NOT_ITSELF = re.compile(r"--no-root|--no-install-project|--no-self|--only-deps")
_MOVES = re.compile(r"(?:^|&&|;|\n)\s*(?:cp|mv)\s+((?:-\w+\s+)*)(\S+)\s+([^\s&;|]+)\s*(?=$|&&|;|\n)")


@dataclass(frozen=True, slots=True)
class Copied:
    """One `COPY`: its sources in the context and its absolute target."""

    sources: Sequence[str]
    target: str
    parents: bool = False
    """With `--parents`: the directories of the source are kept."""


def placed(reading: Reading, context: str, copied: Copied, mounts: list[tuple[str, str]]) -> None:
    """Add what a `COPY` puts into an image.

    A directory's content is copied, not the directory itself; a file keeps
    its name when the target is a directory.
    """
    found = [path for source in copied.sources for path in _matches(reading, context, source)]
    into = copied.target.endswith("/") or len(found) > 1 or copied.target.endswith("/.")
    target = posixpath.normpath(copied.target)
    into = into or any(place == target or place.startswith(f"{target}/") for place, _ in mounts)
    for path, source in found:
        place = target
        if copied.parents:
            place = posixpath.join(target, source)
        elif reading.is_file(path) and (into or source == "."):
            place = posixpath.join(target, posixpath.basename(path))
        _put(reading, mounts, posixpath.normpath(place), path)


def across(reading: Reading, held: Sequence[tuple[str, str]], source: str, target: str) -> list[tuple[str, str]]:
    """Return what `COPY --from` puts into an image, of what another stage holds."""
    whole = posixpath.normpath(posixpath.join("/", source))
    found: list[tuple[str, str]] = []
    for place, path in held:
        if place == whole or place.startswith(f"{whole.rstrip('/')}/"):
            inside, origin = posixpath.relpath(place, whole), path
        elif whole.startswith(f"{place.rstrip('/')}/"):
            inside, origin = ".", join(path, posixpath.relpath(whole, place)) or ""
            if not reading.sources.exists(origin):
                continue
        else:
            continue
        if inside == "." and target.endswith("/") and reading.is_file(origin):
            inside = posixpath.basename(whole)
        found.append((posixpath.normpath(posixpath.join(target, inside)), origin))
    return found


def _put(reading: Reading, mounts: list[tuple[str, str]], place: str, path: str) -> None:
    """Add a mount; files that it overwrites are taken away."""
    for old in list(mounts):
        if old[0].startswith(f"{place.rstrip('/')}/"):
            over = join(path, old[0][len(place.rstrip("/")) + 1 :])
            if over == old[1] or reading.is_file(over):
                mounts.remove(old)
    mounts.append((place, path))


def _matches(reading: Reading, context: str, source: str) -> list[tuple[str, str]]:
    """Return repository path and path in the context of what a source names."""
    relative = posixpath.normpath(source.lstrip("/") or ".")
    path = join(context, relative)
    if path is None:
        return []
    if not re.search(r"[*?\[]", relative):
        return [(path, relative)] if reading.sources.exists(path) or path == "." else []
    depth = path.count("/")
    expression = _glob(path)
    found: dict[str, None] = {}
    for file in reading.files():
        head = "/".join(file.split("/")[: depth + 1])
        if head not in found and expression is not None and expression.fullmatch(head):
            found[head] = None
            if len(found) >= _MOST_MATCHES:
                break
    prefix = 0 if context == "." else len(context) + 1
    return [(head, head[prefix:]) for head in found]


def _glob(pattern: str) -> re.Pattern[str] | None:
    """Return Go's `filepath.Match` as a regular expression; stars do not cross `/`."""
    text = re.sub(r"\*+", "*", pattern)
    if text.count("*") > 4:  # noqa: PLR2004 - more would take too long on a long name
        return None
    parts = re.split(r"(\*|\?|\[[^\]]+\])", text)
    known = {"*": "[^/]*", "?": "[^/]"}
    texts = [known.get(p, p if p.startswith("[") and len(p) > 1 else re.escape(p)) for p in parts]
    try:
        return re.compile("".join(texts))
    except re.error:
        return None


def installed(
    reading: Reading,
    text: str,
    workdir: str,
    mounts: list[tuple[str, str]],
    projects: list[str],
) -> None:
    """Add the projects of the repository that a `RUN` installs, and files that it copies."""
    for match in _INSTALLS.finditer(text) if "install" in text or "sync" in text else ():
        if match[1] is None:
            places = [] if _NOT_ITSELF.search(match[3] or "") else ["."]
        else:
            words = [re.sub(r"\[.*|['\"]", "", word) for word in match[1].split()]
            places = [w for w in words if w == "." or w.startswith(("./", "/", "../"))]
        for place in places:
            found = _where(posixpath.join(workdir, place), mounts)
            is_project = found is not None and any(
                reading.is_file(join(found, name)) for name in ("pyproject.toml", "setup.py", "setup.cfg")
            )
            if found is not None and is_project and found not in projects:
                projects.append(found)
    for match in _MOVES.finditer(text) if "cp " in text or "mv " in text else ():
        source = _where(posixpath.join(workdir, match[2]), mounts)
        if source is not None and reading.is_file(source):
            place = posixpath.join(workdir, match[3])
            if match[3].endswith(("/", ".")) and not match[3].endswith("/.env"):
                place = posixpath.join(place, posixpath.basename(source))
            mounts.append((posixpath.normpath(place), source))


def _where(place: str, mounts: Sequence[tuple[str, str]]) -> str | None:
    """Return the repository path that an image holds at a place."""
    place = posixpath.normpath(place)
    best: tuple[int, int, str] | None = None
    for order, (target, source) in enumerate(mounts):
        if place == target or place.startswith(f"{target.rstrip('/')}/"):
            found = join(source, place[len(target.rstrip("/")) :])
            if found is not None and (best is None or (len(target), order) >= best[:2]):
                best = (len(target), order, found)
    if best is not None:
        return best[2]
    for target, source in reversed(mounts):
        if target.startswith(f"{place.rstrip('/')}/"):
            inside = target[len(place.rstrip("/")) + 1 :]
            if source == inside or source.endswith(f"/{inside}"):
                return source[: -len(inside)].rstrip("/") or "."
    return None
