"""Possible matches for the desk's tests: records with real image hashes, images made in code."""

import hashlib
import struct
import zlib
from dataclasses import replace
from typing import Any

from gcs.model.alert import AlertImage, AlertRecord, Deployment, ImageRef
from tests.support.alerts import alert_record
from tests.unit.ui.shift import Shift

HOUR_MS = 3_600_000


def png(width: int, height: int, grey: int) -> bytes:
    """A flat grey PNG, made without any image library."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\x00" + bytes([grey]) * width) * height
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


IMAGES = {
    AlertImage.PROBE: png(48, 64, 90),
    AlertImage.CANDIDATE: png(240, 320, 120),
    AlertImage.STILL: png(640, 360, 60),
}


def _ref(image: AlertImage) -> ImageRef:
    return ImageRef(image.value, hashlib.sha256(IMAGES[image]).hexdigest())


def match(
    shift: Shift, alert: str, feed: str = "CAM-1", age_s: float = 7.0, **what: Any
) -> AlertRecord:
    """The keeper's record of a possible match comes in."""
    record = alert_record(alert, feed, shift.clock.utc_ms() - round(age_s * 1000))
    made = replace(
        record.alert,
        probe=_ref(AlertImage.PROBE),
        candidate_image=_ref(AlertImage.CANDIDATE),
        still=_ref(AlertImage.STILL),
    )
    record = replace(record, alert=made, **what)
    shift.state.apply_alert(record)
    return record


def change(shift: Shift, record: AlertRecord, **what: Any) -> AlertRecord:
    """The keeper changed it."""
    after = replace(record, version=record.version + 1, **what)
    shift.state.apply_alert(after)
    return after


def deployment(shift: Shift) -> Deployment:
    """The exercise's deployment is on record."""
    plan = shift.site.deployments[0]
    now = shift.clock.utc_ms()
    made = Deployment(
        plan.id, plan.authority, plan.officer, now - HOUR_MS, now + 4 * HOUR_MS,
        plan.area, shift.site.feeds, plan.categories, plan.threshold,
    )  # fmt: skip
    shift.state.apply_deployment(made)
    return made
