"""Whom the gateway knows: who is signed on, as the keeper's record has it."""

from dataclasses import replace

from gcs.control.guards import may_fly
from gcs.gateway.directory import Directory
from gcs.model.mission import DeskPresence
from gcs.model.people import Holder, Person, Role

ANN = Person("ann", "Ann", Role.SUPERVISOR, ratings=("quad",), most_drones=2)


def at(desk: str, role: Role = Role.SUPERVISOR, *, on: bool = True) -> DeskPresence:
    return DeskPresence(Holder("ann", "Ann", desk), role, 0, present=on, signed_on=on, person=ANN)


def test_who_is_not_signed_on_is_nobody() -> None:
    directory = Directory()
    assert directory.person("ann") is None
    refused = may_fly(directory.person("ann"), "ann")
    assert refused is not None and "not signed on" in refused.text
    directory.note(at("desk-1"))
    assert directory.person("ann") == ANN
    directory.note(at("desk-1", on=False))
    assert directory.person("ann") is None
    assert directory.role("ann") == ""


def test_the_name_is_the_records_also_afterwards() -> None:
    directory = Directory()
    assert directory.holder("ann", "desk-1") == Holder("ann", "ann", "desk-1")
    directory.note(at("desk-1"))
    directory.note(at("desk-1", on=False))
    assert directory.holder("ann", "desk-1").name == "Ann"


def test_a_second_desk_takes_no_role_away_and_gives_none() -> None:
    directory = Directory()
    directory.note(at("desk-9", Role.OBSERVER))
    found = directory.person("ann")
    assert found is not None and found.role is Role.OBSERVER
    assert may_fly(found, "ann") is not None
    directory.note(at("desk-1"))
    assert directory.person("ann") == ANN
    directory.note(at("desk-1", on=False))
    assert directory.role("ann") == "observer"


def test_another_at_the_same_desk_takes_the_place() -> None:
    directory = Directory()
    directory.note(at("desk-1"))
    ben = Holder("ben", "Ben", "desk-1")
    directory.note(replace(at("desk-1", Role.PILOT), holder=ben, person=None))
    assert directory.person("ann") is None
    assert directory.role("ben") == "pilot"
