"""The names of pydantic: where they may be imported from, and which pydantic they mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, BASES, GENERIC
from batten.understand.evaluate.objects import Class, Library

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

MODEL = "pydantic.BaseModel"
OLD_MODEL = "pydantic.v1.BaseModel"
SETTINGS = "pydantic_settings.BaseSettings"
OLD_SETTINGS = "pydantic.v1.BaseSettings"
FIELD = "pydantic.Field"
SECRET = "pydantic.SecretStr"  # noqa: S105 - a class of that name
OLD, NEW = 1, 2

GENERIC.update({"pydantic.Json", "pydantic.Secret", "pydantic.SkipValidation", "pydantic.InstanceOf"})
BASES.update(
    {SETTINGS: (MODEL,), OLD_SETTINGS: (OLD_MODEL, MODEL), OLD_MODEL: (MODEL,), "pydantic.SecretBytes": (SECRET,)}
)

URLS = (
    "AnyUrl AnyHttpUrl HttpUrl AnyWebsocketUrl WebsocketUrl FileUrl FtpUrl PostgresDsn CockroachDsn AmqpDsn RedisDsn "
    "MongoDsn KafkaDsn NatsDsn MySQLDsn MariaDBDsn ClickHouseDsn SnowflakeDsn"
).split()
_VALIDATORS = (
    "field_validator model_validator BeforeValidator AfterValidator PlainValidator WrapValidator SkipValidation "
    "InstanceOf ValidateAs"
)
_TYPES = (
    "SecretStr SecretBytes Strict StrictStr StrictBytes StrictBool StrictInt StrictFloat PositiveInt NegativeInt "
    "NonNegativeInt NonPositiveInt PositiveFloat NegativeFloat NonNegativeFloat NonPositiveFloat StringConstraints "
    "conint confloat constr conbytes conlist conset confrozenset Json FilePath DirectoryPath NewPath ImportString "
    "ByteSize Discriminator Tag FailFast PaymentCardNumber AwareDatetime NaiveDatetime FutureDate PastDate Secret "
    "FiniteFloat AllowInfNan"
)
_MOVED = {
    "fields": "Field PrivateAttr FieldInfo computed_field AliasChoices AliasPath",
    "aliases": "AliasChoices AliasPath AliasGenerator",
    "main": "BaseModel",
    "root_model": "RootModel",
    "types": _TYPES,
    "networks": " ".join((*URLS, "EmailStr NameEmail IPvAnyAddress IPvAnyInterface IPvAnyNetwork UrlConstraints")),
    "functional_validators": _VALIDATORS,
    "functional_serializers": "PlainSerializer WrapSerializer SerializeAsAny field_serializer model_serializer",
    "class_validators": "validator root_validator",
    "deprecated.class_validators": "validator root_validator",
    "config": "ConfigDict BaseConfig Extra",
    "deprecated.config": "BaseConfig Extra",
    "type_adapter": "TypeAdapter",
    "tools": "parse_obj_as",
    "error_wrappers": "ValidationError",
}
for _module, _names in _MOVED.items():
    for _name in _names.split():
        ALIASES[f"pydantic.{_module}.{_name}"] = f"pydantic.{_name}"
        ALIASES[f"pydantic.v1.{_module}.{_name}"] = f"pydantic.{_name}"
        ALIASES[f"pydantic.v1.{_name}"] = f"pydantic.{_name}"
for _module in ("pydantic.v1.main", "pydantic.v1"):
    ALIASES[f"{_module}.BaseModel"] = OLD_MODEL
for _module in ("pydantic", "pydantic.env_settings", "pydantic.v1.env_settings"):
    ALIASES[f"{_module}.BaseSettings"] = OLD_SETTINGS
del ALIASES["pydantic.v1.BaseModel"]  # its own name
_SOURCES = (
    "EnvSettingsSource DotEnvSettingsSource InitSettingsSource SecretsSettingsSource PydanticBaseSettingsSource "
    "DefaultSettingsSource JsonConfigSettingsSource TomlConfigSettingsSource YamlConfigSettingsSource "
    "PyprojectTomlConfigSettingsSource CliSettingsSource NoDecode ForceDecode"
).split()
for _name in _SOURCES:
    ALIASES[f"pydantic_settings.sources.{_name}"] = f"pydantic_settings.{_name}"
ALIASES["pydantic_settings.main.BaseSettings"] = SETTINGS
ALIASES["pydantic_settings.main.SettingsConfigDict"] = "pydantic_settings.SettingsConfigDict"
for _name in URLS:
    BASES[f"pydantic.{_name}"] = ("pydantic.url",)
    BASES[f"pydantic.v1.{_name}"] = ("pydantic.v1.url",)

ANNOTATIONS = frozenset(
    "Field BeforeValidator AfterValidator PlainValidator WrapValidator StringConstraints Strict UrlConstraints "
    "Gt Ge Lt Le Interval MultipleOf MinLen MaxLen Len NoDecode ForceDecode Discriminator AllowInfNan".split()
)
"""What may stand in `Annotated[...]` and is followed."""
IGNORED_METADATA = frozenset(
    "PlainSerializer WrapSerializer SerializeAsAny WithJsonSchema Tag FailFast Doc DocInfo doc Examples "
    "SkipJsonSchema deprecated CliSuppress CliPositionalArg CliImplicitFlag CliExplicitFlag".split()
)
"""What may stand there and changes no value."""
_PACKAGES = ("pydantic.", "pydantic_settings.", "annotated_types.", "typing_extensions.")


def bare_name(name: str) -> str:
    """Return a name of pydantic without its modules, any other as it is."""
    return name.rpartition(".")[2] if name.startswith(_PACKAGES) else name


def major_of(machine: Interpreter, cls: Class | None = None) -> int:
    """Return which pydantic a class of the project is made with: 1 or 2."""
    for base in cls.order if cls is not None else ():
        if isinstance(base, Library) and base.name in {SETTINGS, OLD_SETTINGS, OLD_MODEL}:
            return NEW if base.name == SETTINGS else OLD
    requirements = machine.world.stack.requirements
    if "pydantic-settings" in requirements:
        return NEW
    if _is_old(requirements.get("pydantic", "")):
        return OLD
    return OLD if machine.hooks.get("pydantic.v1") and not _is_new(requirements.get("pydantic", "")) else NEW


def _is_old(specifier: str) -> bool:
    """Return whether a specifier admits no pydantic 2."""
    return bool(re.search(r"(^|,)(={2,3}|~=|<=|\^|~)\s*v?1(\D|$)|(^|,)<\s*v?2(\.0)*(,|$)|(^|,)<\s*v?1\.", specifier))


def _is_new(specifier: str) -> bool:
    """Return whether a specifier admits nothing before pydantic 2."""
    return bool(re.search(r"(^|,)(={2,3}|~=|>=|>|\^|~)\s*v?2(\D|$)", specifier))
