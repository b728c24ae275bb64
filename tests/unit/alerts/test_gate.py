"""What passes the gate, and the sentence for each thing that does not."""

from dataclasses import replace
from typing import Any

import pytest

from gcs.alerts.gate import Rules, refusal, refusal_of_withdrawal
from gcs.model.alert import AlertStatus, AlertType, Box, Deployment
from gcs.model.place import Position
from gcs.model.site import OperatingMode
from tests.support.possible_match import DEPLOYMENT, HOUR_MS, NOW_MS, good

FEEDS = frozenset({"ISL-01", "ISL-02", "ISL-03", "CAM-1"})


def rules(
    mode: OperatingMode = OperatingMode.TRAINING, deployment: Deployment = DEPLOYMENT
) -> Rules:
    return Rules(mode, FEEDS, {deployment.id: deployment})


@pytest.mark.parametrize("status", [AlertStatus.EXERCISE, AlertStatus.TEST])
def test_a_good_alert_passes(status: AlertStatus) -> None:
    assert refusal(good(status=status), rules(), NOW_MS) is None


def _captured(utc_ms: float) -> dict[str, Any]:
    return {"capture_utc_us": round(utc_ms * 1000), "sent_utc_ms": round(utc_ms)}


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("status", {"status": AlertStatus.ACTUAL}, "Actual is refused"),
    ("status", {"status": AlertStatus.SYSTEM}, "System is refused"),
    ("deployment", {"deployment": "EX-115"}, "EX-115 is not a deployment of this shift"),
    ("capture_utc_us", _captured(DEPLOYMENT.start_utc_ms - 1), "before deployment EX-114 began"),
    ("position", {"position": Position(51.61, -0.1)}, "outside the area of deployment EX-114"),
    ("position", {"position": DEPLOYMENT.area[0]}, "outside the area"),  # on its line
    ("feed", {"feed": "ISL-03"}, "ISL-03 is not among the feeds of deployment EX-114"),
    ("category", {"category": "Somebody else"}, "'Somebody else' is not a category"),
    ("score", {"score": 0.6199}, "under 0.62"),
    ("capture_utc_us", _captured(NOW_MS + 1022), "1.0 s in the future"),
    ("capture_utc_us", _captured(NOW_MS - 60_001), "60 s ago"),
    ("expires_utc_ms", {"expires_utc_ms": NOW_MS}, "it has expired"),
    ("expires_utc_ms", {"expires_utc_ms": NOW_MS + HOUR_MS}, "longer than an hour"),
    ("sent_utc_ms", {"sent_utc_ms": NOW_MS + 1001}, "between its capture and now"),
    ("sent_utc_ms", {"sent_utc_ms": NOW_MS - 5000}, "between its capture and now"),
    ("candidate_image_utc_ms", {"candidate_image_utc_ms": NOW_MS + 1001}, "watchlist image"),
    ("candidate_image_utc_ms", {"candidate_image_utc_ms": 0}, "watchlist image"),
    ("box", {"box": Box(0.1, 0.1, 0.003, 0.2)}, "1.9 x 72.0 pixels"),
    ("box", {"box": Box(0.0, 0.0, 1.0, 0.51)}, "51% of the frame"),
    ("predefined_response", {"predefined_response": "a\x1b[31m"}, "cannot be shown"),
    ("refers_to", {"type": AlertType.UPDATE}, "an Update must name the alert"),
]


@pytest.mark.parametrize(("field", "changes", "words"), WRONG)
def test_one_thing_wrong_is_one_sentence(field: str, changes: dict[str, Any], words: str) -> None:
    found = refusal(good(**changes), rules(), NOW_MS)
    assert found is not None
    assert found.field == field
    assert found.text.startswith(f"Alert A1: {field}: ")
    assert words in found.text
    assert found.text.count(". ") == 0


EDGES: list[dict[str, Any]] = [
    {"score": 0.62},
    _captured(NOW_MS - 60_000),
    _captured(NOW_MS + 1000),
    {**_captured(NOW_MS - 59_000), "expires_utc_ms": NOW_MS + 1},
    {"sent_utc_ms": NOW_MS + 1000},
    {"box": Box(0.0, 0.0, 0.5, 1.0)},
    {"type": AlertType.UPDATE, "refers_to": "A0"},
]


@pytest.mark.parametrize("changes", EDGES)
def test_what_is_just_right_passes(changes: dict[str, Any]) -> None:
    assert refusal(good(**changes), rules(), NOW_MS) is None


def test_an_alert_that_comes_after_its_deployment_ended_is_refused() -> None:
    over = replace(DEPLOYMENT, end_utc_ms=NOW_MS - 100)  # captured before, received after
    found = refusal(good(), rules(deployment=over), NOW_MS)
    assert found is not None
    assert "EX-114 is not running now" in found.text
    ended = replace(DEPLOYMENT, end_utc_ms=NOW_MS - 500)
    found = refusal(good(), rules(deployment=ended), NOW_MS)
    assert found is not None
    assert "after deployment EX-114 ended" in found.text


def test_a_feed_of_the_deployment_that_is_not_of_this_site_is_refused() -> None:
    elsewhere = replace(DEPLOYMENT, feeds=("CAM-7",))
    found = refusal(good(feed="CAM-7"), rules(deployment=elsewhere), NOW_MS)
    assert found is not None
    assert found.text == "Alert A1: feed: CAM-7 is not a feed of this site."


def test_in_service_nothing_passes_without_a_signed_deployment() -> None:
    for status in AlertStatus:
        found = refusal(good(status=status), rules(OperatingMode.SERVICE), NOW_MS)
        assert found is not None
        assert "EX-114 is not a signed deployment" in found.text


def test_a_withdrawal_is_asked_only_for_its_kind() -> None:
    late = good(type=AlertType.CANCEL, refers_to="A0", expires_utc_ms=1, score=0.0)
    assert refusal_of_withdrawal(late, rules()) is None
    for wrong in (replace(late, refers_to=None), replace(late, status=AlertStatus.ACTUAL)):
        assert refusal_of_withdrawal(wrong, rules()) is not None
