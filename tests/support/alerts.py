"""Alerts of a made-up exercise, as the keeper records them."""

from gcs.model.alert import (
    SCHEMA_VERSION,
    Alert,
    AlertRecord,
    AlertState,
    AlertStatus,
    AlertType,
    Box,
    BoxKind,
    ImageRef,
)
from gcs.model.place import Position

BOX = Box(0.45, 0.4, 0.08, 0.25)
SHA = "0" * 64
VALID_MS = 120_000


def alert_record(
    alert: str,
    feed: str,
    taken_utc_ms: int,
    state: AlertState = AlertState.OPEN,
    box: Box = BOX,
    version: int = 1,
) -> AlertRecord:
    """A possible match on a feed, taken then, valid for two minutes."""
    made = Alert(
        schema=SCHEMA_VERSION,
        id=alert,
        status=AlertStatus.EXERCISE,
        type=AlertType.ALERT,
        deployment="EX-114",
        feed=feed,
        position=Position(51.5262, -0.1068),
        capture_utc_us=taken_utc_ms * 1000,
        capture_source="klv",
        uncertainty_ms=40.0,
        box=box,
        frame_width=640,
        frame_height=360,
        box_kind=BoxKind.PERSON,
        probe=ImageRef("probe", SHA),
        still=ImageRef("still", SHA),
        candidate="subject-4",
        candidate_image=ImageRef("candidate", SHA),
        candidate_image_utc_ms=taken_utc_ms - 86_400_000,
        category="Exercise subject",
        legal_basis="Exercise",
        predefined_response="Stop and speak",
        score=0.74,
        threshold=0.62,
        algorithm="simulated",
        algorithm_version="1",
        probe_face_px=44.0,
        probe_blur=0.2,
        probe_angle_deg=12.0,
        sent_utc_ms=taken_utc_ms + 400,
        expires_utc_ms=taken_utc_ms + VALID_MS,
    )
    return AlertRecord(made, state, version, taken_utc_ms + 500, taken_utc_ms + 86_400_000)
