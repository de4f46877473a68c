"""Who may use a console, as its image is told; public facts are cited in the readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.nouns import Console

if TYPE_CHECKING:
    from collections.abc import Callable

    Parts = Callable[..., list[Console]]

OPEN, SHUT, HALF = "open", "shut", "half"


def project(image: str, *lines: str) -> dict[str, str]:
    """Return a compose project of one console, with further lines of its service."""
    text = "".join(f"    {line}\n" for line in lines)
    return {"compose.yaml": f"services:\n  ops:\n    image: {image}\n{text}"}


def told(console: Console) -> object:
    """Return who is let in, shortly."""
    if console.logins:
        return [(login.user, login.password) for login in console.logins]
    if console.is_open is None:
        return HALF if console.open_because else None
    return OPEN if console.is_open else SHUT


GONE = "env_file: gone.env"


@pytest.mark.parametrize(
    ("image", "lines", "expected"),
    [
        ("adminer", [], HALF),
        ("phpmyadmin", [], HALF),
        ("phpmyadmin", ["environment: {PMA_USER: root, PMA_PASSWORD: root}"], OPEN),
        ("phpmyadmin", ["environment: {PMA_USER: root}"], HALF),
        ("dpage/pgadmin4", ["environment: {PGADMIN_CONFIG_SERVER_MODE: 'False'}"], OPEN),
        (
            "dpage/pgadmin4",
            ["environment: {PGADMIN_DEFAULT_EMAIL: a@b.example, PGADMIN_DEFAULT_PASSWORD: x}"],
            [("a", "x")],
        ),
        ("dpage/pgadmin4", [], None),
        ("mongo-express:1.0.2", [], [("admin", "pass")]),
        ("mongo-express:1.0.2", [GONE], None),
        ("mongo-express:0.54", [], OPEN),
        ("mongo-express", ["environment: {ME_CONFIG_BASICAUTH: 'false'}"], OPEN),
        (
            "mongo-express",
            ["environment: {ME_CONFIG_BASICAUTH_USERNAME: me, ME_CONFIG_BASICAUTH_PASSWORD: x}"],
            [("me", "x")],
        ),
        ("rediscommander/redis-commander", [], OPEN),
        ("rediscommander/redis-commander", [GONE], None),
        ("rediscommander/redis-commander", ["environment: {HTTP_USER: me, HTTP_PASSWORD: x}"], [("me", "x")]),
        ("redis/redisinsight", [], OPEN),
        ("mher/flower", ["command: celery flower"], OPEN),
        ("mher/flower", ["command: celery flower --basic_auth=me:x"], [("me", "x")]),
        ("mher/flower", ["command: celery flower --basic-auth=me:${PW:?}"], [("me", None)]),
        ("mher/flower", ["environment: {FLOWER_BASIC_AUTH: 'me:x'}"], [("me", "x")]),
        ("mher/flower", ["environment: {FLOWER_BASIC_AUTH: '${AUTH:?}'}"], None),
        ("mher/flower", ["command: celery flower --auth=.*@shop.example"], None),
        ("shop", ["command: celery -A shop flower"], OPEN),
        ("portainer/portainer-ce", [], HALF),
        ("portainer/portainer-ce", ["command: --admin-password-file /run/secrets/a"], SHUT),
        ("portainer/portainer-ce", ["command: --no-auth"], OPEN),
        ("kibana:8.15.0", [], None),
        (
            "opensearchproject/opensearch-dashboards",
            ["environment: {DISABLE_SECURITY_DASHBOARDS_PLUGIN: 'true'}"],
            OPEN,
        ),
        ("grafana/grafana", [], [("admin", "admin")]),
        ("grafana/grafana", ["environment: {GF_SECURITY_ADMIN_PASSWORD: x}"], [("admin", "x")]),
        ("grafana/grafana", ["environment: {GF_SECURITY_ADMIN_PASSWORD__FILE: /run/secrets/x}"], None),
        ("grafana/grafana", ["environment: {GF_AUTH_ANONYMOUS_ENABLED: 'true'}"], OPEN),
        ("grafana/grafana", ["volumes: ['./grafana.ini:/etc/grafana/grafana.ini']"], None),
        ("prom/prometheus", [], OPEN),
        ("prom/prometheus", ["command: --web.config.file=/etc/web.yml"], SHUT),
        ("jupyter/base-notebook", [], None),
        ("jupyter/base-notebook", ["command: start-notebook.sh --NotebookApp.token=''"], OPEN),
        ("jupyter/base-notebook", ["command: start-notebook.sh --ServerApp.token=x"], [("", "x")]),
        ("jupyter/base-notebook", ["environment: {JUPYTER_TOKEN: ''}"], OPEN),
        ("jupyter/base-notebook", ["environment: {JUPYTER_TOKEN: easy}"], [("", "easy")]),
        ("mailhog/mailhog", [], OPEN),
        ("axllent/mailpit", ["environment: {MP_UI_AUTH: 'a:b'}"], SHUT),
        ("amir20/dozzle", [], OPEN),
        ("amir20/dozzle", ["environment: {DOZZLE_AUTH_PROVIDER: simple}"], SHUT),
        ("provectuslabs/kafka-ui", [], OPEN),
        ("provectuslabs/kafka-ui", ["environment: {AUTH_TYPE: DISABLED}"], OPEN),
        ("provectuslabs/kafka-ui", ["environment: {AUTH_TYPE: LOGIN_FORM}"], None),
        ("tchiotludo/akhq", ["environment: {AKHQ_CONFIGURATION: 'akhq: {security: {}}'}"], None),
        ("apache/airflow", ["environment: {_AIRFLOW_WWW_USER_PASSWORD: airflow}"], [("airflow", "airflow")]),
        ("selenium/standalone-chrome", [], OPEN),
        ("selenium/standalone-chrome", ["environment: {SE_ROUTER_USERNAME: me}"], None),
        ("sosedoff/pgweb", [], OPEN),
        ("sosedoff/pgweb", ["environment: {PGWEB_AUTH_USER: me, PGWEB_AUTH_PASS: x}"], [("me", "x")]),
        ("codercom/code-server", ["command: --auth none"], OPEN),
        ("codercom/code-server", ["environment: {PASSWORD: x}"], [("", "x")]),
        ("filebrowser/filebrowser", ["command: --noauth"], OPEN),
        ("filebrowser/filebrowser", ["environment: {FB_NOAUTH: 'true'}"], OPEN),
        ("filebrowser/filebrowser", [], None),
    ],
)
def test_consoles(parts: Parts, image: str, lines: list[str], expected: object) -> None:
    (console,) = parts(project(image, *lines), Console)
    assert told(console) == expected


def test_what_is_no_console(parts: Parts) -> None:
    assert parts(project("selenium/hub"), Console)
    assert parts(project("nginx"), Console) == []
    assert parts(project("shop", "command: flower"), Console) == []


def test_the_port_that_takes_mail_shows_none(parts: Parts) -> None:
    (console,) = parts(project("mailhog/mailhog", "ports: ['1025:1025', '8025:8025']"), Console)
    assert [port.container for port in console.published] == [8025]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  search: {image: 'elasticsearch:7.17.1'}\n  ops: {image: 'kibana:7.17.1'}\n", OPEN),
        ("  search: {image: 'elasticsearch:8.15.0'}\n  ops: {image: 'kibana:8.15.0'}\n", None),
    ],
)
def test_kibana_is_as_open_as_its_engine(parts: Parts, text: str, expected: str | None) -> None:
    (console,) = parts({"compose.yaml": f"services:\n{text}"}, Console)
    assert told(console) == expected
