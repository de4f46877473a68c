"""Servers of data stores: those in containers, and those whose configuration lies in the repository by itself."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from batten.model import Confidence, Evidence, Location
from batten.understand.infrastructure.nouns import Container, DataStore
from batten.understand.infrastructure.products import PRODUCTS
from batten.understand.infrastructure.stores.initdb import Made
from batten.understand.infrastructure.stores.nouns import StoreServer
from batten.understand.infrastructure.stores.scene import Scene
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.ground import Ground
    from batten.understand.infrastructure.stores.nouns import Entrance

MODULES = {
    "postgres": "postgres", "redis": "redis", "mysql": "mysql", "mariadb": "mysql", "mongo": "mongo",
    "rabbitmq": "rabbit", "mosquitto": "mosquitto", "memcached": "memcached", "elasticsearch": "search",
    "opensearch": "search", "pgbouncer": "pgbouncer", "nats": "nats", "clickhouse": "clickhouse",
}  # fmt: skip
"""Modules of this package by product."""
_KINDS = {
    # kind of file: product, what a file of that kind holds in some line, whether those of a directory belong together
    "pg-hba": ("postgres", r"(?:local|host(?:no)?(?:ssl|gssenc)?|include\w*)\s", True),
    "postgresql-conf": ("postgres", r"[a-z_]+(?:\.\w+)?\s*=?\s*\S", True),
    "redis-conf": (
        "redis",
        r"(?:bind|port|requirepass|protected-mode|maxmemory|appendonly|save|daemonize|user|include|tls-port|sentinel)\s",
        False,
    ),
    "my-cnf": ("mysql", r"\[(?:mysqld|server|mariadbd?|client|mysqld?[-_]\S+)\]|!include", False),
    "mongod-conf": ("mongo", r"(?:net|storage|security|systemLog|bind_ip|dbpath|port|auth)\b", False),
    "rabbitmq-conf": ("rabbitmq", r"[\w.]+\s*=|\[|\{", True),
    "mosquitto-conf": (
        "mosquitto",
        r"(?:listener|port|allow_anonymous|persistence\w*|password_file|log_\w+|user)\s",
        False,
    ),
    "memcached-conf": ("memcached", r"-[a-zA-Z]", False),
    "elasticsearch-yml": ("elasticsearch", r"[\w.]+\s*:", False),
    "opensearch-yml": ("opensearch", r"[\w.]+\s*:", False),
    "pgbouncer-ini": ("pgbouncer", r"\[(?:pgbouncer|databases)\]", True),
    "nats-conf": (
        "nats",
        r"(?:port|listen|host|server_name|jetstream|cluster|authorization|accounts|http\w*)\b",
        False,
    ),
    "clickhouse-xml": ("clickhouse", r"<(?:clickhouse|yandex)\b", False),
}
KINDS = tuple(_KINDS)
_FOREIGN = re.compile(r"^\s*\[(?:program|supervisord|uwsgi|Unit|Service|input|output)", re.MULTILINE)
_LARGEST_HELD = 200


def read(ground: Ground) -> Iterator[StoreServer | DataStore]:
    """Yield the servers in containers, then those of files that lie alone, with the stores they hold."""
    used: set[str] = set()
    for container in ground.of(Container):
        module = MODULES.get(container.product)
        if module is not None:
            scene = Scene(ground.reading, container.product, container.name, container.at, container, contained=True)
            server = replace(_module(module).read(scene), version=scene.version)
            used |= set(server.files)
            yield server
    for server in _alone(ground, used):
        yield server
        yield _store(server)
    for made in ground.of(Made):
        if made.container is None:
            name = made.at.file or ""
            role = PRODUCTS[made.product].role
            yield DataStore(
                name, made.product, role, made.at, logins=made.logins, contained=False, confidence=Confidence.LIKELY
            )


def configured(ground: Ground, store: DataStore) -> DataStore:
    """Return a store with what the command and the configuration files of its server say."""
    server = next((one for one in ground.of(StoreServer) if one.container is store.container), None)
    made = [login for one in ground.of(Made) if one.container is store.container for login in one.logins]
    store = replace(store, logins=(*store.logins, *made))
    if server is None:
        return store
    told = replace(
        store,
        settings=server.settings,
        listen=server.listen,
        entrances=_lines(server),
        config=tuple(dict.fromkeys((*store.config, *server.files))),
        version=server.version,
    )
    return _refined(told, server) if server.files else told


def _lines(server: StoreServer) -> tuple[Entrance, ...]:
    """Return the lines of `pg_hba.conf`; that of the image's variable only where it asks for a password."""
    return tuple(one for one in server.entrances if one.at.file in server.files or one.method != "trust")


def _refined(store: DataStore, server: StoreServer) -> DataStore:
    reach = Reach.INTERNAL if server.listen is not None and server.listen.is_local else store.reach
    logins = (*store.logins, *(login for login in server.logins if login not in store.logins))
    if server.product == "rabbitmq":
        logins = server.logins  # what the files say of the first user replaces what the image does
    elif any(one.at.file in server.files for one in server.entrances):
        logins = tuple(login for login in logins if login.password != "")
    if server.is_open is None:
        return replace(store, logins=logins, reach=reach, unsure=server.unsure or store.unsure)
    return replace(
        store,
        logins=logins,
        reach=reach,
        is_open=server.is_open,
        open_at=server.open_at,
        open_because=server.open_because,
        unsure="",
        is_default=False,
    )


def _store(server: StoreServer) -> DataStore:
    return DataStore(
        server.name,
        server.product,
        PRODUCTS[server.product].role,
        server.at,
        server.reach,
        server.container,
        logins=server.logins,
        is_open=server.is_open,
        open_at=server.open_at,
        open_because=server.open_because,
        evidence=server.evidence,
        config=server.files,
        unsure=server.unsure,
        contained=server.contained,
        confidence=server.confidence,
        settings=server.settings,
        listen=server.listen,
        entrances=server.entrances,
    )


# Files that lie alone


def _alone(ground: Ground, used: set[str]) -> Iterator[StoreServer]:
    groups: dict[tuple[str, str], list[str]] = {}
    for kind, (product, line, together) in _KINDS.items():
        for path in ground.files.get(kind, []):
            if path not in used and _looks(ground, path, line):
                which = _product(product, path)
                groups.setdefault((which, posixpath.dirname(path) if together else path), []).append(path)
    aside = _said_aside(ground) if groups else ""
    found: list[StoreServer] = []
    for (product, _), paths in list(groups.items())[:_LARGEST_HELD]:
        if all(_is_named(path, aside) or _is_out_of_use(ground, path) for path in paths):
            continue
        holder = _holder(ground, paths)
        if holder is not None and holder.product in MODULES:
            continue  # its server does not read the file
        contained = holder is not None or _is_copied(ground, paths)
        at = Location(file=paths[0], line=1)
        scene = Scene(ground.reading, product, paths[0], at, holder, tuple(paths), contained=contained)
        server = _module(MODULES[product]).read(scene)
        if not contained:
            server = _assumed(ground, server)
        found.append(server)
    for server in found:
        if not any(server.name in other.files for other in found if other is not server):
            yield server


def _assumed(ground: Ground, server: StoreServer) -> StoreServer:
    """Return a server whose files no other file of the repository leads to, as what a host runs."""
    others = [one for one in ground.of(Container) if one.product == server.product]
    evidence = [Evidence(server.at, "taken to be what a host runs: no file of the repository says who reads it")]
    evidence += [Evidence(one.at, f"{one.name} does not read it") for one in others[:1]]
    return replace(server, evidence=tuple(evidence), confidence=Confidence.POSSIBLE if others else Confidence.LIKELY)


def _module(name: str) -> Any:  # noqa: ANN401 - a module
    return import_module(f"batten.understand.infrastructure.stores.{name}")


def _product(product: str, path: str) -> str:
    return "mariadb" if product == "mysql" and "mariadb" in path.lower() else product


def _looks(ground: Ground, path: str, line: str) -> bool:
    """Return whether a file holds what its name promises."""
    text = ground.reading.text(path)
    return (
        text is not None
        and re.search(rf"^\s*(?:{line})", text, re.MULTILINE | re.IGNORECASE) is not None
        and not _FOREIGN.search(text)
    )


def _said_aside(ground: Ground) -> str:
    """Return what the deployment files say that production does not use."""
    return "\n".join(
        ground.reading.text(path) or "" for path in ground.stack.not_deployed if ground.reading.is_file(path)
    )


def _is_out_of_use(ground: Ground, path: str) -> bool:
    """Return whether the deployment files name it in comments only."""
    found = ground.joined.found if ground.joined is not None else None
    texts = [ground.reading.text(one) or "" for one in (*found.compose, *found.docker)] if found is not None else []
    lines = [
        row.lstrip() for text in texts if _is_named(path, text) for row in text.split("\n") if _is_named(path, row)
    ]
    return bool(lines) and all(row.startswith("#") for row in lines)


def _is_named(path: str, text: str) -> bool:
    return bool(text) and re.search(rf"(?<![\w.-]){re.escape(posixpath.basename(path))}(?![\w.-])", text) is not None


def _holder(ground: Ground, paths: list[str]) -> Container | None:
    """Return the container, of whatever image, that a file is mounted into or copied into by name."""
    for container in ground.of(Container):
        stage = container.stage
        held = {mount.path for mount in container.mounts} | {path for _, path in (stage.mounts if stage else ())}
        folders = {
            path for mount in container.mounts if (path := mount.path) is not None and not ground.reading.is_file(path)
        }
        if any(path in held or posixpath.dirname(path) in folders - {"."} for path in paths):
            return container
    return None


def _is_copied(ground: Ground, paths: list[str]) -> bool:
    """Return whether an image or a manifest of the repository takes the file, whoever starts that."""
    stages = ground.joined.stages.values() if ground.joined is not None else ()
    copied = {path for stage in stages if stage is not None for _, path in stage.mounts}
    if any(path in copied for path in paths):
        return True
    for path in paths:
        for name in ("kustomization.yaml", "kustomization.yml", "Dockerfile"):
            beside = posixpath.join(posixpath.dirname(path), name)
            if ground.reading.is_file(beside) and _is_named(path, ground.reading.text(beside) or ""):
                return True
    return False
