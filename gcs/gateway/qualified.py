"""Who may hold a drone of this gateway: role, rating, borough, and how many at once in the air."""

from collections.abc import Callable

from gcs.control.guards import Flight, against_limit, against_rating, may_fly
from gcs.control.stimulus import Refusal
from gcs.gateway.directory import Directory
from gcs.gateway.drone import Drone
from gcs.model.control import ControlRecord


class Qualified:
    """Asked where control is taken, offered, opened, assumed, asked for or ordered, at a launch,
    and by the pre-checks. `record` tells who holds a drone."""

    def __init__(
        self,
        directory: Directory,
        drones: dict[str, Drone],
        record: Callable[[str], ControlRecord],
        site: str,
    ) -> None:
        self._directory = directory
        self._drones = drones
        self._record = record
        self._site = site

    def against(self, person: str, drone: str, *, flies: bool = False) -> Refusal | None:
        """Why this person may not hold the drone; `flies`: it is to be in the air, or is."""
        return self.against_rating(person, drone) or self.against_limit(person, drone, flies=flies)

    def against_rating(self, person: str, drone: str) -> Refusal | None:
        """By role, rating and borough."""
        known = self._directory.person(person)
        refusal = may_fly(known, person)
        if refusal is not None or known is None:
            return refusal
        return against_rating(known, self._flight(drone))

    def against_limit(self, person: str, drone: str, *, flies: bool = False) -> Refusal | None:
        """By what else this person has in the air."""
        known = self._directory.person(person)
        if known is None or not (flies or self._drones[drone].airborne):
            return None
        return against_limit(known, self._flight(drone), self._in_the_air(person, drone))

    def _flight(self, drone: str) -> Flight:
        return Flight(drone, self._drones[drone].spec.rating, self._site)

    def _in_the_air(self, person: str, but: str) -> int:
        """How many other drones this person holds in the air, or is launching."""
        held = [self._record(d) for d in self._drones if d != but]
        return sum(
            r.holder is not None
            and r.holder.person == person
            and (r.incident is not None or self._drones[r.drone].airborne)
            for r in held
        )
