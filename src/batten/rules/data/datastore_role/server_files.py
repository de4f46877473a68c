"""MySQL lets queries reach files.

With `local_infile` a server, or somebody in its place, makes clients send files of their own machine. An empty
`secure_file_priv` lets `LOAD_FILE` and `INTO OUTFILE` read and write wherever the server may: an
injection then reads `/etc/passwd` or writes a page of its own.

Silent for a directory or NULL, for `local_infile` off, which is MySQL's default since 8, and for
parts of the file that the server does not read.

Fix: `local_infile = 0`, and `secure_file_priv = NULL` or a directory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.nouns import DataStore

if TYPE_CHECKING:
    from collections.abc import Iterator

CONF = """\
[mysqld]
bind-address = 127.0.0.1
local_infile = 1  # <- here
"""


@rule(
    id="datastore-role/server-files",
    severity=Severity.LOW,
    cwe=552,
    over=DataStore,
    sources=["MySQL 8.4, 8.1.6 Security Considerations for LOAD DATA LOCAL", "CIS MySQL 8.0 Benchmark 4.4, 4.6"],
    bad=[
        Bad("clients' files", {"my.cnf": CONF}),
        Bad("the server's files", {"my.cnf": CONF.replace("local_infile = 1", 'secure_file_priv = ""')}),
    ],
    good=[
        Good("off", {"my.cnf": CONF.replace("= 1", "= 0")}),
        Good("off by its name", {"my.cnf": CONF.replace("local_infile = 1", "skip-local-infile")}),
        Good("a directory", {"my.cnf": CONF.replace("local_infile = 1", "secure_file_priv = /var/lib/mysql-files")}),
        Good("a client's part", {"my.cnf": CONF.replace("mysqld", "client")}),
    ],
)
def reaches_files(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for each of the two that is open."""
    if store.product not in ("mysql", "mariadb"):
        return
    local, private = store.settings.get("local_infile"), store.settings.get("secure_file_priv")
    if local is not None and local.says("1", "on", "true", ""):
        fix = Fix("set `local_infile = 0`")
        yield Finding(
            local.at,
            f"{store.name} loads files of its clients",
            store.evidence,
            store.confidence,
            fix=fix,
            symbol=local.name,
        )
    if private is not None and private.says(""):
        says = f"{store.name} lets queries read and write any file that the server may"
        fix = Fix("set `secure_file_priv` to NULL or a directory")
        yield Finding(private.at, says, store.evidence, store.confidence, fix=fix, symbol=private.name)
