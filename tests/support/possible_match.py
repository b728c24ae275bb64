"""A good alert of a made-up exercise, its deployment and its images, for tests to change."""

import hashlib
from dataclasses import replace
from typing import Any

from gcs.model.alert import (
    SCHEMA_VERSION,
    Alert,
    AlertStatus,
    AlertType,
    Box,
    BoxKind,
    Deployment,
    ImageRef,
)
from gcs.model.place import Position

NOW_MS = 1_790_000_000_000
HOUR_MS = 3_600_000
IMAGES = {
    "probe-1": b"\x89PNG\r\n\x1a\n probe",
    "still-1": b"\xff\xd8\xff still",
    "candidate-1": b"\xff\xd8\xff candidate",
}
AREA = (
    Position(51.52, -0.125),
    Position(51.52, -0.088),
    Position(51.56, -0.088),
    Position(51.56, -0.125),
)
DEPLOYMENT = Deployment(
    id="EX-114",
    authority="Training authority EX-114",
    officer="Superintendent T",
    start_utc_ms=NOW_MS - HOUR_MS,
    end_utc_ms=NOW_MS + 9 * HOUR_MS,
    area=AREA,
    feeds=("ISL-01", "ISL-02", "CAM-1"),
    categories=("Exercise subject",),
    threshold=0.62,
)


def image_ref(reference: str) -> ImageRef:
    """What an alert says of an image."""
    return ImageRef(reference, hashlib.sha256(IMAGES[reference]).hexdigest())


GOOD = Alert(
    schema=SCHEMA_VERSION,
    id="A1",
    status=AlertStatus.EXERCISE,
    type=AlertType.ALERT,
    deployment="EX-114",
    feed="CAM-1",
    position=Position(51.5261, -0.1072),
    capture_utc_us=(NOW_MS - 500) * 1000,
    capture_source="ST 0601",
    uncertainty_ms=20.0,
    box=Box(0.4, 0.4, 0.05, 0.2),
    frame_width=640,
    frame_height=360,
    box_kind=BoxKind.PERSON,
    probe=image_ref("probe-1"),
    still=image_ref("still-1"),
    candidate="subject-1",
    candidate_image=image_ref("candidate-1"),
    candidate_image_utc_ms=NOW_MS - 400 * 24 * HOUR_MS,
    category="Exercise subject",
    legal_basis="Exercise",
    predefined_response="Observe",
    score=0.66,
    threshold=0.62,
    algorithm="simulated",
    algorithm_version="1",
    probe_face_px=22.0,
    probe_blur=0.2,
    probe_angle_deg=12.0,
    sent_utc_ms=NOW_MS - 50,
    expires_utc_ms=NOW_MS + 180_000,
)


def good(**changes: Any) -> Alert:
    """A good alert with these fields otherwise."""
    return replace(GOOD, **changes)
