"""Finds the deployment files of a repository by their names, in one pass."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

_KINDS = re.compile(
    r"""
      (?P<docker>(?:[\w-]+\.)*(?:docker|container)file(?:[._-][\w.-]*)?)
    | (?P<compose>(?:docker[-_])?compose(?:[._-][\w.-]+)?\.ya?ml|docker-stack\.ya?ml|prod(?:uction)?\.ya?ml)
    | (?P<procfile>procfile(?:\.[\w.-]+)?)
    | (?P<systemd>[\w@.-]+\.service)
    | (?P<supervisor>supervisor[\w.-]*\.(?:conf|ini))
    | (?P<uwsgi>[\w.-]*uwsgi[\w.-]*\.(?:ini|ya?ml))
    | (?P<platform>fly(?:\.[\w-]+)?\.toml|render\.ya?ml|heroku\.ya?ml|app\.json)
    | (?P<requirements>[\w.-]*requirements[\w.-]*\.txt|pyproject\.toml|setup\.(?:cfg|py)|pipfile
        |pipfile\.lock|(?:poetry|uv|pdm)\.lock)
    | (?P<txt>[\w.-]+\.txt)
    | (?P<ini>[\w.-]+\.ini)
    | (?P<conf>[\w.-]+\.conf)
    | (?P<yaml>[\w.-]+\.ya?ml)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ENDINGS = (".service", ".conf", ".ini", ".yml", ".yaml", ".toml", ".txt", ".lock", ".json", ".cfg", "setup.py")

_ASIDE: dict[str, str] = {
    **dict.fromkeys(("test", "tests", "testing", "unittests", "e2e", "fixtures"), "it belongs to tests"),
    **dict.fromkeys(("example", "examples", "sample", "samples", "quickstart", "quick-start"), "it is an example"),
    **dict.fromkeys(("doc", "docs", "tutorial", "tutorials"), "it belongs to documentation"),
    **dict.fromkeys((".github", ".gitlab", ".circleci", "ci"), "it is for continuous integration"),
    **dict.fromkeys((".devcontainer", ".vscode", ".idea"), "it is for development"),
    **dict.fromkeys(("dev", "devel", "develop", "development", "local", "localdev"), "it is for development"),
    **dict.fromkeys(("benchmark", "benchmarks", "bench"), "it is for benchmarks"),
    **dict.fromkeys(
        ("node_modules", "site-packages", ".venv", "venv", "vendor", "third_party"),
        "it belongs to a dependency",
    ),
}
_NAME_SAYS: dict[str, str] = {
    **dict.fromkeys(("dev", "devel", "develop", "development", "devdb", "local", "debug"), "its name says development"),
    **dict.fromkeys(
        ("test", "tests", "testing", "unittest", "unittests", "e2e", "ci", "lint", "coverage"), "its name says tests"
    ),
    **dict.fromkeys(
        ("example", "sample", "template", "tmpl", "tpl", "dist", "j2", "jinja", "jinja2"), "its name says example"
    ),
    **dict.fromkeys(("bak", "old", "orig", "disabled", "deprecated", "legacy"), "its name says it is out of use"),
    **dict.fromkeys(("windows", "win", "mac", "macos"), "its name says it is for a desk"),
    **dict.fromkeys(("docs", "doc", "benchmark", "devcontainer"), "its name says it serves something else"),
}
_MANIFESTS = re.compile(
    r"(?:^|/)(?:[\w-]*(?:k8s|kube|deploy|manifest|kustom|helm|chart|overlay|openshift|gitops|argo|flux|cluster)[\w-]*"
    r"|base|infra|ops|rbac|gke|eks|aks|templates)/"
    r"|(?:^|/)[\w.-]*(?:deploy|statefulset|daemonset|k8s|kube|pod|kustomization|ingress|cronjob|rbac|configmap|secret)"
    r"[\w.-]*$"
    r"|^[^/]+$",
    re.IGNORECASE,
)
_OF_CLUSTER = re.compile(r"k8s|kube|manifest|overlay", re.IGNORECASE)
_DIGITALOCEAN = re.compile(r"\.do/(?:app|deploy\.template)\.ya?ml")
_NO_DOCKERFILE = (
    ".dockerignore",
    ".js",
    ".mjs",
    ".cjs",
    ".map",
    ".ts",
    ".tsx",
    ".css",
    ".html",
    ".py",
    ".md",
    ".rst",
    ".svg",
    ".png",
)
"""Ends of names of files that only speak of Dockerfiles (an editor's mode, a page)."""
_NO_UWSGI = frozenset(("tox.ini", "pytest.ini", "mypy.ini", "alembic.ini", "setup.ini", "babel.ini"))
_MOST = 200
_MOST_MANIFESTS = 1000


@dataclass(slots=True)
class Candidates:
    """Paths by what they may be."""

    docker: list[str] = field(default_factory=list)
    compose: list[str] = field(default_factory=list)
    procfile: list[str] = field(default_factory=list)
    systemd: list[str] = field(default_factory=list)
    supervisor: list[str] = field(default_factory=list)
    uwsgi: list[str] = field(default_factory=list)
    platform: list[str] = field(default_factory=list)
    manifests: list[str] = field(default_factory=list)
    requirements: list[str] = field(default_factory=list)
    not_deployed: dict[str, str] = field(default_factory=dict)
    """Files set aside, with the reason."""

    @property
    def is_deployed(self) -> bool:
        """Whether some file may say what production starts."""
        hosts = (self.systemd, self.supervisor, self.uwsgi, self.procfile)
        return any((self.docker, self.compose, self.platform, self.manifests, *hosts))


def find(files: Iterable[str]) -> Candidates:
    """Return the deployment files of a repository; those that are not for production apart."""
    found = Candidates()
    for path in files:
        name = path[path.rfind("/") + 1 :]
        lower = name.lower()
        match = _KINDS.fullmatch(name) if lower.endswith(_ENDINGS) or "file" in lower else None
        kind = match.lastgroup if match is not None else None
        if kind is None or (kind == "docker" and lower.endswith(_NO_DOCKERFILE)):
            continue
        held = _list(found, kind, path, name)
        if held is None:
            continue
        reason = aside(path)
        if reason is None:
            if len(held) < (_MOST_MANIFESTS if held is found.manifests else _MOST):
                held.append(path)
        elif kind in ("docker", "compose", "procfile", "systemd", "supervisor", "uwsgi", "platform"):
            found.not_deployed[path] = reason
    return found


def _list(found: Candidates, kind: str, path: str, name: str) -> list[str] | None:
    """Return where a path of that kind goes."""
    folder = path[: -len(name)]
    if kind == "txt":
        return found.requirements if re.search(r"requirements/$", folder) else None
    if kind == "conf":
        return found.supervisor if "supervisor" in folder else None
    if kind == "ini":
        shallow = path.count("/") <= 1 and name not in _NO_UWSGI
        return found.uwsgi if shallow else None
    if _DIGITALOCEAN.fullmatch(path):
        return found.platform
    if kind == "yaml" or (kind == "compose" and name.startswith("prod") and _OF_CLUSTER.search(folder)):
        return found.manifests if _MANIFESTS.search(path) else None
    held: list[str] = getattr(found, kind)
    return held


def aside(path: str) -> str | None:
    """Return why a deployment file is not for production, None when it may be."""
    if _DIGITALOCEAN.fullmatch(path):
        return None
    *folders, name = path.split("/")
    for folder in folders:
        if folder.lower() in _ASIDE:
            return _ASIDE[folder.lower()]
        if "{{" in folder:
            return "it is a template"
        if re.search(r"^(?:dev|development)[-_](?!ops|portal|hub)|[-_](?:dev|development)$", folder.lower()):
            return _ASIDE["dev"]
        if re.search(r"[-_](?:tests?|examples?|e2e|benchmarks?)$", folder.lower()):
            return _NAME_SAYS.get(re.split(r"[-_]", folder.lower())[-1], "it is for benchmarks")
    for word in re.split(r"[._-]", name.lower()):
        if word in _NAME_SAYS:
            return _NAME_SAYS[word]
    return None


def is_for_development(name: str) -> bool:
    """Return whether a profile or stage is named for development or tests."""
    return any(word in _NAME_SAYS for word in re.split(r"[._-]", name.lower()))
