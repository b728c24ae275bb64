"""What may sound at a desk and when: causes from the desk's state, and one sound due at most. Pure.

A cause sounds once, when it appears; a takeover repeats until it is answered. Whatever sounds
concerns this desk: others' drones, offers and possible matches are theirs to hear.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gcs.alerts.warning_board import Line
from gcs.model.alert import AlertRecord
from gcs.model.control import ControlRecord, ControlState, HandoverKind
from gcs.model.event import Severity
from gcs.model.function import Function
from gcs.model.mission import Grade, MissionState
from gcs.model.people import Role
from gcs.station.state import DeskState

NEW_INCIDENT_MS = 60_000
TAKEOVER_AGAIN_S = 2.0
GAP_S = 1.0  # longer than the longest sound: never two at once


class SoundClass(StrEnum):
    """Each has one sound; the first that is due is heard first."""

    FLIGHT_WARNING = "flight_warning"
    HAND_OVER = "hand_over"
    POSSIBLE_MATCH = "possible_match"
    INCIDENT = "incident"


MUTABLE = tuple(kind for kind in SoundClass if kind is not SoundClass.FLIGHT_WARNING)
ORDER = {kind: number for number, kind in enumerate(SoundClass)}
NOT_OFTENER_S = {
    SoundClass.FLIGHT_WARNING: 3.0,
    SoundClass.HAND_OVER: 1.5,
    SoundClass.POSSIBLE_MATCH: 10.0,
    SoundClass.INCIDENT: 10.0,
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A cause to sound, for as long as it holds; `key` tells it from others of its class."""

    kind: SoundClass
    key: str
    again_s: float | None = None


class Sounds:
    """Remembers which causes were heard; `due` says what to play now."""

    def __init__(self) -> None:
        self._heard_s: dict[Cue, float] = {}
        self._last_s: dict[SoundClass, float] = {}

    def due(
        self, cues: Iterable[Cue], now_s: float, muted: frozenset[SoundClass] = frozenset()
    ) -> SoundClass | None:
        """The one class to play now, or None. What is muted counts as heard."""
        holding = tuple(cues)
        self._heard_s = {cue: self._heard_s[cue] for cue in holding if cue in self._heard_s}
        silent = frozenset(muted) - {SoundClass.FLIGHT_WARNING}
        self._heard_s.update({cue: now_s for cue in holding if cue.kind in silent})
        if any(now_s - last < GAP_S for last in self._last_s.values()):
            return None
        waiting = [cue.kind for cue in holding if self._waits(cue, now_s)]
        kind = min((k for k in waiting if self._may(k, now_s)), key=ORDER.__getitem__, default=None)
        if kind is not None:
            self._last_s[kind] = now_s
            self._heard_s.update({cue: now_s for cue in holding if cue.kind is kind})
        return kind

    def _waits(self, cue: Cue, now_s: float) -> bool:
        heard = self._heard_s.get(cue)
        return heard is None or (cue.again_s is not None and now_s - heard >= cue.again_s)

    def _may(self, kind: SoundClass, now_s: float) -> bool:
        last = self._last_s.get(kind)
        return last is None or now_s - last >= NOT_OFTENER_S[kind]


def cues_of(state: DeskState, warnings: Iterable[Line]) -> tuple[Cue, ...]:
    """Everything that calls for this desk's ear at this moment."""
    cues = [*_flight_warnings(state, warnings)]
    if state.role not in (None, Role.OBSERVER):
        cues += [*_hand_overs(state), *_matches(state), *_incidents(state)]
    return tuple(cues)


def _flight_warnings(state: DeskState, warnings: Iterable[Line]) -> Iterator[Cue]:
    """Of drones that this desk holds or receives, or that nobody holds; a supervisor's: of all."""
    for line in warnings:
        if line.severity is Severity.WARNING:
            for drone in line.drones:
                if _concerns(state, drone):
                    yield Cue(SoundClass.FLIGHT_WARNING, f"{line.id}:{drone}")
    if _cut_off_in_flight(state):
        yield Cue(SoundClass.FLIGHT_WARNING, "cut_off")


def _concerns(state: DeskState, drone: str) -> bool:
    record = state.control(drone)
    if record is None or record.holder is None or state.role is Role.SUPERVISOR:
        return True
    receiver = record.handover.receiver if record.handover else None
    return state.me in (record.holder, receiver)


def _cut_off_in_flight(state: DeskState) -> bool:
    """By the record this desk holds a drone in the air, and its lease is no longer good."""
    if state.lease_good or state.links.lease_acknowledged_at_s is None:
        return False
    mine = (state.control(v.telemetry.drone) for v in state.fleet.drones if v.telemetry.airborne)
    return any(record is not None and record.holder == state.me for record in mine)


def _hand_overs(state: DeskState) -> Iterator[Cue]:
    for spec in state.site.drones:
        functions = (Function.FLIGHT,) if spec.coupled else tuple(Function)
        for function in functions:
            record = state.control(spec.id, function)
            cue = None if record is None else _hand_over(state, record)
            if cue is not None:
                yield cue


def _hand_over(state: DeskState, record: ControlRecord) -> Cue | None:
    """What the record asks of this desk, if anything."""
    me, change, claim = state.me, record.handover, record.claim
    kind, what = SoundClass.HAND_OVER, f"{record.state}:{record.drone}:{record.function}"
    if record.state is ControlState.OFFERED and record.offer is not None:
        return Cue(kind, f"{what}:{record.offer.id}") if _to_me(state, record) else None
    if claim is not None and record.holder == me:
        forced = record.state is ControlState.FORCED
        return Cue(kind, f"{what}:{claim.id}", TAKEOVER_AGAIN_S if forced else None)
    if record.state is ControlState.ORPHANED:
        mine = me in (record.previous, record.first)
        return Cue(kind, f"{what}:{record.epoch}") if mine else None
    if change is None:
        return None
    granted = record.state is ControlState.BRIEFING and change.kind is HandoverKind.REQUESTED
    asked = granted or record.state is ControlState.ARMED
    confirms = record.state is ControlState.CONFIRMING and not change.confirmed
    called = (asked and change.receiver == me) or (confirms and change.giver == me)
    return Cue(kind, f"{what}:{change.id}") if called else None


def _to_me(state: DeskState, record: ControlRecord) -> bool:
    return record.offer is not None and record.offer.to_person == state.me.person


def _matches(state: DeskState) -> Iterator[Cue]:
    for record in state.open_alerts:
        if _mine_to_judge(state, record):
            yield Cue(SoundClass.POSSIBLE_MATCH, record.alert.id)


def _mine_to_judge(state: DeskState, record: AlertRecord) -> bool:
    """It belongs to whoever holds the camera of its feed; to all while nobody does."""
    feed = record.alert.feed
    apart = any(spec.id == feed and not spec.coupled for spec in state.site.drones)
    control = state.control(feed, Function.PAYLOAD if apart else Function.FLIGHT)
    return control is None or control.holder is None or control.holder == state.me


def _incidents(state: DeskState) -> Iterator[Cue]:
    """Immediate ones that nobody has taken, while they are new."""
    now = state.clock.utc_ms()
    for mission in state.missions:
        incident = mission.incident
        new = now - incident.received_utc_ms < NEW_INCIDENT_MS
        if new and incident.grade is Grade.IMMEDIATE and mission.state is MissionState.OPEN:
            yield Cue(SoundClass.INCIDENT, incident.key)
