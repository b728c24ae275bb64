"""Possible matches from the central service, and what a person decides on them.

This system does no biometric processing: it receives, shows and records.
"""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check
from gcs.model.people import Holder
from gcs.model.place import Position

SCHEMA_VERSION = 1
_HASH_LENGTH = 64


class AlertStatus(StrEnum):
    """A training site takes EXERCISE and TEST; ACTUAL is refused."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"


class AlertType(StrEnum):
    """UPDATE and CANCEL name an alert that was sent before."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class BoxKind(StrEnum):
    """What the box is drawn around."""

    FACE = "face"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Deployment:
    """What makes alerts lawful: who allowed it, when, where, on which feeds, for whom.

    It comes with the shift, not from the service that sends the alerts.
    """

    id: str
    authority: str
    officer: str
    start_utc_ms: int
    end_utc_ms: int
    area: tuple[Position, ...]
    feeds: tuple[str, ...]
    categories: tuple[str, ...]
    threshold: float

    def __post_init__(self) -> None:
        check.token("deployment.id", self.id)
        check.text("deployment.authority", self.authority, 200)
        check.text("deployment.officer", self.officer, 80)
        check.finite("deployment.threshold", self.threshold, 0.0, 1.0)
        if self.end_utc_ms <= self.start_utc_ms:
            raise ValueError(f"deployment {self.id}: it ends before it starts")
        if len(self.area) < 3:
            raise ValueError(f"deployment {self.id}: area has {len(self.area)} points, needs 3")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in a frame: 0 to 1 from the left and from the top."""

    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        check.finite("box.left", self.left, 0.0, 1.0)
        check.finite("box.top", self.top, 0.0, 1.0)
        check.finite("box.width", self.width, 1e-4, 1.0)
        check.finite("box.height", self.height, 1e-4, 1.0)
        if self.left + self.width > 1.0 + 1e-6 or self.top + self.height > 1.0 + 1e-6:
            raise ValueError("box reaches beyond the frame")


class AlertImage(StrEnum):
    """The images of an alert."""

    PROBE = "probe"
    CANDIDATE = "candidate"
    STILL = "still"


@dataclass(frozen=True, slots=True)
class ImageRef:
    """An image that is fetched by reference and believed only when its SHA-256 is this one."""

    reference: str
    sha256: str

    def __post_init__(self) -> None:
        check.token("image.reference", self.reference)
        if len(self.sha256) != _HASH_LENGTH or not all(
            c in "0123456789abcdef" for c in self.sha256
        ):
            raise ValueError("image.sha256 is not a SHA-256 in lower-case hexadecimal")


@dataclass(frozen=True, slots=True)
class Alert:
    """A possible match as the central service sent it. `position` is where the camera was.

    `box` lies in a frame of `frame_width` x `frame_height` pixels, taken at `capture_utc_us`
    (known to `uncertainty_ms`). `still` is that whole frame, all but the box pixelated.
    """

    schema: int
    id: str
    status: AlertStatus
    type: AlertType
    deployment: str
    feed: str
    position: Position
    capture_utc_us: int
    capture_source: str
    uncertainty_ms: float
    box: Box
    frame_width: int
    frame_height: int
    box_kind: BoxKind
    probe: ImageRef
    still: ImageRef
    candidate: str
    candidate_image: ImageRef
    candidate_image_utc_ms: int
    category: str
    legal_basis: str
    predefined_response: str
    score: float
    threshold: float
    algorithm: str
    algorithm_version: str
    probe_face_px: float
    probe_blur: float
    probe_angle_deg: float
    sent_utc_ms: int
    expires_utc_ms: int
    signature: str = ""
    refers_to: str | None = None

    def __post_init__(self) -> None:
        for name in ("id", "deployment", "feed", "candidate"):
            check.token(f"alert.{name}", getattr(self, name))
        for name, most in (
            ("capture_source", 40),
            ("category", 80),
            ("legal_basis", 200),
            ("predefined_response", 200),
            ("algorithm", 80),
            ("algorithm_version", 40),
            ("signature", 400),
        ):
            check.text(f"alert.{name}", getattr(self, name), most)
        check.finite("alert.schema", self.schema, SCHEMA_VERSION, SCHEMA_VERSION)
        check.finite("alert.uncertainty_ms", self.uncertainty_ms, 0.0, 10_000.0)
        check.finite("alert.frame_width", self.frame_width, 16, 16_384)
        check.finite("alert.frame_height", self.frame_height, 16, 16_384)
        check.finite("alert.score", self.score, 0.0, 1.0)
        check.finite("alert.threshold", self.threshold, 0.0, 1.0)
        check.finite("alert.probe_face_px", self.probe_face_px, 0.0, 16_384.0)
        check.finite("alert.probe_blur", self.probe_blur, 0.0, 1.0)
        check.finite("alert.probe_angle_deg", self.probe_angle_deg, 0.0, 180.0)
        check.finite("alert.capture_utc_us", self.capture_utc_us, 1e15, 1e16)
        if self.refers_to is not None:
            check.token("alert.refers_to", self.refers_to)

    @property
    def images(self) -> dict[AlertImage, ImageRef]:
        """Its images by what they show."""
        return {
            AlertImage.PROBE: self.probe,
            AlertImage.CANDIDATE: self.candidate_image,
            AlertImage.STILL: self.still,
        }

    def image(self, image: AlertImage) -> ImageRef:
        """One of them."""
        return self.images[image]


class Judgement(StrEnum):
    """The first judgement, made before the score is shown."""

    VIABLE = "viable"
    NOT_VIABLE = "not_viable"
    CANNOT_TELL = "cannot_tell"


class Response(StrEnum):
    """What is done about it."""

    ENGAGE = "engage"
    OBSERVE = "observe"
    NO_ACTION = "no_action"


class AlertState(StrEnum):
    """OPEN -> JUDGED (viable) -> DECIDED; not viable is DECIDED at once.

    Cannot tell: it stays OPEN for a second person. Two who cannot tell: DECIDED, no action.
    WITHDRAWN: the central service took it back. EXPIRED: nobody decided in time.
    """

    OPEN = "open"
    JUDGED = "judged"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


STILL_OPEN = frozenset({AlertState.OPEN, AlertState.JUDGED})


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """An alert that passed the gate, and its course. Key in the record bucket: `alert.<id>`.

    `version` counts its changes: a desk decides on the version it saw, so that of two that
    decide at once one is refused. Cannot tell asks for a second person: `second_by`. `assigned`:
    who alone may judge and decide, None = any pilot; a change of it alone is no new version.
    """

    alert: Alert
    state: AlertState
    version: int
    received_utc_ms: int
    delete_utc_ms: int
    judgement: Judgement | None = None
    judged_by: Holder | None = None
    seen_utc_ms: int | None = None
    judged_utc_ms: int | None = None
    second_by: Holder | None = None
    response: Response | None = None
    decided_by: Holder | None = None
    decided_utc_ms: int | None = None
    reason: str = ""
    assigned: Holder | None = None


class AlertAct(StrEnum):
    """What a desk may ask of the keeper about an alert."""

    JUDGE = "judge"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class AlertRequest:
    """A desk records a person's decision. JUDGE needs `judgement`; DECIDE needs `response`.

    `seen_utc_ms`: when this person first had the images before them.
    """

    id: str
    act: AlertAct
    alert: str
    version: int
    by: Holder
    seen_utc_ms: int
    judgement: Judgement | None = None
    response: Response | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        check.token("alert_request.id", self.id)
        check.token("alert_request.alert", self.alert)
        check.text("alert_request.reason", self.reason)
        check.finite("alert_request.seen_utc_ms", self.seen_utc_ms, 0, 1e13)
        if self.act is AlertAct.JUDGE and self.judgement is None:
            raise ValueError("alert_request.judge: judgement is needed")
        if self.act is AlertAct.DECIDE and self.response is None:
            raise ValueError("alert_request.decide: response is needed")


@dataclass(frozen=True, slots=True)
class AlertReply:
    """The keeper's answer; `text` is a sentence for the operator."""

    ok: bool
    text: str
    record: AlertRecord | None = None


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """A desk asks the keeper for an alert's image, the keeper the central service.

    A desk names `alert` and `image`; the keeper names `reference`.
    """

    alert: str = ""
    image: AlertImage | None = None
    reference: str = ""
    by: Holder | None = None


@dataclass(frozen=True, slots=True)
class ImageReply:
    """JPEG or PNG bytes, or why there are none."""

    ok: bool
    text: str
    data: bytes = b""
    sha256: str = ""
