"""Each class of alert has its time."""

from dataclasses import replace

import pytest

from gcs.alerts import course, retention
from gcs.alerts.retention import DAY_MS, HOUR_MS, TABLE, Kept
from gcs.model.alert import AlertImage, AlertRecord, AlertState, Judgement
from tests.support.possible_match import DEPLOYMENT, GOOD, NOW_MS

OPEN = course.opened(GOOD, DEPLOYMENT, NOW_MS)
END = DEPLOYMENT.end_utc_ms


def made(state: AlertState, judgement: Judgement | None = None) -> AlertRecord:
    record = replace(OPEN, state=state, judgement=judgement)
    until = retention.delete_utc_ms(record, DEPLOYMENT, NOW_MS)
    return replace(record, delete_utc_ms=until)


@pytest.mark.parametrize(
    ("record", "kept", "until"),
    [
        (made(AlertState.OPEN), Kept.UNDECIDED, END + 24 * HOUR_MS),
        (made(AlertState.OPEN, Judgement.CANNOT_TELL), Kept.UNDECIDED, END + DAY_MS),
        (made(AlertState.DECIDED, Judgement.NOT_VIABLE), Kept.NOT_VIABLE, NOW_MS + DAY_MS),
        (made(AlertState.DECIDED, Judgement.CANNOT_TELL), Kept.NOT_VIABLE, NOW_MS + DAY_MS),
        (made(AlertState.JUDGED, Judgement.VIABLE), Kept.VIABLE, NOW_MS + 31 * DAY_MS),
        (made(AlertState.DECIDED, Judgement.VIABLE), Kept.VIABLE, NOW_MS + 31 * DAY_MS),
        (made(AlertState.EXPIRED, Judgement.VIABLE), Kept.VIABLE, NOW_MS + 31 * DAY_MS),
        (made(AlertState.EXPIRED), Kept.ENDED, NOW_MS + DAY_MS),
        (made(AlertState.WITHDRAWN, Judgement.VIABLE), Kept.ENDED, NOW_MS + DAY_MS),
    ],
)
def test_by_what_became_of_it(record: AlertRecord, kept: Kept, until: int) -> None:
    assert retention.kept_as(record) is kept
    assert record.delete_utc_ms == until


def test_every_class_has_its_time() -> None:
    assert set(TABLE) == set(Kept)


def test_the_watchlist_image_goes_a_day_after_the_deployment_at_the_latest() -> None:
    viable = made(AlertState.DECIDED, Judgement.VIABLE)
    of = {i: retention.delete_image_utc_ms(viable, i, DEPLOYMENT) for i in AlertImage}
    assert of[AlertImage.CANDIDATE] == END + DAY_MS < viable.delete_utc_ms
    assert of[AlertImage.PROBE] == of[AlertImage.STILL] == viable.delete_utc_ms
    not_viable = made(AlertState.DECIDED, Judgement.NOT_VIABLE)
    early = retention.delete_image_utc_ms(not_viable, AlertImage.CANDIDATE, DEPLOYMENT)
    assert early == not_viable.delete_utc_ms < END + DAY_MS
