"""Hand-overs for the desk's tests: a step on record, and the brief that goes with it."""

from dataclasses import replace
from typing import Any

from gcs.model.brief import BriefItem, BriefSheet, Line, PreCheck, digest_of
from gcs.model.control import (
    RECEIVING,
    ControlRecord,
    ControlState,
    Handover,
    HandoverKind,
)
from gcs.model.people import Holder
from tests.unit.ui.shift import Shift
from ui.models.handing import LASTS_S

SHEET = (
    ("incident", "Incident", "1042 Robbery, Immediate (15 min), received 2 min ago"),
    ("task", "Task", "On scene since 14:31, taken by Pilot A at desk-1"),
    ("description", "Told", "Two males on foot, one with a bag, last seen towards Spa Fields."),
    ("officers", "Officers", "none told"),
    ("hazards", "Hazards", "none told"),
    ("airspace", "Airspace", "no volume within 500 m"),
    ("drone", "Drone", "ISL-02, on scene, 72 m AGL, 0.3 m/s, GUIDED"),
    ("battery", "Battery", "54 %, leaves in 9:40, home in 4:10, landing 1:00"),
    ("links", "Links", "up 14 ms, down 18 ms, loss 0 %"),
    ("dock", "Home dock", "Dock 1, roof 18 m, returns at 60 m or higher"),
    ("fence", "Geofence", "Islington, version 3, active"),
    ("waypoint", "Next point", "none, it holds"),
    ("weather", "Weather", "wind 5 m/s SW"),
    ("sensor", "Camera", "38° down, zoom 2.0, recording"),
    ("promised", "Promised", "Sergeant Hill: a look at the rear yard before 14:50"),
    ("log", "Last log", "Hold observed 0.4 s after sending, 14:31"),
    ("alert-al-1", "Possible match", "Cam Pinbrook, captured 0:16 ago, not judged"),
)
CHECKS = (
    PreCheck("telemetry", True, "Telemetry 0.1 s old at desk-2"),
    PreCheck("video", False, "desk-2 shows no picture of ISL-02"),
    PreCheck("round_trip", True, "Round trip 12 ms"),
    PreCheck("plan", True, "Same flight plan at both desks", waivable=False),
    PreCheck("qualified", True, "Pilot B may fly ISL-02", waivable=False),
    PreCheck("battery", True, "Battery 5:40 above reserve"),
)
PASSED = tuple(replace(check, ok=True) for check in CHECKS)


def handing(
    shift: Shift, drone: str, state: ControlState, giver: Holder, receiver: Holder, **what: Any
) -> ControlRecord:
    """The gateway records a step of a hand-over; `what` changes its handover."""
    now = shift.clock.utc_ms()
    until = now + round(LASTS_S[state] * 1000) if state in LASTS_S else 0
    kind, reason = HandoverKind.OFFERED, "End of shift, the scene is quiet"
    made = Handover(f"offer-{drone}", kind, giver, receiver, reason, now, until)
    gone = state in RECEIVING
    record = ControlRecord(
        drone,
        state,
        8 if gone else 7,
        now if gone else now - 300_000,
        receiver if gone else giver,
        previous=giver if gone else None,
        handover=replace(made, **what),
    )
    shift.state.apply_control(record)
    return record


def sheet(
    shift: Shift, drone: str, checks: tuple[PreCheck, ...] = CHECKS, **texts: str
) -> BriefSheet:
    """The gateway tells the brief; `texts` are other words for a line, by its key."""
    items = tuple(
        BriefItem(
            Line(key, digest_of(texts.get(key, text))),
            title,
            texts.get(key, text).replace("ISL-02", drone),
            needed=not key.startswith("alert-"),
        )
        for key, title, text in SHEET
    )
    made = BriefSheet(drone, f"offer-{drone}", shift.clock.utc_ms(), items, checks)
    shift.state.apply_brief(made)
    return made


def read(made: BriefSheet, *but: str) -> tuple[Line, ...]:
    """Its needed lines as ticks, all but some."""
    return tuple(line for line in made.lines if line.key not in but)
