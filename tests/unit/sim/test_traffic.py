"""The aircraft over the training site: seeded, plausible, heard by the drones as real ones are."""

import math
from dataclasses import replace
from itertools import islice

from gcs.geo.earth import distance_m
from gcs.link.decode import decode
from gcs.link.mavlink import dialect
from gcs.link.traffic_reports import HeardAircraft
from gcs.model.place import Position
from gcs.runtime.clock import ManualClock
from gcs.sim.fleet import SimulatedFleet
from gcs.sim.traffic import FIRST_WITHIN_S, REACH_M, AirTraffic, SimulatedTraffic, flights
from tests.integration.gateway.rig import small_site
from tests.support.sites import heard_at
from tests.unit.sim_drone.rig import Rig

MIDDLE = Position(51.535, -0.103)
HERE = ("127.0.0.1", 14999)
ADSB = dialect.MAVLINK_MSG_ID_ADSB_VEHICLE


def heard(traffic: AirTraffic, at_s: float) -> list[HeardAircraft]:
    reports = [decode(message) for message in traffic.messages(at_s)]
    assert all(isinstance(report, HeardAircraft) for report in reports)
    return [report for report in reports if isinstance(report, HeardAircraft)]


def test_one_seed_one_schedule() -> None:
    first, again = (list(islice(flights(20.0, 7), 50)) for _ in range(2))
    assert first == again
    assert first != list(islice(flights(20.0, 8), 50))
    assert list(flights(0.0, 7)) == []
    assert first[0].start_s <= FIRST_WITHIN_S
    hours = (first[-1].start_s - first[0].start_s) / 3600.0
    assert 10.0 < 49 / hours < 40.0
    assert len({f.icao for f in first}) == 50


def test_they_cross_and_go() -> None:
    traffic = AirTraffic(MIDDLE, 30.0, 3)
    seen: dict[int, list[float]] = {}
    for second in range(0, 3600, 5):
        for aircraft in heard(traffic, float(second)):
            seen.setdefault(aircraft.icao, []).append(distance_m(MIDDLE, aircraft.position))
            assert aircraft.amsl_m is not None and 150.0 < aircraft.amsl_m < 4000.0
            if aircraft.category == "helicopter":
                assert aircraft.amsl_m < 400.0
    assert len(seen) > 15
    crossed = [ways for ways in seen.values() if min(ways) < 0.6 * ways[0]]
    assert len(crossed) > 0.7 * len(seen)
    assert all(max(ways) < 1.6 * REACH_M for ways in seen.values())


def test_a_place_moves_along_the_track() -> None:
    flight = next(iter(flights(20.0, 7)))
    (x0, y0), (x1, y1) = flight.place_m(flight.start_s), flight.place_m(flight.start_s + 10.0)
    assert math.isclose(math.hypot(x1 - x0, y1 - y0), 10.0 * flight.speed_mps)
    track = math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360.0
    assert math.isclose(track, flight.track_deg, abs_tol=1e-6)


def test_a_drone_tells_what_it_hears_only_to_who_asked() -> None:
    rig = Rig()
    message = AirTraffic(MIDDLE, 3600.0, 3).messages(60.0)[0]

    def told() -> int:
        rig.drone.hear_aircraft([message])
        rig.run(0.1)
        return sum(m.get_msgId() == ADSB for _, m in rig.gcs.heard)

    assert told() == 0
    assert rig.gcs.interval(ADSB, 5.0) == 0
    assert told() == 1
    rig.run(2.0)
    assert told() == 2  # one for each time it is heard, none in between


def test_every_drone_of_the_fleet_hears_the_same_sky() -> None:
    site = small_site(2)
    clock = ManualClock()
    site = heard_at(replace(site, training=replace(site.training, aircraft_per_hour=60.0)), HERE)
    fleet = SimulatedFleet(site, clock, seed=3)
    told: dict[str, int] = {}
    for drone in fleet.drones:
        drone.hear_aircraft = lambda m, d=drone.id: told.__setitem__(d, len(m))  # type: ignore[method-assign,misc]
    traffic = SimulatedTraffic(site, fleet, clock)
    traffic.hear(0.0)
    traffic.hear(600.0)
    assert set(told) == {"ISL-01", "ISL-02"}
    assert told["ISL-01"] == told["ISL-02"] > 0
