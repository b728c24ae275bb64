"""How long an alert and its images are kept: one table, by what became of the alert."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from gcs.model.alert import STILL_OPEN, AlertImage, AlertRecord, AlertState, Deployment, Judgement

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


class Kept(StrEnum):
    """Classes of retention."""

    UNDECIDED = "undecided"
    NOT_VIABLE = "not viable"
    VIABLE = "viable"
    ENDED = "withdrawn or expired"


@dataclass(frozen=True, slots=True)
class Times:
    """What the clocks of a class run from."""

    ended_utc_ms: int
    deployment_end_utc_ms: int


# Class -> when it is deleted.
TABLE: dict[Kept, Callable[[Times], int]] = {
    Kept.UNDECIDED: lambda t: t.deployment_end_utc_ms + DAY_MS,
    Kept.NOT_VIABLE: lambda t: t.ended_utc_ms + DAY_MS,
    Kept.VIABLE: lambda t: t.ended_utc_ms + 31 * DAY_MS,
    Kept.ENDED: lambda t: t.ended_utc_ms + DAY_MS,
}


def kept_as(record: AlertRecord) -> Kept:
    """The record's class. A match judged viable stays so when nobody decided in time."""
    if record.state is AlertState.WITHDRAWN:
        return Kept.ENDED
    if record.judgement is Judgement.VIABLE:
        return Kept.VIABLE
    if record.state is AlertState.DECIDED:
        return Kept.NOT_VIABLE
    return Kept.UNDECIDED if record.state in STILL_OPEN else Kept.ENDED


def delete_utc_ms(record: AlertRecord, deployment: Deployment, now_utc_ms: int) -> int:
    """When the record, its probe and its still are deleted, as it stands since `now_utc_ms`."""
    return TABLE[kept_as(record)](Times(now_utc_ms, deployment.end_utc_ms))


def delete_image_utc_ms(record: AlertRecord, image: AlertImage, deployment: Deployment) -> int:
    """When an image is deleted: with its alert, the watchlist's at most a day after the end."""
    if image is AlertImage.CANDIDATE:
        return min(record.delete_utc_ms, deployment.end_utc_ms + DAY_MS)
    return record.delete_utc_ms
