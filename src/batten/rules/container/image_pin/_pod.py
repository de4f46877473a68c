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
    "alpine amazoncorretto amazonlinux archlinux bash busybox caddy debian docker drupal eclipse-temurin elixir erlang"
    " fedora ghost golang gradle groovy haproxy haskell hello-world httpd jetty joomla julia kapacitor mediawiki mono"
    " nextcloud node nginx openjdk perl php pypy python r-base rabbitmq redmine rockylinux ruby rust sonarqube swift"
    " telegraf tomcat traefik ubuntu varnish wordpress zookeeper".split()
)
"""Official images of Docker Hub that are no product of ours."""
