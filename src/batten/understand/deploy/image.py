"""Builds the stages of a Dockerfile in the mind: what an image holds and starts."""

from __future__ import annotations

import posixpath
import re
from dataclasses import field, replace
from typing import TYPE_CHECKING, NamedTuple

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.deploy import dockerfile
from batten.understand.deploy.candidates import is_for_development
from batten.understand.deploy.copies import Copied, across, installed, packages, placed, project
from batten.understand.deploy.dockerfile import Instruction, filled
from batten.understand.deploy.ignore import ignored
from batten.understand.deploy.interpolation import fill
from batten.understand.deploy.reading import Piece
from batten.understand.sources import join
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.understand.deploy.reading import Reading, Word

_PRODUCTION = re.compile(r"(?:^|[-_.])(?:prod|production|release|runtime|final|app|web)(?:[-_.]|$)", re.IGNORECASE)
_BUILT = frozenset(("dist", "wheels", "wheelhouse"))
_ASSETS = re.compile(
    r"(?:^|/)(?:static\w*|assets?|public|node_modules|frontend|docs?|\.next|coverage|reports?)(?:/|$)|\.(?:css|js)$"
)
"""What is copied from another stage without the packages that it installed."""
_FROM = re.compile(r"(\S+)(?:\s+as\s+(\S+))?", re.IGNORECASE)
_INSTALLS = re.compile(r"install|sync|pip3? wheel")
_MOUNTED = re.compile(r"(?:^|,)from=([^,]+)")
_MOST_INSTRUCTIONS = 2000
NO_COMMAND = "it names no CMD or ENTRYPOINT; what starts is not known"
_STARTS_BY_ITSELF = frozenset(("nginx", "httpd", "caddy", "scratch", "node", "redis", "postgres", "traefik"))
_PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
_BASE_SETS = frozenset(("HOME", "HOSTNAME", "LANG", "PYTHON_VERSION", "VIRTUAL_ENV"))


@dataclass(frozen=True, slots=True)
class Build:
    """What a Dockerfile is built with."""

    path: str
    context: str = "."
    target: str = ""
    args: Mapping[str, Piece] = field(default_factory=dict)
    places: Mapping[str, Location] = field(default_factory=dict)
    """Where each of `args` is written."""
    alone: bool = False
    """Nothing says how it is built: a last stage named for tests is then not what is shipped."""


class Step(NamedTuple):
    """One instruction, as the stage that it stands in takes it."""

    instruction: Instruction
    words: tuple[str, ...] = ()
    """Sources and target of `COPY` and `ADD`, filled in."""
    images: tuple[str, ...] = ()
    """Those from elsewhere that `COPY --from` or `RUN --mount` takes from, filled in."""
    placed: tuple[tuple[str, str], ...] = ()
    """What a copy puts into the image of the repository: place and path."""
    variables: tuple[Variable, ...] = ()
    """Of `ENV` and `ARG`."""


@dataclass(slots=True)
class Stage:
    """One stage, as far as its instructions tell."""

    name: str
    base: str
    """The image that it is built upon, filled in; of a stage upon another, that stage's."""
    at: Location
    base_known: bool = True
    """False: it depends on an argument that the repository does not decide."""
    parent: Stage | None = None
    """The stage that it is built upon."""
    uses: list[Stage] = field(default_factory=list)
    """Stages that it copies from or mounts."""
    steps: list[Step] = field(default_factory=list)
    """Its own instructions, without those of its parent."""
    header: list[Step] = field(default_factory=list)
    """The `ARG`s before the first stage."""
    env: dict[str, Variable] = field(default_factory=dict)
    args: dict[str, Piece] = field(default_factory=dict)
    workdir: str = "/"
    entrypoint: tuple[Word, ...] = ()
    entrypoint_shell: bool = False
    cmd: tuple[Word, ...] = ()
    cmd_inherited: bool = False
    user: str = ""
    user_at: Location | None = None
    mounts: list[tuple[str, str]] = field(default_factory=list)
    written: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Files that the Dockerfile itself writes: path to file, text and first line."""
    projects: list[str] = field(default_factory=list)
    """Repository directories that were installed as packages."""
    installs: list[tuple[str, Location]] = field(default_factory=list)
    """Texts of `RUN` lines that install distributions."""
    ignored: tuple[str, ...] = ()

    def child(self, name: str, at: Location) -> Stage:
        """Return a stage that is built upon this one."""
        return replace(
            self,
            name=name,
            at=at,
            env=dict(self.env),
            args={},
            cmd_inherited=True,
            parent=self,
            uses=[],
            steps=[],
            mounts=list(self.mounts),
            written=dict(self.written),
            projects=list(self.projects),
            installs=list(self.installs),
        )

    def line(self) -> list[Stage]:
        """Return the stage and those that it is built upon: what its image holds."""
        found, stage = [self], self.parent
        while stage is not None:
            found.append(stage)
            stage = stage.parent
        return found

    def needed(self) -> list[Stage]:
        """Return every stage that is built for this one, in the order of the file."""
        found: dict[int, Stage] = {}
        waiting = [self]
        while waiting:
            stage = waiting.pop()
            if id(stage) not in found:
                found[id(stage)] = stage
                waiting += [*stage.uses, *([stage.parent] if stage.parent is not None else [])]
        return sorted(found.values(), key=lambda stage: stage.at.line or 0)

    @property
    def starts_by_itself(self) -> bool:
        """Whether its base image is known to start something that is not Python."""
        return base_name(self.base) in _STARTS_BY_ITSELF

    def process(self) -> tuple[Word, ...]:
        """Return what the image starts: ENTRYPOINT and CMD as they combine."""
        return self.entrypoint if self.entrypoint_shell else self.entrypoint + self.cmd


def base_name(image: str) -> str:
    """Return what an image is called, without registry, tag and digest."""
    return posixpath.basename(image.split("@", maxsplit=1)[0]).split(":")[0]


def build(reading: Reading, how: Build) -> Stage | None:
    """Return the stage that is shipped, or None when the file does not say."""
    text = reading.text(how.path)
    if text is None:
        return None
    builder = _Builder(reading, how)
    instructions = dockerfile.parse(text)
    for instruction in instructions[:_MOST_INSTRUCTIONS]:
        builder.take(instruction)
    if len(instructions) > _MOST_INSTRUCTIONS:
        at = Location(file=how.path, line=instructions[_MOST_INSTRUCTIONS].line)
        reading.unsure(how.path, "it has too many instructions to follow all", at)
    stages = builder.stages
    for stage in stages:
        packages(reading, stage.projects, stage.mounts)
    if not stages:
        reading.unsure(how.path, "it has no FROM", Location(file=how.path, line=1))
        return None
    if not how.target:
        return _shipped(stages) if how.alone else stages[-1]
    for position, stage in enumerate(stages):
        if how.target.lower() in (stage.name.lower(), str(position)):
            return stage
    reading.unsure(how.path, f"it has no stage {how.target}", Location(file=how.path, line=1))
    return None


def _shipped(stages: list[Stage]) -> Stage:
    """Return the stage that production is built from: the last, unless names say otherwise."""
    if is_for_development(stages[-1].name):
        named = [stage for stage in stages if _PRODUCTION.search(stage.name)]
        return named[-1] if named else stages[-1]
    return stages[-1]


def context_of(reading: Reading, path: str) -> str:
    """Return the directory that a Dockerfile is most likely built in.

    The nearest one above it in which the files it copies exist.
    """
    sources: list[str] = []
    for instruction in dockerfile.parse(reading.text(path) or "")[:_MOST_INSTRUCTIONS]:
        if instruction.name in ("COPY", "ADD") and instruction.flag("from") is None:
            sources += dockerfile.arguments(instruction)[:-1]
    named = [s for s in sources if s not in (".", "./") and not re.search(r"[*?\[$:<]", s)]
    own = posixpath.dirname(path) or "."
    places = [own]
    while places[-1] != ".":
        places.append(posixpath.dirname(places[-1]) or ".")

    def score(place: str) -> tuple[int, bool]:
        found = sum(1 for source in named if reading.sources.exists(join(place, source) or "\0"))
        return found, place == "." if not _has_python(reading, own) else place == own

    return max(places, key=score)


def _has_python(reading: Reading, directory: str) -> bool:
    prefix = "" if directory == "." else f"{directory}/"
    return any(p.startswith(prefix) and p.endswith(".py") for p in reading.files())


@dataclass(slots=True)
class _Builder:
    reading: Reading
    how: Build
    stages: list[Stage] = field(default_factory=list)
    args: dict[str, Piece] = field(default_factory=dict)
    """Arguments declared before the first stage."""
    header: list[Step] = field(default_factory=list)
    step: Step | None = None
    """The one at hand."""
    _ignored: tuple[str, ...] | None = None

    def take(self, instruction: Instruction) -> None:
        if instruction.name == "FROM":
            self._from(instruction)
            return
        self.step = Step(instruction)
        if instruction.name == "ARG":
            self._arg(instruction)
        elif self.stages:
            stage = self.stages[-1]
            handler = getattr(self, f"_{instruction.name.lower()}", None)
            if handler is not None and instruction.name in _HANDLED:
                handler(instruction, stage)
        (self.stages[-1].steps if self.stages else self.header).append(self.step)

    def _at(self, line: int) -> Location:
        return Location(file=self.how.path, line=line)

    def _lookup(self, name: str) -> Piece:
        stage = self.stages[-1] if self.stages else None
        if stage is not None and name in stage.env:
            return Piece(stage.env[name].value, stage.env[name].default)
        declared = self.args if stage is None else stage.args
        if name in declared:
            return declared[name]
        if name == "PATH":
            return Piece(_PATH, default=True)
        return Piece(None if name in _BASE_SETS else "", default=True, unset=True)

    def _text(self, text: str) -> str:
        """Return text filled in, or as written where that is not known."""
        return filled(text, self._lookup).text or text

    def _from(self, instruction: Instruction) -> None:
        match = _FROM.match(instruction.text)
        if match is None:
            return
        image = fill(match[1], lambda n: self.args.get(n, Piece("", unset=True))).text
        known = bool(image) and not (image or "").endswith((":", "@", "/"))
        name = match[2] or ""
        at = self._at(instruction.line)
        parent = self.stage(image)
        made = parent.child(name, at) if parent else Stage(name, image or match[1], at, known, header=self.header)
        self.stages.append(made)

    def stage(self, name: str | None) -> Stage | None:
        """Return an earlier stage by its name or number."""
        for position, stage in reversed(list(enumerate(self.stages))):
            if name and name.lower() in (stage.name.lower(), str(position)):
                return stage
        return None

    def _arg(self, instruction: Instruction) -> None:
        declared = self.stages[-1].args if self.stages else self.args
        found: list[Variable] = []
        for name, value, line in dockerfile.pairs(instruction):
            if name in self.how.args:
                declared[name] = self.how.args[name]
            elif value == "\0":
                declared[name] = self.args.get(name, Piece(None, default=True, unset=True))
            else:
                declared[name] = replace(filled(value, self._lookup), default=True)
            written = None if value == "\0" else filled(value, self._lookup).text
            found.append(Variable(name, written, self._at(line), "ARG"))
        self.step = Step(instruction, variables=tuple(found))

    def _env(self, instruction: Instruction, stage: Stage) -> None:
        found = [
            Variable(name, piece.text, self._at(line), "ENV", default=piece.default)
            for name, value, line in dockerfile.pairs(instruction)
            for piece in (filled(value, self._lookup),)
        ]
        stage.env.update((variable.name, variable) for variable in found)
        self.step = Step(instruction, variables=tuple(found))

    def _workdir(self, instruction: Instruction, stage: Stage) -> None:
        stage.workdir = posixpath.normpath(posixpath.join(stage.workdir, self._text(instruction.text)))

    def _user(self, instruction: Instruction, stage: Stage) -> None:
        stage.user, stage.user_at = self._text(instruction.text), self._at(instruction.line)

    def _cmd(self, instruction: Instruction, stage: Stage) -> None:
        stage.cmd, _ = dockerfile.process(instruction, self.how.path)
        stage.cmd_inherited = False

    def _entrypoint(self, instruction: Instruction, stage: Stage) -> None:
        words, shell = dockerfile.process(instruction, self.how.path)
        stage.entrypoint, stage.entrypoint_shell = words, shell and bool(words)
        if stage.cmd_inherited:  # Dockerfile reference: it resets a CMD of the base image
            stage.cmd = ()

    def _copy(self, instruction: Instruction, stage: Stage) -> None:
        words = [self._text(word) for word in dockerfile.arguments(instruction)]
        if len(words) < 2:  # noqa: PLR2004 - a source and a place
            return
        target = posixpath.join(stage.workdir, words[-1])
        for heredoc in instruction.heredocs:
            stage.written[posixpath.normpath(target)] = (self.how.path, heredoc.text, heredoc.line)
        sources = [word for word in words[:-1] if "://" not in word and not word.startswith("<<")]
        origin = instruction.flag("from")
        before = set(stage.mounts)
        images: tuple[str, ...] = ()
        if origin is not None:
            other, images = self._origin(stage, origin)
            if other is not None:
                self._copy_across(stage, other, sources, target)
        else:
            stage.ignored = self.ignored()
            copied = Copied(sources, target, parents=instruction.flag("parents") is not None)
            placed(self.reading, self.how.context, copied, stage.mounts)
        self.step = Step(instruction, tuple(words), images, tuple(m for m in stage.mounts if m not in before))

    _add = _copy

    def _origin(self, stage: Stage, written: str) -> tuple[Stage | None, tuple[str, ...]]:
        """Return the stage that something is taken from, else the image from elsewhere."""
        name = self._text(written)
        other = self.stage(name)
        if other is None or other is stage:
            return None, (name,)
        stage.uses.append(other)
        return other, ()

    def _copy_across(self, stage: Stage, other: Stage, sources: list[str], target: str) -> None:
        """Copy what another stage holds of the repository."""
        stage.ignored = other.ignored or stage.ignored
        stage.projects += [p for p in other.projects if p not in stage.projects]
        if not all(_ASSETS.search(source) for source in sources):
            stage.installs += [i for i in other.installs if i not in stage.installs]
        if any(source.endswith(".whl") or posixpath.basename(source) in _BUILT for source in sources):
            project(self.reading, other.workdir, other.mounts, stage.projects)
        for source in sources:
            stage.mounts += across(self.reading, other.mounts, source, target)

    def _run(self, instruction: Instruction, stage: Stage) -> None:
        text = "\n".join([instruction.text, *(h.text for h in instruction.heredocs)])
        named = [m[1] for name, value in instruction.flags if name == "mount" and (m := _MOUNTED.search(value))]
        if _INSTALLS.search(text):
            mounted = [other for name in named if (other := self.stage(self._text(name))) is not None]
            stage.installs += [i for other in mounted for i in other.installs if i not in stage.installs]
            stage.installs.append((text, self._at(instruction.line)))
        installed(self.reading, text, stage.workdir, stage.mounts, stage.projects)
        self.step = Step(instruction, images=tuple(image for n in named for image in self._origin(stage, n)[1]))

    def ignored(self) -> tuple[str, ...]:
        """Return the files that the context leaves out."""
        if self._ignored is None:
            own = f"{self.how.path}.dockerignore"
            path = own if self.reading.is_file(own) else join(self.how.context, ".dockerignore") or ""
            text = self.reading.text(path) if self.reading.is_file(path) else None
            history = (join(self.how.context, ".git/HEAD") or "",)  # git's own files are not among those listed
            self._ignored = ignored((*self.reading.files(), *history), text, self.how.context) if text else ()
        return self._ignored


_HANDLED = frozenset(("ENV", "WORKDIR", "USER", "CMD", "ENTRYPOINT", "COPY", "ADD", "RUN"))
