"""Consoles that operate something else: who may use them, and from where they are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.infrastructure.access import consoles
from batten.understand.infrastructure.access.told import Access, Told
from batten.understand.infrastructure.nouns import Console, Container, DataStore, Role
from batten.understand.infrastructure.products import PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from batten.understand.infrastructure.ground import Ground
    from batten.understand.stack import Published

_ACCESS: dict[str, Callable[[Told], Access]] = {
    "adminer": consoles.adminer, "pgadmin": consoles.pgadmin, "phpmyadmin": consoles.phpmyadmin,
    "mongo-express": consoles.mongo_express, "redis-commander": consoles.redis_commander,
    "redisinsight": consoles.unguarded, "flower": consoles.flower, "portainer": consoles.portainer,
    "kibana": consoles.kibana, "opensearch-dashboards": consoles.kibana, "grafana": consoles.grafana,
    "prometheus": consoles.prometheus, "alertmanager": consoles.prometheus, "jupyter": consoles.jupyter,
    "mailhog": consoles.mail_catcher, "dozzle": consoles.dozzle, "cadvisor": consoles.unguarded,
    "jaeger": consoles.unguarded, "kafka-ui": consoles.kafka_ui, "airflow": consoles.airflow,
    "selenium": consoles.selenium, "pgweb": consoles.pgweb, "sqlite-web": consoles.unguarded,
    "rq-dashboard": consoles.unguarded, "code-server": consoles.code_server, "filebrowser": consoles.filebrowser,
    "netdata": consoles.unguarded,
}  # fmt: skip
_OF_SEARCH = {"kibana": "elasticsearch", "opensearch-dashboards": "opensearch"}
_MAIL = frozenset((25, 1025))
"""Ports of a mail catcher that take mail and show none."""


def read(ground: Ground) -> Iterator[Console]:
    """Yield the consoles among the containers."""
    stores = ground.of(DataStore)
    for container in ground.of(Container):
        told = Told(container, ground.reading)
        product = "flower" if consoles.is_flower(told) else container.product
        known = PRODUCTS.get(product)
        if known is not None and known.role is Role.ADMIN and product in _ACCESS:
            access = _ACCESS[product](told)
            yield _console(container, product, _behind(access, product, container, stores))


def _console(container: Container, product: str, access: Access) -> Console:
    return Console(
        name=container.name,
        product=product,
        at=container.at,
        reach=container.reach,
        container=container,
        published=tuple(_shown(container.published, product)),
        logins=access.logins,
        is_open=access.is_open,
        open_at=access.at,
        open_because=access.because,
        is_default=access.default,
        unsure=access.unsure,
        evidence=container.evidence,
    )


def _shown(published: Sequence[Published], product: str) -> Iterator[Published]:
    for port in published:
        if product != "mailhog" or port.container not in _MAIL:
            yield port


def _behind(access: Access, product: str, container: Container, stores: Sequence[DataStore]) -> Access:
    """Return the access of a console of a search engine: where that one lets everybody in, so does this."""
    if product not in _OF_SEARCH or access.is_open:
        return access
    open_store = next(
        (
            store
            for store in stores
            if store.is_open
            and store.product == _OF_SEARCH[product]
            and store.container
            and _same(store.container, container)
        ),
        None,
    )
    if open_store is None:
        return access
    because = f"asks for no login, as {open_store.name} asks for none"
    return Access(is_open=True, at=container.image_at or container.at, because=because)


def _same(one: Container, other: Container) -> bool:
    return one.kind == other.kind and one.project == other.project
