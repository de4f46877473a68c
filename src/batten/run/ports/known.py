"""Which ports a project's deployment files name, and the ports that are asked of another machine."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import Evidence
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.model import Picture
    from batten.run.ports.request import PortsRequest

WELL_KNOWN = (
    21, 22, 23, 25, 53, 80, 81, 110, 111, 143, 389, 443, 445, 465, 587, 636, 873, 993, 995, 1080, 1433, 1521, 1883,
    2049, 2181, 2375, 2376, 2379, 2380, 3000, 3001, 3128, 3306, 3307, 3389, 4200, 4222, 4369, 4444, 5000, 5001, 5432,
    5433, 5540, 5555, 5601, 5672, 5678, 5900, 5984, 6333, 6379, 6380, 6432, 6443, 7000, 7474, 7687, 7700, 8000, 8001,
    8008, 8025, 8080, 8081, 8086, 8088, 8089, 8123, 8161, 8200, 8222, 8443, 8500, 8501, 8787, 8888, 8983, 9000, 9001,
    9042, 9090, 9092, 9093, 9200, 9300, 9443, 9999, 10000, 10250, 11211, 11434, 15672, 16686, 19999, 25672, 26379,
    27017, 27018, 28017, 50000, 61616,
)  # fmt: skip
"""Ports of what web projects run, and of what opens a machine."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The ports that deployment files name, with the place that names them."""

    held: Mapping[int, tuple[Evidence, str]] = field(default_factory=dict)
    has_files: bool = False

    @staticmethod
    def of_project(request: PortsRequest) -> Doors:
        """Return the ports that the project of a request names."""
        from batten.run.evaluated import evaluated  # noqa: PLC0415 - the evaluator
        from batten.understand.infrastructure.picture import draw  # noqa: PLC0415 - likewise

        held = evaluated(request.terms)
        if held.around is None or held.stack is None:
            return Doors()
        return Doors.of_picture(draw(held.around, held.stack, held.seen.apps))

    @staticmethod
    def of_picture(picture: Picture) -> Doors:
        """Return the ports that a stack opens on its host."""
        held: dict[int, tuple[Evidence, str]] = {}
        for box in picture.boxes:
            for door in box.doors:
                number = door.port if door.port is not None else door.inside
                place = door.at or box.at
                if number is not None and place is not None:
                    held.setdefault(number, (Evidence(place, f"{box.name} is opened on {door}"), box.name))
        return Doors(held, bool(picture.boxes))

    def naming(self, port: int) -> Evidence | None:
        """Return the place that names a port."""
        return self.held[port][0] if port in self.held else None

    def box(self, port: int) -> str:
        """Return what the deployment calls the service behind a port."""
        return self.held[port][1] if port in self.held else ""
