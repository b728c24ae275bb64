"""Numbered events from a gateway: nothing of these may be lost."""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check
from gcs.model.command import Receipt
from gcs.model.control import ControlRecord
from gcs.model.telemetry import Phase


class Severity(StrEnum):
    """Red is a warning, amber a caution; information asks for nothing."""

    WARNING = "warning"
    CAUTION = "caution"
    INFO = "info"


class EventKind(StrEnum):
    """What happened. The last part of the event's subject."""

    TEXT = "text"
    MODE = "mode"
    PHASE = "phase"
    LINK = "link"
    FENCE = "fence"
    CONTROL = "control"
    RECEIPT = "receipt"
    CONTINGENCY = "contingency"
    TRAFFIC = "traffic"
    SETTING = "setting"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """`sequence` counts from 1 per gateway `instance`; a gap means one was missed."""

    gateway: str
    instance: str
    sequence: int
    utc_ms: int
    kind: EventKind
    drone: str
    text: str
    severity: Severity = Severity.INFO
    receipt: Receipt | None = None
    control: ControlRecord | None = None
    phase: Phase | None = None
    incident: str | None = None

    def __post_init__(self) -> None:
        check.token("event.gateway", self.gateway)
        check.token("event.drone", self.drone)
        check.text("event.text", self.text, 1000)
