"""The launch gate: each reason by itself, and all at once."""

from dataclasses import replace

import pytest

from gcs.gateway.launch import LaunchFacts, reasons_against
from gcs.link.parameters import SafetySettings
from gcs.model.command import Waiver
from gcs.model.place import Position
from gcs.model.site import AuthorisedVolume, Fence, Safety
from gcs.model.telemetry import Phase
from gcs.model.vehicle import FenceState

FENCE = Fence(
    "f",
    "the fence",
    (
        Position(51.52, -0.12),
        Position(51.52, -0.08),
        Position(51.56, -0.08),
        Position(51.56, -0.10),
        Position(51.53, -0.10),
        Position(51.53, -0.11),
        Position(51.56, -0.11),
        Position(51.56, -0.12),
    ),
    100.0,
)
WIDE = AuthorisedVolume(
    "wide", "CAA 1", (Position(51.4, -0.3), Position(51.4, 0.1), Position(51.7, -0.1))
)
LOW = AuthorisedVolume("low", "CAA 1", FENCE.polygon, 40.0)
OVER = AuthorisedVolume("over", "CAA 1", FENCE.polygon, start_utc_ms=5, end_utc_ms=10)
ELSEWHERE = AuthorisedVolume(
    "far", "CAA 1", (Position(52.0, 0.0), Position(52.1, 0.0), Position(52.0, 0.1))
)
PX4 = (("gcs_loss_action", "NAV_DLL_ACT"),)
SETTINGS = SafetySettings(1.0, 40.0, 255.0, 0.0, 2.0, 1.0)
GOOD = LaunchFacts(
    phase=Phase.DOCKED,
    supported=True,
    ready=True,
    not_ready_because=(),
    gnss_fix=True,
    battery_percent=96.0,
    wind_mps=4.0,
    settings=SETTINGS,
    required_return_height_m=40.0,
    fence=FenceState.ACTIVE,
    failsafe=False,
    roof_m=18.0,
    start=Position(51.525, -0.10),
    target=Position(51.528, -0.10),
    height_m=30.0,
    keeper_refusal="",
    incident="MPS-1",
    volumes=(WIDE,),
)


def against(facts: LaunchFacts) -> tuple[str, ...]:
    return reasons_against(facts, Safety(), FENCE)


def test_a_good_launch_goes() -> None:
    assert against(GOOD) == ()
    assert against(replace(GOOD, wind_mps=None, battery_percent=30.0)) == ()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (replace(GOOD, supported=False), "not supported"),
        (replace(GOOD, phase=Phase.LANDED), "not in its dock: landed"),
        (replace(GOOD, failsafe=True), "in a failsafe"),
        (replace(GOOD, ready=False), "not ready to arm"),
        (replace(GOOD, ready=False, not_ready_because=("Compass variance",)), "Compass variance"),
        (replace(GOOD, gnss_fix=False), "GNSS"),
        (replace(GOOD, battery_percent=29.0), "battery 29 %, at least 30 %"),
        (replace(GOOD, battery_percent=None), "battery is not known"),
        (replace(GOOD, wind_mps=13.0), "wind 13 m/s, at most 12"),
        (replace(GOOD, fence=FenceState.UNKNOWN), "geofence is not active"),
        (replace(GOOD, settings=replace(SETTINGS, gcs_loss_action=0.0)), "FS_GCS_ENABLE is 0"),
        (replace(GOOD, settings=replace(SETTINGS, gcs_loss_action=None)), "does not tell its GCS"),
        (replace(GOOD, settings=replace(SETTINGS, gcs_system_id=254.0)), "ground station 254"),
        (replace(GOOD, settings=replace(SETTINGS, return_height_m=15.0)), "return height is 15 m"),
        (replace(GOOD, settings=replace(SETTINGS, return_height_m=None)), "its return height"),
        (replace(GOOD, settings=replace(SETTINGS, return_height_m=110.0)), "fence's ceiling"),
        (replace(GOOD, target=Position(51.57, -0.10)), "outside the fence"),
        (replace(GOOD, target=Position(51.559999, -0.09)), "within 4 m of the line"),
        (
            replace(GOOD, start=Position(51.555, -0.115), target=Position(51.555, -0.085)),
            "straight way to the target leaves",
        ),
        (replace(GOOD, height_m=97.5), "ceiling"),
        (replace(GOOD, roof_m=95.0, volumes=()), "is 125 m, above 120"),
        (replace(GOOD, volumes=(LOW,)), "48 m over the ground is not within volume low, 0 to 40"),
        (replace(GOOD, volumes=(OVER,)), "no authorised volume is in force now"),
        (replace(GOOD, volumes=(ELSEWHERE,)), "target is outside every authorised volume"),
        (replace(GOOD, incident=None), "needs an incident number"),
        (replace(GOOD, trouble="two vehicles have system id 1"), "two vehicles"),
        (replace(GOOD, max_wind_mps=3.0), "wind 4 m/s, at most 3"),
        (replace(GOOD, weather=("gusts of 14 m/s at D1, at most 12 m/s",)), "gusts of 14"),
        (replace(GOOD, settings=None), "have not been read yet"),
        (replace(GOOD, settings=SafetySettings()), "it does not answer, or not this ground"),
        (replace(GOOD, settings=replace(SETTINGS, options=1.0, gcs_system_id=9.0)), "no other may"),
        (
            replace(GOOD, settings=replace(SETTINGS, gcs_loss_action=6.0, called=PX4)),
            "stop the mot",
        ),
        (replace(GOOD, settings=replace(SETTINGS, gcs_loss_action=0.0, called=PX4)), "NAV_DLL_ACT"),
        (replace(GOOD, gcs_system_id=250), "ground station 255, this one is 250"),
        (replace(GOOD, fence=FenceState.LOADED), "loaded and not enabled"),
        (replace(GOOD, fence=FenceState.DIFFERS), "another geofence than the site's"),
        (replace(GOOD, fence=FenceState.FAILED), "could not be brought there"),
        (replace(GOOD, fence=FenceState.UPLOADING), "just being brought"),
        (replace(GOOD, keeper_refusal="no such incident"), "no such incident"),
    ],
)
def test_each_reason_by_itself(facts: LaunchFacts, words: str) -> None:
    (reason,) = against(facts)
    assert words in reason


@pytest.mark.parametrize(
    ("facts", "waiver"),
    [
        (replace(GOOD, settings=replace(SETTINGS, return_height_m=15.0)), Waiver.RETURN_HEIGHT),
        (replace(GOOD, volumes=(LOW,)), Waiver.VOLUME),
        (replace(GOOD, volumes=(OVER,)), Waiver.VOLUME),
    ],
)
def test_a_waiver_lets_one_thing_pass_and_nothing_else(facts: LaunchFacts, waiver: Waiver) -> None:
    (other,) = set(Waiver) - {waiver}
    assert against(replace(facts, waived=frozenset({waiver}))) == ()
    assert len(against(replace(facts, waived=frozenset({other})))) == 1
    outside = replace(facts, target=Position(51.57, -0.10), waived=frozenset(Waiver))
    (reason,) = against(outside)
    assert "outside the fence" in reason
    high = replace(GOOD, settings=replace(SETTINGS, return_height_m=110.0))
    assert len(against(replace(high, waived=frozenset(Waiver)))) == 1


def test_without_a_target_only_what_speaks_against_any_launch_is_told() -> None:
    standing = replace(GOOD, target=None, incident=None, volumes=(OVER,), height_m=0.0)
    assert against(standing) == ()
    assert against(replace(standing, gnss_fix=False)) == ("no 3D GNSS fix",)


def test_all_reasons_are_told_at_once() -> None:
    facts = replace(
        GOOD,
        gnss_fix=False,
        settings=SafetySettings(0.0, 15.0, 255.0),
        keeper_refusal="the keeper does not answer: launches are refused",
    )
    assert len(against(facts)) == 4


def test_what_the_vehicle_said_long_ago_counts_for_nothing() -> None:
    ages = (("position", 0.2), ("GNSS fix", 5.1), ("state of health", None))
    assert against(replace(GOOD, ages_s=ages)) == ("the vehicle last told its GNSS fix 5 s ago",)
