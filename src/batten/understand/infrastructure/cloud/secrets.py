"""Secrets that stand in the definition of a cloud: passwords of databases, keys of providers, environments, scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.committed import uncommitted
from batten.understand.evaluate.outcome import known_value
from batten.understand.infrastructure.cloud.cells import Order
from batten.understand.infrastructure.cloud.nouns import CloudSecret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Evidence
    from batten.understand.infrastructure.cloud.cells import Cell, Resource
    from batten.understand.infrastructure.ground import Ground

NAMED = re.compile(
    r"(?:\w*_)?(?:pass(?:word|wd|phrase)?|pwd|secret(?:_key|_access_key|_string|_data|_text|_value)?|token"
    r"|(?:api|private|access|account|encryption|signing|auth|master|shared|client)_?(?:key|secret|token)|credentials?)",
    re.IGNORECASE,
)
"""Names of attributes, variables and settings that hold a secret."""
_NOT = re.compile(
    r"(?:^|_)(?:name|id|arn|length|policy|version|path|ttl|enabled|type|public|ssh_public|url|uri|file|expir\w*|rotat\w*"
    r"|days|count|ref|prefix|method|kms|field|header|label|secretsmanager|min|max|require\w*|allow\w*)(?:_|$)",
    re.IGNORECASE,
)
"""Names that speak of a secret and hold none."""
_DATABASES = re.compile(
    r"aws_(?:db_instance|rds_cluster|redshift_cluster|docdb_cluster|elasticache_\w+|dms_endpoint|mq_broker)"
    r"|google_sql_(?:user|database_instance)|google_alloydb_\w+"
    r"|azurerm_(?:postgresql|mysql|mariadb|mssql|sql)_\w*server|azurerm_synapse_workspace|azurerm_\w*virtual_machine\w*"
    r"|(?:postgresql|mysql)_(?:role|user)|rabbitmq_user|module"
)
"""Kinds whose password nobody but the resource itself could hide."""
_MAPS = frozenset(
    (
        "variables",
        "environment_variables",
        "app_settings",
        "environment",
        "env_variables",
        "secret_environment_variables",
    )
)
_PAIRS = frozenset(("container_definitions", "environment", "env", "setting", "set", "set_sensitive", "containers"))
_SCRIPTS = ("user_data", "user_data_base64", "custom_data", "metadata_startup_script", "startup_script", "script")
_EXPORT = re.compile(
    r"^[ \t]*(?:export[ \t]+|-[ \t]*(?:export[ \t]+)?|echo[ \t]+[\"']?)?([A-Za-z_]\w*)[ \t]*=[ \t]*[\"']?([^\s\"'$`]+)",
    re.MULTILINE,
)
_STORES = {
    "aws_secretsmanager_secret_version": ("secret_string",),
    "aws_ssm_parameter": ("value",),
    "azurerm_key_vault_secret": ("value",),
    "google_secret_manager_secret_version": ("secret_data",),
}
"""What keeps secrets: a literal given to it stands in the repository all the same."""


def read(ground: Ground) -> Iterator[CloudSecret]:
    """Yield the secrets that stand in orders, each place once."""
    outside = uncommitted(ground.reading.sources)
    told: set[Location] = set()
    for order in ground.of(Order):
        for secret in _of_order(order):
            if secret.at not in told and secret.at.file not in outside:
                told.add(secret.at)
                yield secret


def _of_order(order: Order) -> Iterator[CloudSecret]:
    for one in order.resources:
        if one.kind == "variable":
            yield from _variable(one)
        elif not one.data:
            yield from _attributes(one)
            yield from _environment(one)
            yield from _scripts(one)


def is_named(name: str) -> bool:
    """Return whether a name says that it holds a secret."""
    return NAMED.fullmatch(name) is not None and _NOT.search(name) is None


def _secret(name: str, cell: Cell, *, user: str = "", sure: bool = False) -> Iterator[CloudSecret]:
    """Yield a literal as a secret, at the place that writes it."""
    if isinstance(cell.value, str) and cell.value:
        at = cell.literal_at
        came: tuple[Evidence, ...] = cell.came
        value = known_value(cell.value, at, f"{name} is this text").hidden()
        is_default = any("default" in step.says for step in came)
        yield CloudSecret(name, value, at, user, is_default, sure)


def _variable(one: Resource) -> Iterator[CloudSecret]:
    """Read a variable that is sensitive, or named for a secret, and has a default or a value in a file."""
    name = one.name.removeprefix("variable.")
    if one.get("sensitive").flag or is_named(name) or one.get("no_echo").flag:
        yield from _secret(one.name, one.get("default"))


def _attributes(one: Resource) -> Iterator[CloudSecret]:
    stored = _STORES.get(one.kind, ())
    if one.kind == "aws_ssm_parameter" and one.get("type").text != "SecureString":
        stored = ()
    for cell in (one.body, *(inner for part in _parts(one.body) for inner in part.each())):
        if isinstance(cell.value, dict):
            user = cell.first(
                "username", "user", "administrator_login", "master_username", "admin_username", "name"
            ).text
            for name, held in cell.value.items():
                if (name in stored or is_named(name)) and not {name, "all"} & {*one.left_alone}:
                    yield from _held(one, name, held, user or "", is_stored=name in stored)


def _held(one: Resource, name: str, held: Cell, user: str, *, is_stored: bool) -> Iterator[CloudSecret]:
    """Yield the secret, or the secrets of the object, that an attribute holds."""
    if is_stored and isinstance(held.value, dict):
        for inner, cell in held.value.items():
            if is_named(inner):
                yield from _secret(f"{one.name} {inner}", cell, sure=True)
    elif not is_stored or " " not in held.written:  # a sentence is no secret
        sure = is_stored or (_DATABASES.fullmatch(one.kind) is not None and "pass" in name.lower())
        yield from _secret(f"{one.name} {name}", held, user=user, sure=sure)


def _parts(body: Cell) -> Iterator[Cell]:
    """Yield the blocks of a resource, one level down, without those that hold names and values of others."""
    if isinstance(body.value, dict):
        for name, held in body.value.items():
            if name not in _MAPS and name not in _PAIRS and isinstance(held.value, tuple | dict):
                yield held


def _environment(one: Resource) -> Iterator[CloudSecret]:
    """Read what becomes the environment of a program: objects of names, and lists of a name and a value."""
    for cell in _decoded(one.body).walk():
        if not isinstance(cell.value, dict):
            continue
        for name, held in cell.value.items():
            if name.lower() in _MAPS and isinstance(held.value, dict):
                for setting, inner in held.value.items():
                    if is_named(setting):
                        yield from _secret(f"{one.name} {setting}", inner)
        named, value = cell.first("name", "Name"), cell.first("value", "Value")
        if named.text and is_named(named.text.rpartition(".")[2]) and value.is_given:
            yield from _secret(f"{one.name} {named.text}", value)


def _decoded(body: Cell) -> Cell:
    """Return the body with definitions of containers that are written as JSON read."""
    definitions = body.get("container_definitions")
    if not isinstance(definitions.value, str) or not isinstance(body.value, dict):
        return body
    import json  # noqa: PLC0415 - few write JSON as a text

    from batten.understand.infrastructure.cloud.policies import as_cell  # noqa: PLC0415 - likewise

    try:
        held = json.loads(definitions.value)
    except (ValueError, RecursionError):
        return body
    return type(body)({**body.value, "container_definitions": as_cell(held, definitions.at)}, body.at)


def _scripts(one: Resource) -> Iterator[CloudSecret]:
    for name in _SCRIPTS:
        cell = one.get(name)
        for match in _EXPORT.finditer(cell.written[:100_000]):
            if is_named(match[1]):
                line = cell.written.count("\n", 0, match.start(1))
                at = _down(cell.at, line)
                value = known_value(match[2], at, f"{match[1]} in {name} is this text").hidden()
                yield CloudSecret(f"{one.name} {match[1]} in {name}", value, at)


def _down(at: Location, lines: int) -> Location:
    """Return the place a number of lines below the one that begins a text."""
    return Location(file=at.file, line=(at.line or 1) + lines + 1 if lines else at.line)
