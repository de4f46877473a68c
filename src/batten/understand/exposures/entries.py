"""What is asked for, by kind: path, name, proof. Each kind is a rule of the topic `exposed-path`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Severity
from batten.model.data import dataclass
from batten.understand.exposures.environment import variables
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
    severity: Severity | None = None
    """Where it is another than the rule's."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A file that a site gave away, with the line that proves it."""

    kind: str
    what: str
    answer: Answer
    line: str
    severity: Severity | None = None


_PYTHON = some_line(
    r"(?:from\s+[\w.]+\s+import\s|import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+)*\s*(?:#.*)?$|def\s+\w+\(|class\s+\w+[(:])"
)
_SETTING = some_line(r"(?:SECRET_KEY|DEBUG|DATABASES?|ALLOWED_HOSTS|INSTALLED_APPS|SQLALCHEMY_DATABASE_URI)\s*[:=]")
_CODE = either(_SETTING, _PYTHON)
_SQL = some_line(
    r"(?:CREATE\s+(?:TABLE|DATABASE)|INSERT\s+INTO|DROP\s+TABLE|-- (?:PostgreSQL|MySQL|MariaDB|SQLite)\b"
    r"|PRAGMA\s+foreign_keys)",
)
_ZIP = magic(b"PK\x03\x04", "a ZIP archive")
_GZIP = magic(b"\x1f\x8b", "a gzip archive")
_PRIVATE = first_line(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")
_SQLITE = magic(b"SQLite format 3\x00", "an SQLite database")
_LEVEL = r"(?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL)\b"
_STAMPED = rf"\[?\d{{4}}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d\S*(?: [+-]\d{{4}})?\]?.{{0,60}}?{_LEVEL}"
_LOGGED = some_line(rf"(?:{_LEVEL}[ :]|\[{_LEVEL}\]|{_STAMPED}|Traceback \(most recent call last\))", least=2)

ENTRIES = (
    Entry("git", "the Git repository", (".git/HEAD",), first_line(r"(?:ref: refs/\S+|[0-9a-f]{40})$")),
    Entry("git", "the Git repository's configuration", (".git/config",), first_line(r"\[core\]$")),
    Entry("vcs", "the Subversion working copy", (".svn/wc.db",), _SQLITE),
    Entry("vcs", "the Subversion working copy", (".svn/entries",), every(first_line(r"\d{1,2}$"), some_line(r"dir$"))),
    Entry("vcs", "the Mercurial repository", (".hg/requires",), some_line(r"(?:revlogv1|store|share-safe)$", least=1)),
    Entry("vcs", "the Bazaar branch", (".bzr/branch-format",), first_line(r"Bazaar-NG meta directory")),
    Entry(
        "env",
        "a file of environment variables",
        tuple(f".env{end}" for end in ("", ".local", ".production", ".prod", ".bak", ".old", ".backup", ".save")),
        variables,
    ),
    Entry("env", "the variables of the flask command", (".flaskenv",), variables),
    Entry("key", "a private key", ("id_rsa", ".ssh/id_rsa", "server.key", "privkey.pem", "key.pem"), _PRIVATE),
    Entry("credentials", "the AWS credentials", (".aws/credentials",), some_line(r"aws_secret_access_key\s*=")),
    Entry("credentials", "the logins of .netrc", (".netrc",), some_line(r"machine\s+\S+(?:\s+login\s|$)")),
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
        "database", "an SQLite database", ("db.sqlite3", "app.db", "database.db", "data.db", "instance/app.db"), _SQLITE
    ),
    Entry("database", "a database dump", ("dump.sql", "backup.sql", "db.sql", "database.sql"), _SQL),
    Entry("archive", "an archive of the site", ("backup.zip", "site.zip", "app.zip"), _ZIP),
    Entry("archive", "an archive of the site", ("backup.tar.gz", "site.tar.gz", "app.tar.gz"), _GZIP),
    Entry(
        "source", "the settings' source", ("settings.py", "local_settings.py", "config.py", "instance/config.py"), _CODE
    ),
    Entry("source", "the app's source", ("app.py", "main.py", "wsgi.py", "manage.py"), _CODE),
    Entry(
        "source",
        "compiled modules",
        ("__pycache__/app.cpython-311.pyc", "__pycache__/app.cpython-312.pyc", "__pycache__/config.cpython-312.pyc"),
        magic(b"\r\n", "a compiled Python module", at=2),
    ),
    Entry(
        "backup", "an editor's copy of the source", ("app.py.bak", "settings.py.bak", "config.py.bak", "app.py~"), _CODE
    ),
    Entry(
        "backup", "an editor's swap file", (".app.py.swp", ".settings.py.swp"), magic(b"b0VIM", "a swap file of Vim")
    ),
    Entry(
        "config",
        "the compose file",
        ("docker-compose.yml", "docker-compose.yaml", "compose.yaml", "compose.yml"),
        some_line(r"services:\s*$"),
    ),
    Entry(
        "config",
        "the Dockerfile",
        ("Dockerfile",),
        every(some_line(r"FROM\s+\S", flags=2), some_line(r"(?:RUN|COPY|CMD|ENTRYPOINT|WORKDIR|ADD)\s", flags=2)),
    ),
    Entry(
        "config",
        "gunicorn's configuration",
        ("gunicorn.conf.py",),
        some_line(r"(?:bind|workers|worker_class|raw_env)\s*="),
    ),
    Entry("config", "uWSGI's configuration", ("uwsgi.ini",), first_line(r"\[uwsgi\]$")),
    Entry("config", "supervisor's configuration", ("supervisord.conf",), some_line(r"\[(?:program:|supervisord\])")),
    Entry(
        "manifest",
        "the list of packages",
        ("requirements.txt",),
        some_line(r"[A-Za-z][\w.\[\],-]{1,60}\s*(?:==|>=|~=)\s*\d", least=1),
    ),
    Entry(
        "manifest", "the project file", ("pyproject.toml",), some_line(r"\[(?:project|build-system|tool\.[\w.-]+)\]$")
    ),
    Entry("manifest", "the list of packages", ("Pipfile",), some_line(r"\[packages\]$")),
    Entry("manifest", "the lock file", ("poetry.lock", "uv.lock", "pdm.lock"), some_line(r"\[\[package\]\]$")),
    Entry(
        "manifest",
        "the list of packages",
        ("package.json",),
        either(keys("name", "dependencies"), keys("name", "devDependencies"), keys("scripts", "dependencies")),
    ),
    Entry("ci", "the CI configuration", (".gitlab-ci.yml",), some_line(r"(?:stages|image|before_script|include):")),
    Entry("ci", "the CI configuration", (".circleci/config.yml",), some_line(r"(?:jobs|orbs|workflows):\s*$")),
    Entry("ci", "the CI configuration", ("Jenkinsfile",), first_line(r"(?:pipeline\s*\{|node\b|@Library|//|#!groovy)")),
    Entry(
        "editor",
        "a folder index of macOS",
        (".DS_Store",),
        magic(b"\x00\x00\x00\x01Bud1", "an index of a folder's names"),
    ),
    Entry(
        "editor", "the editor's deployment settings", (".vscode/sftp.json",), keys("host", "remotePath"), Severity.HIGH
    ),
    Entry(
        "editor", "the editor's project", (".idea/workspace.xml", ".idea/modules.xml"), some_line(r"<project version=")
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
        (".python_history",),
        some_line(r"(?:import\s|from\s+\w+\s+import|exit\(\)|print\()", least=2),
    ),
    Entry(
        "log",
        "a log file",
        ("debug.log", "error.log", "app.log", "logs/debug.log", "logs/app.log", "django.log"),
        _LOGGED,
    ),
)
"""A path stands once; the cost of a probe is the number of paths."""
