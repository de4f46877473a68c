"""Reads the app specification of DigitalOcean's App Platform: `.do/app.yaml`, `.do/deploy.template.yaml`."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.deploy.platform import Hosted, shell
from batten.understand.deploy.yamltree import Table, Text, documents, items, text_of
from batten.understand.sources import join
from batten.understand.stack import Reach, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.reading import Reading

_SAYS = "the DigitalOcean app specification"


def hosted(reading: Reading, path: str) -> Iterator[Hosted]:
    """Yield the services and workers that an app specification says how to start."""
    for kind, service in _services(reading, path):
        command, file = service.get("run_command"), text_of(service.get("dockerfile_path"))
        at = Location(file=path, line=command.line if isinstance(command, Text) else service.line)
        dockerfile = join(".", file.lstrip("/")) if file else None
        dockerfile = dockerfile if reading.is_file(dockerfile) else None
        words = shell(command.text, at) if isinstance(command, Text) and not command.is_null else ()
        if words or dockerfile is not None:
            name = text_of(service.get("name")) or kind
            evidence = Evidence(at, f"started by the DigitalOcean component {name}")
            env = _variables(reading, path, service)
            reach = Reach.PLATFORM if kind == "services" else Reach.INTERNAL
            yield Hosted(name, evidence, _folder(service), dockerfile, words, env=env, reach=reach)


def beside_procfile(reading: Reading, path: str, folder: str) -> dict[str, Variable]:
    """Return what an app specification sets for the service that a directory's Procfile starts."""
    for kind, service in _services(reading, path):
        told = service.get("run_command") or service.get("dockerfile_path")
        if kind == "services" and told is None and _folder(service) == folder:
            return _variables(reading, path, service)
    return {}


def _spec(reading: Reading, path: str) -> Table | None:
    found = documents(reading, path)
    root = found[0] if found and isinstance(found[0], Table) else None
    inner = root.get("spec") if root is not None else None
    return inner if isinstance(inner, Table) else root


def _services(reading: Reading, path: str) -> Iterator[tuple[str, Table]]:
    spec = _spec(reading, path)
    for kind in ("services", "workers") if spec is not None else ():
        for service in items(spec.get(kind)) if spec is not None else ():
            if isinstance(service, Table):
                yield kind, service


def _folder(service: Table) -> str:
    return join(".", (text_of(service.get("source_dir")) or "").strip("/") or ".") or "."


def _variables(reading: Reading, path: str, service: Table) -> dict[str, Variable]:
    """Return the variables of the app and of a component; those of a template are proposals to whoever deploys."""
    spec = _spec(reading, path)
    is_template = "template" in posixpath.basename(path)
    found: dict[str, Variable] = {}
    for item in (*items(spec.get("envs") if spec is not None else None), *items(service.get("envs"))):
        name = text_of(item.get("key")) if isinstance(item, Table) else None
        if name is None or not isinstance(item, Table) or text_of(item.get("scope")) == "BUILD_TIME":
            continue
        value = item.get("value")
        written = value.text if isinstance(value, Text) and not value.is_null else None
        if written is not None and ("${" in written or text_of(item.get("type")) == "SECRET"):
            written = None  # bound by the platform when it deploys, or encrypted
        elif written is None and is_template:
            continue  # whoever deploys is asked for it, and may leave it empty
        at = Location(file=path, line=value.line if value is not None else item.line)
        found[name] = Variable(name, written, at, _SAYS, default=is_template and written is not None)
    return found
