"""Where `COPY` and `RUN` put files of the repository."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.understand.deploy.reading import Reading

_MOST_MATCHES = 500
_MOST_MOUNTS = 400
_PIP = re.compile(r"\bpip3?\b")
_INSTALL = re.compile(r"\binstall\b")
_OTHERS = re.compile(
    r"\b(?:poetry\s+install|uv\s+sync|pdm\s+(?:install|sync)|flit\s+install|setup\.py\s+(?:install|develop)"
    r"|(?:uv|hatch|poetry|flit|pdm)\s+build|python3?\s+-m\s+build|pip3?\s+wheel)\b"
)
_SITE_PACKAGES = "/usr/local/lib/python3/site-packages"
_NOT_ITSELF = re.compile(r"--no-root|--no-install-project|--no-self|--only-deps")


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
    if len(mounts) >= _MOST_MOUNTS:
        return
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
    heads = {"/".join(file.split("/")[: depth + 1]) for file in reading.files()} if expression else set[str]()
    found = [head for head in sorted(heads) if expression is not None and expression.fullmatch(head)][:_MOST_MATCHES]
    prefix = 0 if context == "." else len(context) + 1
    return [(head, head[prefix:]) for head in found]


def _glob(pattern: str) -> re.Pattern[str] | None:
    """Return Go's `filepath.Match` as a regular expression; stars do not cross `/`."""
    text = re.sub(r"\*+", "*", pattern)
    if text.count("*") > 4:  # noqa: PLR2004 - more would take too long on a long name
        return None
    texts = [_glob_part(part) for part in re.split(r"(\*|\?|\[[^\]]+\])", text)]
    try:
        return re.compile("".join(texts))
    except re.error:
        return None


def _glob_part(part: str) -> str:
    if part in ("*", "?"):
        return "[^/]*" if part == "*" else "[^/]"
    if part.startswith("[") and len(part) > 1:
        negated = "^" if part[1] == "^" else ""
        inside = re.sub(r"([^A-Za-z0-9-])", r"\\\1", part[1 + len(negated) : -1]).replace("--", "-")
        return f"[{negated}{inside}]" if inside else "(?!)"
    return re.escape(part)


def installed(
    reading: Reading,
    text: str,
    workdir: str,
    mounts: list[tuple[str, str]],
    projects: list[str],
) -> None:
    """Add the projects of the repository that a `RUN` installs, and files that it copies."""
    for command in _commands(text):
        words = command.split()
        for place in _projects(command):
            project(reading, posixpath.join(workdir, place), mounts, projects)
        if words and words[0] in ("cp", "mv"):
            _moved(reading, [word for word in words[1:] if not word.startswith("-")], workdir, mounts)


def project(reading: Reading, place: str, mounts: Sequence[tuple[str, str]], projects: list[str]) -> None:
    """Add the project that an image holds at a place, when there is one."""
    found = held_at(place, mounts)
    is_project = found is not None and any(
        reading.is_file(join(found, name)) for name in ("pyproject.toml", "setup.py", "setup.cfg")
    )
    if found is not None and is_project and found not in projects:
        projects.append(found)


def packages(reading: Reading, projects: Sequence[str], mounts: list[tuple[str, str]]) -> None:
    """Add the packages of installed projects whose sources the image does not hold otherwise."""
    for project in projects:
        source = join(project, "src") or project
        source = source if reading.is_directory(source) else project
        prefix = "" if source == "." else f"{source}/"
        if any(held in (source, ".") or source.startswith(f"{held}/") for _, held in mounts):
            continue
        for path in reading.files():
            name, _, rest = path.removeprefix(prefix).partition("/")
            if path.startswith(prefix) and rest == "__init__.py":
                mounts.append((f"{_SITE_PACKAGES}/{name}", prefix + name))


def _commands(text: str) -> list[str]:
    """Return the single commands of a `RUN`."""
    return re.split(r"[&;|\n]", text)


def pip_arguments(text: str) -> Iterator[str]:
    """Yield what follows `pip install` in each command of a `RUN`."""
    for command in _commands(text) if "install" in text else ():
        pip = _PIP.search(command)
        install = _INSTALL.search(command, pip.end()) if pip is not None else None
        if install is not None:
            yield command[install.end() :]


def _projects(command: str) -> list[str]:
    """Return the directories that a command installs as packages."""
    for arguments in pip_arguments(command):
        words = [re.sub(r"\[.*|['\"]", "", word) for word in arguments.split()]
        return [word for word in words if word == "." or word.startswith(("./", "/", "../"))]
    return ["."] if _OTHERS.search(command) and not _NOT_ITSELF.search(command) else []


def _moved(reading: Reading, words: list[str], workdir: str, mounts: list[tuple[str, str]]) -> None:
    """Add the file that `cp source target` or `mv source target` makes."""
    if len(words) != 2:  # noqa: PLR2004 - one source, one target
        return
    source = held_at(posixpath.join(workdir, words[0]), mounts)
    if source is not None and reading.is_file(source):
        place = posixpath.join(workdir, words[1])
        if words[1].endswith("/") or words[1] in (".", ".."):
            place = posixpath.join(place, posixpath.basename(source))
        _put(reading, mounts, posixpath.normpath(place), source)


def held_at(place: str, mounts: Sequence[tuple[str, str]]) -> str | None:
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
