"""Which files are looked at for secrets, and which are set aside: tests, examples, documentation, what tools write."""

from __future__ import annotations

import re

LARGEST = 512 * 1024
"""Bytes: what is larger was not written by hand."""
MOST_FILES = 20_000

_TEXT = re.compile(
    r"\.(?:py|pyw|ya?ml|json5?|toml|ini|cfg|conf(?:ig)?|properties|xml|sh|bash|zsh|fish|ps1|bat|cmd|js|mjs|cjs|ts|jsx|tsx|vue"
    r"|rb|go|php|java|kt|cs|rs|tf|tfvars|hcl|sql|env|pem|key|ppk|p8|asc|gpg|rsa|dsa|ecdsa|ed25519|pgpass|txt|secrets?"
    r"|credentials|service|socket|local|inc|plist|gradle|netrc|htpasswd|vault)$"
    r"|(?:^|/)(?:\.[\w.-]+|[\w-]*(?:dockerfile|makefile|procfile|vagrantfile)[\w.-]*|id_(?:rsa|dsa|ecdsa|ed25519)|credentials"
    r"|secrets?|justfile|env|[\w-]*rc)$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:^|/)(?:(?:[\w-]*[-_]|unit|integration|functional|acceptance)?tests?|testing|test[-_]?data|(?:[\w-]*[-_])?fixtures?|__tests__|__mocks__|mocks?|specs?|e2e|examples?|samples?"
    r"|docs?|documentation|tutorials?|benchmarks?|vendor|third[-_]?party|node_modules|bower_components|site-packages"
    r"|locales?|i18n|translations|cassettes|snapshots|__snapshots__|\.github|\.gitlab|testdata|tests?[-_][\w-]+)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*[-_.](?:tests?|spec|example|sample|template|tmpl|tpl|dist|fixtures?|snap|j2|erb|in)"
    r"(?:\.[\w-]+)?|(?:example|sample|template)[-_.][^/]*|conftest\.py|(?:tests?|fixtures?)\.\w+|[^/]*\.min\.\w+|[^/]*\.map"
    r"|[^/]*\.lock|[\w-]*lock\.(?:json|ya?ml)|(?:readme|changelog|license|news|history)[^/]*)$",
    re.IGNORECASE,
)
_ENV = re.compile(r"(?:^|/)(?:\.env(?:[._-][\w.-]+)?|[\w.-]+\.env|env|\.envrc|\.flaskenv)$", re.IGNORECASE)
_CONFIG = re.compile(
    r"\.(?:ini|cfg|properties|toml|sh|bash)$"
    r"|(?:^|/)(?:[\w-]*(?:config|conf|settings?|secrets?|credentials?|application|database|production|prod|mail|auth|keys?"
    r"|tokens?|local|parameters|passwords?|values)[\w-]*|appsettings(?:\.\w+)?)\.(?:ya?ml|json|conf|xml|txt|config)$"
    r"|(?:^|/)\.(?:npmrc|pypirc|netrc|pgpass|git-credentials|dockercfg|my\.cnf|s3cfg|boto)$|(?:^|/)[._]netrc$",
    re.IGNORECASE,
)
_TOOLS = re.compile(
    r"(?:^|/)(?:package|tsconfig[\w.-]*|composer|angular|jsconfig|renovate|manifest|deno|nx|turbo|lerna|cypress[\w.-]*"
    r"|babel[\w.-]*|tslint|eslint[\w.-]*|jest[\w.-]*|mkdocs|\.pre-commit-config|tox|pytest|mypy|setup|pyproject"
    r"|pipfile|cargo|uv|poetry|alembic|openapi|swagger|schema)\.\w+$",
    re.IGNORECASE,
)
"""Settings of tools that build and test."""


def is_looked_at(path: str) -> bool:
    """Return whether a file may hold a secret of production."""
    return _TEXT.search(path) is not None and _ASIDE.search(path) is None


def is_env(path: str) -> bool:
    """Return whether a file is one of environment variables, by its name."""
    return _ENV.search(path) is not None


def is_config(path: str) -> bool:
    """Return whether a file holds settings of what runs, by its name."""
    return _CONFIG.search(path) is not None and _TOOLS.search(path) is None
