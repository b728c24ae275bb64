"""Who acts: persons, roles and desks."""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check


class Role(StrEnum):
    """What a person may do. The keeper and the gateway enforce it."""

    PILOT = "pilot"
    SUPERVISOR = "supervisor"
    OBSERVER = "observer"


# Who may hold and command a drone, take an incident, decide an alert.
FLYING_ROLES = frozenset({Role.PILOT, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the borough's directory. `id` stands in NATS subjects.

    `ratings`: types of drone this person may fly; `boroughs`: ids of the sites at which; empty =
    every one. `most_drones`: how many this person may hold in the air at once.
    """

    id: str
    name: str
    role: Role
    ratings: tuple[str, ...] = ()
    boroughs: tuple[str, ...] = ()
    most_drones: int = 3

    def __post_init__(self) -> None:
        check.token("person.id", self.id)
        check.text("person.name", self.name, 80)
        check.finite("person.most_drones", self.most_drones, 1, 1000)


@dataclass(frozen=True, slots=True)
class Holder:
    """A person at a desk: who holds a drone or owns a mission."""

    person: str
    name: str
    desk: str

    def __post_init__(self) -> None:
        check.token("holder.person", self.person)
        check.token("holder.desk", self.desk)
        check.text("holder.name", self.name, 80)

    @property
    def label(self) -> str:
        """As shown on every screen: `Pilot A at desk-1`."""
        return f"{self.name} at {self.desk}"


@dataclass(frozen=True, slots=True)
class EntryQuestion:
    """A desk asks the keeper why nobody was let in there."""

    desk: str
