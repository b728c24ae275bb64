"""The lines of a brief: every item is there, what is not known says so, and a line is news only
when what matters in it has changed."""

from dataclasses import replace
from typing import Any

import pytest

from gcs.fleet.endurance import Endurance
from gcs.gateway.brief_facts import Facts
from gcs.gateway.events import LogLine
from gcs.geo.earth import offset
from gcs.model.alert import AlertState
from gcs.model.brief import BriefSheet
from gcs.model.event import Severity
from gcs.model.function import Function
from gcs.model.plan import FlightPlan, PlanItem, PlanState
from gcs.model.site import AuthorisedVolume
from gcs.model.telemetry import FlightMode
from gcs.model.vehicle import CameraReport, FenceReport, FenceState, PlanReport
from tests.unit.gateway.briefed import (
    ALERT,
    DOCK,
    FACTS,
    HANDOVER,
    INCIDENT,
    KEYS,
    MISSION,
    NOW_MS,
    SCENE,
    SEEN,
    A,
    Read,
    seen,
)

PLAN = FlightPlan("Search", tuple(PlanItem(offset(SCENE, b, 30.0), 30.0) for b in (0, 90, 180)))
HOUR_MS = 3_600_000


def event(text: str, severity: Severity = Severity.INFO, at_ms: int = NOW_MS) -> LogLine:
    return LogLine(at_ms, text, severity)


def flying(current: int, state: PlanState = PlanState.FLYING, plan: FlightPlan = PLAN) -> Facts:
    report = PlanReport(state, plan.name, plan.digest, len(plan.items), current)
    return replace(FACTS, plan=plan, plan_report=report)


def volume(name: str, end_in_s: float | None, metres: float = 500.0) -> AuthorisedVolume:
    ring = tuple(offset(SCENE, b, metres) for b in (45, 135, 225, 315))
    end = None if end_in_s is None else NOW_MS + round(end_in_s * 1000)
    return AuthorisedVolume(name, "CAA/2026/114", ring, 120.0, 0.0, None, end)


def test_every_item_stands_in_a_line_and_the_numbers_are_the_drones() -> None:
    read = Read()
    assert tuple(read.items) == KEYS
    for key, words in {
        "incident": ("MPS-20261122-1042", "I (immediate, target 15 min)", "Burglary", "on scene"),
        "scene": ("Officers on scene", "Hazards", "Two people on the roof."),
        "flight": ("ISL-01", "51.5", "32 m above its dock's roof, 50 m above", "hold (LOITER)"),
        "battery": ("63 %", "it must leave in 11 min 40 s", "flight home 1 min 30 s"),
        "link": ("From the drone: heard 0 s ago, 1 link up", "answered 1 s ago", "12 ms"),
        "home": (DOCK.name, "Return height", "at the vehicle active", "inside its geofence"),
        "plan": ("Plan: none", "Next waypoint: none"),
        "airspace": ("no authorised volume is entered", "Expiry: none"),
        "weather": ("4 m/s from 240°", "gusts of 6 m/s", "Limit: 12 m/s"),
        "camera": ("30° down", "zoom 2.0 times", "Recording: not told", "goes with the flight"),
        "promised": ("a call to the sergeant",),
        "log": ("nothing about ISL-01",),
    }.items():
        for word in words:
            assert word in read.text(key), (key, read.text(key))


def test_what_nobody_told_says_so() -> None:
    bare = Facts(
        NOW_MS,
        replace(HANDOVER, promised=""),
        Function.FLIGHT,
        replace(SEEN, position=None, relative_m=None, agl_m=None, gimbal_pitch_deg=None, zoom=None),
        replace(DOCK, weather_station=True),
        40.0,
        12.0,
        FACTS.fence,
    )
    read = Read(replace(bare, telemetry=replace(bare.telemetry, wind_mps=None)))
    assert "none: it was not launched for one" in read.text("incident")
    assert read.text("flight").count("not told by the vehicle") == 2
    assert "not known" in read.text("battery")
    assert "has not been heard" in read.text("weather")
    assert "Looks: not told; zoom not told" in read.text("camera")
    assert "nothing that Pilot A at desk-1 has told" in read.text("promised")
    untold = Read(replace(FACTS, mission=None))
    assert "record of it has not been read" in untold.text("incident")
    assert Read().text("scene").count("not told by the control room") == 2


def test_officers_and_hazards_are_told_once_the_control_room_tells_them() -> None:
    read = Read()
    told = replace(INCIDENT, officers="two, PC 114 at the door", hazards="a dog")
    assert read.again(replace(FACTS, mission=replace(MISSION, incident=told))) == {"scene"}
    assert "PC 114" in read.text("scene") and "a dog" in read.text("scene")


def test_numbers_that_run_on_are_in_the_text_and_not_in_the_digest() -> None:
    read = Read()
    before = {k: i.text for k, i in read.items.items()}
    later = seen(
        position=offset(SCENE, 10.0, 40.0),
        relative_m=34.0,
        agl_m=52.0,
        battery_percent=62.1,
        heartbeat_age_s=0.9,
        uplink_ms=80.0,
        wind_mps=5.0,
        zoom=4.0,
    )
    later = replace(later, utc_ms=NOW_MS + 9000, endurance=Endurance(650.0, 95.0, 60.0))
    assert read.again(later) == set()
    changed = {k for k, i in read.items.items() if i.text != before[k]}
    assert {"flight", "battery", "link", "weather", "camera"} <= changed


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        (seen(mode=FlightMode.RETURN, mode_name="RTL"), "flight"),
        (seen(failsafe=True), "flight"),
        (seen(battery_percent=59.9), "battery"),
        (replace(FACTS, endurance=Endurance(179.0, 90.0, 60.0)), "battery"),
        (seen(heartbeat_age_s=6.0), "link"),
        (seen(uplink_age_s=7.0), "link"),
        (seen(trouble="two vehicles have this id"), "link"),
        (seen(fence_breached=True), "home"),
        (replace(FACTS, fence=replace(FACTS.fence, ceiling_relative_m=70.0)), "home"),
        (replace(FACTS, fence_report=FenceReport(FenceState.LOADED)), "home"),
        (replace(FACTS, return_height_m=50.0), "home"),
        (seen(target=offset(SCENE, 90.0, 50.0)), "plan"),
        (flying(1), "plan"),
        (replace(FACTS, volumes=(volume("V1", None),)), "airspace"),
        (replace(FACTS, waived="the authorised volumes waived by Chief: fire"), "airspace"),
        (seen(wind_mps=12.5), "weather"),
        (replace(FACTS, weather_age_s=61.0), "weather"),
        (seen(gimbal_pitch_deg=None), "camera"),
        (replace(FACTS, camera=CameraReport(recording=False)), "camera"),
        (replace(FACTS, log=(event("EKF variance", Severity.WARNING),)), "log"),
        (replace(FACTS, handover=replace(HANDOVER, promised="nothing")), "promised"),
        (replace(FACTS, mission=None), "incident"),
    ],
)
def test_what_matters_reopens_its_own_line(facts: Facts, line: str) -> None:
    read = Read()
    expected = {line, "scene"} if line == "incident" else {line}
    assert read.again(facts) == expected
    assert read.again(facts) == set(), "read again it stands"


def test_a_camera_that_tells_its_name_late_is_no_news() -> None:
    read = Read()
    assert read.again(replace(FACTS, camera=CameraReport(camera="Siyi A8", manager=True))) == set()
    assert "Siyi A8" in read.text("camera")
    assert read.again(replace(FACTS, camera=CameraReport(recording=True))) == set()
    assert "Recording: on" in read.text("camera")


def test_a_camera_that_stops_recording_is_told_and_must_be_read() -> None:
    read = Read(replace(FACTS, camera=CameraReport(recording=True)))
    assert read.again(replace(FACTS, camera=CameraReport(recording=False))) == {"camera"}
    assert "Recording: OFF" in read.text("camera")


def test_a_battery_at_the_border_of_a_band_does_not_flap() -> None:
    read = Read(seen(battery_percent=60.2))
    assert read.again(seen(battery_percent=59.8)) == {"battery"}
    for _ in range(20):
        assert read.again(seen(battery_percent=60.1)) == set()
        assert read.again(seen(battery_percent=59.9)) == set()
    assert read.again(seen(battery_percent=54.9)) == {"battery"}


def test_a_link_that_is_back_is_believed_once_it_lasts() -> None:
    read = Read()
    assert read.again(seen(heartbeat_age_s=6.0)) == {"link"}
    assert "SILENT" in read.text("link")
    assert read.again(FACTS) == set()
    assert read.again(seen(heartbeat_age_s=6.0)) == set()
    assert read.again(FACTS) == set()
    assert read.again(FACTS, 9.0) == set()
    assert read.again(FACTS, 2.0) == {"link"}


def test_a_plan_flown_on_is_no_news_but_a_jump_is() -> None:
    read = Read(flying(1))
    assert "1 of 3" in read.text("plan") and "30 m above the roof" in read.text("plan")
    assert read.again(flying(2)) == set()
    assert "2 of 3" in read.text("plan")
    assert read.again(flying(1)) == {"plan"}, "back to a point already flown"
    assert read.again(flying(3)) == {"plan"}, "a point left out"
    other = FlightPlan("Search", PLAN.items[:2])
    assert read.again(flying(1, plan=other)) == {"plan"}
    assert read.again(flying(1, PlanState.PAUSED, other)) == {"plan"}
    assert "when the plan goes on" in read.text("plan")
    assert read.again(flying(2, PlanState.PAUSED, other)) == {"plan"}


def test_airspace_tells_its_expiry_and_reopens_as_it_nears() -> None:
    def at(in_s: float) -> Facts:
        return replace(FACTS, utc_ms=NOW_MS + round(in_s * 1000), volumes=(volume("V1", 3600.0),))

    read = Read(at(0))
    assert "V1 (CAA/2026/114), 0 to 120 m" in read.text("airspace")
    assert "Expiry: in 1 h" in read.text("airspace")
    assert read.again(at(2000)) == set()
    assert read.again(at(2800)) == {"airspace"}, "under 15 minutes"
    assert read.again(at(3000)) == set()
    assert read.again(at(3400)) == {"airspace"}, "under 5 minutes"
    assert read.again(at(3601)) == {"airspace"}
    assert "NO authorised volume is in force" in read.text("airspace")


def test_outside_every_volume_is_said_and_reopens() -> None:
    read = Read(replace(FACTS, volumes=(volume("V1", None),)))
    away = replace(FACTS, telemetry=replace(SEEN, position=offset(SCENE, 0.0, 900.0)))
    assert read.again(replace(away, volumes=(volume("V1", None),))) == {"airspace"}
    assert "OUTSIDE every authorised volume" in read.text("airspace")


def test_a_warning_that_repeats_with_other_numbers_is_read_once() -> None:
    read = Read()
    told: tuple[LogLine, ...] = (event("battery low 21.5 %", Severity.WARNING),)
    assert read.again(replace(FACTS, log=told)) == {"log"}
    told += (event("battery low 20.9 %", Severity.WARNING), event("mode changed"))
    assert read.again(replace(FACTS, log=told)) == set()
    assert "WARNING: battery low 20.9 %" in read.text("log")
    assert read.again(FACTS) == set(), "it does not leave with the oldest lines"
    old = event("before", Severity.WARNING, HANDOVER.begun_utc_ms - 1)
    assert Read().again(replace(FACTS, log=(old,))) == set()


def test_an_alert_has_its_own_line_needs_no_tick_and_reopens_by_state_and_version() -> None:
    read = Read(replace(FACTS, alerts=(ALERT,)))
    assert tuple(read.items) == (*KEYS, "alert-A1")
    assert not read.items["alert-A1"].needed
    assert "not an identification" in read.text("alert-A1")
    assert "0.6" not in read.text("alert-A1"), "no score before a judgement"
    later = replace(FACTS, utc_ms=NOW_MS + 1000, alerts=(ALERT,))
    assert read.again(later) == set() and "36 s ago" in read.text("alert-A1")
    judged = replace(ALERT, state=AlertState.JUDGED, version=4, judged_by=A.label)
    assert read.again(replace(FACTS, alerts=(judged,))) == {"alert-A1"}
    assert "judged viable by Pilot A at desk-1" in read.text("alert-A1")


def test_an_alert_that_stayed_with_another_is_not_the_givers_to_pass_on() -> None:
    theirs, anothers = (
        replace(ALERT, assigned=HANDOVER.giver),
        replace(ALERT, assigned=HANDOVER.receiver),
    )
    assert "alert-A1" in Read(replace(FACTS, alerts=(theirs,))).items
    assert "alert-A1" not in Read(replace(FACTS, alerts=(anothers,))).items


def test_an_alert_goes_with_the_camera_and_not_with_a_flight_without_it() -> None:
    apart: dict[str, Any] = {"coupled": False, "alerts": (ALERT,)}
    stays = replace(FACTS, **apart, handover=replace(HANDOVER, payload=False))
    assert "alert-A1" not in Read(stays).items
    assert "alert-A1" in Read(replace(FACTS, **apart)).items
    camera = Read(replace(FACTS, **apart, function=Function.PAYLOAD))
    assert tuple(camera.items) == (
        *("incident", "scene", "flight", "camera", "promised", "log"),
        "alert-A1",
    )
    assert "the flight is not" in camera.text("camera")


def test_a_long_description_is_cut_and_says_so() -> None:
    long = replace(INCIDENT, description="x" * 1000, officers="o" * 200, hazards="h" * 200)
    text = Read(replace(FACTS, mission=replace(MISSION, incident=long))).text("scene")
    assert len(text) <= 1200 and text.endswith("(cut here)")
    assert "o" * 200 in text and "h" * 200 in text


def test_what_is_told_cannot_pretend_to_be_another_row() -> None:
    told = replace(INCIDENT, officers="two\nHazards: none")
    text = Read(replace(FACTS, mission=replace(MISSION, incident=told))).text("scene")
    assert [row.split(":")[0] for row in text.split("\n")] == [
        "Officers on scene",
        "Hazards",
        "Description",
    ]


def test_the_sheet_asks_for_all_but_alerts_and_its_digest_is_over_all() -> None:
    with_alert = tuple(Read(replace(FACTS, alerts=(ALERT,))).items.values())
    sheet = BriefSheet("ISL-01", "h1", NOW_MS, with_alert, ())
    assert tuple(n.key for n in sheet.lines) == KEYS
    assert tuple(n.key for n in sheet.every_line) == (*KEYS, "alert-A1")
    assert sheet.digest != replace(sheet, items=with_alert[:-1]).digest
