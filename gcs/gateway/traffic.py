"""Other aircraft: what the drones hear, merged, and how near each comes to each drone.

Published twice a second while there are any; an encounter that becomes a caution or a warning,
and its end, are events. Nothing is flown by it: the pilot is told.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from gcs.alerts.traffic_rules import KEEPS, SEVERITIES, Held, levels
from gcs.gateway.aircraft import Track, Tracks
from gcs.gateway.drone import Drone
from gcs.gateway.encounters import Pairs, encounters, event_text
from gcs.gateway.events import EventLog
from gcs.gateway.ticker import every
from gcs.geo.approach import Movers, approaches
from gcs.geo.earth import LocalFrame
from gcs.link.mavlink import dialect
from gcs.link.reports import Motion, Report
from gcs.link.traffic_reports import HeardAircraft
from gcs.link.vehicle import Vehicle
from gcs.model.event import EventKind, Severity
from gcs.model.telemetry import Phase
from gcs.model.traffic import Encounter, TrafficPicture
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects

PERIOD_S = 0.5
ASK_AGAIN_S = 60.0
WANTED_HZ = 5.0  # ArduPilot sends one aircraft at a time and the whole list at most once a second
MOST_ENCOUNTERS = 1000
MOST_EVENTS = 20  # in one turn
LONGEST_AHEAD_S = 15.0  # an old position is carried on by its speed, no further than this
PLACE_KEPT_S = 60.0


class Traffic:
    """The picture of one gateway. `hears`: the reports it wants, for the gateway's table."""

    def __init__(
        self,
        bus: Bus,
        subjects: Subjects,
        gateway: str,
        instance: str,
        drones: Sequence[Drone],
        events: EventLog,
        clock: Clock,
        awake: Callable[[], bool] = lambda: True,
    ) -> None:
        self._bus, self._subject = bus, subjects.traffic(gateway)
        self._gateway, self._instance = gateway, instance
        self._drones = tuple(drones)
        self._names = {drone.vehicle: drone.id for drone in drones}
        self._events, self._clock, self._awake = events, clock, awake
        self._tracks = Tracks()
        self._held: dict[tuple[int, str], Held] = {}
        self._asked: dict[Vehicle, tuple[int, float]] = {}
        self._told_any = False
        self.hears: Mapping[type[Report], Callable[[Vehicle, Report], None]] = {
            HeardAircraft: self._heard
        }

    async def run(self) -> None:
        """Publish for ever, while there is something to tell."""
        async for _ in every(PERIOD_S):
            self._ask()
            picture = self.picture()
            if self._awake() and (picture.aircraft or self._told_any):
                self._told_any = bool(picture.aircraft)
                await self._bus.publish(self._subject, picture)

    def picture(self) -> TrafficPicture:
        """What is known now; encounters that changed are told as events."""
        now_s = self._clock.monotonic()
        self._tracks.forget_old(now_s)
        tracks: list[Track] = list(self._tracks)
        return TrafficPicture(
            gateway=self._gateway,
            instance=self._instance,
            utc_ms=self._clock.utc_ms(),
            aircraft=tuple(track.told(now_s) for track in tracks),
            encounters=self._encounters(tracks, now_s),
        )

    def _heard(self, vehicle: Vehicle, report: Report) -> None:
        if isinstance(report, HeardAircraft) and vehicle in self._names:
            self._tracks.take(report, self._names[vehicle], self._clock.monotonic())

    def _ask(self) -> None:
        """Aircraft come only to who asked; whether none come because there are none, nobody can
        tell, so each vehicle is asked again now and then."""
        now_s = self._clock.monotonic()
        for vehicle in self._names:
            starts, at_s = self._asked.get(vehicle, (-1, -math.inf))
            if starts == vehicle.fresh_starts and now_s - at_s < ASK_AGAIN_S:
                continue
            if vehicle.heard_within(PLACE_KEPT_S / 20) and vehicle.send(_wish(vehicle)):
                self._asked[vehicle] = (vehicle.fresh_starts, now_s)

    # -- how near ----------------------------------------------------------------------------
    def _encounters(self, tracks: list[Track], now_s: float) -> tuple[Encounter, ...]:
        if not tracks:
            self._end_all(now_s)
            return ()
        placed = [d for d in self._drones if (d.vehicle.age_s(Motion) or 0.0) < PLACE_KEPT_S]
        drones = [d for d in placed if d.motion is not None]
        if not drones:
            self._end_all(now_s)
            return ()
        frame = LocalFrame(drones[0].dock.position)
        seen = approaches(_of_tracks(tracks, frame, now_s), _of_drones(drones, frame))
        pressure = np.array([t.heard.pressure for t in tracks])
        flying = np.array([d.airborne or d.phase is Phase.ARMED for d in drones])
        begins = np.where(flying[None, :], levels(seen, pressure), 0)
        keeps = np.where(flying[None, :], levels(seen, pressure, KEEPS), 0)
        pairs = Pairs(tracks, drones, seen)
        shown = self._judge(pairs, begins, keeps, now_s)
        chosen = _nearest(seen.distance_m, shown)
        return encounters(pairs, chosen, {pair: SEVERITIES[n] for pair, n in shown.items()})

    def _judge(
        self, pairs: Pairs, begins: np.ndarray, keeps: np.ndarray, now_s: float
    ) -> dict[tuple[int, int], int]:
        """The level of each pair that has one; tells what changed."""
        rows = {t.heard.icao: n for n, t in enumerate(pairs.tracks)}
        columns = {d.id: n for n, d in enumerate(pairs.drones)}
        todo = {
            (pairs.tracks[r].heard.icao, pairs.drones[c].id) for r, c in np.argwhere(begins > 0)
        }
        shown: dict[tuple[int, int], int] = {}
        changes: list[tuple[int, int, int, int]] = []
        for key in sorted(todo | self._held.keys()):
            row, column = rows.get(key[0]), columns.get(key[1])
            held = self._held.setdefault(key, Held())
            before = held.level
            if row is None or column is None:
                held.take(0, 0, now_s)
                if not held.level:
                    self._over(key)
                continue
            level = held.take(int(begins[row, column]), int(keeps[row, column]), now_s)
            if level:
                shown[row, column] = level
            else:
                del self._held[key]
            if level != before:
                changes.append((-level, row, column, before))
        self._tell(pairs, sorted(changes))
        return shown

    def _tell(self, pairs: Pairs, changes: Iterable[tuple[int, int, int, int]]) -> None:
        """The worst first; of very many the rest are counted."""
        left = 0
        for number, (worst, row, column, before) in enumerate(changes):
            level = -worst
            if number >= MOST_EVENTS:
                left += level > before
                continue
            drone = pairs.drones[column].id
            text = event_text(pairs, row, column, level, before)
            severity = SEVERITIES[level] if level >= before else None
            self._events.add(EventKind.TRAFFIC, drone, text, severity or Severity.INFO)
        if left:
            text = f"{left} more encounters with aircraft at the same time"
            self._events.add(EventKind.TRAFFIC, pairs.drones[0].id, text, Severity.CAUTION)

    def _over(self, key: tuple[int, str]) -> None:
        del self._held[key]
        text = f"{key[1]}: aircraft {key[0]:06X} is heard no more"
        self._events.add(EventKind.TRAFFIC, key[1], text)

    def _end_all(self, now_s: float) -> None:
        for key, held in tuple(self._held.items()):
            held.take(0, 0, now_s)
            if not held.level:
                self._over(key)


def _wish(vehicle: Vehicle) -> object:
    return dialect.MAVLink_command_long_message(
        vehicle.system_id,
        dialect.MAV_COMP_ID_AUTOPILOT1,
        dialect.MAV_CMD_SET_MESSAGE_INTERVAL,
        0,
        dialect.MAVLINK_MSG_ID_ADSB_VEHICLE,
        1e6 / WANTED_HZ,
        0,
        0,
        0,
        0,
        0,
    )


def _nearest(distance_m: np.ndarray, shown: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those with a severity, and of the rest the nearest; a city's every pair would not fit."""
    if distance_m.size <= MOST_ENCOUNTERS:
        return [(int(r), int(c)) for r, c in np.ndindex(*distance_m.shape)]
    near = np.argpartition(distance_m, MOST_ENCOUNTERS, axis=None)[:MOST_ENCOUNTERS]
    rows, columns = np.unravel_index(near, distance_m.shape)
    return sorted({*shown, *zip(rows.tolist(), columns.tolist(), strict=True)})


def _of_tracks(tracks: list[Track], frame: LocalFrame, now_s: float) -> Movers:
    rows = []
    for track in tracks:
        heard = track.heard
        east, north = frame.to_local(heard.position)
        east_mps = north_mps = math.nan
        if heard.track_deg is not None and heard.speed_mps is not None:
            angle, ahead_s = math.radians(heard.track_deg), min(LONGEST_AHEAD_S, track.age_s(now_s))
            east_mps, north_mps = (
                heard.speed_mps * math.sin(angle),
                heard.speed_mps * math.cos(angle),
            )
            east, north = east + east_mps * ahead_s, north + north_mps * ahead_s
        rows.append(
            (east, north, _or_nan(heard.amsl_m), east_mps, north_mps, _or_nan(heard.climb_mps))
        )
    return Movers(*np.array(rows, float).T)


def _of_drones(drones: list[Drone], frame: LocalFrame) -> Movers:
    rows = []
    for drone in drones:
        motion = drone.motion
        if motion is not None:
            place = frame.to_local(motion.position)
            speed = (motion.east_mps, motion.north_mps, motion.climb_mps)
            rows.append((*place, motion.amsl_m, *speed))
    return Movers(*np.array(rows, float).T)


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
