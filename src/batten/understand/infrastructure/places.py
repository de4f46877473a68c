"""Which files tell of infrastructure, by their names, and which module reads them; one pass over the tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from batten.understand.deploy.candidates import aside

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 500
"""Files of one kind that are read."""


class Reader(NamedTuple):
    """A module with `read(ground: Ground) -> Iterable[object]`, and when it is imported."""

    module: str
    """Below `batten.understand.infrastructure`."""
    layer: str
    """What its parts and doubts belong to: server, container, data, cloud or dependencies."""
    kinds: tuple[str, ...] = ()
    """Kinds of files, one of which has to be there."""
    after: tuple[str, ...] = ()
    """Names of parts (classes), one of which has to have been read; empty with `kinds` empty: it always runs."""


KINDS: dict[str, str] = {
    "proxied": r"(?:.*/)?(?:[^/]*nginx[^/]*|[^/]+\.(?:conf|vhost)|caddyfile|sites-(?:available|enabled)/[^/]+)",
    # kind: a pattern that the whole path matches, upper or lower case
    "terraform": r".*\.(?:tf|tofu)(?:\.json)?",
    "cdk": r"(?:.*/)?cdk\.json",
    "tfvars": r".*\.tfvars",
    "apache": r"(?:.*/)?(?:[^/]+\.(?:conf|vhost)|\.htaccess|(?:sites|conf|mods)-(?:available|enabled)/[^/]+)",
    "workflow": r"\.github/workflows/[^/]+\.ya?ml",
    "action": r"(?:\.github/(?:.*/)?)?action\.ya?ml",
    "gitlab": r"\.gitlab-ci\.ya?ml|\.gitlab/(?:ci/)?[^/]+\.ya?ml",
    "tfstate": r".*\.tfstate(?:\.backup)?",
    "cloudformation": r".*\.(?:ya?ml|template)"
    r"|(?:.*[/._-])?(?:cloudformation|cfn|cdk\.out|stacks?|templates?|sam|infra\w*|aws)(?:[/._-].*)?\.json",
    "pg-hba": r"(?:.*/)?[\w.-]*pg_hba[\w.-]*\.conf",
    "postgresql-conf": r"(?:.*/)?(?:[\w-]*postgres(?:ql)?[\w-]*|postgresql\.auto)\.conf",
    "redis-conf": r"(?:.*/)?[\w-]*(?:redis|valkey|keydb|sentinel)[\w-]*\.conf",
    "my-cnf": r"(?:.*/)?\.?[\w-]+\.cnf",
    "mongod-conf": r"(?:.*/)?[\w-]*mongod?b?[\w-]*\.(?:conf|cfg|ya?ml)",
    "rabbitmq-conf": r"(?:.*/)?(?:rabbitmq[\w-]*\.config|[\w-]*rabbitmq[\w-]*\.conf|advanced\.config"
    r"|(?:rabbitmq[\w-]*|definitions)\.json)",
    "mosquitto-conf": r"(?:.*/)?[\w-]*mosquitto[\w-]*\.conf",
    "memcached-conf": r"(?:.*/)?[\w-]*memcached[\w-]*\.conf",
    "elasticsearch-yml": r"(?:.*/)?elasticsearch\.ya?ml",
    "opensearch-yml": r"(?:.*/)?opensearch\.ya?ml",
    "pgbouncer-ini": r"(?:.*/)?(?:[\w-]*pgbouncer[\w-]*\.ini|userlist\.txt)",
    "nats-conf": r"(?:.*/)?nats[\w-]*\.conf",
    "sql": r"(?:.*/)?[\w.-]*(?:init|grant|role|user|setup|bootstrap|provision|create[-_]?d|permission|privilege|schema)"
    r"[\w.-]*\.sql",
    "clickhouse-xml": r"(?:.*/)?(?:clickhouse[\w.-]*/(?:.*/)?)?users(?:\.d/[\w-]+)?\.xml",
    "requirements": (
        r"(?:.*/)?(?:[\w.-]*requirements[\w.-]*\.(?:txt|in)|pyproject\.toml|setup\.(?:cfg|py)|pipfile(?:\.lock)?"
        r"|(?:uv|poetry|pdm)\.lock|pylock(?:\.[\w-]+)?\.toml)|(?:.*/)?requirements/[\w.-]+\.(?:txt|in)"
    ),
    "runtimes": r"(?:.*/)?(?:runtime\.txt|\.python-version)",
    "recipes": r"(?:.*/)?(?:[\w-]+\.)*(?:docker|container)file(?:[._-][\w.-]*)?",
    "image": r"(?:.*/)?(?:[^/]*dockerfile[^/]*|[^/]*containerfile[^/]*)",
    "nginx": (
        r"(?:.*/)?(?:[^/]*(?:nginx|openresty)[^/]*\.(?:conf|cfg|vhost|inc)|[^/]+\.(?:nginx|vhost)|default\.conf"
        r"|(?:[^/]*nginx[^/]*|openresty)/(?:.*/)?[^/]+\.(?:conf|inc|nginx)|(?:sites-available|sites-enabled)/[^/]+"
        r"|(?:conf|http|snippets)(?:\.d)?/[^/]+\.conf|nginx\.conf)(?:\.(?:template|tmpl|tpl|erb|j2|jinja2?))*"
    ),
    "caddy": r"(?:.*/)?(?:[\w-]+[.-])?caddyfile(?:[._-][\w-]+)?",
    "traefik": r"(?:.*/)?[^/]*traefik[^/]*\.(?:ya?ml|toml)|(?:.*/)?traefik/[^/]+\.(?:ya?ml|toml)",
    "haproxy": r"(?:.*/)?[^/]*haproxy[^/]*\.(?:cfg|conf)|(?:.*/)?haproxy/[^/]+\.(?:cfg|conf)",
    "systemd": r"(?:.*/)?[\w@.-]+\.service",
    "supervisor": r"(?:.*/)?(?:supervisor[\w.-]*\.(?:conf|ini)|[^/]*supervisor[^/]*/[^/]+\.conf)",
    "platform": r"(?:.*/)?(?:fly(?:\.[\w-]+)?\.toml|render\.ya?ml|heroku\.ya?ml|app\.json)|\.do/app\.ya?ml",
    "caddy-json": r"(?:.*/)?caddy(?:[._-][\w-]+)?\.json",
}
"""Kinds of files by the pattern of their paths. A file may be of several kinds."""

HOME: dict[str, str] = {
    # kind: words of a path that set other files aside, and this kind not
    "cloudformation": r"template",
    "nginx": r"\.(?:template|tmpl|tpl|erb|j2|jinja2?)$",
    "workflow": r".*",
    "action": r".*",
    "gitlab": r".*",
}
"""Where a kind is at home: `template.yaml` is no example to CloudFormation, `.github` is where workflows are."""

READERS: tuple[Reader, ...] = (
    # What one file says by itself comes first, then what joins several.
    Reader("containers", "container"),
    Reader("kubernetes", "container"),
    Reader("stores.initdb", "data", ("sql",), after=("Container",)),
    Reader(
        "stores.servers",
        "data",
        (
            "pg-hba",
            "postgresql-conf",
            "redis-conf",
            "my-cnf",
            "mongod-conf",
            "rabbitmq-conf",
            "mosquitto-conf",
            "memcached-conf",
            "elasticsearch-yml",
            "opensearch-yml",
            "pgbouncer-ini",
            "nats-conf",
            "clickhouse-xml",
        ),
        after=("Container", "Made"),
    ),
    Reader("datastores", "data", after=("Container", "Manifests")),
    Reader("kubernetes.secrets", "container", after=("Manifests",)),
    Reader("consoles", "container", after=("Container",)),
    Reader("fleets", "container", after=("Container",)),
    Reader("handed", "container", after=("Container",)),
    Reader("uses", "data", after=("DataStore",)),
    Reader("terraform.read", "cloud", kinds=("terraform",)),
    Reader("cloudformation.read", "cloud", kinds=("cloudformation", "cdk")),
    Reader("cloud.buckets", "cloud", after=("Order",)),
    Reader("cloud.buckets_elsewhere", "cloud", after=("Order",)),
    Reader("cloud.openings", "cloud", after=("Order",)),
    Reader("cloud.databases", "cloud", after=("Order",)),
    Reader("apache.reader", "server", ("apache",)),
    Reader("images", "container"),
    Reader("cloud.secrets", "cloud", after=("Order",)),
    Reader("ci.github", "dependencies", kinds=("workflow", "action")),
    Reader("ci.gitlab", "dependencies", kinds=("gitlab",)),
    Reader("terraform.state", "cloud", kinds=("tfstate",)),
    Reader("dependencies.read", "dependencies", kinds=("requirements", "runtimes", "recipes"), after=("Container",)),
    Reader("nginx", "server", ("nginx", "image"), ("Container",)),
    Reader("caddy.reader", "server", ("caddy", "caddy-json")),
    Reader("traefik.reader", "server", ("traefik",), ("Container",)),
    Reader("haproxy", "server", ("haproxy",)),
    Reader("behind", "server"),
    Reader("hosts.systemd", "server", ("systemd",)),
    Reader("hosts.supervisor", "server", ("supervisor",)),
    Reader("hosts.platforms", "server", ("platform",)),
    Reader("secrets.read", "dependencies"),  # the last: what others tell is not told again
    Reader("hosts.variables", "server", ("systemd", "supervisor", "platform")),
)
"""In the order in which they run; a later one finds the parts of an earlier one."""


def find(files: Iterable[str]) -> dict[str, list[str]]:
    """Return files by kind; those that are for development, tests or documentation are left out."""
    whole = _WHOLE
    found: dict[str, list[str]] = {}
    if whole is None:
        return found
    for path in files:
        if whole.search(path) is None:
            continue
        is_aside = _is_aside(path)
        for kind, pattern in _EACH.items():
            if is_aside and (kind not in HOME or _is_aside(re.sub(HOME[kind], "here", path, flags=re.IGNORECASE))):
                continue
            held = found.setdefault(kind, []) if pattern.fullmatch(path) else None
            if held is not None and len(held) < MOST:
                held.append(path)
    return found


def _is_aside(path: str) -> bool:
    """Return whether a file belongs to tests, examples, documentation or development."""
    return aside(path) is not None or _ASIDE.search(path) is not None


_ASIDE = re.compile(r"(?:^|/)(?:tests?|fixtures?|examples?|samples?|testdata)(?:[-_][^/]*)?/", re.IGNORECASE)
"""Folders like `tests_terraform`, which hold no deployment."""
_EACH = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in KINDS.items()}
_WHOLE = re.compile("|".join(rf"^(?:{pattern})$" for pattern in KINDS.values()), re.IGNORECASE) if KINDS else None
