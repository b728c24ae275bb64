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
    (
        "incident",
        "Incident and task",
        "Incident: MPS-20260921-1042, received 13:31 UTC\nGrade: I (immediate, target 15 min)\n"
        "Task: Robbery at Exmouth Market; on scene at 13:33 UTC",
    ),
    (
        "scene",
        "At the scene",
        "Officers on scene: two, at the corner of Spa Fields\nHazards: not told by the control "
        "room\nDescription: Two males on foot, one with a bag, last seen towards Spa Fields.",
    ),
    (
        "flight",
        "Drone, place and mode",
        "Drone: ISL-02, on scene\nPlace: over the scene\nHeight: 72 m above ground\nMode: GUIDED",
    ),
    ("battery", "Battery", "Charge: 54 %\nWork: 9 min 40 s, then 4 min 10 s home"),
    ("link", "Link both ways", "Down: no loss\nUp: 14 ms"),
    ("home", "Home dock", "Dock: Dock 1, roof 18 m\nReturns: at 60 m or higher"),
    ("plan", "Plan and next waypoint", "Plan: none, it holds"),
    ("airspace", "Airspace", "Volumes: none within 500 m\nFence: Islington, version 3, active"),
    ("weather", "Weather", "Wind: 5 m/s from the south-west"),
    ("camera", "Camera and recording", "Camera: 38° down, zoom 2.0\nRecording: on"),
    (
        "promised",
        "Promised to others",
        "Promised: Sergeant Hill, a look at the rear yard before 14:50",
    ),
    ("log", "Last log lines", "13:33:08 UTC: Hold observed 0.4 s after sending"),
    (
        "alert-al-1",
        "Open alert",
        "Possible match: not an identification; Exercise\nTaken: 13:34 UTC, 16 s ago, by the "
        "camera of ISL-02\nTick it: to take this decision over; else it stays where it is",
    ),
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
