"""What an operator can do, as the buttons, the keyboard and the scripted operator call it."""

from dataclasses import dataclass
from typing import Protocol

from gcs.model.alert import AlertImage, ImageReply, Judgement, Response
from gcs.model.command import Receipt
from gcs.model.place import Position


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an action. `text` is one sentence for the operator, never empty."""

    ok: bool
    text: str
    reasons: tuple[str, ...] = ()
    receipt: Receipt | None = None


class DeskActions(Protocol):
    """Every act of a desk. None of them raises: a failure is an Outcome that says why."""

    async def take_incident(self, key: str) -> Outcome: ...

    async def release_incident(self, key: str) -> Outcome: ...

    async def close_incident(self, key: str, text: str) -> Outcome: ...

    async def launch(self, key: str, drone: str, height_m: float) -> Outcome: ...

    async def hold(self, drone: str) -> Outcome: ...

    async def go_to(self, drone: str, target: Position, height_m: float) -> Outcome: ...

    async def return_home(self, drone: str) -> Outcome: ...

    async def land(self, drone: str) -> Outcome: ...

    async def take(self, drone: str) -> Outcome: ...

    async def offer(self, drone: str, person: str, reason: str) -> Outcome: ...

    async def cancel_offer(self, drone: str) -> Outcome: ...

    async def accept(self, drone: str) -> Outcome: ...

    async def decline(self, drone: str) -> Outcome: ...

    async def release(self, drone: str) -> Outcome: ...

    async def judge_alert(self, alert: str, judgement: Judgement, seen_utc_ms: int) -> Outcome: ...

    async def decide_alert(
        self, alert: str, response: Response, reason: str, seen_utc_ms: int
    ) -> Outcome: ...

    async def alert_image(self, alert: str, image: AlertImage) -> ImageReply: ...
