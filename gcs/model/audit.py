"""Audit: the draft a process hands in, and the chained entry the keeper makes of it."""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check


class AuditAction(StrEnum):
    """Acts that must be on record before they are shown as done."""

    SIGN_ON = "sign_on"
    SIGN_OFF = "sign_off"
    INCIDENT_RECEIVED = "incident_received"
    INCIDENT_TAKE = "incident_take"
    INCIDENT_RELEASE = "incident_release"
    INCIDENT_CLOSE = "incident_close"
    LAUNCH = "launch"
    COMMAND = "command"
    OVERRIDE = "override"
    FENCE_SET = "fence_set"
    TAKE = "take"
    HANDOFF = "handoff"
    FORCED = "forced"
    RELEASE = "release"
    ORPHANED = "orphaned"
    CONTINGENCY = "contingency"
    REFUSAL = "refusal"
    OUTCOME = "outcome"
    BAD_INPUT = "bad_input"
    DEPLOYMENT = "deployment"
    ALERT_RECEIVED = "alert_received"
    ALERT_REFUSED = "alert_refused"
    ALERT_ASSIGNED = "alert_assigned"
    ALERT_JUDGED = "alert_judged"
    ALERT_DECIDED = "alert_decided"
    ALERT_ENDED = "alert_ended"
    ALERT_ERASED = "alert_erased"
    IMAGE_SHOWN = "image_shown"
    IMAGE_ERASED = "image_erased"


@dataclass(frozen=True, slots=True)
class AuditDraft:
    """What happened, as the process that saw it tells it. `id` makes redelivery harmless.

    Of a change of control: `other`, the second person of it and his desk, the `epoch` after it,
    and the digest of the `brief`.
    """

    id: str
    source: str
    build: str
    utc_ms: int
    monotonic_ms: int
    action: AuditAction
    object: str
    outcome: str
    person: str = ""
    role: str = ""
    desk: str = ""
    reason: str = ""
    incident: str = ""
    before: str = ""
    after: str = ""
    other: str = ""
    other_desk: str = ""
    epoch: int | None = None
    brief: str = ""

    def __post_init__(self) -> None:
        check.token("audit.id", self.id)
        for name in ("outcome", "reason", "before", "after"):
            check.text(f"audit.{name}", getattr(self, name), 2000)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A link of the chain. `hash` = SHA-256 over sequence, previous hash and the draft."""

    sequence: int
    previous: str
    written_utc_ms: int
    draft: AuditDraft
    hash: str
