"""Brings one fence to one vehicle, step by step, and says where that ended.

Keeps nothing between two calls; when to try again is the office's business.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gcs.gateway.drone import Drone
from gcs.geo.fence_plan import inside_by
from gcs.link.commands import Commander
from gcs.link.mavlink import dialect
from gcs.link.mission_protocol import MissionProtocol
from gcs.link.parameters import ParameterReader
from gcs.link.plan_items import fence_items, rally_items
from gcs.link.reports import Motion, SystemStatus
from gcs.link.settings import fence_gap
from gcs.link.transfer import RESULT_WORDS
from gcs.link.wire_items import FENCE, RALLY, WORDS, WireItem, differences
from gcs.model.fence import FencePlan
from gcs.model.vehicle import FenceReport, FenceState

AIR_MARGIN_M = 10.0  # a drone in the air gets a fence only if it is so far inside
FRESH_S = 2.0
STATUS_S = 5.0
ENABLED_S = 4.0
_S = FenceState
_NONE_THERE = RESULT_WORDS[dialect.MAV_MISSION_UNSUPPORTED]

Wanted = Callable[[], bool]
Note = Callable[[FenceReport], None]


@dataclass(slots=True)
class _Task:
    drone: Drone
    plan: FencePlan
    wanted: Wanted
    note: Note
    rally: int = 0
    rally_text: str = ""

    def report(self, state: FenceState, text: str = "") -> FenceReport:
        said = "; ".join(words for words in (text, self.rally_text) if words)
        items = len(fence_items(self.plan))
        return FenceReport(state, self.plan.version, items, self.rally, said)

    def stays(self) -> str:
        """Why the vehicle's fence is left as it is for now; empty = it may be changed."""
        drone = self.drone
        if not drone.airborne and not drone.armed:
            return ""
        age_s, motion = drone.vehicle.age_s(Motion), drone.motion
        if motion is None or age_s is None or age_s > FRESH_S:
            return "it is in the air and its position is not known: its fence is left as it is"
        if not inside_by(self.plan, motion.position, AIR_MARGIN_M):
            return "it flies outside of the new fence or at its line: it keeps its own until landed"
        if motion.relative_m > self.plan.ceiling_relative_m:
            return "it flies above the new fence's ceiling: it keeps its own until landed"
        return ""


class FenceBringer:
    """Uses the mission protocol and the command protocol."""

    def __init__(
        self, protocol: MissionProtocol, commander: Commander, parameters: ParameterReader
    ) -> None:
        self._protocol = protocol
        self._commander = commander
        self._parameters = parameters

    async def bring(self, drone: Drone, plan: FencePlan, wanted: Wanted, note: Note) -> FenceReport:
        """Until the vehicle holds the fence and has it enabled, or why not. `note` hears of the
        steps; `wanted` is asked before each send."""
        task = _Task(drone, plan, wanted, note)
        wrong = await self._load(task, FENCE, fence_items(plan))
        if wrong is not None:
            return wrong
        await self._rally(task)
        if drone.autopilot.fence_has_switch:
            return await self._enable(task)
        return await self._acts(task)

    async def _load(
        self, task: _Task, kind: int, items: tuple[WireItem, ...]
    ) -> FenceReport | None:
        """Read, upload what differs, read again. None: the vehicle holds the items."""
        vehicle = task.drone.vehicle
        held = await self._protocol.read(vehicle, kind, task.wanted)
        if not held.ok:
            return task.report(_S.FAILED, f"reading the {WORDS[kind]}: {held.sentence}")
        differs = differences(items, held.items)
        if not differs:
            return None
        stays = task.stays()
        if stays:
            return task.report(_S.DIFFERS, stays)
        if kind == FENCE:
            task.note(task.report(_S.UPLOADING))
        sent = await self._protocol.upload(
            vehicle, kind, items, lambda: task.wanted() and not task.stays()
        )
        if not sent.ok and not sent.unsettled:
            return task.report(_S.FAILED, f"uploading the {WORDS[kind]}: {sent.sentence}")
        held = await self._protocol.read(vehicle, kind, task.wanted)
        if not held.ok:
            return task.report(_S.FAILED, f"reading back the {WORDS[kind]}: {held.sentence}")
        differs = differences(items, held.items)
        text = f"the {WORDS[kind]} read back differ: {differs}"
        return task.report(_S.DIFFERS, text) if differs else None

    async def _rally(self, task: _Task) -> None:
        """The rally points go with the fence; one that has no room for them flies without.

        Old ones that stay on board are told: the vehicle would return to them.
        """
        items = rally_items(task.plan)
        wrong = await self._load(task, RALLY, items)
        if wrong is None:
            task.rally = len(items)
        elif items or _NONE_THERE not in wrong.text:
            task.rally_text = wrong.text

    async def _enable(self, task: _Task) -> FenceReport:
        drone = task.drone
        vehicle = drone.vehicle
        await vehicle.until(lambda: vehicle.value(SystemStatus) is not None, STATUS_S)
        if drone.fence_active:
            return task.report(_S.ACTIVE)
        stays = task.stays()
        if stays:
            return task.report(_S.LOADED, stays)
        order = drone.autopilot.fence_enable(True)
        answer = await self._commander.execute(
            vehicle, order, lambda: task.wanted() and not task.stays()
        )
        if await vehicle.until(lambda: drone.fence_active, ENABLED_S if answer.accepted else 0.0):
            return task.report(_S.ACTIVE)
        if answer.accepted:
            return task.report(_S.LOADED, "enabling was accepted, and the vehicle shows it off")
        said = "; ".join((answer.words, *answer.reasons))
        return task.report(_S.LOADED, f"not enabled: {said}")

    async def _acts(self, task: _Task) -> FenceReport:
        """Where there is no switch a fence on board holds if its action is more than a word."""
        drone = task.drone
        wanted = tuple(p for p in drone.autopilot.safety_parameters if p.key == "fence_action")
        settings = await self._parameters.safety(drone.vehicle, wanted)
        action = settings.fence_action
        if action is None:
            return task.report(_S.LOADED, "the vehicle does not tell what it does at its fence")
        gap = fence_gap(settings)
        if gap:
            return task.report(_S.LOADED, gap)
        return task.report(_S.ACTIVE)
