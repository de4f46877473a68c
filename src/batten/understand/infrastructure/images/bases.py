"""What is known of well-known images: the user that they set, and whether what they start drops its rights."""

from __future__ import annotations

import re


def parts(image: str) -> tuple[str, str, str]:
    """Return name, tag and digest of an image's reference; a colon before a slash is a port."""
    whole, _, digest = image.partition("@")
    head, slash, last = whole.rpartition("/")
    name, _, tag = last.partition(":")
    return f"{head}{slash}{name}", tag, digest


_HOME = re.compile(r"^(?:docker\.io/|index\.docker\.io/|registry-1\.docker\.io/)?(?:library/)?", re.IGNORECASE)
_MIRRORS = re.compile(r"^(?:public\.ecr\.aws/docker/library/|mirror\.gcr\.io/(?:library/)?|quay\.io/lib/)")


def plain(name: str) -> str:
    """Return an image's name without the registry and folder that stand for Docker's own images."""
    return _HOME.sub("", _MIRRORS.sub("", name)).lower()


ROOT = frozenset(
    "scratch python pypy node golang ruby php openjdk eclipse-temurin amazoncorretto ibmjava sapmachine rust debian "
    "ubuntu alpine fedora centos rockylinux almalinux amazonlinux busybox oraclelinux archlinux buildpack-deps gcc "
    "perl elixir erlang haskell swift julia r-base photon clearlinux maven gradle composer mono docker bash cirros "
    "mageia clojure hylang dart caddy traefik tomcat jetty wordpress registry "
    "opensuse/leap opensuse/tumbleweed "
    "continuumio/miniconda3 continuumio/anaconda3 condaforge/miniforge3 condaforge/mambaforge nvidia/cuda "
    "pytorch/pytorch tensorflow/tensorflow ghcr.io/astral-sh/uv "
    "tiangolo/uvicorn-gunicorn tiangolo/uvicorn-gunicorn-fastapi tiangolo/uvicorn-gunicorn-starlette "
    "tiangolo/meinheld-gunicorn tiangolo/meinheld-gunicorn-flask "
    "phusion/baseimage mcr.microsoft.com/playwright mcr.microsoft.com/playwright/python "
    "mcr.microsoft.com/dotnet/runtime mcr.microsoft.com/dotnet/aspnet mcr.microsoft.com/dotnet/sdk "
    "registry.access.redhat.com/ubi7/ubi registry.access.redhat.com/ubi8/ubi registry.access.redhat.com/ubi9/ubi "
    "registry.access.redhat.com/ubi8/ubi-minimal registry.access.redhat.com/ubi9/ubi-minimal "
    "registry.access.redhat.com/ubi8 registry.access.redhat.com/ubi9".split()
)
"""Images that set no `USER`, or root: the official ones by their Dockerfiles of 2025, and much used others."""

_OTHER_USER = re.compile(
    r"gcr\.io/distroless/.*:(?:debug-)?nonroot"
    r"|(?:docker\.io/)?bitnami(?:legacy)?/.*"
    r"|(?:ghcr\.io/|docker\.io/)?nginxinc/nginx-unprivileged.*|.*/nginx-unprivileged:?.*|nginx-unprivileged.*"
    r"|(?:quay\.io/)?jupyter/.*|(?:docker\.io/)?apache/(?:airflow|superset|spark.*)(?::.*)?"
    r"|registry\.(?:access\.)?redhat\.(?:com|io)/(?:ubi\d+|rhel\d+|rhscl)/(?:python|nodejs|ruby|php|go-toolset|perl|nginx|httpd)"
    r"-.*|(?:docker\.io/)?(?:centos|fedora)/(?:python|nodejs|nginx|httpd)-.*|quay\.io/(?:sclorg|fedora)/(?:python|nodejs|nginx).*"
    r"|(?:docker\.io/)?(?:grafana|prom)/.*|(?:docker\.elastic\.co/.*|elasticsearch|kibana|logstash)(?::.*)?"
    r"|mambaorg/micromamba(?::.*)?|locustio/locust(?::.*)?|selenium/.*|jenkins/.*|sonarqube(?::.*)?|solr(?::.*)?"
    r"|rasa/rasa.*|odoo(?::.*)?|mcr\.microsoft\.com/dotnet/.*-(?:chiseled|distroless).*|memcached(?::.*)?"
    r"|quay\.io/keycloak/.*|opensearchproject/.*|camunda/.*|cgr\.dev/.*",
    re.IGNORECASE,
)
"""Images that set another user: their Dockerfiles of 2025; distroless' README, Chainguard's catalogue."""
_CLOUD = re.compile(r"(?:public\.ecr\.aws/lambda|amazon/aws-lambda-|public\.ecr\.aws/sam/)", re.IGNORECASE)
"""AWS Lambda runs every image as a user of its own (AWS Lambda developer guide, container images)."""

DROPS = frozenset(
    "nginx httpd haproxy postgres postgis mysql mariadb mongo redis valkey rabbitmq cassandra couchdb influxdb neo4j "
    "timescaledb pgvector openresty percona ghost vault consul kong varnish memcached uwsgi-nginx "
    "uwsgi-nginx-flask".split()
)
"""Images whose own start is root's and hands the work to another user: an entrypoint with gosu, workers of a server."""

SERVERS = frozenset(
    "nginx httpd httpd-foreground apache2 apachectl apache2ctl apache2-foreground haproxy php-fpm".split()
)
"""Programs that answer requests in workers of another user, when root starts them."""
_PHP = frozenset(("php", "wordpress", "drupal", "joomla", "matomo", "phpmyadmin", "nextcloud"))
"""Images that start Apache or PHP-FPM, both with workers of another user, where their tag says so."""
SERVED = SERVERS | frozenset("postgres mysqld mariadbd mongod redis-server valkey-server rabbitmq-server neo4j".split())
"""Programs that the entrypoints of such images start as another user."""


def drops(image: str) -> bool:
    """Return whether what an image starts by itself hands its work to another user than root."""
    name, tag, _ = parts(image)
    last = name.rpartition("/")[2].lower()
    return last in DROPS or (last in _PHP and re.search(r"apache|fpm", tag) is not None)


def user_of(image: str) -> str | None:
    """Return the user that an image sets: `root`, another one, `` where that is not known."""
    name, tag, _ = parts(image)
    short = plain(name)
    whole = f"{name}:{tag}" if tag else name
    if _CLOUD.match(whole):
        return "a user of AWS Lambda"
    if _OTHER_USER.fullmatch(whole) or _OTHER_USER.fullmatch(f"{short}:{tag}"):
        return "another user"
    if short in ROOT or short.startswith("gcr.io/distroless/") or short in DROPS:
        return "root"
    return None
