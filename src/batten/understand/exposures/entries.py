"""What is asked for, by kind: path, name, proof. Each kind is a rule of the topic `exposed-path`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Severity
from batten.model.data import dataclass
from batten.understand.exposures.environment import sample, variables
from batten.understand.exposures.marks import CODE, COMPILED, GZIP, LOGGED, PRIVATE, SQL, SQLITE, SWAP, ZIP, core
from batten.understand.exposures.proofs import either, every, first_line, keys, magic, some_line

if TYPE_CHECKING:
    from batten.understand.answers.http import Answer
    from batten.understand.exposures.proofs import Proof


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, under the names that it has."""

    kind: str
    """The rule that tells of it: `git`."""
    what: str
    """As people call it."""
    paths: tuple[str, ...]
    """Relative to where the site begins, without a slash first."""
    proof: Proof
    rarer: tuple[str, ...] = ()
    """Asked last, as far as the number of requests allows."""
    severity: Severity | None = None
    """Where it is another than the rule's."""
    is_committed: bool = False
    """A project has it among its files or has none: nothing to guess where the project is known."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A file that a site gave away, with the line that proves it."""

    kind: str
    what: str
    answer: Answer
    line: str
    severity: Severity | None = None


_USUAL = "cpython-312"
"""How modules are tagged that this version of Python compiles; of others too where the server tells its own."""


def _ended(stem: str, *ends: str) -> tuple[str, ...]:
    return tuple(stem + end for end in ends)


def _compiled(*modules: str) -> tuple[str, ...]:
    return tuple(f"__pycache__/{module}.{_USUAL}.pyc" for module in modules)


ENTRIES = (
    Entry(
        "git",
        "the Git repository",
        (".git/HEAD",),
        first_line(r"(?:ref: refs/\S+|[0-9a-f]{40})$"),
    ),
    Entry("git", "the Git repository's configuration", (), first_line(r"\[core\]$"), (".git/config",)),
    Entry(
        "git",
        "the Git repository's index",
        (),
        magic(b"DIRC\x00\x00\x00", "an index of Git"),
        (".git/index",),
    ),
    Entry("vcs", "the Subversion working copy", (".svn/wc.db",), SQLITE),
    Entry(
        "vcs", "the Subversion working copy", (), every(first_line(r"\d{1,2}$"), some_line(r"dir$")), (".svn/entries",)
    ),
    Entry("vcs", "the Mercurial repository", (".hg/requires",), some_line(r"(?:revlogv1|store|share-safe)$", least=1)),
    Entry("vcs", "where the Mercurial repository comes from", (), first_line(r"\[paths\]$"), (".hg/hgrc",)),
    Entry("vcs", "the Bazaar branch", (), first_line(r"Bazaar-NG meta directory"), (".bzr/branch-format",)),
    Entry(
        "env",
        "a file of environment variables",
        _ended(".env", "", ".local", ".production", ".bak"),
        variables,
        _ended(".env", ".prod", ".old", ".dev", ".backup", ".save", ".staging"),
    ),
    Entry("env", "the variables of the flask command", (".flaskenv",), variables),
    Entry("env", "a sample of environment variables with real values", (), sample, (".env.example", ".env.sample")),
    Entry("memory", "a core dump", (), core, ("core",)),
    Entry(
        "key",
        "a private key",
        (".ssh/id_rsa", "server.key"),
        PRIVATE,
        ("privkey.pem", "id_rsa", "key.pem"),
    ),
    Entry("credentials", "the AWS credentials", (".aws/credentials",), some_line(r"aws_secret_access_key\s*=")),
    Entry("credentials", "the logins of .netrc", (), some_line(r"machine\s+\S+(?:\s+login\s|$)"), rarer=(".netrc",)),
    Entry("credentials", "the logins of .pypirc", (".pypirc",), some_line(r"(?:password|\[pypi\])")),
    Entry(
        "credentials", "the logins of .npmrc", (".npmrc",), some_line(r"(?://\S+:)?_(?:authToken|auth|password)\s*=")
    ),
    Entry(
        "credentials",
        "the password hashes of .htpasswd",
        (".htpasswd",),
        first_line(r"[^\s:]{1,60}:(?:\$\w{1,4}\$|\{SHA\})"),
    ),
    Entry("credentials", "Terraform's state", ("terraform.tfstate",), keys("version", "terraform_version")),
    Entry(
        "database",
        "an SQLite database",
        ("db.sqlite3", "app.db", "database.db", "instance/app.db"),
        SQLITE,
        ("data.db", "db.sqlite", "instance/db.sqlite3"),
    ),
    Entry("database", "a database dump", ("dump.sql", "backup.sql"), SQL, ("database.sql", "db.sql")),
    Entry("archive", "an archive of the site", ("backup.zip", "site.zip"), ZIP, ("app.zip", "www.zip")),
    Entry("archive", "an archive of the site", ("backup.tar.gz",), GZIP, ("site.tar.gz", "app.tar.gz", "www.tar.gz")),
    Entry(
        "source",
        "the settings' source",
        ("settings.py", "local_settings.py", "config.py", "instance/config.py"),
        CODE,
        is_committed=True,
    ),
    Entry("source", "the app's source", ("app.py", "main.py", "wsgi.py", "manage.py"), CODE, is_committed=True),
    Entry("source", "compiled modules", _compiled("app"), COMPILED, _compiled("config", "settings")),
    Entry(
        "backup",
        "an editor's copy of the source",
        ("app.py.bak", "settings.py.bak"),
        CODE,
        ("config.py.bak", "app.py~", "settings.py~"),
    ),
    Entry(
        "backup",
        "an editor's swap file",
        (".app.py.swp",),
        SWAP,
        (".settings.py.swp",),
    ),
    Entry(
        "config",
        "the compose file",
        ("docker-compose.yml", "compose.yaml"),
        some_line(r"services:\s*$"),
        ("docker-compose.yaml", "compose.yml"),
        is_committed=True,
    ),
    Entry(
        "config",
        "the Dockerfile",
        ("Dockerfile",),
        every(some_line(r"FROM\s+\S", flags=2), some_line(r"(?:RUN|COPY|CMD|ENTRYPOINT|WORKDIR|ADD)\s", flags=2)),
        is_committed=True,
    ),
    Entry(
        "config",
        "gunicorn's configuration",
        ("gunicorn.conf.py",),
        some_line(r"(?:bind|workers|worker_class|raw_env)\s*="),
        is_committed=True,
    ),
    Entry("config", "uWSGI's configuration", (), first_line(r"\[uwsgi\]$"), rarer=("uwsgi.ini",), is_committed=True),
    Entry(
        "config", "supervisor's configuration", (), some_line(r"\[(?:program:|supervisord\])"), ("supervisord.conf",)
    ),
    Entry(
        "manifest",
        "the list of packages",
        ("requirements.txt",),
        some_line(r"[A-Za-z][\w.\[\],-]{1,60}\s*(?:==|>=|~=)\s*\d", least=1),
        is_committed=True,
    ),
    Entry(
        "manifest",
        "the project file",
        ("pyproject.toml",),
        some_line(r"\[(?:project|build-system|tool\.[\w.-]+)\]$"),
        is_committed=True,
    ),
    Entry("manifest", "the list of packages", (), some_line(r"\[packages\]$"), ("Pipfile",)),
    Entry("manifest", "the lock file", (), some_line(r"\[\[package\]\]$"), ("poetry.lock", "uv.lock", "pdm.lock")),
    Entry(
        "manifest",
        "the list of packages",
        (),
        either(keys("name", "dependencies"), keys("name", "devDependencies"), keys("scripts", "dependencies")),
        rarer=("package.json",),
        is_committed=True,
    ),
    Entry(
        "ci",
        "the CI configuration",
        (".gitlab-ci.yml",),
        some_line(r"(?:stages|image|before_script|include):"),
        is_committed=True,
    ),
    Entry("ci", "the CI configuration", (), some_line(r"(?:jobs|orbs|workflows):\s*$"), (".circleci/config.yml",)),
    Entry(
        "ci", "the CI configuration", (), first_line(r"(?:pipeline\s*\{|node\b|@Library|//|#!groovy)"), ("Jenkinsfile",)
    ),
    Entry(
        "editor",
        "a folder index of macOS",
        (".DS_Store",),
        magic(b"\x00\x00\x00\x01Bud1", "an index of a folder's names"),
    ),
    Entry(
        "editor",
        "the editor's deployment settings",
        (".vscode/sftp.json",),
        keys("host", "remotePath"),
        severity=Severity.HIGH,
    ),
    Entry(
        "editor",
        "the editor's project",
        (),
        some_line(r"<project version="),
        (".idea/workspace.xml", ".idea/modules.xml"),
    ),
    Entry(
        "history",
        "a shell's history",
        (".bash_history",),
        some_line(r"(?:cd|ls|sudo|git|ssh|export|pip3?|docker|cat|vim?|nano|python3?|apt|systemctl)(?:\s|$)", least=3),
    ),
    Entry(
        "history",
        "Python's history",
        (),
        some_line(r"(?:import\s|from\s+\w+\s+import|exit\(\)|print\()", least=2),
        (".python_history",),
    ),
    Entry(
        "log",
        "a log file",
        ("debug.log", "app.log"),
        LOGGED,
        ("error.log", "logs/debug.log", "logs/app.log", "django.log", "logs/django.log"),
    ),
)
"""A path stands once; the cost of a probe is the number of paths."""


def entries_for(host: str, server: str = "") -> tuple[Entry, ...]:
    """Return the entries of one site: archives are also named like the host, modules compiled by the Python it tells.

    `server` is the Server header: `Werkzeug/3.1.3 Python/3.12.4`.
    """
    told = re.search(r"\bC?Python/3\.(\d{1,2})", server)
    tag = f"cpython-3{told[1]}" if told else _USUAL
    names = _of_host(host)
    return tuple(_fitted(entry, names, tag) for entry in ENTRIES)


def _fitted(entry: Entry, names: tuple[str, ...], tag: str) -> Entry:
    if entry.proof is COMPILED:
        paths, rarer = (tuple(path.replace(_USUAL, tag) for path in held) for held in (entry.paths, entry.rarer))
        return replace(entry, paths=paths, rarer=rarer)
    if entry.kind == "archive" and names:
        ending = entry.paths[0].partition(".")[2]
        return replace(entry, paths=(entry.paths[0], f"{names[0]}.{ending}"), rarer=(*entry.paths[1:], *entry.rarer))
    if entry.proof is SQL and names:
        return replace(entry, rarer=(*entry.rarer, f"{names[-1]}.sql"))
    return entry


def _of_host(host: str) -> tuple[str, ...]:
    """Return what archives of a host are named after: `shop.example.com`, `shop`; nothing for an address."""
    if "." not in host or host.replace(".", "").isdigit() or ":" in host:
        return ()
    return host, host.removeprefix("www.").partition(".")[0]
