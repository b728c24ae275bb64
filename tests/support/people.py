"""People signed on at a gateway, without a keeper to record it."""

from collections.abc import Iterable

from gcs.gateway.directory import Directory
from gcs.model.mission import DeskPresence
from gcs.model.people import Holder, Person


def signed_on(people: Iterable[Person]) -> Directory:
    """A gateway's directory once each of them is signed on, at a desk of their own."""
    directory = Directory()
    for person in people:
        directory.note(presence_of(person))
    return directory


def presence_of(person: Person) -> DeskPresence:
    """The record of a person signed on at a desk of their own."""
    at = Holder(person.id, person.name, f"of-{person.id}")
    return DeskPresence(at, person.role, 0, present=True, person=person)
