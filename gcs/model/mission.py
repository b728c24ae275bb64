"""Incidents from the control room and the missions flown for them. The keeper writes them."""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check
from gcs.model.fence import FencePlan
from gcs.model.people import Holder, Person, Role
from gcs.model.place import Position


class Grade(StrEnum):
    """Police call grades and their response targets."""

    IMMEDIATE = "I"
    SIGNIFICANT = "S"
    EXTENDED = "E"
    REFERRED = "R"


GRADE_TARGET_S: dict[Grade, int | None] = {
    Grade.IMMEDIATE: 15 * 60,
    Grade.SIGNIFICANT: 3600,
    Grade.EXTENDED: 48 * 3600,
    Grade.REFERRED: None,
}


@dataclass(frozen=True, slots=True)
class Incident:
    """A call as the control room sent it. `key` is force, date and number: MPS-20261122-1042.

    `officers` on scene and `hazards` in its own words; empty = it did not tell.
    """

    key: str
    number: int
    grade: Grade
    category: str
    place: str
    position: Position
    description: str
    received_utc_ms: int
    officers: str = ""
    hazards: str = ""

    def __post_init__(self) -> None:
        check.token("incident.key", self.key)
        check.finite("incident.number", self.number, 1, 999_999)
        check.text("incident.category", self.category, 60)
        check.text("incident.place", self.place, 120)
        check.text("incident.description", self.description, 1000)
        check.text("incident.officers", self.officers, 200)
        check.text("incident.hazards", self.hazards, 200)


class MissionState(StrEnum):
    """A mission's course. Owner and drone are in the record."""

    OPEN = "open"
    TAKEN = "taken"
    LAUNCHED = "launched"
    ON_SCENE = "on_scene"
    RETURNING = "returning"
    CLOSED = "closed"


class Stage(StrEnum):
    """Where a drone of a mission is on its flight."""

    SENT = "sent"  # its launch is authorised and not yet seen
    OUT = "out"
    ON_SCENE = "on_scene"
    RETURNING = "returning"


@dataclass(frozen=True, slots=True)
class MissionDrone:
    """A drone that flies for a mission. `holder` and `orphaned` come from its control record;
    with neither it was released on its way home.
    """

    drone: str
    stage: Stage = Stage.SENT
    holder: Holder | None = None
    orphaned: bool = False

    @property
    def away(self) -> bool:
        """Whether it was seen to leave its dock."""
        return self.stage is not Stage.SENT


@dataclass(frozen=True, slots=True)
class MissionRecord:
    """One incident and what is done about it. Key in the record bucket: `mission.<key>`.

    `drones`: those sent and not yet home, in the order of their launch. Once one is away the
    `owner` is who holds it; of several holders the one who has owned the mission so far.
    """

    incident: Incident
    state: MissionState
    owner: Holder | None = None
    drones: tuple[MissionDrone, ...] = ()
    taken_utc_ms: int | None = None
    launched_utc_ms: int | None = None
    on_scene_utc_ms: int | None = None
    closed_utc_ms: int | None = None
    outcome: str = ""

    @property
    def drone(self) -> str | None:
        """The first of its drones."""
        return self.drones[0].drone if self.drones else None

    @property
    def away(self) -> tuple[MissionDrone, ...]:
        """Its drones that are not in their docks."""
        return tuple(d for d in self.drones if d.away)

    def part(self, drone: str) -> MissionDrone | None:
        """What this drone does for it; None when it does nothing."""
        return next((d for d in self.drones if d.drone == drone), None)

    @property
    def split(self) -> str:
        """Who has which of its drones, while that is not one person at one desk; else empty.

        `ISL-01: Pilot A at desk-1; ISL-02: nobody`.
        """
        told = [d for d in self.away if d.holder or d.orphaned]
        if len({d.holder for d in told}) < 2:
            return ""
        return "; ".join(f"{d.drone}: {d.holder.label if d.holder else 'nobody'}" for d in told)


class KeeperAct(StrEnum):
    """What a desk may ask of the keeper."""

    SIGN_ON = "sign_on"
    SIGN_OFF = "sign_off"
    TAKE_INCIDENT = "take_incident"
    RELEASE_INCIDENT = "release_incident"
    CLOSE_INCIDENT = "close_incident"
    SET_FENCE = "set_fence"
    PING = "ping"  # how long an answer takes; nothing is recorded


@dataclass(frozen=True, slots=True)
class KeeperRequest:
    """A desk asks the keeper. `incident` is the key for the acts on incidents.

    SET_FENCE needs `fence`, whose `version` is the one the desk saw: another is refused. `text`
    is its reason.
    """

    id: str
    act: KeeperAct
    by: Holder
    incident: str | None = None
    text: str = ""
    fence: FencePlan | None = None

    def __post_init__(self) -> None:
        check.token("keeper_request.id", self.id)
        check.text("keeper_request.text", self.text)
        if self.act is KeeperAct.SET_FENCE and self.fence is None:
            raise ValueError("keeper_request.set_fence: fence is needed")


@dataclass(frozen=True, slots=True)
class KeeperReply:
    """The keeper's answer; `text` is a sentence for the operator."""

    ok: bool
    text: str
    mission: MissionRecord | None = None
    role: Role | None = None
    fence: FencePlan | None = None


@dataclass(frozen=True, slots=True)
class LaunchAuthorisation:
    """A gateway asks the keeper whether this person may launch for this incident."""

    command_id: str
    gateway: str
    drone: str
    by: Holder
    incident: str


@dataclass(frozen=True, slots=True)
class DeskHello:
    """Once a second from every desk, so that the roster shows who can be offered a drone."""

    by: Holder
    role: Role
    utc_ms: int


@dataclass(frozen=True, slots=True)
class DeskPresence:
    """Who is signed on where. Key in the record bucket: `desk.<desk>`.

    `role` is the role at this desk: the same person at a second desk observes there. `person`:
    what others need of the directory's entry; the directory itself stays at the keeper.

    Signed on but not present: the desk fell silent and may come back without signing on.
    `since_utc_ms`: of signing on, or off.
    """

    holder: Holder
    role: Role
    since_utc_ms: int
    present: bool
    signed_on: bool = True
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class KeeperHello:
    """Once a second: the keeper lives, and whether it can write the audit."""

    site: str
    instance: str
    utc_ms: int
    audit_entries: int
    audit_ok: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class CentralHello:
    """Once a second from the control room, so that its silence is seen."""

    source: str
    utc_ms: int
    sent: int
    simulated: bool
