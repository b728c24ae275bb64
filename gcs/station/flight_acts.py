"""What a desk asks of a drone: each act is one command to the gateway and its first receipt.

The gateway decides. Nothing here raises at the operator.
"""

import secrets
from enum import StrEnum
from typing import Any

from gcs.model.command import Command, CommandKind, Receipt, ReceiptState, Waiver
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.plan import FlightPlan
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.codec import BadMessage
from gcs.shared.subjects import Subjects
from gcs.station.actions import Outcome
from gcs.station.state import DeskState

ANSWER_S = 3.0
# A launch is answered once the keeper authorised it; a plan's first receipt may wait its turn.
PATIENT_S = 10.0
_PATIENT = frozenset({CommandKind.LAUNCH, CommandKind.PLAN})


class FlightActs:
    """The commands of `gcs.station.actions.DeskActions`, under the epoch this desk holds."""

    def __init__(self, site: Site, state: DeskState, clock: Clock) -> None:
        self._attached: Bus | None = None
        self._site = site
        self._state = state
        self._clock = clock
        self._subjects = Subjects(site.id)
        self._epochs: dict[str, int] = {}

    def attach(self, bus: Bus) -> None:
        """From here on acts are sent; before, each is answered with what is missing."""
        self._attached = bus

    @property
    def _bus(self) -> Bus:
        if self._attached is None:
            raise NoAnswer("The bus is not reached yet.")
        return self._attached

    @property
    def me(self) -> Holder:
        """Who sits here."""
        return self._state.me

    # -- flying ------------------------------------------------------------------------------
    async def launch(self, key: str, drone: str, height_m: float) -> Outcome:
        mission = self._state.mission(key)
        if mission is None:
            return Outcome(False, f"Incident {key} is not known at this desk.")
        scene = mission.incident.position
        return await self._command(
            drone, CommandKind.LAUNCH, target=scene, height_m=height_m, incident=key
        )

    async def hold(self, drone: str) -> Outcome:
        return await self._command(drone, CommandKind.HOLD)

    async def go_to(self, drone: str, target: Position, height_m: float) -> Outcome:
        return await self._command(drone, CommandKind.GO_TO, target=target, height_m=height_m)

    async def return_home(self, drone: str) -> Outcome:
        return await self._command(drone, CommandKind.RETURN)

    async def land(self, drone: str) -> Outcome:
        return await self._command(drone, CommandKind.LAND)

    async def orbit(
        self, drone: str, centre: Position, height_m: float, radius_m: float
    ) -> Outcome:
        """Fly round a place; a positive radius is clockwise."""
        return await self._command(
            drone, CommandKind.ORBIT, target=centre, height_m=height_m, radius_m=radius_m
        )

    async def speed(self, drone: str, mps: float) -> Outcome:
        """Speed over ground from now on."""
        return await self._command(drone, CommandKind.SPEED, speed_mps=mps)

    async def height(self, drone: str, height_m: float) -> Outcome:
        """Climb or sink to a height above the dock's roof, staying where it is."""
        return await self._command(drone, CommandKind.HEIGHT, height_m=height_m)

    # -- plans -------------------------------------------------------------------------------
    async def fly_plan(self, drone: str, plan: FlightPlan) -> Outcome:
        """Upload, read back, fly. The answer is the first receipt; events tell the rest."""
        outcome = await self._command(drone, CommandKind.PLAN, plan=plan)
        if outcome.ok:
            self._state.note_plan(drone, plan)
        return outcome

    async def pause_plan(self, drone: str) -> Outcome:
        return await self._command(drone, CommandKind.PLAN_PAUSE)

    async def resume_plan(self, drone: str) -> Outcome:
        return await self._command(drone, CommandKind.PLAN_RESUME)

    async def plan_item(self, drone: str, item: int) -> Outcome:
        """Go on with point `item` of its plan, counted from 1."""
        return await self._command(drone, CommandKind.PLAN_ITEM, item=item)

    # -- camera ------------------------------------------------------------------------------
    async def look_at(self, drone: str, target: Position) -> Outcome:
        """Keep a place on the ground in view."""
        return await self._command(drone, CommandKind.LOOK_AT, target=target)

    async def gimbal(self, drone: str, pitch_deg: float, yaw_deg: float) -> Outcome:
        """Turn the camera: pitch from the horizon, up positive; yaw from the nose, clockwise."""
        return await self._command(drone, CommandKind.GIMBAL, pitch_deg=pitch_deg, yaw_deg=yaw_deg)

    async def gimbal_rate(self, drone: str, pitch_dps: float, yaw_dps: float) -> Outcome:
        """Keep turning the camera, degrees a second; 0 and 0 stops it."""
        return await self._command(
            drone, CommandKind.GIMBAL_RATE, pitch_dps=pitch_dps, yaw_dps=yaw_dps
        )

    async def zoom(self, drone: str, zoom: float) -> Outcome:
        """Magnify so many times, 1 = wide."""
        return await self._command(drone, CommandKind.ZOOM, zoom=zoom)

    # -- the gate ----------------------------------------------------------------------------
    async def allow(self, drone: str, waiver: Waiver, reason: str) -> Outcome:
        """A supervisor waives one thing for the drone's next launch, with a reason."""
        return await self._command(drone, CommandKind.ALLOW, waiver=waiver, reason=reason)

    # -- how ---------------------------------------------------------------------------------
    def epoch(self, drone: str) -> int:
        """The epoch this desk acts under: the last one it held, else the one on record.

        A desk that lost a drone keeps its old epoch, so that what it still sends is refused.
        """
        record = self._state.control(drone)
        if record is None:
            return self._epochs.get(drone, 0)
        if record.holder == self.me:
            self._epochs[drone] = record.epoch
        return self._epochs.get(drone, record.epoch)

    def note_control(self, drone: str) -> None:
        """A control record came in: remember the epoch if it is ours, forget it when free."""
        record = self._state.control(drone)
        if record is not None and record.holder is None:
            self._epochs.pop(drone, None)
        self.epoch(drone)

    async def _command(self, drone: str, kind: CommandKind, **wanted: Any) -> Outcome:
        """`wanted` are the fields of Command that the kind needs."""
        within_s = PATIENT_S if kind in _PATIENT else ANSWER_S
        now = self._clock.utc_ms()
        try:
            command = Command(
                id=secrets.token_hex(8),
                kind=kind,
                drone=drone,
                person=self.me.person,
                desk=self.me.desk,
                epoch=self.epoch(drone),
                issued_utc_ms=now,
                deadline_utc_ms=now + round(within_s * 1000),
                **wanted,
            )
            receipt = await self._bus.request(
                self._subjects.command(self._site.gateway, self.me.person, self.me.desk, drone),
                command,
                Receipt,
                within_s,
            )
        except (NoAnswer, BadMessage, ValueError) as error:
            return Outcome(
                False,
                f"{word(kind)} for {drone}: {error} Watch the drone: it may have been taken.",
            )
        self._state.apply_receipt(receipt)
        ok = receipt.state not in (ReceiptState.REFUSED, ReceiptState.FAILED)
        return Outcome(ok, receipt.text, receipt.reasons, receipt)


def word(act: StrEnum) -> str:
    """An act as a sentence begins with it: `Go to`."""
    return act.value.replace("_", " ").capitalize()
