"""A command and its receipt: sent, acked, observed, or why not."""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check
from gcs.model.people import Holder
from gcs.model.place import Position


class CommandKind(StrEnum):
    """What a desk may ask of a drone. There is no command that stops motors in the air."""

    LAUNCH = "launch"
    HOLD = "hold"
    GO_TO = "go_to"
    RETURN = "return"
    LAND = "land"
    LOOK_AT = "look_at"
    GIMBAL = "gimbal"
    ZOOM = "zoom"


PAYLOAD_COMMANDS = frozenset({CommandKind.LOOK_AT, CommandKind.GIMBAL, CommandKind.ZOOM})


@dataclass(frozen=True, slots=True)
class Command:
    """One order. Executed once per `id`; void after `deadline_utc_ms`.

    `height_m` is above the drone's dock roof (what MAVLink calls relative altitude).
    LAUNCH and GO_TO need `target` and `height_m`; LAUNCH needs `incident`. LOOK_AT needs
    `target`; GIMBAL needs `pitch_deg` (0 level, -90 straight down) and `yaw_deg` (clockwise from
    the nose); ZOOM needs `zoom` (1 = wide).
    """

    id: str
    kind: CommandKind
    drone: str
    person: str
    desk: str
    epoch: int
    issued_utc_ms: int
    deadline_utc_ms: int
    incident: str | None = None
    target: Position | None = None
    height_m: float | None = None
    pitch_deg: float | None = None
    yaw_deg: float | None = None
    zoom: float | None = None

    def __post_init__(self) -> None:
        for name in ("id", "drone", "person", "desk"):
            check.token(f"command.{name}", getattr(self, name))
        if self.incident is not None:
            check.token("command.incident", self.incident)
        check.optional_finite("command.height_m", self.height_m, 2.0, 500.0)
        check.optional_finite("command.pitch_deg", self.pitch_deg, -90.0, 30.0)
        check.optional_finite("command.yaw_deg", self.yaw_deg, -180.0, 180.0)
        check.optional_finite("command.zoom", self.zoom, 1.0, 30.0)
        if self.kind is CommandKind.LOOK_AT and self.target is None:
            raise ValueError("command.look_at: target is needed")
        if self.kind is CommandKind.GIMBAL and (self.pitch_deg is None or self.yaw_deg is None):
            raise ValueError("command.gimbal: pitch_deg and yaw_deg are needed")
        if self.kind is CommandKind.ZOOM and self.zoom is None:
            raise ValueError("command.zoom: zoom is needed")
        if self.kind in (CommandKind.LAUNCH, CommandKind.GO_TO) and (
            self.target is None or self.height_m is None
        ):
            raise ValueError(f"command.{self.kind}: target and height_m are needed")
        if self.kind is CommandKind.LAUNCH and not self.incident:
            raise ValueError("command.launch: an incident number is needed")


class ReceiptState(StrEnum):
    """SENT and ACKED are on the way; the rest are final."""

    SENT = "sent"
    ACKED = "acked"
    OBSERVED = "observed"
    NOT_OBSERVED = "not_observed"
    FAILED = "failed"
    REFUSED = "refused"


FINAL_RECEIPTS = frozenset(
    {ReceiptState.OBSERVED, ReceiptState.NOT_OBSERVED, ReceiptState.FAILED, ReceiptState.REFUSED}
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a command. `reasons` are in words, ready to be read out.

    `holder` is set when another holder or epoch is why it was refused.
    """

    command_id: str
    kind: CommandKind
    drone: str
    person: str
    desk: str
    state: ReceiptState
    text: str
    utc_ms: int
    elapsed_ms: int
    reasons: tuple[str, ...] = ()
    holder: Holder | None = None
    stale_epoch: bool = False

    @property
    def final(self) -> bool:
        """No further receipt follows for this command."""
        return self.state in FINAL_RECEIPTS
