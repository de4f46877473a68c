"""Which conversations to try on a port, and in which order: its number is a hint, never a proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.services.greetings import greeting
from batten.understand.services.mongo import mongo
from batten.understand.services.mysql import mysql
from batten.understand.services.postgres import postgres
from batten.understand.services.stores import amqp, kafka, memcached, mqtt, nats, redis, zookeeper
from batten.understand.services.web import http

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.services.talk import Manners, Talk

    Conversation = Callable[[Manners], Talk]

ALL: tuple[Conversation, ...] = (greeting, http, redis, postgres, memcached, mongo, amqp, mqtt, kafka, zookeeper)
"""Those that speak first, then the commonest."""
_HINTS: dict[int, Conversation] = {
    **dict.fromkeys((6379, 6380, 26379), redis),
    **dict.fromkeys((5432, 6432), postgres),
    **dict.fromkeys((3306, 3307), mysql),
    **dict.fromkeys((27017, 27018), mongo),
    **dict.fromkeys((5672,), amqp),
    **dict.fromkeys((1883,), mqtt),
    **dict.fromkeys((9092,), kafka),
    **dict.fromkeys((2181,), zookeeper),
    **dict.fromkeys((4222,), nats),
    **dict.fromkeys((11211,), memcached),
    **dict.fromkeys((80, 443, 3000, 5000, 5601, 8000, 8001, 8080, 8443, 8888, 9090, 9200, 15672, 2375, 2379), http),
}


def conversations(port: int) -> tuple[Conversation, ...]:
    """Return the conversations to try on a port, the likeliest first."""
    hint = _HINTS.get(port)
    return ALL if hint is None else (hint, *(one for one in ALL if one is not hint))
