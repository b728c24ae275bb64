"""The launch gate: each reason by itself, and all at once."""

from dataclasses import replace

import pytest

from gcs.gateway.launch import LaunchFacts, reasons_against
from gcs.link.parameters import SafetySettings
from gcs.model.place import Position
from gcs.model.site import Fence, Safety
from gcs.model.telemetry import Phase

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
    fence_active=True,
    failsafe=False,
    roof_m=18.0,
    start=Position(51.525, -0.10),
    target=Position(51.528, -0.10),
    height_m=30.0,
    keeper_refusal="",
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
        (replace(GOOD, fence_active=False), "geofence is not active"),
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
        (replace(GOOD, roof_m=95.0), "is 125 m, above 120"),
        (replace(GOOD, keeper_refusal="no such incident"), "no such incident"),
    ],
)
def test_each_reason_by_itself(facts: LaunchFacts, words: str) -> None:
    (reason,) = against(facts)
    assert words in reason


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
