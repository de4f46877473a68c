"""What stands around the apps: containers, servers, data stores, the cloud, dependencies, secrets."""

from batten.understand.infrastructure.survey import survey

__all__ = ["survey"]
