"""What sounds at a desk and when: only what concerns it, one at a time, warnings first."""

from dataclasses import replace

import pytest

from gcs.alerts.warning_board import Line
from gcs.alerts.warnings import WarningId
from gcs.model.control import ControlRecord, ControlState, Handover, HandoverKind
from gcs.model.event import Severity
from gcs.model.mission import MissionState
from gcs.model.people import Holder, Role
from tests.unit.ui.matches import match
from tests.unit.ui.shift import ME, OTHER, Shift
from ui.sounds import MUTABLE, Cue, SoundClass, Sounds, cues_of
from ui.sounds_switch import SoundSwitch, sounds_chip

FLIGHT, HAND_OVER, MATCH, INCIDENT = SoundClass


def line(*drones: str, severity: Severity = Severity.WARNING) -> Line:
    return Line(WarningId.FENCE_BREACH, severity, drones, "outside", "Bring it back.", 0.0)


def kinds(shift: Shift, *lines: Line) -> list[SoundClass]:
    return [cue.kind for cue in cues_of(shift.state, lines)]


def changing(drone: str, state: ControlState, giver: Holder, receiver: Holder) -> ControlRecord:
    holder = receiver if state is ControlState.CONFIRMING else giver
    change = Handover("h-1", HandoverKind.REQUESTED, giver, receiver, "relief", 0, 0)
    return ControlRecord(drone, state, 7, 0, holder, handover=change)


# -- causes -----------------------------------------------------------------------------------
def test_a_quiet_shift_is_silent(shift: Shift) -> None:
    shift.hellos()
    shift.present()
    assert kinds(shift) == []


def test_a_flight_warning_sounds_where_the_drone_is_held_or_nobodys(shift: Shift) -> None:
    assert kinds(shift, line("ISL-02")) == [FLIGHT]
    shift.owned("ISL-02")
    assert kinds(shift, line("ISL-02")) == [FLIGHT]
    shift.owned("ISL-02", OTHER)
    assert kinds(shift, line("ISL-02")) == []
    shift.state.apply_control(changing("ISL-02", ControlState.CHECKED, OTHER, ME))
    assert kinds(shift, line("ISL-02")) == [FLIGHT]


def test_a_supervisor_hears_of_every_drone_and_a_caution_is_not_heard(shift: Shift) -> None:
    shift.owned("ISL-02", OTHER)
    shift.state.role = Role.SUPERVISOR
    assert kinds(shift, line("ISL-02", "ISL-03")) == [FLIGHT, FLIGHT]
    assert kinds(shift, line("ISL-02", severity=Severity.CAUTION)) == []


def test_a_desk_cut_off_with_a_drone_in_the_air_is_warned(shift: Shift) -> None:
    shift.busy()
    assert FLIGHT not in kinds(shift)
    shift.clock.advance(4.5)
    assert kinds(shift).count(FLIGHT) == 1
    shift.owned("ISL-02", OTHER)
    assert FLIGHT not in kinds(shift)


def test_what_is_addressed_to_this_desk_sounds_and_to_another_does_not(shift: Shift) -> None:
    shift.offered("ISL-01", OTHER, ME)
    assert kinds(shift) == [HAND_OVER]
    shift.offered("ISL-01", ME, OTHER)
    assert kinds(shift) == []
    shift.claimed("ISL-01", ME, OTHER)
    assert kinds(shift) == [HAND_OVER]
    shift.claimed("ISL-01", OTHER, ME)
    assert kinds(shift) == []


@pytest.mark.parametrize(
    ("state", "receives", "sounds"),
    [
        (ControlState.BRIEFING, True, True),  # what it asked for is granted
        (ControlState.BRIEFING, False, False),
        (ControlState.ARMED, True, True),  # "you have control?"
        (ControlState.ARMED, False, False),
        (ControlState.CONFIRMING, True, False),
        (ControlState.CONFIRMING, False, True),  # the giver is asked to confirm
    ],
)
def test_the_turns_of_a_hand_over_sound_at_whose_turn_it_is(
    shift: Shift, state: ControlState, receives: bool, sounds: bool
) -> None:
    giver, receiver = (OTHER, ME) if receives else (ME, OTHER)
    shift.state.apply_control(changing("ISL-01", state, giver, receiver))
    assert kinds(shift) == ([HAND_OVER] if sounds else [])


def test_a_drone_lost_by_this_desk_calls_it(shift: Shift) -> None:
    lost = ControlRecord("ISL-01", ControlState.ORPHANED, 8, 0, previous=OTHER)
    shift.state.apply_control(lost)
    assert kinds(shift) == []
    shift.state.apply_control(replace(lost, first=ME))
    assert kinds(shift) == [HAND_OVER]


def test_only_a_new_immediate_incident_that_waits_sounds(shift: Shift) -> None:
    mission = shift.call(1042)  # 130 s old
    shift.call(1043)
    assert kinds(shift) == []
    now = shift.clock.utc_ms()
    fresh = replace(mission.incident, key="MPS-20260921-1050", received_utc_ms=now)
    shift.state.apply_mission(replace(mission, incident=fresh))
    assert kinds(shift) == [INCIDENT]
    shift.state.apply_mission(replace(mission, incident=fresh, state=MissionState.TAKEN, owner=ME))
    assert kinds(shift) == []


def test_a_possible_match_sounds_at_the_desk_that_judges_it(shift: Shift) -> None:
    match(shift, "of-drone", feed="ISL-02")
    assert kinds(shift) == [MATCH]
    shift.owned("ISL-02", OTHER)
    assert kinds(shift) == []
    match(shift, "of-camera", feed="CAM-1")
    assert kinds(shift) == [MATCH]
    shift.owned("ISL-02")
    assert kinds(shift) == [MATCH, MATCH]


def test_an_observer_hears_flight_warnings_alone(shift: Shift) -> None:
    shift.offered("ISL-01", OTHER, ME)
    shift.state.role = Role.OBSERVER
    assert kinds(shift, line("ISL-03")) == [FLIGHT]


# -- when -------------------------------------------------------------------------------------
def test_a_cause_sounds_once_and_again_when_it_came_back() -> None:
    sounds, cue = Sounds(), Cue(HAND_OVER, "offer")
    assert sounds.due([cue], 0.0) is HAND_OVER
    assert [sounds.due([cue], float(s)) for s in range(1, 60)] == [None] * 59
    assert sounds.due([], 60.0) is None
    assert sounds.due([cue], 61.0) is HAND_OVER


def test_a_takeover_repeats_until_it_is_answered() -> None:
    sounds, cue = Sounds(), Cue(HAND_OVER, "force", again_s=2.0)
    heard = [s / 2 for s in range(11) if sounds.due([cue], s / 2)]
    assert heard == [0.0, 2.0, 4.0]
    assert sounds.due([], 6.0) is None


def test_of_several_at_once_the_highest_is_heard_first_and_none_together() -> None:
    sounds = Sounds()
    cues = [Cue(kind, "x") for kind in reversed(SoundClass)]
    heard = [(s / 4, kind) for s in range(20) if (kind := sounds.due(cues, s / 4))]
    assert heard == [(0.0, FLIGHT), (1.0, HAND_OVER), (2.0, MATCH), (3.0, INCIDENT)]


def test_many_of_one_class_are_one_sound_and_more_are_not_heard_too_often() -> None:
    sounds = Sounds()
    cues = [Cue(FLIGHT, str(n)) for n in range(5)]
    assert sounds.due(cues, 0.0) is FLIGHT
    assert sounds.due([*cues, Cue(FLIGHT, "new")], 2.0) is None
    assert sounds.due([*cues, Cue(FLIGHT, "new")], 3.0) is FLIGHT
    assert sounds.due([*cues, Cue(FLIGHT, "new")], 9.0) is None


def test_what_is_muted_is_not_heard_later_and_a_flight_warning_cannot_be() -> None:
    sounds, match, warning = Sounds(), Cue(MATCH, "a"), Cue(FLIGHT, "w")
    muted = frozenset(SoundClass)
    assert sounds.due([match], 0.0, muted) is None
    assert sounds.due([match], 5.0) is None
    assert sounds.due([match, warning], 6.0, muted) is FLIGHT


# -- the switch -------------------------------------------------------------------------------
def test_flight_warnings_cannot_be_muted() -> None:
    switch = SoundSwitch()
    switch.mute(FLIGHT, True)
    switch.mute_names(["flight_warning", "possible_match", "nonsense"])
    assert switch.names == ("possible_match",)
    switch.mute_all(True)
    assert switch.muted == frozenset(MUTABLE) and FLIGHT not in switch.muted


def test_the_status_bar_says_what_is_muted() -> None:
    switch = SoundSwitch()
    assert sounds_chip(switch) is None
    switch.mute(MATCH, True)
    chip = sounds_chip(switch)
    assert chip is not None and chip.value == "1 muted" and "Possible matches" in chip.tip
    switch.mute_all(True)
    assert (told := sounds_chip(switch)) is not None and told.value == "muted"
    switch.trouble = "Sounds cannot be played: there is no audio output."
    assert (told := sounds_chip(switch)) is not None and told.tip == switch.trouble
