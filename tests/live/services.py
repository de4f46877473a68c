"""Data stores and brokers as the distribution packages them: each in its own folder, on a free port of 127.0.0.1.

A server that is started as root runs as the user that its package made for it. What a server holds is told before and
after it was asked, by its own client.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

from tests.live.started import Started

if TYPE_CHECKING:
    from collections.abc import Iterator

_START_S = 40
POSTGRES = next((str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), "")
os.environ["PATH"] = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


def needs(*programs: str) -> pytest.MarkDecorator:
    """Return the mark that skips a test where a program is missing."""
    missing = [name for name in programs if shutil.which(name) is None and not Path(POSTGRES, name).is_file()]
    return pytest.mark.skipif(bool(missing), reason=f"{' and '.join(missing)} is not installed")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


class Service(Started):
    """A server that takes the number of its port, ready when it accepts connections."""

    def __init__(self, folder: Path, *argv: str, user: str = "", ready: bytes = b"") -> None:
        super().__init__(*argv, cwd=folder, prints=True)
        self.folder = folder
        self._user = user
        self._ready = ready

    def __enter__(self) -> Self:
        self.port = free_port()
        self.argv = tuple(word.replace("{port}", str(self.port)) for word in self.argv)
        for path, text in self.files.items():
            path.write_text(text.replace("{port}", str(self.port)), encoding="utf-8")
        if self._user and os.geteuid() == 0:
            give(self.folder, self._user)
            self.argv = ("setpriv", f"--reuid={self._user}", f"--regid={self._user}", "--clear-groups", *self.argv)
        return super().__enter__()

    def _printed(self) -> int:
        ends = time.monotonic() + _START_S
        while time.monotonic() < ends and self._process is not None and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
                continue
            if self._ready in self.said():
                return self.port
        raise AssertionError(f"{self.argv[0]} does not accept connections: {self.said()[-2000:]!r}")


@contextlib.contextmanager
def folder_for(user: str = "") -> Iterator[Path]:
    """Make a folder that another user can reach, unlike those of pytest, and remove it."""
    with tempfile.TemporaryDirectory(prefix="batten-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        if user:
            give(folder, user)
        yield folder


def give(folder: Path, user: str) -> None:
    """Hand a folder with all that is in it to a user, where that can be done."""
    if os.geteuid() == 0:
        held = pwd.getpwnam(user)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, held.pw_uid, held.pw_gid)


def run(*argv: str, user: str = "", **env: str) -> str:
    """Run a command to its end, and return what it printed."""
    if user and os.geteuid() == 0:
        argv = ("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *argv)
    done = subprocess.run(
        argv, check=False, timeout=90, capture_output=True, text=True, cwd="/", env={**os.environ, **env}
    )
    assert done.returncode == 0, f"{argv}: {done.stdout[-1000:]}{done.stderr[-1000:]}"
    return done.stdout


def certificate(folder: Path) -> tuple[str, str]:
    """Make a certificate for localhost, and return the paths of it and of its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    run(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-keyout", str(key), "-out", str(cert),
    )  # fmt: skip
    key.chmod(0o600)
    return str(cert), str(key)


def redis(folder: Path, *options: str) -> Service:
    return Service(
        folder, "redis-server", "--port", "{port}", "--bind", "127.0.0.1", "--save", "", "--dir", str(folder), *options
    )


def memcached(folder: Path, *options: str) -> Service:
    user = ("-u", "nobody") if os.geteuid() == 0 else ()
    return Service(folder, "memcached", *user, "-l", "127.0.0.1", "-p", "{port}", "-U", "0", *options)


def mosquitto(folder: Path, *, anonymous: bool) -> Service:
    server = Service(folder, "mosquitto", "-v", "-c", str(folder / "mosquitto.conf"), user="mosquitto")
    word = "true" if anonymous else "false"
    server.files[folder / "mosquitto.conf"] = (
        f"listener {{port}} 127.0.0.1\nallow_anonymous {word}\nlog_dest stdout\nlog_type all\n"
    )
    return server


def postgres(folder: Path) -> Service:
    """Return a server that `let_in` and `over_tls` then change."""
    user, data = "postgres", folder / "data"
    give(folder, user)
    run(f"{POSTGRES}/initdb", "-D", str(data), "-U", user, "-N", "--auth=trust", user=user)
    return Service(
        folder, f"{POSTGRES}/postgres", "-D", str(data), "-p", "{port}", "-c", "listen_addresses=127.0.0.1",
        "-c", f"unix_socket_directories={folder}", "-c", "log_statement=all", "-c", "fsync=off",
        user=user, ready=b"ready to accept connections",
    )  # fmt: skip


def let_in(server: Service, auth: str, password: str) -> None:
    """Let the superuser `postgres` in over TCP by `auth`, with that password."""
    hba = server.folder / "data" / "pg_hba.conf"
    hba.write_text(f"local all all trust\nhost all all 127.0.0.1/32 {auth}\n", encoding="utf-8")
    stored = "md5" if auth == "md5" else "scram-sha-256"
    in_sql(
        server, f"SET password_encryption = '{stored}'", f"ALTER ROLE postgres PASSWORD '{password}'",
        "SELECT pg_reload_conf()",
    )  # fmt: skip
    time.sleep(0.2)


def over_tls(server: Service) -> None:
    """Let the server offer TLS."""
    cert, key = certificate(server.folder)
    give(server.folder, "postgres")
    in_sql(
        server, f"ALTER SYSTEM SET ssl_cert_file = '{cert}'", f"ALTER SYSTEM SET ssl_key_file = '{key}'",
        "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()",
    )  # fmt: skip
    time.sleep(0.2)


def in_sql(server: Service, *statements: str) -> str:
    """Return what PostgreSQL answers over its Unix socket."""
    asked = [word for statement in statements for word in ("-c", statement)]
    client = ("-h", str(server.folder), "-p", str(server.port), "-U", "postgres", "-qAt")
    return run(f"{POSTGRES}/psql", *client, *asked, user="postgres")


def mariadb(folder: Path, *, tls: bool = False) -> Service:
    """Return a server whose accounts have no password, until `with_password` gives them one."""
    user = "mysql" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    data = folder / "data"
    options: list[str] = []
    if tls:
        cert, key = certificate(folder)
        options = [f"--ssl-cert={cert}", f"--ssl-key={key}"]
    give(folder, user)
    run(
        "mariadb-install-db", "--no-defaults", f"--datadir={data}", f"--user={user}", "--skip-test-db",
        "--auth-root-authentication-method=normal",
    )  # fmt: skip
    return Service(
        folder, "mariadbd", "--no-defaults", f"--datadir={data}", "--port={port}", "--bind-address=127.0.0.1",
        f"--socket={folder}/s", f"--pid-file={folder}/pid", "--general-log", f"--general-log-file={folder}/log",
        *options, user=user, ready=b"ready for connections",
    )  # fmt: skip


def with_password(server: Service, old: str, new: str) -> None:
    """Give all of root's accounts, one for each host, a password."""
    _mariadb(
        server, old, "UPDATE mysql.global_priv SET priv = json_set(priv, '$.plugin', 'mysql_native_password', "
        f"'$.authentication_string', PASSWORD('{new}')) WHERE User = 'root'; FLUSH PRIVILEGES",
    )  # fmt: skip


def _mariadb(server: Service, password: str, statement: str) -> str:
    client = ("mariadb", "--no-defaults", f"--socket={server.folder}/s", "--user=root")
    return run(*client, "-e", statement, MYSQL_PWD=password)


RABBIT = "/usr/lib/rabbitmq/bin"
"""Without the package's wrapper, which would start it as a user of its own and forget its settings."""


class Node(Service):
    """A RabbitMQ node, with the daemon of Erlang that tells nodes of one another, which would else outlive it."""

    def __enter__(self) -> Self:
        number = next(word for word in self.argv if word.startswith("ERL_EPMD_PORT=")).partition("=")[2]
        self._daemon = Started("epmd", "-address", "127.0.0.1", "-port", number, prints=True, cwd=self.folder)
        self._daemon._printed = lambda: int(number)  # type: ignore[method-assign]
        self._daemon.__enter__()
        return super().__enter__()

    def _end(self) -> None:
        super()._end()
        self._daemon._end()


def rabbitmq(folder: Path) -> Service:
    """Return a node without plugins, whose settings are all below the folder."""
    server = Node(folder, "env", *_node(folder), f"{RABBIT}/rabbitmq-server", user="rabbitmq", ready=b"completed with")
    server.files[folder / "rabbitmq.conf"] = "listeners.tcp.1 = 127.0.0.1:{port}\n"
    return server


def _node(folder: Path) -> list[str]:
    port = 10_000 + int(folder.stat().st_ino) % 20_000  # the same for the node and for who asks it
    held = {
        "HOME": folder, "ERL_EPMD_ADDRESS": "127.0.0.1", "ERL_EPMD_PORT": port, "RABBITMQ_DIST_PORT": port + 1,
        "RABBITMQ_NODENAME": "batten@localhost", "RABBITMQ_MNESIA_BASE": folder / "data",
        "RABBITMQ_LOG_BASE": folder / "log", "RABBITMQ_LOGS": "-", "RABBITMQ_PID_FILE": folder / "pid",
        "RABBITMQ_ENABLED_PLUGINS_FILE": folder / "plugins", "RABBITMQ_CONFIG_FILE": folder / "rabbitmq.conf",
        "RABBITMQ_CONF_ENV_FILE": folder / "env",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }  # fmt: skip
    return [f"{name}={value}" for name, value in held.items()]


def rabbitmqctl(server: Service, *words: str) -> str:
    return run("env", *_node(server.folder), f"{RABBIT}/rabbitmqctl", "-q", *words, user="rabbitmq")


def without(text: str, *patterns: str) -> str:
    """Return the lines that none of the patterns is in."""
    return "\n".join(line for line in text.splitlines() if not any(re.search(one, line) for one in patterns))


def _spoken(server: Service, text: str) -> str:
    with socket.create_connection(("127.0.0.1", server.port), 5) as wire:
        wire.sendall(text.encode())
        return b"".join(iter(lambda: wire.recv(65_536), b"")).decode()


def in_redis(server: Service, password: str = "", question: str = "CONFIG GET *\r\nACL LIST\r\nKEYS *") -> str:
    """Return the settings, the accounts, the keys of a Redis server."""
    auth = f"AUTH {password}\r\n" if password else ""
    return _spoken(server, f"{auth}{question}\r\nQUIT\r\n")


def in_memcached(server: Service) -> str:
    return _spoken(server, "stats\r\nquit\r\n")


def in_postgres(server: Service) -> str:
    """Return all roles, databases and tables, and the settings, as the superuser sees them over the Unix socket."""
    client = ("-h", str(server.folder), "-p", str(server.port), "-U", "postgres")
    dump = run(f"{POSTGRES}/pg_dumpall", *client, user="postgres")
    return without(dump, r"^.(un)?restrict ") + in_sql(server, "SELECT name, setting FROM pg_settings")


def in_mariadb(server: Service, password: str) -> str:
    """Return all databases, accounts and settings."""
    client = (f"--socket={server.folder}/s", "--user=root")
    dump = run("mariadb-dump", "--no-defaults", *client, "--all-databases", "--skip-comments", MYSQL_PWD=password)
    settings = _mariadb(server, password, "SHOW GLOBAL VARIABLES")
    return dump + without(settings, "gtid", "timestamp", "last_", "rand_seed")
