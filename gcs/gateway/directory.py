"""Who may act: the people whom the keeper's record has signed on. The directory is the keeper's."""

from dataclasses import replace

from gcs.model.mission import DeskPresence
from gcs.model.people import FLYING_ROLES, Holder, Person


class Directory:
    """People by id. Names come from the record, never from what a desk says of itself."""

    def __init__(self) -> None:
        self._desks: dict[str, DeskPresence] = {}
        self._names: dict[str, str] = {}

    def note(self, presence: DeskPresence) -> None:
        """What the record says of a desk now."""
        self._desks[presence.holder.desk] = presence
        self._names[presence.holder.person] = presence.holder.name

    def person(self, person_id: str) -> Person | None:
        """The directory's entry of who is signed on; None for everybody else.

        Whoever only observes, at every desk of theirs, is an observer.
        """
        there = [
            desk
            for desk in self._desks.values()
            if desk.signed_on and desk.holder.person == person_id
        ]
        flying = [desk for desk in there if desk.role in FLYING_ROLES]
        found = next(iter(flying or there), None)
        if found is None:
            return None
        known = found.person or Person(person_id, found.holder.name, found.role)
        return known if flying else replace(known, role=found.role)

    def role(self, person_id: str) -> str:
        """The person's role in words; empty for a stranger."""
        person = self.person(person_id)
        return person.role.value if person else ""

    def holder(self, person_id: str, desk: str) -> Holder:
        """This person at this desk, under the record's name, also when signed off by now."""
        return Holder(person_id, self._names.get(person_id, person_id), desk)
