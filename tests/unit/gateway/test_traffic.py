"""One picture of other aircraft: merged, aged, forgotten; events when one comes near."""

from dataclasses import replace
from typing import Any

import numpy as np

from gcs.gateway.aircraft import MOST, Tracks
from gcs.gateway.traffic import ASK_AGAIN_S, MOST_ENCOUNTERS, Traffic, _nearest
from gcs.geo.earth import offset
from gcs.link.mavlink import dialect
from gcs.link.traffic_reports import HeardAircraft
from gcs.model.event import EventKind, Severity
from gcs.model.place import Position
from gcs.model.telemetry import Phase
from gcs.shared.subjects import Subjects
from tests.unit.gateway.stage import DRONE, Stage, stage
from tests.unit.link.peer import heartbeat, motion

HERE = Position(51.5262, -0.1068)
HELICOPTER = HeardAircraft(
    0x406A10, "HLE21", "helicopter", offset(HERE, 0.0, 3000.0), 90.0, False, 180.0, 60.0, 0.0, 0.0
)
INTERVAL = dialect.MAV_CMD_SET_MESSAGE_INTERVAL


class Air:
    """Traffic around a stage's one drone, 50 m above the sea."""

    def __init__(self, parts: Stage) -> None:
        nothing: Any = None
        self.parts = parts
        self.traffic = Traffic(
            nothing, Subjects("x"), "gw1", "i1", (parts.drone,), parts.events, parts.clock
        )
        parts.drone.phase = Phase.ON_SCENE
        parts.peer.says(heartbeat(armed=True), motion(hdg=0))

    def hears(self, aircraft: HeardAircraft) -> None:
        hear = self.traffic.hears[HeardAircraft]
        hear(self.parts.peer.vehicle, aircraft)

    def flies(self, seconds: float, north_m: float = 3000.0, **changed: Any) -> None:
        """It comes from the north at 60 m/s; heard and judged each half second."""
        for step in range(round(seconds * 2)):
            place = offset(HERE, 0.0, north_m - 30.0 * step)
            if north_m - 30.0 * step < 0.0:
                place = offset(HERE, 180.0, 30.0 * step - north_m)
            self.parts.peer.says(heartbeat(armed=True), motion(hdg=0))
            self.hears(replace(HELICOPTER, position=place, **changed))
            self.traffic.picture()
            self.parts.clock.advance(0.5)

    async def told(self) -> list[tuple[Severity, str]]:
        await self.parts.settle()
        events = [e for e in self.parts.streams.events if e.kind is EventKind.TRAFFIC]
        return [(e.severity, e.text) for e in events]


async def test_an_encounter_is_told_when_it_begins_worsens_and_is_over() -> None:
    async with stage() as parts:
        air = Air(parts)
        air.flies(140.0, north_m=4200.0)
        told = await air.told()
        assert [severity for severity, _ in told] == [
            Severity.CAUTION,
            Severity.WARNING,
            Severity.INFO,
            Severity.INFO,
        ]
        begun, near, better, over = (text for _, text in told)
        assert begun.startswith(f"{DRONE}: helicopter HLE21 ")
        assert "40 m above" in begun and "in 60 s" in begun
        assert "in 35 s" in near
        assert better.endswith("less near than before")
        assert over == f"{DRONE}: clear of helicopter HLE21"


async def test_high_above_is_drawn_and_not_told() -> None:
    async with stage() as parts:
        air = Air(parts)
        air.flies(100.0, amsl_m=2400.0, category="airliner")
        assert await air.told() == []


async def test_a_drone_in_its_dock_has_distances_and_no_severity() -> None:
    async with stage() as parts:
        air = Air(parts)
        parts.drone.phase = Phase.DOCKED
        air.hears(replace(HELICOPTER, position=offset(HERE, 0.0, 400.0)))
        (encounter,) = air.traffic.picture().encounters
        assert (encounter.drone, encounter.severity) == (DRONE, None)
        assert abs(encounter.distance_m - 400.0) < 2.0
        assert encounter.closest_s is not None and 6.0 < encounter.closest_s < 7.0
        parts.drone.phase = Phase.ARMED  # about to leave it
        (encounter,) = air.traffic.picture().encounters
        assert encounter.severity is Severity.WARNING


async def test_ages_and_forgetting() -> None:
    async with stage() as parts:
        air = Air(parts)
        air.hears(replace(HELICOPTER, since_s=3.0))
        (aircraft,) = air.traffic.picture().aircraft
        assert (aircraft.age_s, aircraft.heard_by) == (3.0, DRONE)
        parts.clock.advance(56.9)
        parts.peer.says(heartbeat(), motion())
        assert air.traffic.picture().aircraft[0].age_s == 59.9
        parts.clock.advance(0.2)
        assert air.traffic.picture().aircraft == ()


async def test_an_aircraft_that_is_heard_no_more_ends_what_it_began() -> None:
    async with stage() as parts:
        air = Air(parts)
        air.hears(replace(HELICOPTER, position=offset(HERE, 0.0, 400.0), speed_mps=None))
        air.traffic.picture()
        for _ in range(140):
            parts.clock.advance(0.5)
            parts.peer.says(heartbeat(), motion())
            air.traffic.picture()
        told = await air.told()
        assert [s for s, _ in told] == [Severity.WARNING, Severity.INFO]
        assert told[-1][1] == f"{DRONE}: aircraft 406A10 is heard no more"


async def test_vehicles_are_asked_for_it_now_and_then() -> None:
    async with stage() as parts:
        air = Air(parts)

        def asked() -> int:
            sent = parts.peer.sent("COMMAND_LONG")
            return sum(m.command == INTERVAL and m.param1 == 246.0 for m in sent)

        for _ in range(20):
            air.traffic._ask()
            parts.clock.advance(0.1)
        assert asked() == 1
        parts.clock.advance(ASK_AGAIN_S)
        air.traffic._ask()
        assert asked() == 1  # it is silent
        parts.peer.says(heartbeat())
        air.traffic._ask()
        assert asked() == 2


def test_two_that_hear_it_make_one_track_that_does_not_hop() -> None:
    tracks = Tracks()
    for step in range(20):
        now_s = 100.0 + step / 2
        tracks.take(replace(HELICOPTER, track_deg=1.0), "D-1", now_s)
        tracks.take(replace(HELICOPTER, track_deg=2.0), "D-2", now_s + 0.1)
        (track,) = tracks
        assert track.by == "D-1"
    tracks.take(HELICOPTER, "D-2", 120.0)  # the first hears it no more
    (track,) = tracks
    assert (track.by, track.at_s) == ("D-2", 120.0)
    tracks.take(replace(HELICOPTER, since_s=9.0), "D-3", 121.0)  # older than what is known
    (track,) = tracks
    assert track.by == "D-2"


def test_a_flood_of_aircraft_keeps_the_latest() -> None:
    tracks = Tracks()
    for number in range(MOST + 50):
        tracks.take(replace(HELICOPTER, icao=1 + number), "D-1", 100.0 + number / 1000)
    assert len(tracks) == MOST
    assert min(track.heard.icao for track in tracks) == 51


def test_of_very_many_pairs_the_nearest_and_the_dangerous_are_told() -> None:
    distance = np.arange(60.0 * 288).reshape(60, 288)
    far = (59, 287)
    chosen = _nearest(distance, [far])
    assert len(chosen) == MOST_ENCOUNTERS + 1
    assert far in chosen and (0, 0) in chosen and (59, 286) not in chosen
    assert len(_nearest(distance[:2, :9], [])) == 18
