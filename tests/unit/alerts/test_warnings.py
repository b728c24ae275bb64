"""The catalogue of flight warnings: what begins and ends each, their order, floods."""

from dataclasses import replace
from typing import Any

import pytest

from gcs.alerts.flight_facts import DroneFacts, FlightFacts
from gcs.alerts.warning_board import FLOOD, WarningBoard, arranged
from gcs.alerts.warnings import CATALOGUE, FlightWarning, WarningId, warnings_of
from gcs.model.event import Severity
from gcs.model.telemetry import DroneTelemetry, Phase
from gcs.model.traffic import Encounter
from gcs.model.vehicle import (
    FenceReport,
    FenceState,
    Setting,
    SettingVerdict,
    SigningState,
    VehicleProfile,
)

_I = WarningId
FLYING = DroneTelemetry(
    "ISL-01",
    1,
    phase=Phase.ON_SCENE,
    armed=True,
    battery_percent=80.0,
    satellites=16,
    fence_active=True,
    mode_name="GUIDED",
)
PROFILE = VehicleProfile("ISL-01", "net1", 1)
GOOD = DroneFacts(FLYING, PROFILE, 0.3, 0.1, 0.5, 12.0, 600.0)
DOCKED = replace(GOOD, telemetry=replace(FLYING, phase=Phase.DOCKED, armed=False))


def flying(**changed: Any) -> DroneFacts:
    return replace(GOOD, telemetry=replace(FLYING, **changed))


def profiled(facts: DroneFacts, **changed: Any) -> DroneFacts:
    return replace(facts, profile=replace(PROFILE, **changed))


def near(severity: Severity, distance_m: float = 900.0) -> Encounter:
    return Encounter("ISL-01", 0x406A10, distance_m, 80.0, 20.0, 150.0, severity)


def settled(facts: DroneFacts) -> list[FlightWarning]:
    """What is shown once everything has held long enough."""
    held: tuple[FlightWarning, ...] = ()
    for second in range(20):
        held = warnings_of(FlightFacts(float(second), (facts,)), held)
    return [w for w in held if w.shown]


def test_a_good_flight_and_a_good_dock_warn_of_nothing() -> None:
    assert settled(GOOD) == []
    assert settled(DOCKED) == []


OFF = Setting("gcs_loss_action", "FS_GCS_ENABLE", "GCS loss", "off", SettingVerdict.WARNING)
CASES: dict[WarningId, tuple[DroneFacts, str]] = {
    _I.TRAFFIC_WARNING: (
        replace(
            GOOD, encounters=(near(Severity.WARNING),), aircraft={0x406A10: "helicopter HLE21"}
        ),
        "ISL-01: helicopter HLE21, 900 m away, 80 m above, 150 m in 20 s",
    ),
    _I.TRAFFIC_CAUTION: (
        replace(GOOD, encounters=(near(Severity.CAUTION, 1500.0),)),
        "ISL-01: aircraft 406A10, 1.5 km away, 80 m above, 150 m in 20 s",
    ),
    _I.FAILSAFE: (flying(failsafe=True, mode_name="RTL"), "ISL-01 is in a failsafe (RTL)"),
    _I.FENCE_BREACH: (flying(fence_breached=True), "ISL-01 is outside its geofence"),
    _I.GNSS_LOST: (flying(satellites=5), "ISL-01 has lost GNSS: it sees 5 satellites"),
    _I.BATTERY_CRITICAL: (
        replace(flying(battery_percent=14.0), work_s=None),
        "ISL-01: battery 14 %",
    ),
    _I.BATTERY_LOW: (
        replace(flying(battery_percent=40.0), work_s=100.0),
        "ISL-01: battery 40 %, must leave for home in 2 min",
    ),
    _I.SILENT: (replace(GOOD, heartbeat_age_s=7.0), "ISL-01 is silent for 7 s"),
    _I.SILENT_DOCKED: (replace(DOCKED, heartbeat_age_s=7.0), "ISL-01 is silent for 7 s"),
    _I.UPLINK_LOST: (
        replace(GOOD, uplink_age_s=13.0),
        "ISL-01 is heard but has answered nothing for 13 s",
    ),
    _I.TROUBLE: (
        flying(trouble="two vehicles have system id 1"),
        "ISL-01: two vehicles have system id 1",
    ),
    _I.SIGNING_REFUSED: (
        profiled(GOOD, signing=SigningState.REFUSED),
        "ISL-01: its packets are refused by their signature",
    ),
    _I.FENCE_OFF: (
        profiled(
            flying(fence_active=False), fence=FenceReport(FenceState.FAILED, text="upload denied")
        ),
        "ISL-01 flies without an active geofence: upload denied",
    ),
    _I.WIND: (flying(wind_mps=12.6), "ISL-01: wind 13 m/s, the limit is 12"),
    _I.GCS_LOSS_OFF: (
        profiled(DOCKED, settings=(OFF,)),
        "ISL-01 does nothing when its ground station is lost",
    ),
}


def test_every_row_of_the_catalogue_has_a_case() -> None:
    assert set(CASES) == {rule.id for rule in CATALOGUE} == set(WarningId)


@pytest.mark.parametrize("which", list(WarningId))
def test_each_is_shown_alone_in_words_with_what_to_do(which: WarningId) -> None:
    facts, words = CASES[which]
    (warning,) = settled(facts)
    assert (warning.id, warning.text) == (which, words)
    assert warning.action.endswith(".")


def test_of_a_silent_drone_nothing_old_is_said() -> None:
    facts = replace(flying(failsafe=True, satellites=3, wind_mps=20.0), heartbeat_age_s=8.0)
    assert [w.id for w in settled(facts)] == [_I.SILENT]


def test_what_says_more_stands_for_what_says_less() -> None:
    both = replace(
        flying(battery_percent=10.0),
        encounters=(near(Severity.CAUTION), near(Severity.WARNING, 400.0)),
    )
    assert [w.id for w in settled(both)] == [_I.TRAFFIC_WARNING, _I.BATTERY_CRITICAL]


def test_a_drone_on_its_way_home_is_not_told_to_go_home() -> None:
    assert settled(flying(battery_percent=10.0, phase=Phase.RETURNING)) == []


def times(rule: WarningId, *steps: tuple[float, DroneFacts]) -> list[bool]:
    """Whether it is shown at each moment."""
    held: tuple[FlightWarning, ...] = ()
    shown = []
    for now_s, facts in steps:
        held = warnings_of(FlightFacts(now_s, (facts,)), held)
        shown.append(any(w.id is rule and w.shown for w in held))
    return shown


def test_it_must_hold_for_a_while_and_then_stays_for_a_while() -> None:
    windy, calm = flying(wind_mps=13.0), flying(wind_mps=9.0)
    steps = ((0.0, windy), (9.9, windy), (10.0, windy), (11.0, calm), (39.9, calm), (40.1, calm))
    assert times(_I.WIND, *steps) == [False, False, True, True, True, False]
    gusts = ((0.0, windy), (5.0, calm), (6.0, windy), (12.0, windy))
    assert times(_I.WIND, *gusts) == [False] * 4  # no ten seconds at a stretch


def test_what_began_ends_a_step_further_on() -> None:
    begun, between, over = (flying(wind_mps=v) for v in (12.5, 11.0, 10.0))
    steps = ((0.0, begun), (10.0, begun), (60.0, between), (61.0, over), (92.0, over))
    assert times(_I.WIND, *steps) == [False, True, True, True, False]
    assert times(_I.WIND, (0.0, between), (60.0, between)) == [False, False]


def test_a_warning_comes_before_a_caution() -> None:
    facts = tuple(
        replace(f, telemetry=replace(f.telemetry, drone=f"D-{n}"))
        for n, f in enumerate(CASES[w][0] for w in (_I.WIND, _I.SILENT, _I.FENCE_OFF, _I.FAILSAFE))
    )
    board = WarningBoard()
    board.judge(FlightFacts(0.0, facts))
    lines = board.judge(FlightFacts(15.0, facts))
    assert [line.id for line in lines] == [_I.FAILSAFE, _I.SILENT, _I.FENCE_OFF, _I.WIND]


def swarm(count: int, which: WarningId) -> tuple[DroneFacts, ...]:
    facts = CASES[which][0]
    return tuple(
        replace(facts, telemetry=replace(facts.telemetry, drone=f"D-{n:02}")) for n in range(count)
    )


def test_a_flood_is_told_by_kind_and_the_worst_stays_by_itself() -> None:
    board = WarningBoard()
    few = swarm(FLOOD, _I.SILENT)
    assert len(board.judge(FlightFacts(0.0, few))) == FLOOD
    worst = replace(CASES[_I.FAILSAFE][0], telemetry=flying(failsafe=True).telemetry)
    lines = board.judge(FlightFacts(1.0, (*few, worst)))
    assert board.flooded
    assert [(line.id, len(line.drones)) for line in lines] == [(_I.FAILSAFE, 1), (_I.SILENT, FLOOD)]
    assert lines[1].text == "D-00, D-01, D-02, D-03 and 6 more: silent in flight"
    told = {drone for line in lines for drone in line.drones}
    assert told == {"ISL-01", *(f"D-{n:02}" for n in range(FLOOD))}  # none is left out
    assert len(board.judge(FlightFacts(602.0, few))) == FLOOD  # ten minutes on it is one no more
    assert not board.flooded


def test_what_has_not_held_long_enough_is_not_shown() -> None:
    held = warnings_of(FlightFacts(0.0, (CASES[_I.WIND][0],)))
    assert [w.id for w in held] == [_I.WIND]
    assert arranged(held) == ()


def test_a_fence_that_is_on_and_not_the_sites_is_told() -> None:
    differs = FenceReport(FenceState.DIFFERS, 1, text="it keeps its own until landed")
    (told,) = settled(profiled(GOOD, fence=differs))
    assert told.id is _I.FENCE_OFF
    assert told.text == (
        "ISL-01 flies under another geofence than the site's: it keeps its own until landed"
    )
    idle = FenceReport(FenceState.LOADED, 1, text="its lines do not act on board")
    (told,) = settled(profiled(GOOD, fence=idle))
    assert "without an active geofence" in told.text
    for good in (FenceState.ACTIVE, FenceState.UPLOADING, FenceState.UNKNOWN):
        assert settled(profiled(GOOD, fence=FenceReport(good))) == []
