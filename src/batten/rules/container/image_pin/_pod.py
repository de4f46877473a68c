"""What the rules on versions share of pods: the image that one runs, where it is not left to others to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.deploy.kustomize import split_image

if TYPE_CHECKING:
    from batten.understand.infrastructure.nouns import Container

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: web
      image: {}
"""
_OPEN = ("$", "{", "<", "PLACEHOLDER", "REPLACE", "IMAGE", " ")


def runs(container: Container) -> tuple[str, str, str] | None:
    """Return name, tag and digest of the image of a pod's container; None where something fills it in later.

    A bare name that no registry has (`shop`) is one that a tool puts the image of this repository for.
    """
    image = container.image
    if container.kind != "kubernetes" or not image or any(mark in image for mark in _OPEN):
        return None
    name, tag, digest = split_image(image)
    is_own = "/" not in name and not container.product and name not in _OFFICIAL
    return None if is_own else (name, tag, digest)


_OFFICIAL = frozenset(
    "aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux backdrop bash"
    " bonita buildpack-deps busybox caddy centos chronograf cirros clearlinux clojure composer couchbase crate"
    " dart debian docker drupal eclipse-temurin eggdrop elixir emqx erlang fedora flink fluentd gazebo gcc"
    " geonetwork ghost golang gradle groovy haproxy haskell hello-world hitch httpd ibm-semeru-runtimes ibmjava"
    " irssi jetty joomla jruby julia kapacitor lightstreamer liquibase logstash mageia matomo maven mediawiki"
    " memcached monica mono nats neurodebian nextcloud nginx node notary odoo open-liberty openjdk opensuse"
    " oraclelinux orientdb perl photon php phpmyadmin plone postfixadmin pypy python r-base rabbitmq rakudo-star"
    " redmine rethinkdb rocket.chat rockylinux ros ruby rust sapmachine silverpeas sl sonarqube spark spiped storm"
    " swift swipl teamspeak telegraf tomcat tomee traefik ubuntu unit varnish websphere-liberty wordpress xwiki"
    " yourls znc zookeeper".split()
)
"""Official images of Docker Hub that are no product of ours."""
