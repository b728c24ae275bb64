"""A command and its receipt: sent, acked, observed, or why not."""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model import check
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.plan import MOST_ITEMS, FlightPlan

LEAST_RADIUS_M = 5.0


class CommandKind(StrEnum):
    """What a desk may ask of a drone. There is no command that stops motors in the air."""

    LAUNCH = "launch"
    HOLD = "hold"
    GO_TO = "go_to"
    RETURN = "return"
    LAND = "land"
    ORBIT = "orbit"
    SPEED = "speed"
    HEIGHT = "height"
    PLAN = "plan"  # upload, read back, then fly it
    PLAN_PAUSE = "plan_pause"
    PLAN_RESUME = "plan_resume"
    PLAN_ITEM = "plan_item"
    LOOK_AT = "look_at"
    GIMBAL = "gimbal"
    GIMBAL_RATE = "gimbal_rate"
    ZOOM = "zoom"
    ALLOW = "allow"  # a supervisor waives one of `Waiver` for the drone's next launch


class Waiver(StrEnum):
    """What a supervisor may waive, with a reason, for one launch."""

    RETURN_HEIGHT = "return_height"
    VOLUME = "volume"


PAYLOAD_COMMANDS = frozenset(
    {CommandKind.LOOK_AT, CommandKind.GIMBAL, CommandKind.GIMBAL_RATE, CommandKind.ZOOM}
)
# Needs no control of the drone: it commands no vehicle.
UNHELD_COMMANDS = frozenset({CommandKind.ALLOW})


@dataclass(frozen=True, slots=True)
class Command:
    """One order. Executed once per `id`; void after `deadline_utc_ms`.

    `height_m` is above the drone's dock roof (what MAVLink calls relative altitude).
    LAUNCH and GO_TO need `target` and `height_m`; LAUNCH needs `incident`. LOOK_AT needs
    `target`; GIMBAL needs `pitch_deg` (0 level, -90 straight down) and `yaw_deg` (clockwise from
    the nose); ZOOM needs `zoom` (1 = wide). GIMBAL_RATE needs `pitch_dps` and `yaw_dps`, degrees
    a second, 0 and 0 stops it. ORBIT needs `target` (its centre), `height_m` and `radius_m`,
    positive clockwise. SPEED needs `speed_mps`, HEIGHT `height_m`. PLAN needs `plan`, PLAN_ITEM
    `item` (from 1). ALLOW needs `waiver` and `reason`.
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
    pitch_dps: float | None = None
    yaw_dps: float | None = None
    radius_m: float | None = None
    speed_mps: float | None = None
    plan: FlightPlan | None = None
    item: int | None = None
    waiver: Waiver | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        for name in ("id", "drone", "person", "desk"):
            check.token(f"command.{name}", getattr(self, name))
        if self.incident is not None:
            check.token("command.incident", self.incident)
        check.optional_finite("command.height_m", self.height_m, 2.0, 500.0)
        check.optional_finite("command.pitch_deg", self.pitch_deg, -90.0, 30.0)
        check.optional_finite("command.yaw_deg", self.yaw_deg, -180.0, 180.0)
        check.optional_finite("command.zoom", self.zoom, 1.0, 30.0)
        check.optional_finite("command.pitch_dps", self.pitch_dps, -90.0, 90.0)
        check.optional_finite("command.yaw_dps", self.yaw_dps, -180.0, 180.0)
        check.optional_finite("command.radius_m", self.radius_m, -500.0, 500.0)
        check.optional_finite("command.speed_mps", self.speed_mps, 0.5, 25.0)
        check.optional_finite("command.item", self.item, 1, MOST_ITEMS)
        check.text("command.reason", self.reason)
        missing = [f for f in _NEEDS.get(self.kind, ()) if getattr(self, f) in (None, "")]
        if missing:
            raise ValueError(f"command.{self.kind}: {' and '.join(missing)} needed")
        if self.radius_m is not None and abs(self.radius_m) < LEAST_RADIUS_M:
            raise ValueError(f"command.radius_m is {self.radius_m}, at least {LEAST_RADIUS_M} m")


_NEEDS: dict[CommandKind, tuple[str, ...]] = {
    CommandKind.LAUNCH: ("target", "height_m", "incident"),
    CommandKind.GO_TO: ("target", "height_m"),
    CommandKind.ORBIT: ("target", "height_m", "radius_m"),
    CommandKind.SPEED: ("speed_mps",),
    CommandKind.HEIGHT: ("height_m",),
    CommandKind.PLAN: ("plan",),
    CommandKind.PLAN_ITEM: ("item",),
    CommandKind.LOOK_AT: ("target",),
    CommandKind.GIMBAL: ("pitch_deg", "yaw_deg"),
    CommandKind.GIMBAL_RATE: ("pitch_dps", "yaw_dps"),
    CommandKind.ZOOM: ("zoom",),
    CommandKind.ALLOW: ("waiver", "reason"),
}


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
