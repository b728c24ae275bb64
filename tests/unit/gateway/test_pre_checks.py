"""Each pre-check passing and failing, with its reason; what a desk reports, and its clock."""

from dataclasses import replace
from typing import Any

import pytest

from gcs.fleet.endurance import Endurance
from gcs.gateway.desk_reports import MOST_DESKS, DeskReport, DeskReports
from gcs.gateway.pre_checks import WAIVABLE, CheckFacts, failed, pre_checks
from gcs.model.brief import NOT_SHOWN, PreCheck, Readiness
from gcs.model.control import LeaseRenewal
from gcs.model.function import Function
from gcs.runtime.clock import ManualClock
from tests.unit.gateway.briefed import B

READY = Readiness("ISL-01", 0.2, 0.3, "fence-1", "plan-1", neutral=True)
REPORT = DeskReport(0.5, 12.0, 20.0, READY)
GOOD = CheckFacts(
    "ISL-01",
    Function.FLIGHT,
    B,
    REPORT,
    "plan-1",
    "fence-1",
    Endurance(400.0, 90.0, 60.0),
    0.5,
)
KEYS = (
    *("telemetry", "video", "round_trip", "plan", "fence"),
    *("qualified", "drone_limit", "neutral", "battery", "clock"),
)
OF_A_REPORT = ("telemetry", "video", "round_trip", "plan", "fence", "neutral", "clock")


def ready(**changes: Any) -> CheckFacts:
    return replace(GOOD, report=replace(REPORT, ready=replace(READY, **changes)))


def report(**changes: Any) -> CheckFacts:
    return replace(GOOD, report=replace(REPORT, **changes))


def left(work_s: float) -> CheckFacts:
    return replace(GOOD, endurance=Endurance(work_s, 90.0, 60.0))


def check(facts: CheckFacts, key: str) -> PreCheck:
    return next(c for c in pre_checks(facts) if c.key == key)


def test_all_pass_and_each_says_what_it_found() -> None:
    checks = pre_checks(GOOD)
    assert tuple(c.key for c in checks) == KEYS and all(c.ok for c in checks)
    assert "0.2 s old" in check(GOOD, "telemetry").text
    assert "12 ms" in check(GOOD, "round_trip").text
    assert "20 ms ahead" in check(GOOD, "clock").text
    assert "6 min 40 s above" in check(GOOD, "battery").text


@pytest.mark.parametrize(
    ("facts", "key", "reason"),
    [
        (ready(telemetry_age_s=1.0), "telemetry", "1.0 s old: less than 1 s"),
        (ready(telemetry_age_s=None), "telemetry", "desk-2 has no telemetry of ISL-01"),
        (ready(video_age_s=1.4), "video", "1.4 s old"),
        (ready(video_age_s=None), "video", "desk-2 has no picture of ISL-01"),
        (report(round_trip_ms=500.0), "round_trip", "takes 500 ms: less than 500 ms"),
        (report(round_trip_ms=None), "round_trip", "has been timed yet"),
        (ready(plan="plan-2"), "plan", "shows another plan"),
        (ready(plan=NOT_SHOWN), "plan", "does not know yet"),
        (ready(fence="fence-2"), "fence", "shows another geofence"),
        (replace(GOOD, unqualified="Pilot B is not rated"), "qualified", "is not rated"),
        (replace(GOOD, too_many="Pilot B holds 3 drones"), "drone_limit", "holds 3 drones"),
        (ready(neutral=False), "neutral", "let it go"),
        (left(179.0), "battery", "3 min are needed"),
        (left(-20.0), "battery", "20 s into its reserve"),
        (replace(GOOD, endurance=None), "battery", "does not tell its battery"),
        (replace(GOOD, battery_age_s=11.0), "battery", "told its battery 11 s ago"),
        (report(clock_off_ms=-200.0), "clock", "200 ms behind the gateway's"),
        (report(clock_off_ms=None), "clock", "has not been compared yet"),
    ],
)
def test_each_fails_alone_with_its_reason(facts: CheckFacts, key: str, reason: str) -> None:
    assert failed(pre_checks(facts)) == (key,)
    assert reason in check(facts, key).text


@pytest.mark.parametrize(
    "facts",
    [
        ready(telemetry_age_s=0.99, video_age_s=0.99),
        report(round_trip_ms=499.0, clock_off_ms=199.0, age_s=3.0),
        left(180.0),
    ],
)
def test_just_within_the_limits_passes(facts: CheckFacts) -> None:
    assert failed(pre_checks(facts)) == ()


def test_a_report_older_than_3_s_fails_every_check_that_needs_it() -> None:
    old = pre_checks(report(age_s=3.1))
    assert failed(old) == OF_A_REPORT
    assert all("last reported 3 s ago" in c.text for c in old if not c.ok)
    none = pre_checks(replace(GOOD, report=None))
    assert failed(none) == OF_A_REPORT
    assert all("has reported nothing yet" in c.text for c in none if not c.ok)
    untold = pre_checks(report(ready=None))
    assert failed(untold) == ("telemetry", "video", "plan", "fence", "neutral")
    assert all("told nothing of ISL-01" in c.text for c in untold if not c.ok)


def test_qualification_drone_limit_and_the_two_marks_cannot_be_waived() -> None:
    fixed = {c.key for c in pre_checks(GOOD) if not c.waivable}
    assert fixed == {"qualified", "drone_limit", "plan", "fence"}
    assert set(WAIVABLE) == set(KEYS) - fixed


def test_a_camera_has_fewer_checks() -> None:
    keys = [c.key for c in pre_checks(replace(GOOD, function=Function.PAYLOAD))]
    assert keys == ["telemetry", "video", "round_trip", "qualified", "neutral", "clock"]


def test_what_was_failing_passes_only_with_a_margin() -> None:
    def failing(facts: CheckFacts, *keys: str) -> tuple[str, ...]:
        return failed(pre_checks(replace(facts, failing=frozenset(keys))))

    assert failing(left(185.0), "battery") == ("battery",)
    assert failing(left(195.0), "battery") == ()
    assert failing(report(round_trip_ms=460.0), "round_trip") == ("round_trip",)
    assert failing(report(round_trip_ms=440.0), "round_trip") == ()
    assert failing(report(clock_off_ms=185.0), "clock") == ("clock",)
    assert failing(report(clock_off_ms=170.0), "clock") == ()


# -- what desks report -------------------------------------------------------------------------
def renewal(clock: ManualClock, off_ms: float = 0.0, took_ms: float | None = 40.0) -> LeaseRenewal:
    """As a desk sends it whose clock is off so much, half its round trip before."""
    sent_ms = round(clock.utc_ms() + off_ms - (took_ms or 0.0) / 2)
    return LeaseRenewal(B.person, B.desk, 1, sent_ms, took_ms, (READY,))


def test_the_clock_is_corrected_by_half_the_round_trip_and_one_late_renewal_does_not_count() -> (
    None
):
    clock = ManualClock()
    reports = DeskReports(clock)
    reports.heard(renewal(clock, took_ms=None))
    first = reports.of(B, "ISL-01")
    assert first is not None and first.clock_off_ms is None and first.round_trip_ms is None
    for _ in range(4):
        reports.heard(renewal(clock, off_ms=120.0))
        clock.advance(1.0)
    reports.heard(renewal(clock, off_ms=-900.0))
    told = reports.of(B, "ISL-01")
    assert told is not None and told.clock_off_ms == pytest.approx(120.0, abs=1.0)
    assert told.ready == READY and told.age_s == 0.0


def test_a_report_grows_old_and_tells_nothing_of_another_drone_or_desk() -> None:
    clock = ManualClock()
    reports = DeskReports(clock)
    reports.heard(renewal(clock))
    clock.advance(2.5)
    told, other = reports.of(B, "ISL-01"), reports.of(B, "ISL-02")
    assert told is not None and told.age_s == 2.5
    assert other is not None and other.ready is None
    assert reports.of(replace(B, desk="desk-9"), "ISL-01") is None


def test_invented_desks_do_not_pile_up() -> None:
    clock = ManualClock()
    reports = DeskReports(clock)
    for number in range(MOST_DESKS):
        reports.heard(LeaseRenewal(B.person, f"d{number}", 1))
    reports.heard(renewal(clock))
    assert reports.of(B, "ISL-01") is not None
    assert reports.of(replace(B, desk="d0"), "ISL-01") is None
    assert reports.of(replace(B, desk="d1"), "ISL-01") is not None
