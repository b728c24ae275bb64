"""May this alert be shown at all? Pure checks in a fixed order; the first reason wins.

What the law rests on comes first (status, deployment, time, area, feed, category, threshold),
then what would make the alert useless (age, expiry, absurd values). The gate knows nothing
of images and never looks at what was refused before.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gcs.alerts.refusal import Refusal
from gcs.geo.fence import within
from gcs.model.alert import Alert, AlertStatus, AlertType, Deployment
from gcs.model.site import OperatingMode

TRAINING_STATUSES = frozenset({AlertStatus.EXERCISE, AlertStatus.TEST})
# Clocks of the two systems agree this well; a capture time beyond it lies in the future.
CLOCKS_DIFFER_MS = 1000
OLDEST_MS = 60_000
LONGEST_LIFE_MS = 3_600_000
LEAST_BOX_PX = 2.0
# A larger box would leave nothing of the still pixelated.
MOST_BOX_SHARE = 0.5
_TEXTS = (
    "capture_source",
    "category",
    "legal_basis",
    "predefined_response",
    "algorithm",
    "algorithm_version",
    "signature",
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What this site takes: its mode, its feeds, the deployments of its shift."""

    mode: OperatingMode
    feeds: frozenset[str]
    deployments: Mapping[str, Deployment]


def refusal(alert: Alert, rules: Rules, now_utc_ms: int) -> Refusal | None:
    """Why the alert may not be shown; None if it may."""
    for check in _CHECKS:
        for field, reason in check(alert, rules, now_utc_ms):
            return Refusal(f"Alert {alert.id}: {field}: {reason}.", field)
    return None


def refusal_of_withdrawal(alert: Alert, rules: Rules) -> Refusal | None:
    """As `refusal`, for a CANCEL: only whether it speaks of this site's kind of alerts.

    It shows nothing and ends something, so its time, score and box are not asked for.
    """
    for check in (_mode, _status, _refers):
        for field, reason in check(alert, rules, 0):
            return Refusal(f"Alert {alert.id}: {field}: {reason}.", field)
    return None


def capture_utc_ms(alert: Alert) -> int:
    """When the frame was taken."""
    return alert.capture_utc_us // 1000


# Each yields (field, reason) for what it finds against the alert.
Found = Iterator[tuple[str, str]]


def _mode(alert: Alert, rules: Rules, now: int) -> Found:
    if rules.mode is not OperatingMode.TRAINING:
        # No signature can be checked yet, so no deployment counts as signed.
        yield (
            "deployment",
            f"{alert.deployment} is not a signed deployment, and in service nothing else counts",
        )


def _status(alert: Alert, rules: Rules, now: int) -> Found:
    if alert.status not in TRAINING_STATUSES:
        yield "status", f"{alert.status.value} is refused: a training site takes Exercise and Test"


def _refers(alert: Alert, rules: Rules, now: int) -> Found:
    if alert.type is not AlertType.ALERT and alert.refers_to is None:
        yield "refers_to", f"an {alert.type.value} must name the alert it is about"


def _deployment(alert: Alert, rules: Rules, now: int) -> Found:
    found = rules.deployments.get(alert.deployment)
    if found is None:
        yield "deployment", f"{alert.deployment} is not a deployment of this shift"
        return
    captured = capture_utc_ms(alert)
    if captured < found.start_utc_ms:
        yield "capture_utc_us", f"it was captured before deployment {found.id} began"
    if captured >= found.end_utc_ms:
        yield "capture_utc_us", f"it was captured after deployment {found.id} ended"
    if not found.start_utc_ms <= now < found.end_utc_ms:
        yield "deployment", f"{found.id} is not running now"
    if not within(found.area, alert.position):
        yield "position", f"the camera is outside the area of deployment {found.id}"
    if alert.feed not in found.feeds:
        yield "feed", f"{alert.feed} is not among the feeds of deployment {found.id}"
    if alert.feed not in rules.feeds:
        yield "feed", f"{alert.feed} is not a feed of this site"
    if alert.category not in found.categories:
        yield "category", f"{alert.category[:80]!r} is not a category of deployment {found.id}"
    if alert.score < found.threshold:
        yield (
            "score",
            f"{alert.score:.2f} is under {found.threshold:.2f}, the threshold of {found.id}",
        )


def _time(alert: Alert, rules: Rules, now: int) -> Found:
    captured = capture_utc_ms(alert)
    ahead_ms = captured - now - alert.uncertainty_ms
    if ahead_ms > CLOCKS_DIFFER_MS:
        yield "capture_utc_us", f"it lies {(captured - now) / 1000:.1f} s in the future"
    if now - captured > OLDEST_MS:
        yield (
            "capture_utc_us",
            f"it was captured {(now - captured) / 1000:.0f} s ago, at most {OLDEST_MS // 1000} s "
            "are taken",
        )
    if alert.expires_utc_ms <= now:
        yield "expires_utc_ms", "it has expired"
    if alert.expires_utc_ms - captured > LONGEST_LIFE_MS:
        yield "expires_utc_ms", "it would last longer than an hour"
    sent = alert.sent_utc_ms
    if not captured - CLOCKS_DIFFER_MS - alert.uncertainty_ms <= sent <= now + CLOCKS_DIFFER_MS:
        yield "sent_utc_ms", "it was not sent between its capture and now"
    if not 0 < alert.candidate_image_utc_ms <= now + CLOCKS_DIFFER_MS:
        yield "candidate_image_utc_ms", "the watchlist image cannot be of that time"


def _box(alert: Alert, rules: Rules, now: int) -> Found:
    box = alert.box
    width_px, height_px = box.width * alert.frame_width, box.height * alert.frame_height
    if min(width_px, height_px) < LEAST_BOX_PX:
        yield "box", f"{width_px:.1f} x {height_px:.1f} pixels are too few to be a person"
    if box.width * box.height > MOST_BOX_SHARE:
        yield "box", f"it covers {box.width * box.height:.0%} of the frame"


def _texts(alert: Alert, rules: Rules, now: int) -> Found:
    for name in _TEXTS:
        if not getattr(alert, name).isprintable():
            yield name, "it holds characters that cannot be shown"


_CHECKS: tuple[Callable[[Alert, Rules, int], Found], ...] = (
    _mode,
    _status,
    _refers,
    _deployment,
    _time,
    _box,
    _texts,
)
