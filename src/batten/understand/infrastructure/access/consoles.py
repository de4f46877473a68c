"""Who may use a console that operates something else, as its image is told.

Docker Hub and the projects' own docs: adminer 4.8, dpage/pgadmin4 8 (`PGADMIN_CONFIG_SERVER_MODE`), phpmyadmin 5.2
(`PMA_USER`), mongo-express 1.0 (`admin` and `pass` unless told), redis-commander 0.8, RedisInsight 2, Flower 2,
Portainer CE 2, Grafana 11 (`admin` and `admin`), Prometheus 2.5 (`--web.config.file`), Jupyter Docker Stacks 2024,
MailHog 1, Mailpit 1.20, Dozzle 8, Kafka UI 0.7, Airflow 2.10, Selenium Grid 4, pgweb 0.16, code-server 4,
File Browser 2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.infrastructure.access.told import UNKNOWN, Access
from batten.understand.infrastructure.nouns import Login

if TYPE_CHECKING:
    from batten.understand.infrastructure.access.told import Told

_ELSEWHERE = "further variables come from a file that is not in the repository"


def adminer(told: Told) -> Access:
    """Adminer asks for the database's login and no other, from everybody."""
    return Access(at=told.at, because="asks for nothing but the database's own login")


def phpmyadmin(told: Told) -> Access:
    """Log in as `PMA_USER` where its password is given too, else ask for the database's login."""
    user = told.env("PMA_USER")
    if user is not None and told.env("PMA_PASSWORD", "PMA_PASSWORD_FILE") is not None:
        return Access(is_open=True, at=user.at, because="logs every visitor in by itself (PMA_USER)")
    return adminer(told)


def pgadmin(told: Told) -> Access:
    """PgAdmin asks for its own login, unless it is told that it runs on a desk."""
    mode = told.env("PGADMIN_CONFIG_SERVER_MODE")
    if mode is not None and (mode.value or "").lower() == "false":
        because = "asks for no login (PGADMIN_CONFIG_SERVER_MODE is False)"
        return Access(is_open=True, at=mode.at, because=because, default=mode.default)
    user = told.text("PGADMIN_DEFAULT_EMAIL") or ""
    return _with(told.login(user.partition("@")[0], "PGADMIN_DEFAULT_PASSWORD", is_superuser=True))


def mongo_express(told: Told) -> Access:
    """Mongo-express: `admin` and `pass` since 1, nothing before it."""
    switch = told.env("ME_CONFIG_BASICAUTH", "ME_CONFIG_BASICAUTH_ENABLED")
    if switch is not None and (switch.value or "").lower() == "false":
        return Access(is_open=True, at=switch.at, because=f"asks for no login ({switch.name} is false)")
    user = told.text("ME_CONFIG_BASICAUTH_USERNAME") or "admin"
    own = told.login(user, "ME_CONFIG_BASICAUTH_PASSWORD", is_superuser=True)
    if own is not None and own.password != "":
        return _with(own)
    if told.is_before(1):
        return _open(told, "asks for no login: ME_CONFIG_BASICAUTH_USERNAME is not set")
    return _with(Login(user, "pass", told.at, is_superuser=True)) if told.is_whole else Access(unsure=_ELSEWHERE)


def redis_commander(told: Told) -> Access:
    """Ask for `HTTP_USER` and `HTTP_PASSWORD` where they are set."""
    own = told.login(told.text("HTTP_USER") or "", "HTTP_PASSWORD", "HTTP_PASSWORD_HASH", is_superuser=True)
    if own is not None and own.password != "":
        return _with(own)
    return _open(told, "asks for no login: HTTP_USER and HTTP_PASSWORD are not set")


def unguarded(told: Told) -> Access:
    """Return what holds for a console that has no login at all."""
    return _open(told, "has no login of its own")


def flower(told: Told) -> Access:
    """Flower asks for a login where `basic_auth` or a provider is named."""
    word = told.option("--basic_auth", "--basic-auth")
    if word is not None:
        user, _, password = word.text.partition(":")
        known = word.known and "${" not in word.text
        return _with(Login(user, password if known else None, word.at, is_superuser=True, default=word.default))
    variable = told.env("FLOWER_BASIC_AUTH")
    if variable is not None and variable.value is not None:
        user, _, password = variable.value.partition(":")
        return _with(Login(user, password, variable.at, is_superuser=True, default=variable.default))
    named = told.has("--auth", "--auth_provider", "--conf") or told.env("FLOWER_AUTH", "FLOWER_AUTH_PROVIDER")
    if variable is not None or named is not None:
        return UNKNOWN
    return _open(told, "asks for no login: it is started without --basic-auth")


def portainer(told: Told) -> Access:
    """Portainer: who comes first becomes its administrator, unless a password is given."""
    if told.has("--admin-password", "--admin-password-file") is not None:
        return Access(is_open=False)
    if told.has("--no-auth") is not None:
        return _open(told, "asks for no login (--no-auth)")
    return Access(at=told.at, because="makes whoever comes first its administrator")


def grafana(told: Told) -> Access:
    """Grafana: `admin` and `admin` unless told, and whoever comes where anonymous access is on."""
    anonymous = told.env("GF_AUTH_ANONYMOUS_ENABLED")
    if anonymous is not None and told.is_yes("GF_AUTH_ANONYMOUS_ENABLED"):
        role = told.text("GF_AUTH_ANONYMOUS_ORG_ROLE") or "Viewer"
        because = f"lets everybody in as {role} (GF_AUTH_ANONYMOUS_ENABLED)"
        return Access(is_open=True, at=anonymous.at, because=because, default=anonymous.default)
    names = ("GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_ADMIN_PASSWORD__FILE")
    own = told.login(told.text("GF_SECURITY_ADMIN_USER") or "admin", *names[:1], is_superuser=True)
    if own is not None and own.password != "":
        return _with(own)
    elsewhere = told.env(names[1], "GF_PATHS_CONFIG", "GF_AUTH_DISABLE_LOGIN_FORM") is not None
    if elsewhere or not told.is_whole or told.is_given("grafana.ini", "custom.ini") or told.has("--config", "-config"):
        return Access(unsure=_ELSEWHERE)
    return _with(Login("admin", "admin", told.at, is_superuser=True))


def prometheus(told: Told) -> Access:
    """Prometheus, Alertmanager: no login unless `--web.config.file` names one."""
    if told.has("--web.config.file") is not None:
        return Access(is_open=False)
    return _open(told, "has no login of its own")


def jupyter(told: Told) -> Access:
    """Jupyter draws a token by itself, unless an empty one is given."""
    names = ("--NotebookApp.token", "--ServerApp.token", "--IdentityProvider.token", "--LabApp.token")
    word = told.option(*names)
    if word is not None and word.text == "":
        return Access(is_open=True, at=word.at, because="runs the code of every visitor: its token is empty")
    if word is not None:
        return _with(told.worded("", word, is_superuser=True))
    token = told.env("JUPYTER_TOKEN")
    if token is not None and token.value == "" and not token.default:
        return Access(is_open=True, at=token.at, because="runs the code of every visitor: its token is empty")
    return _with(told.login("", "JUPYTER_TOKEN", is_superuser=True))


def mail_catcher(told: Told) -> Access:
    """MailHog and its kin show every mail, with the links that set passwords, unless a file of logins is named."""
    options = told.has("-auth-file", "--auth-file", "--ui-auth-file", "--web-user", "--http-auth")
    names = ("MH_AUTH_FILE", "MP_UI_AUTH_FILE", "MP_UI_AUTH", "MAILDEV_WEB_USER")
    if options is not None or told.env(*names) is not None:
        return Access(is_open=False)
    return _open(told, "shows every mail to everybody")


def dozzle(told: Told) -> Access:
    """Dozzle shows the logs of all containers, unless a provider of logins is named."""
    if told.env("DOZZLE_AUTH_PROVIDER", "DOZZLE_USERNAME") or told.has("--auth-provider", "--username"):
        return Access(is_open=False)
    return _open(told, "shows the logs of all containers to everybody")


def kafka_ui(told: Told) -> Access:
    """Consoles of Kafka ask for no login unless one is configured."""
    names = [name for name in told.container.env if "AUTH" in name or "LOGIN" in name or "SECURITY" in name]
    values = [variable.value or "" for variable in told.container.env.values()]
    configured = any("security:" in value for value in values) or told.is_given(".yml", ".yaml")
    if [name for name in names if told.text(name) != "DISABLED"] or configured:
        return UNKNOWN
    return _open(told, "asks for no login")


def airflow(told: Told) -> Access:
    """Airflow's image makes the account that it is told to."""
    user = told.text("_AIRFLOW_WWW_USER_USERNAME") or "airflow"
    return _with(told.login(user, "_AIRFLOW_WWW_USER_PASSWORD", is_superuser=True))


def selenium(told: Told) -> Access:
    """Selenium's grid starts a browser for everybody, unless its router has a user."""
    if told.env("SE_ROUTER_USERNAME", "SE_OPTS", "GRID_AUTH") is not None or told.has("--username") is not None:
        return UNKNOWN
    return _open(told, "starts a browser for everybody, inside the network")


def pgweb(told: Told) -> Access:
    """Pgweb shows the database of its URL to everybody, unless it has a user of its own."""
    own = told.login(told.text("PGWEB_AUTH_USER") or "", "PGWEB_AUTH_PASS", "AUTH_PASS")
    if own is not None or told.has("--auth-user", "--auth-pass") is not None:
        return _with(own)
    return _open(told, "shows its database to everybody")


def code_server(told: Told) -> Access:
    """Code-server asks for a password that it draws by itself, unless told otherwise."""
    word = told.option("--auth")
    if word is not None and word.text == "none":
        return Access(is_open=True, at=word.at, because="gives every visitor a shell (--auth none)")
    return _with(told.login("", "PASSWORD", is_superuser=True))


def filebrowser(told: Told) -> Access:
    """File Browser: `admin` and `admin` at the first start, before 2.33."""
    word = told.has("--noauth")
    if word is not None or told.is_yes("FB_NOAUTH"):
        return Access(is_open=True, at=word.at if word is not None else told.at, because="asks for no login (noauth)")
    return UNKNOWN


def kibana(told: Told) -> Access:
    """Kibana and its kin ask for the login of the search engine behind them: see the reader."""
    off = told.env("DISABLE_SECURITY_DASHBOARDS_PLUGIN")
    if off is not None and told.is_yes("DISABLE_SECURITY_DASHBOARDS_PLUGIN"):
        return Access(is_open=True, at=off.at, because="asks for no login (DISABLE_SECURITY_DASHBOARDS_PLUGIN)")
    return UNKNOWN


# What they share


def _with(login: Login | None) -> Access:
    return UNKNOWN if login is None else Access((login,), is_open=False if login.password != "" else None)


def _open(told: Told, because: str) -> Access:
    if not told.is_whole:
        return Access(unsure=_ELSEWHERE)
    return Access(is_open=True, at=told.at, because=because)


def is_flower(told: Told) -> bool:
    """Return whether an image of one's own starts Flower: `celery -A shop flower`."""
    names = [re.sub(r".*/", "", word.text) for word in told.words]
    return "flower" in names and "celery" in names[: names.index("flower")]
