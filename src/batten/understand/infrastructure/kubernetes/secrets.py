"""Secrets that stand in manifests: in Secrets, in ConfigMaps, in variables of containers."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from batten.understand.committed import uncommitted
from batten.understand.deploy.kubernetes import data_of
from batten.understand.infrastructure.kubernetes.parts import Kept
from batten.understand.infrastructure.nouns import Container, DataStore
from batten.understand.infrastructure.secret_text import is_private_key, is_written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location
    from batten.understand.deploy.manifests import Manifest
    from batten.understand.infrastructure.ground import Ground

_VAGUE = frozenset("value data content contents secret key credentials creds auth token password".split())
"""Keys of a Secret that say nothing more than that they are what is kept in it."""
_REGISTRY = frozenset((".dockerconfigjson", ".dockercfg"))
_LONGEST = 20_000


def read(ground: Ground) -> Iterator[Kept]:
    """Yield the secrets of the manifests, those left out that an app or a data store is told to have."""
    if ground.joined is None or ground.joined.cluster is None:
        return
    told = _told(ground)
    outside = uncommitted(ground.reading.sources)
    seen: set[tuple[str | None, int | None, str]] = set()
    for kept in (*_of_maps(ground.joined.cluster.manifests), *_of_containers(ground)):
        place = (kept.at.file, kept.at.line)
        if place in told or kept.at.file in outside or (*place, kept.name) in seen:
            continue
        seen.add((*place, kept.name))
        yield kept


def _of_maps(manifests: list[Manifest]) -> Iterator[Kept]:
    for one in manifests:
        if one.kind not in {"ConfigMap", "Secret"} or one.get("sops") is not None:
            continue
        owner = f"the {one.kind} {one.name}"
        for name, (text, at) in data_of(one).items():
            if text is not None and len(text) <= _LONGEST and _is_secret(one.kind, name, text.strip()):
                yield Kept(name, owner, text.strip(), at, is_private_key(text), one.evidence)


def _is_secret(kind: str, name: str, text: str) -> bool:
    if text.startswith("ENC["):  # SOPS
        return False
    if name in _REGISTRY:
        return any(is_written("password", password) for password in _logins(text))
    plain = name.replace("-", "_").replace(".", "_").strip("_")
    if "\n" in text and not is_private_key(text):
        return False  # a file: what is in it is not judged by the name of the key
    return is_written(plain, text) or (kind == "Secret" and plain.lower() in _VAGUE and is_written("password", text))


def _logins(text: str) -> Iterator[str]:
    """Yield the passwords of a file of registry logins (Kubernetes docs, Pull an Image from a Private Registry)."""
    try:
        held = json.loads(text)
    except ValueError:
        return
    logins = held.get("auths", held) if isinstance(held, dict) else {}
    for login in logins.values() if isinstance(logins, dict) else ():
        if not isinstance(login, dict):
            continue
        if isinstance(login.get("password"), str):
            yield login["password"]
        elif isinstance(login.get("auth"), str):
            try:
                yield base64.b64decode(login["auth"], validate=True).decode().partition(":")[2]
            except ValueError:
                continue


def _of_containers(ground: Ground) -> Iterator[Kept]:
    for container in ground.of(Container):
        for variable in container.env.values() if container.kind == "kubernetes" else ():
            if variable.says != "Kubernetes env" or variable.value is None or len(variable.value) > _LONGEST:
                continue
            if is_written(variable.name, variable.value):
                private = is_private_key(variable.value)
                owner = f"the container {container.name}"
                yield Kept(variable.name, owner, variable.value, variable.at, private, container.evidence)


def _told(ground: Ground) -> set[tuple[str | None, int | None]]:
    """Return the places that rules over apps and data stores tell of."""
    places: list[Location | None] = [login.at for store in ground.of(DataStore) for login in store.logins]
    for app in ground.seen.apps:
        for value in (*(key.value for key in app.keys), *(credential.value for credential in app.credentials)):
            for case in value.cases():
                places += [case.at, *(hop.at for hop in case.evidence)]
    return {(at.file, at.line) for at in places if at is not None and at.file is not None}
