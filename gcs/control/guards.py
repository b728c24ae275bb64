"""May this command be executed now? Pure checks in a fixed order; the first reason wins."""

from collections.abc import Callable
from dataclasses import dataclass

from gcs.control.stimulus import Refusal, held_by, stale
from gcs.model.command import UNHELD_COMMANDS, Command, CommandKind
from gcs.model.control import RECEIVING, ControlRecord, ControlState
from gcs.model.people import FLYING_ROLES, Holder, Person, Role

LONGEST_DEADLINE_MS = 120_000

# The holder's in every state, as far as the gateway knows who that is.
_ALWAYS = frozenset({CommandKind.HOLD, CommandKind.RETURN})
_SAFE = _ALWAYS | {CommandKind.LAND}
_SHOWN = _SAFE | {CommandKind.PLAN_PAUSE, CommandKind.PLAN_RESUME}


@dataclass(frozen=True, slots=True)
class Situation:
    """What the gateway knows when a command comes in.

    `subject_person`, `subject_desk` and `subject_drone` stand in the subject, which the bus
    itself has checked against who sent it; `person` is the directory's entry, None if there is
    none.
    """

    record: ControlRecord
    subject_person: str
    subject_desk: str
    subject_drone: str
    person: Person | None
    now_utc_ms: int
    lease_alive: bool


@dataclass(frozen=True, slots=True)
class Flight:
    """A drone, what it asks of who flies it (a rating, empty = nothing), and its site's id."""

    drone: str
    rating: str
    site: str


def refusal(command: Command, situation: Situation) -> Refusal | None:
    """Why the command may not be executed now; None if it may."""
    for check in _CHECKS:
        found = check(command, situation)
        if found is not None:
            return found
    return None


def may_fly(person: Person | None, person_id: str) -> Refusal | None:
    """Only a pilot or a supervisor who is signed on may hold or command a drone."""
    if person is None:
        return Refusal(f"{person_id} is not signed on at this site")
    if person.role not in FLYING_ROLES:
        return Refusal(f"{person.name} is signed on as {person.role} and may not fly")
    return None


def against_rating(person: Person, flight: Flight) -> Refusal | None:
    """Why this person is not qualified for a drone, or not here."""
    if flight.rating and person.ratings and flight.rating not in person.ratings:
        rated = ", ".join(person.ratings)
        return Refusal(
            f"{person.name} is not rated for {flight.drone}: it asks for {flight.rating}, "
            f"the rating is {rated}"
        )
    if person.boroughs and flight.site not in person.boroughs:
        where = ", ".join(person.boroughs)
        return Refusal(f"{person.name} flies in {where}, not in {flight.site}")
    return None


def against_limit(person: Person, flight: Flight, others: int) -> Refusal | None:
    """Why one more drone in the air would be too many for this person, who has `others`."""
    if others < person.most_drones:
        return None
    return Refusal(
        f"{person.name} holds {others} drones in the air, at most {person.most_drones}: "
        f"not {flight.drone} as well"
    )


def may_force(person: Person | None, person_id: str) -> Refusal | None:
    """Why this person may not order a takeover, or None."""
    if person is not None and person.role is Role.SUPERVISOR:
        return None
    name = person.name if person else person_id
    return Refusal(f"{name} may ask for control; only a supervisor takes it over")


def _subject(command: Command, situation: Situation) -> Refusal | None:
    if command.person != situation.subject_person:
        return Refusal(f"the command names {command.person} but came from another person")
    if command.desk != situation.subject_desk:
        return Refusal(f"the command names {command.desk} but came from another desk")
    if command.drone != situation.subject_drone:
        return Refusal(f"the command names {command.drone} but was sent for another drone")
    return None


def _person(command: Command, situation: Situation) -> Refusal | None:
    """Who holds it brings it to safety, whatever has become of his sign-on."""
    holder = situation.record.holder
    if holder is not None and _is(holder, command) and command.kind in _ALWAYS:
        return None
    return may_fly(situation.person, command.person)


def _supervisor(command: Command, situation: Situation) -> Refusal | None:
    """What needs no control of the drone needs a supervisor."""
    person = situation.person
    if command.kind not in UNHELD_COMMANDS or person is None or person.role is Role.SUPERVISOR:
        return None
    return Refusal(f"{person.name} is signed on as {person.role}: only a supervisor may allow this")


def _deadline(command: Command, situation: Situation) -> Refusal | None:
    late_ms = situation.now_utc_ms - command.deadline_utc_ms
    if late_ms > 0:
        return Refusal(f"the command came {late_ms / 1000:.1f} s after its deadline")
    if -late_ms > LONGEST_DEADLINE_MS:
        return Refusal("the command's deadline is too far ahead: check the clock of the desk")
    return None


def _holder(command: Command, situation: Situation) -> Refusal | None:
    record = situation.record
    if command.kind in UNHELD_COMMANDS:
        return None
    if command.epoch != record.epoch:
        return stale(record, command.epoch)
    if record.holder is None:
        if command.kind is CommandKind.LAUNCH and record.state is ControlState.UNOWNED:
            return None
        return Refusal(f"take it first: {held_by(record)}")
    if not _is(record.holder, command):
        return Refusal(held_by(record), stale_epoch=True, holder=record.holder)
    if not situation.lease_alive:
        return Refusal(f"{command.desk} has not been heard for 5 s", holder=record.holder)
    return None


def _state(command: Command, situation: Situation) -> Refusal | None:
    return muted_by(command, situation.record)


def muted_by(command: Command, record: ControlRecord) -> Refusal | None:
    """What control under way leaves of the holder's commands."""
    if record.state is ControlState.ARMED and command.kind not in _ALWAYS:
        name = record.handover.receiver.label if record.handover else "another"
        text = f"{name} is asked to take {record.drone}: until that is answered, hold or return"
        return Refusal(text, holder=record.holder)
    if record.state in RECEIVING and command.kind not in _SHOWN:
        text = f"show that you control {record.drone} first: hold, return, land or resume its plan"
        return Refusal(text, holder=record.holder)
    if record.state is ControlState.UNCERTAIN and command.kind not in _SAFE:
        text = f"who controls {record.drone} is being read back: hold, return or land only"
        return Refusal(text, holder=record.holder)
    return None


def _is(holder: Holder, command: Command) -> bool:
    return holder.person == command.person and holder.desk == command.desk


_CHECKS: tuple[Callable[[Command, Situation], Refusal | None], ...] = (
    _subject,
    _person,
    _supervisor,
    _deadline,
    _holder,
    _state,
)
