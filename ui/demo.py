"""The scripted operator: flies one mission by the same commands the buttons call.

It measures nothing and counts nothing; what it did is told by the gateway and the keeper.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from gcs.geo.earth import offset
from gcs.geo.fence import path_inside
from gcs.model.alert import AlertRecord, Judgement, Response
from gcs.model.command import ReceiptState
from gcs.model.control import ControlState
from gcs.model.mission import MissionRecord, MissionState
from gcs.model.place import Position
from gcs.model.telemetry import DroneTelemetry, Phase
from gcs.station.actions import Outcome
from gcs.station.state import DeskState, Topic
from ui.commands import OperatorCommands
from ui.demo_handover import ScriptedGiver
from ui.models.alerts import why_not_judge
from ui.selection import Selection

log = logging.getLogger(__name__)

LAUNCH_HEIGHT_M = 30.0
MOVE_M = 30.0
PATIENCE_S = 90.0
HAND_OVER_PATIENCE_S = 120.0
ALERT_PATIENCE_S = 45.0
SEE_PATIENCE_S = 15.0
REASON = "End of shift; the scene is quiet."
PROMISED = "A look at the rear yard for the officers at the gate."
ALERT_REASON = "Exercise: officers near are told, they look again."
ZOOM = 2.0
LOOK_S = 3.0

HEARD = (
    Topic.FLEET,
    Topic.CONTROL,
    Topic.BRIEF,
    Topic.MISSION,
    Topic.DESKS,
    Topic.RECEIPT,
    Topic.ALERT,
)
Snap = Callable[[], Awaitable[None]]
LookAt = Callable[[Position], None]
See = Callable[[str], int | None]  # shows an alert; when its images were first on the screen


class DemoFailed(Exception):
    """The script could not go on; `str()` is the sentence for the report."""


class ScriptedOperator:
    """One mission from the first incident to its end."""

    def __init__(
        self,
        state: DeskState,
        commands: OperatorCommands,
        selection: Selection,
        look_at: LookAt,
        see: See,
        snap: Snap,
    ) -> None:
        self._state = state
        self._commands = commands
        self._selection = selection
        self._look_at = look_at
        self._see = see
        self._snap = snap
        self._changed = asyncio.Event()
        for topic in HEARD:
            state.subscribe(topic, lambda _: self._changed.set())
        self.over = False

    async def run(self) -> None:
        """Fly it; a step that does not come about is logged as an error, in words."""
        try:
            await self._fly()
        except DemoFailed as error:
            log.error("demo: %s", error)
        finally:
            self.over = True

    async def _fly(self) -> None:
        mission = await self._take_first_incident()
        key = mission.incident.key
        drone = await self._launch_best(mission)
        self._selection.select_drone(drone)
        await self._until(f"{drone} on scene", lambda: self._phase(drone) is Phase.ON_SCENE)
        self._look_at(mission.incident.position)
        await self._ok(self._commands.hold())
        await self._observed(drone, "hold")
        await self._aim(drone, mission.incident.position)
        target = self._beside(drone)
        await self._ok(self._commands.go_to(target, LAUNCH_HEIGHT_M))
        await self._observed(drone, "go to")
        await self._until("another pilot signed on", lambda: bool(self._state.others))
        alert, seen_utc_ms = await self._judge_alert()
        await asyncio.sleep(LOOK_S)
        await self._snap()
        await self._decide_alert(alert, seen_utc_ms)
        await self._ok(self._commands.hold())  # it is handed over in a mode that needs no input
        await self._observed(drone, "hold")
        await self._hand_over(drone)
        await self._until(f"{drone} back in its dock", lambda: self._free(drone))
        await self._until("the incident closed", lambda: self._closed(key))

    async def _take_first_incident(self) -> MissionRecord:
        await self._until("a first incident", lambda: bool(self._open()))
        mission = self._open()[0]
        self._selection.select_incident(mission.incident.key)
        await self._ok(self._commands.take_incident(mission.incident.key))
        return mission

    async def _launch_best(self, mission: MissionRecord) -> str:
        key = mission.incident.key

        def best() -> str | None:
            ranked = self._state.candidates(key, LAUNCH_HEIGHT_M)
            return ranked[0].drone if ranked and ranked[0].possible else None

        await self._until("a drone that can go", lambda: best() is not None)
        drone = best()
        assert drone is not None
        await self._ok(self._commands.launch(key, drone, LAUNCH_HEIGHT_M))
        return drone

    async def _hand_over(self, drone: str) -> None:
        """Offered, briefed, asked, assumed, shown, confirmed: the whole course of it."""
        receiver = self._state.others[0].holder
        await self._ok(self._commands.offer(receiver.person, REASON, drone, PROMISED))
        giver = ScriptedGiver(self._state, self._commands, drone, receiver)
        what = f"{receiver.name} in control"
        while not giver.over:
            await self._until(what, giver.due, HAND_OVER_PATIENCE_S)
            if giver.ended:
                raise DemoFailed(f"the hand-over of {drone} to {receiver.name} came to nothing")
            if giver.act is not None:
                log.info("demo: %s", (await giver.act()).text)
        outcome = await self._commands.hold()  # too late: this desk's epoch is void
        if outcome.ok:
            raise DemoFailed(f"the old desk's Hold was taken after the hand-off: {outcome.text}")

    async def _aim(self, drone: str, scene: Position) -> None:
        await self._ok(self._commands.look_at(scene))
        await self._observed(drone, "look at")
        await self._ok(self._commands.zoom(ZOOM))
        await self._observed(drone, "zoom")

    # -- the possible match ----------------------------------------------------------------
    async def _judge_alert(self) -> tuple[str, int]:
        """Both images first, then a judgement; only then is there a score to read."""
        what = "a possible match that this desk may judge"
        await self._until(what, lambda: bool(self._mine()), ALERT_PATIENCE_S)
        alert = self._mine()[-1].alert.id
        what = f"both images of alert {alert} on the screen"
        await self._until(what, lambda: self._see(alert) is not None, SEE_PATIENCE_S)
        seen_utc_ms = self._see(alert)
        assert seen_utc_ms is not None
        await asyncio.sleep(LOOK_S)
        await self._ok(self._commands.judge_alert(alert, Judgement.VIABLE, seen_utc_ms))

        def judged() -> bool:
            record = self._state.alert(alert)
            return record is not None and record.judgement is Judgement.VIABLE

        await self._until(f"the judgement of alert {alert} on record", judged)
        return alert, seen_utc_ms

    async def _decide_alert(self, alert: str, seen_utc_ms: int) -> None:
        act = self._commands.decide_alert(alert, Response.OBSERVE, ALERT_REASON, seen_utc_ms)
        await self._ok(act)

        def decided() -> bool:
            record = self._state.alert(alert)
            return record is not None and record.response is Response.OBSERVE

        await self._until(f"the decision on alert {alert} on record", decided)

    def _mine(self) -> list[AlertRecord]:
        """Possible matches nobody has judged and this desk may, the newest first."""
        return [
            record
            for record in self._state.open_alerts
            if record.judgement is None and not why_not_judge(self._state, record)
        ]

    # -- waiting ---------------------------------------------------------------------------
    async def _until(
        self, what: str, condition: Callable[[], bool], patience_s: float = PATIENCE_S
    ) -> None:
        try:
            async with asyncio.timeout(patience_s):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise DemoFailed(f"waited {patience_s:.0f} s in vain for {what}") from None

    async def _ok(self, act: Awaitable[Outcome]) -> None:
        outcome = await act
        if not outcome.ok:
            raise DemoFailed(" ".join((outcome.text, *outcome.reasons)))

    async def _observed(self, drone: str, what: str) -> None:
        def final() -> bool:
            receipt = self._state.last_receipt(drone)
            return receipt is not None and receipt.final

        await self._until(f"{what} to be observed", final)
        receipt = self._state.last_receipt(drone)
        if receipt is None or receipt.state is not ReceiptState.OBSERVED:
            raise DemoFailed(f"{what}: {receipt.text if receipt else 'no receipt'}")

    # -- reading ---------------------------------------------------------------------------
    def _open(self) -> list[MissionRecord]:
        return [m for m in self._state.missions if m.state is MissionState.OPEN]

    def _telemetry(self, drone: str) -> DroneTelemetry | None:
        view = self._state.fleet.get(drone)
        return view.telemetry if view else None

    def _phase(self, drone: str) -> Phase | None:
        telemetry = self._telemetry(drone)
        return telemetry.phase if telemetry else None

    def _beside(self, drone: str) -> Position:
        telemetry = self._telemetry(drone)
        if telemetry is None or telemetry.position is None:
            raise DemoFailed(f"{drone} tells no position")
        for bearing in range(0, 360, 30):
            target = offset(telemetry.position, bearing, MOVE_M)
            if path_inside(self._state.site.fence, telemetry.position, target):
                return target
        raise DemoFailed(f"no place beside {drone} lies in the fence")

    def _free(self, drone: str) -> bool:
        record = self._state.control(drone)
        return record is not None and record.state is ControlState.UNOWNED

    def _closed(self, key: str) -> bool:
        mission = self._state.mission(key)
        return mission is not None and mission.state is MissionState.CLOSED
