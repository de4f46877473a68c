"""What a compose project starts, whatever runs in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.infrastructure.nouns import Container, Role
from batten.understand.infrastructure.products import product_of
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Callable

COMPOSE = """\
services:
  db:
    image: docker.io/library/postgres:17
    ports: ["127.0.0.1:5432:5432"]
    volumes:
      - data:/var/lib/postgresql/data
      - ./db/init.sql:/docker-entrypoint-initdb.d/init.sql:ro
    cap_drop: [ALL]
    networks: [inner]
"""


def test_what_a_service_says(parts: Callable[..., list[Container]]) -> None:
    (db,) = parts({"compose.yaml": COMPOSE, "db/init.sql": ""}, Container)
    assert (db.name, db.product, db.role, db.networks) == ("db", "postgres", Role.DATABASE, ("inner",))
    assert [(m.source, m.path, m.read_only) for m in db.mounts] == [
        ("data", None, False),
        ("./db/init.sql", "db/init.sql", True),
    ]
    assert [(text, at.line) for text, at in db.lists["cap_drop"]] == [("ALL", 8)]
    assert [(p.address, p.container) for p in db.published] == [("127.0.0.1", 5432)]


def test_an_image_that_cannot_be_read_still_has_ports_and_rights(parts: Callable[..., list[Container]]) -> None:
    text = """\
services:
  web:
    build: ../elsewhere
    privileged: true
    ports: ["8000:8000"]
"""
    (web,) = parts({"compose.yaml": text}, Container)
    assert (web.facts["privileged"][0], [p.host for p in web.published], web.stage) == ("true", [8000], None)


def test_lists_maps_and_long_forms(parts: Callable[..., list[Container]]) -> None:
    text = """\
services:
  web:
    image: shop
    depends_on:
      db: {condition: service_healthy}
    links: [db]
    networks:
      front: {aliases: [shop]}
    cap_add: [{}, ~]
    hostname: ~
    volumes:
      - type: bind
        source: ./conf
        target: /etc/shop/
        read_only: true
      - type: tmpfs
        target: /tmp
      - /var/cache
      - type: bind
    secrets:
      - key
      - source: token
        target: given
      - gone
      - elsewhere
    configs:
      - source: site
        target: /etc/site.conf
      - lone
  db:
    image: postgres:17
secrets:
  key: {file: ./key.txt}
  token: {file: ./token.txt}
  elsewhere: {external: true}
configs:
  site: {file: ./site.conf}
  lone: {file: ../../lone}
"""
    files = {"compose.yaml": text, "key.txt": "x", "conf/a": ""}
    web, _ = parts(files, Container)
    assert [(m.source, m.target, m.path, m.read_only) for m in web.mounts] == [
        ("./conf", "/etc/shop", "conf", True),
        ("", "/tmp", None, False),
        ("", "/var/cache", None, False),
        ("./key.txt", "/run/secrets/key", "key.txt", True),
        ("./token.txt", "/run/secrets/given", None, True),
        ("./site.conf", "/etc/site.conf", None, True),
        ("../../lone", "/lone", None, True),
    ]
    assert web.networks == ("front",)
    assert [text for text, _ in web.lists["depends_on"]] == ["db"]
    assert [at.line for _, at in web.lists["secrets"]] == [21, 22, 24, 25]
    assert "cap_add" not in web.lists


def test_a_later_mount_of_the_same_place_counts(parts: Callable[..., list[Container]]) -> None:
    base = "services:\n  db:\n    image: postgres:17\n    volumes: ['./a:/data', 'b:/other']\n"
    more = "services:\n  db:\n    volumes: ['./c:/data']\n"
    (db,) = parts({"compose.yaml": base, "compose.prod.yaml": more}, Container)
    assert [(m.source, m.target) for m in db.mounts] == [("./c", "/data"), ("b", "/other")]


def test_profiles(parts: Callable[..., list[Container]]) -> None:
    text = """\
services:
  always: {image: postgres}
  production: {image: redis, profiles: [production]}
  named: {image: nginx, profiles: [edge]}
  asked: {image: adminer, profiles: [tools]}
"""
    named = parts({"compose.yaml": text, ".env": "COMPOSE_PROFILES=edge,other\n"}, Container)
    assert [container.name for container in named] == ["always", "production", "named"]
    every = parts({"compose.yaml": text, ".env": "COMPOSE_PROFILES=*\n"}, Container)
    assert len(every) == 4


def test_services_that_are_switched_off(parts: Callable[..., list[Container]]) -> None:
    text = """\
services:
  on: {image: postgres, deploy: {replicas: 2}}
  off: {image: redis, deploy: {replicas: 0}}
  scaled: {image: nginx, scale: 0}
  limited: {image: memcached, deploy: {resources: {limits: {memory: 1g}}}}
"""
    assert [c.name for c in parts({"compose.yaml": text}, Container)] == ["on", "limited"]


def test_a_project_whose_app_is_for_development(parts: Callable[..., list[Container]]) -> None:
    files = {
        "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
        "Dockerfile": "FROM python:3.13\nWORKDIR /srv\nCOPY . .\n",
        "Procfile": "web: gunicorn app:app\n",
        "compose.yaml": """\
services:
  web:
    build: .
    command: flask run --debug
  db:
    image: postgres:17
""",
    }
    assert parts(files, Container) == []
    served = {**files, "compose.yaml": files["compose.yaml"].replace("flask run --debug", "gunicorn app:app")}
    assert len(parts(served, Container)) == 2


def test_internal_networks_open_no_port(parts: Callable[..., list[Container]]) -> None:
    text = """\
services:
  db: {image: postgres, ports: ["5432:5432"], networks: [inner]}
  cache: {image: redis, ports: ["6379:6379"], networks: [inner, outer]}
  queue: {image: rabbitmq, ports: ["5672:5672"]}
networks:
  inner: {internal: true}
  outer:
"""
    assert [c.reach for c in parts({"compose.yaml": text}, Container)] == [Reach.INTERNAL, Reach.WORLD, Reach.WORLD]


def test_a_shared_network_of_a_service_that_is_not_there(parts: Callable[..., list[Container]]) -> None:
    text = "services:\n  db: {image: postgres, network_mode: 'service:gone'}\n"
    (db,) = parts({"compose.yaml": text}, Container)
    assert (db.reach, db.published) == (Reach.INTERNAL, ())


def test_files_that_include_each_other_end(parts: Callable[..., list[Container]]) -> None:
    text = "include: [a.yaml, a.yaml, compose.yaml]\nservices:\n  db: {image: postgres}\n"
    other = "include: [compose.yaml, b.yaml]\nservices:\n  cache: {image: redis}\n"
    found = parts({"compose.yaml": text, "a.yaml": other, "b.yaml": "- 1\n"}, Container)
    assert sorted(c.name for c in found) == ["cache", "db"]


def test_interpolation_into_commands_and_volumes(parts: Callable[..., list[Container]]) -> None:
    text = """\
services:
  cache:
    image: redis
    command: ["redis-server", "--requirepass", "${PASSWORD:-x}"]
    volumes: ["${CONF:?set it}:/etc/redis", "${DATA:-./data}:/data"]
  other:
    image: redis
    command: redis-server --requirepass ${PASSWORD:-x y} --save
"""
    cache, other = parts({"compose.yaml": text}, Container)
    assert [(word.text, word.default) for word in cache.words][-1] == ("x", True)
    assert [(m.source, m.target) for m in cache.mounts] == [("${CONF}", "/etc/redis"), ("./data", "/data")]
    assert not any(word.default for word in other.words)


def test_names_of_images() -> None:
    assert [
        product.name if (product := product_of(image)) is not None else ""
        for image in ("registry:2", "docker.io/registry", "me/registry", "ghcr.io/me/server", "mssql/server:2022")
    ] == ["registry", "registry", "", "", "mssql"]


def test_a_named_volume_that_stands_for_a_directory(parts: Callable[..., list[Container]]) -> None:
    text = """\
services:
  web:
    image: shop
    volumes:
      - keys:/keys
      - plain:/plain
      - shared:/shared
      - type: bind
        source: /var/run/docker.sock
volumes:
  keys:
    driver_opts:
      type: none
      o: bind,ro
      device: /var/lib/docker
  plain:
  shared:
    driver_opts: {type: nfs, o: "addr=10.0.0.4", device: ":/shared"}
"""
    (web,) = parts({"compose.yaml": text}, Container)
    assert [(m.source, m.target, m.at.line) for m in web.mounts] == [
        ("/var/lib/docker", "/keys", 15),
        ("plain", "/plain", 6),
        ("shared", "/shared", 7),
        ("/var/run/docker.sock", "/var/run/docker.sock", 9),
    ]


def test_what_a_file_says_of_an_included_service_is_merged_over_it(parts: Callable[..., list[Container]]) -> None:
    files = {
        "compose.yaml": "include: [db.yaml]\nservices:\n  db:\n    ports: ['5432:5432']\n",
        "db.yaml": "services:\n  db: {image: 'postgres:17', user: '70'}\n",
    }
    (db,) = parts(files, Container)
    assert (db.product, db.user, [port.host for port in db.published]) == ("postgres", "70", [5432])


def test_a_part_of_a_service_starts_nothing(parts: Callable[..., list[Container]]) -> None:
    assert parts({"compose.yaml": "services:\n  db:\n    ports: ['5432:5432']\n"}, Container) == []


def test_a_folder_for_development(parts: Callable[..., list[Container]]) -> None:
    text = "services:\n  db: {image: 'postgres:17'}\n"
    assert parts({"dev-postgres/compose.yaml": text, "shop_dev/compose.yaml": text}, Container) == []
    assert len(parts({"dev-ops/compose.yaml": text}, Container)) == 1


def test_an_image_that_is_no_known_part_of_a_project(parts: Callable[..., list[Container]]) -> None:
    text = "services:\n  web: {build: {args: [A=1, B]}}\n"
    (web,) = parts({"compose.yaml": text, "Dockerfile": "FROM alpine\n"}, Container)
    assert [text for text, _ in web.lists["build_args"]] == ["A=1"]
