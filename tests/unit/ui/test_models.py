"""What the panels show, as plain values of the state: words, ages, levels, reasons."""

from dataclasses import replace

import pytest

from gcs.model.command import CommandKind, ReceiptState
from gcs.model.control import ControlRecord, ControlState
from gcs.model.event import EventKind, Severity
from gcs.model.mission import MissionState
from gcs.model.people import Role
from gcs.model.process import ProcessState
from gcs.model.telemetry import Phase
from tests.unit.ui.shift import ME, OTHER, Shift, key_of
from ui.models import status
from ui.models.brief import drone_items, mission_items
from ui.models.fleet import fleet_row
from ui.models.incidents import WhyLine, incident_row
from ui.models.instrument import figures_line, head_line, receipt_line
from ui.models.launch import launch_guard, launch_lines, launchable
from ui.models.words import Ask, why_not
from ui.text import Span, Tone, plain


# -- fleet ---------------------------------------------------------------------------------
def test_a_docked_drone_tells_its_dock_and_its_minutes(shift: Shift) -> None:
    row = fleet_row(shift.state, "ISL-01")
    assert (row.state, row.work, row.tone) == ("D1 · ready", "26:20", Tone.TEXT)


def test_a_drone_that_is_not_ready_says_why(shift: Shift) -> None:
    shift.change("ISL-08", ready=False, not_ready_because=("no GNSS", "compass"))
    shift.batch()
    assert fleet_row(shift.state, "ISL-08").state == "D3 · no GNSS; compass"


def test_a_silent_drone_is_greyed_with_its_age_and_tells_no_number(shift: Shift) -> None:
    shift.silent.add("ISL-06")
    shift.later(14.0)
    row = fleet_row(shift.state, "ISL-06")
    assert (row.state, row.work, row.tone) == ("no data 14 s", "–", Tone.OFF)
    assert row.battery is not None and row.battery.stale


def test_the_battery_bar_keeps_the_way_home_apart(shift: Shift) -> None:
    scene = shift.call(1042).incident.position
    shift.fly("ISL-02", Phase.ON_SCENE, scene, battery_percent=50.0, endurance_s=600.0)
    shift.batch()
    row, buys = fleet_row(shift.state, "ISL-02"), shift.state.endurance("ISL-02")
    assert row.battery is not None and buys is not None
    assert row.battery.left == pytest.approx(0.5)
    expected = 0.5 * (buys.home_s + buys.reserve_s) / 600.0
    assert row.battery.home == pytest.approx(expected, abs=0.006)


def test_a_fence_breach_goes_before_everything_else(shift: Shift) -> None:
    shift.fly("ISL-02", Phase.MOVING, shift.site.docks[0].position, fence_breached=True)
    shift.owned("ISL-02", OTHER)
    shift.batch()
    row = fleet_row(shift.state, "ISL-02")
    assert (row.state, row.tone) == ("outside fence · moving", Tone.WARNING)


# -- incidents -----------------------------------------------------------------------------
def test_a_waiting_call_names_the_best_drone_and_why(shift: Shift) -> None:
    shift.hellos()
    shift.change("ISL-04", battery_percent=12.0)
    shift.batch()
    row = incident_row(shift.state, shift.call(1043))
    best = shift.state.candidates(key_of(1043), 60.0)[0]
    assert plain(row.best).startswith(f"best {best.drone}, ")
    assert next(d for line in row.why for d in line.drones) == best.drone
    assert row.why[-1] == WhyLine(("ISL-04",), "battery under 30 %", False)
    assert row.takeable
    shift.state.role = Role.OBSERVER
    assert not incident_row(shift.state, shift.call(1043)).takeable, "who watches takes nothing"


def test_a_taken_call_says_whose_it_is(shift: Shift) -> None:
    shift.call(1042)
    mine = shift.mission(1042, state=MissionState.ON_SCENE, owner=ME, drone="ISL-02")
    other = shift.mission(1042, state=MissionState.LAUNCHED, owner=OTHER, drone="ISL-05")
    assert plain(incident_row(shift.state, mine).line) == "Exmouth Market · ISL-02, you"
    assert plain(incident_row(shift.state, other).line) == "Exmouth Market · ISL-05, Pilot B"
    assert not incident_row(shift.state, mine).takeable


def test_a_call_past_its_target_is_a_caution_until_a_drone_is_on_scene(shift: Shift) -> None:
    shift.call(1042)
    shift.later(900.0)
    late = incident_row(shift.state, shift.mission(1042))
    assert (late.running.text, late.running.tone) == ("17:10 late", Tone.CAUTION)
    there = shift.mission(1042, on_scene_utc_ms=shift.clock.utc_ms())
    assert incident_row(shift.state, there).running.tone is Tone.TEXT


def test_the_brief_tells_who_is_there_and_what_is_dangerous_where_that_is_told(
    shift: Shift,
) -> None:
    mission = shift.call(1042)
    named = {item.name for item in mission_items(shift.state, mission)}
    assert not named & {"Officers", "Hazards"}
    told = replace(mission.incident, officers="two at the gate", hazards="a dog")
    items = mission_items(shift.state, replace(mission, incident=told))
    words = {item.name: plain(item.spans) for item in items}
    assert (words["Officers"], words["Hazards"]) == ("two at the gate", "a dog")


# -- control -------------------------------------------------------------------------------
def test_control_needs_the_record_and_the_lease(shift: Shift) -> None:
    shift.fly("ISL-02", Phase.ON_SCENE, shift.site.docks[0].position)
    shift.owned("ISL-02")
    shift.batch()
    assert plain(head_line(shift.state, "ISL-02")).startswith("ISL-02  You have control since ")
    assert why_not(shift.state, "ISL-02", Ask.HOLD) == ""
    shift.clock.advance(5.0)
    words = head_line(shift.state, "ISL-02")
    assert plain(words) == "ISL-02  Not in control: the gateway last confirmed this desk 5 s ago"
    assert words[-1].tone is Tone.CAUTION
    assert why_not(shift.state, "ISL-02", Ask.HOLD).startswith("Not in control of ISL-02")


def test_another_holder_is_named(shift: Shift) -> None:
    shift.owned("ISL-05", OTHER)
    assert why_not(shift.state, "ISL-05", Ask.LAND) == "Pilot B at desk-2 controls ISL-05."
    assert "F asks for it" in why_not(shift.state, "ISL-05", Ask.TAKE)


def test_an_orphaned_drone_names_who_was_lost_and_can_be_taken(shift: Shift) -> None:
    now = shift.clock.utc_ms()
    shift.state.apply_control(
        ControlRecord("ISL-05", ControlState.ORPHANED, 4, now, previous=OTHER)
    )
    assert "No holder (Pilot B at desk-2 was lost)" in plain(head_line(shift.state, "ISL-05"))
    assert why_not(shift.state, "ISL-05", Ask.TAKE) == ""
    assert why_not(shift.state, "ISL-05", Ask.HOLD) == "Nobody controls ISL-05: take it first."


def test_release_in_the_air_is_only_for_a_drone_that_comes_home(shift: Shift) -> None:
    shift.owned("ISL-02")
    shift.fly("ISL-02", Phase.ON_SCENE, shift.site.docks[0].position)
    shift.batch()
    assert "in the air" in why_not(shift.state, "ISL-02", Ask.RELEASE)
    shift.change("ISL-02", phase=Phase.RETURNING)
    shift.batch()
    assert why_not(shift.state, "ISL-02", Ask.RELEASE) == ""


def test_a_hand_off_needs_somebody(shift: Shift) -> None:
    shift.owned("ISL-02")
    assert why_not(shift.state, "ISL-02", Ask.HAND_OFF) == "Nobody else is signed on to take it."
    shift.present()
    assert why_not(shift.state, "ISL-02", Ask.HAND_OFF) == ""


# -- instruments ---------------------------------------------------------------------------
def test_a_silent_drone_s_link_is_greyed_with_its_age(shift: Shift) -> None:
    shift.change("ISL-02", uplink_ms=2.0, loss_percent=0.0)
    shift.batch()
    assert Span("2 ms") in figures_line(shift.state, "ISL-02")
    shift.silent.add("ISL-02")
    shift.later(5.0)
    link = next(s for s in figures_line(shift.state, "ISL-02") if s.text.startswith("link"))
    assert link.tone is not Tone.TEXT
    assert "old" in link.text


def test_figures_grey_with_their_age_and_go_after_a_minute(shift: Shift) -> None:
    shift.fly("ISL-02", Phase.ON_SCENE, shift.site.docks[0].position)
    shift.batch()
    assert plain(figures_line(shift.state, "ISL-02")).startswith("72 m AGL   0.3 m/s   214°   54 %")
    shift.clock.advance(10.0)
    stale = figures_line(shift.state, "ISL-02")
    assert stale[0].text == "72 m AGL   0.3 m/s   214° (10 s old)"
    assert stale[0].tone is Tone.QUIET
    shift.clock.advance(55.0)
    assert plain(figures_line(shift.state, "ISL-02")) == (
        "No data for 65 s: its last figures are not shown"
    )


def test_a_drone_that_must_leave_is_a_warning(shift: Shift) -> None:
    far = shift.call(1044).incident.position
    shift.fly("ISL-02", Phase.ON_SCENE, far, endurance_s=60.0)
    shift.batch()
    line = figures_line(shift.state, "ISL-02")
    assert any(s.tone is Tone.WARNING and s.text.startswith("must leave: ") for s in line)


def test_receipts_are_told_in_words(shift: Shift) -> None:
    shift.receipt("ISL-02", CommandKind.HOLD, ReceiptState.OBSERVED)
    assert plain(receipt_line(shift.state, "ISL-02", "")).startswith(
        "Hold observed 0.4 s after sending · "
    )
    shift.receipt("ISL-02", CommandKind.LAND, ReceiptState.REFUSED, reasons=("stale epoch 3",))
    refused = receipt_line(shift.state, "ISL-02", "")
    assert refused[0].text == "Land refused: stale epoch 3"
    assert refused[0].tone is Tone.CAUTION
    assert plain(receipt_line(shift.state, "ISL-02", "Hold: sending …")) == "Hold: sending …"


# -- status bar ----------------------------------------------------------------------------
def test_the_mark_comes_from_the_gateway_alone(shift: Shift) -> None:
    assert status.mode_words(shift.state) == "MODE NOT KNOWN"
    shift.hellos()
    assert status.mode_words(shift.state) == "TRAINING · SIMULATED"
    shift.clock.advance(600.0)
    assert status.mode_words(shift.state) == "TRAINING · SIMULATED"


def test_a_silent_link_turns_to_caution_then_to_warning(shift: Shift) -> None:
    assert status.gateway_chip(shift.state) == status.ChipText("12 ms")
    shift.clock.advance(4.0)
    assert status.gateway_chip(shift.state) == status.ChipText("silent 4 s", Tone.CAUTION)
    shift.clock.advance(8.0)
    assert status.gateway_chip(shift.state).tone is Tone.WARNING
    shift.links_well(bus_connected=False)
    assert status.bus_chip(shift.state).value == "lost"


def test_a_keeper_that_cannot_write_is_a_warning(shift: Shift) -> None:
    shift.hellos()
    assert shift.state.keeper is not None
    shift.state.apply_keeper(replace(shift.state.keeper, audit_ok=False, text="disk full"))
    told = status.keeper_chip(shift.state)
    assert (told.value, told.tone, told.tip) == ("audit not written", Tone.WARNING, "disk full")


def test_processes_are_quiet_while_they_run(shift: Shift) -> None:
    shift.hellos()
    assert status.process_chip(shift.state) is None
    shift.processes(gateway=ProcessState.RESTARTING, keeper=ProcessState.GIVEN_UP)
    told = status.process_chip(shift.state)
    assert told is not None
    assert (told.value, told.tone) == ("keeper given up +1", Tone.WARNING)


def test_alarms_count_the_last_ten_minutes_only(shift: Shift) -> None:
    shift.state.notice(Severity.CAUTION, "old")
    shift.clock.advance(601.0)
    shift.state.notice(Severity.INFO, "asks for nothing")
    shift.event("ISL-02", "fence", Severity.WARNING, EventKind.FENCE)
    assert status.alarms_chip(shift.state).value == "1 in 10 min"


def test_wind_is_the_strongest_that_a_flying_drone_feels(shift: Shift) -> None:
    shift.fly("ISL-02", Phase.ON_SCENE, shift.site.docks[0].position, wind_mps=13.2)
    shift.batch()
    told = status.wind_chip(shift.state)
    assert (told.value, told.tone) == ("13 m/s SW", Tone.CAUTION)


# -- brief and launch ----------------------------------------------------------------------
def test_the_brief_fills_itself_and_tells_ages(shift: Shift) -> None:
    shift.busy()
    shift.silent.add("ISL-02")
    shift.later(20.0)
    mission = shift.state.mission(key_of(1042))
    assert mission is not None
    items = mission_items(shift.state, mission) + drone_items(shift.state, "ISL-02", mission)
    words = {item.name: plain(item.spans) for item in items}
    assert words["Grade"].startswith("Immediate, 15 min")
    assert words["Flight"] == "72 m AGL, 0.3 m/s, GUIDED (20 s old)"
    assert words["Where"].startswith("over the scene")
    assert words["Home"] == "Dock 1 Clerkenwell, roof 18 m, returns at 50 m or higher"
    assert words["Last command"].startswith("Hold observed 0.4 s after sending · by desk-1")


def test_the_launch_lines_say_what_will_happen(shift: Shift) -> None:
    shift.call(1043)
    mission = shift.mission(1043, state=MissionState.TAKEN, owner=ME)
    assert launchable(shift.state, mission)
    best = shift.state.candidates(key_of(1043), 60.0)[0]
    first, second = launch_lines(shift.state, mission, best, 60.0)
    assert first.startswith(f"{best.drone} leaves Dock 1 Clerkenwell, climbs 60 m (to 78 m AGL)")
    assert "incident 1043" in second


def test_the_launch_guard_moves_when_the_drone_can_no_longer_go(shift: Shift) -> None:
    shift.call(1043)
    shift.mission(1043, state=MissionState.TAKEN, owner=ME)
    before = launch_guard(shift.state, key_of(1043), "ISL-01", 60.0)
    shift.owned("ISL-01", OTHER)
    assert launch_guard(shift.state, key_of(1043), "ISL-01", 60.0) != before
