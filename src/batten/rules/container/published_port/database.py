"""A database's port is open to every machine that reaches the host.

Other containers need no published port. Published, it is open to the whole network, past a firewall
set up with ufw or firewalld (Docker writes its rules before theirs), and programs that
try passwords find it within hours.

A Service of Kubernetes does the same by `type: LoadBalancer` or `NodePort`.

Severity: critical when it asks for no password, or for one that everybody knows; high
otherwise; one step milder on an address of a private network.

Silent for ports on 127.0.0.1, for `expose`, on networks that are `internal`, for files and services
that only development starts, for load balancers inside the network, and where the address is a
variable without a default.

Fix: take `ports` away, other containers reach it by its name; for yourself write
`127.0.0.1:5432:5432`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, host, rule
from batten.rules.container.published_port._published import answered, published
from batten.understand.host import Listener
from batten.understand.infrastructure.nouns import DataStore, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = """\
services:
  db:
    image: postgres:17
    ports:
      - "5432:5432"  # <- here
"""

LONG = """\
services:
  db:
    image: mysql:8.4
    ports:
      - target: 3306  # <- here
        published: "3306"
"""

PODS = """\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  template:
    metadata:
      labels: {app: db}
    spec:
      containers:
        - name: db
          image: postgres:17.5
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  type: LoadBalancer  # <- here
  selector: {app: db}
  ports: [{port: 5432}]
"""

GUESSED = """\
services:
  db:
    image: registry.example.net/team/store:3
    ports: ["5432:5432"]  # <- here
"""


@rule(
    id="published-port/database",
    severity=Severity.HIGH,
    cwe=668,
    over=DataStore,
    sources=["Docker docs, Packet filtering and firewalls", "OWASP Docker Security Cheat Sheet, rule 5a"],
    bad=[
        Bad("on every interface", {"compose.yaml": COMPOSE}),
        Bad("the long form", {"compose.yaml": LONG}),
        Bad(
            "an address that is empty unless set", {"compose.yaml": COMPOSE.replace('"5432', '"${BIND:-0.0.0.0}:5432')}
        ),
        Bad("another port of the host", {"compose.yaml": COMPOSE.replace('"5432', '"${PORT}')}),
        Bad("a load balancer of Kubernetes", {"k8s/db.yaml": PODS}),
        Bad("a port of each node", {"k8s/db.yaml": PODS.replace("LoadBalancer", "NodePort")}),
        Bad("told by the port", {"compose.yaml": GUESSED}),
        Bad("a Service whose pods are elsewhere", {"k8s/db.yaml": PODS.partition("---\n")[2]}),
        Bad(
            "with a name for the port of the pods",
            {"k8s/db.yaml": PODS.partition("---\n")[2].replace("port: 5432", "port: 5432, targetPort: postgres")},
        ),
        Bad(
            "two lines",
            {"compose.yaml": COMPOSE.replace("  # <- here\n", '  # <- here\n      - "[::]:5433:5432"\n')},
        ),
    ],
    good=[
        Good("on this host only", {"compose.yaml": COMPOSE.replace('"5432:', '"127.0.0.1:5432:')}),
        Good(
            "the long form too",
            {"compose.yaml": LONG.replace("        published", "        host_ip: ::1\n        published")},
        ),
        Good("only among containers", {"compose.yaml": COMPOSE.replace("ports:", "expose:").replace("5432:", "")}),
        Good("an internal network", {"compose.yaml": COMPOSE + "networks: {default: {internal: true}}\n"}),
        Good(
            "only development publishes it",
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:17\n",
                "compose.override.yaml": COMPOSE,
            },
        ),
        Good(
            "a profile that is not active",
            {"compose.yaml": COMPOSE.replace("    ports", "    profiles: [debug]\n    ports")},
        ),
        Good("an address that has to be set", {"compose.yaml": COMPOSE.replace('"5432:', '"${BIND:?}:5432:')}),
        Good("loopback unless set otherwise", {"compose.yaml": COMPOSE.replace('"5432:', '"${BIND:-127.0.0.1}:5432:')}),
        Good("web pages", {"k8s/db.yaml": PODS.partition("---\n")[2].replace("5432", "443")}),
        Good(
            "in the cluster only, its pods elsewhere",
            {"k8s/db.yaml": PODS.partition("---\n")[2].replace("LoadBalancer", "ClusterIP")},
        ),
        Good("in the cluster only", {"k8s/db.yaml": PODS.replace("LoadBalancer", "ClusterIP")}),
        Good(
            "a load balancer for one network",
            {"k8s/db.yaml": PODS + "  loadBalancerSourceRanges: [10.0.0.0/8]\n"},
        ),
        Good("UDP, which it does not speak", {"compose.yaml": COMPOSE.replace(':5432"', ':5432/udp"')}),
    ],
)
def database_published(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a database whose port is open to other machines."""
    yield from published(store, Role.DATABASE)


@host(
    over=Listener,
    bad=[
        Bad(
            "it answers", listeners="0.0.0.0:5432 docker-proxy: postgres 17.5, required named compose.yaml  # <- here\n"
        )
    ],
    good=[
        Good(
            "on this host only", listeners="127.0.0.1:5432 docker-proxy: postgres 17.5, required named compose.yaml\n"
        ),
        Good(
            "something else has the number", listeners="0.0.0.0:5432 docker-proxy: http, unknown named compose.yaml\n"
        ),
    ],
)
def database_answers(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for a container's database that answers other machines."""
    yield from answered(listener, Role.DATABASE)
