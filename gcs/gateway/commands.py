"""Commands from desks: who may, what speaks against it, what is sent, what is seen.

The first receipt (sent or refused) is the answer; later ones are events. A hold, a return and
a landing act first and are audited behind, and so do the camera's orders and a plan's pause; a
move sets out behind its entry and is broken off where that cannot be stored; a launch, a plan and
a waiver are on record before they act.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from gcs.control import guards
from gcs.control.stimulus import Refusal
from gcs.gateway.activity import Activities
from gcs.gateway.arbiter import NO_AUDIT, Arbiter
from gcs.gateway.auditor import Auditor, Entry
from gcs.gateway.directory import Directory
from gcs.gateway.drone import Drone
from gcs.gateway.handler import CommandHandler
from gcs.gateway.launcher import Launcher
from gcs.gateway.ledger import Ledger
from gcs.gateway.mover import Mover
from gcs.gateway.qualified import Qualified
from gcs.model.audit import AuditAction
from gcs.model.command import (
    PAYLOAD_COMMANDS,
    UNHELD_COMMANDS,
    Command,
    CommandKind,
    Receipt,
    ReceiptState,
)
from gcs.model.function import Function
from gcs.model.people import Holder
from gcs.model.telemetry import Phase
from gcs.runtime.clock import Clock

ON_GROUND = frozenset({Phase.DOCKED, Phase.LANDED})
COMES_DOWN = frozenset({CommandKind.RETURN, CommandKind.LAND})
AT_ONCE = COMES_DOWN | {CommandKind.HOLD}
MOVES = frozenset({CommandKind.GO_TO, CommandKind.ORBIT, CommandKind.SPEED, CommandKind.HEIGHT})
AUDITED_BEHIND = PAYLOAD_COMMANDS | {CommandKind.PLAN_PAUSE}
NOT_ANSWERED_S = 5.0
_S = ReceiptState


@dataclass(slots=True)
class CommandCounters:
    """Since the start: commands refused for a stale epoch or another holder."""

    stale: int = 0
    refused: int = 0


class CommandService:
    """Serves the command subject."""

    def __init__(
        self,
        drones: dict[str, Drone],
        arbiter: Arbiter,
        directory: Directory,
        qualified: Qualified,
        launcher: Launcher,
        mover: Mover,
        handlers: tuple[CommandHandler, ...],
        activities: Activities,
        ledger: Ledger,
        auditor: Auditor,
        clock: Clock,
        may_act: Callable[[], bool],
    ) -> None:
        self.counters = CommandCounters()
        self._drones = drones
        self._arbiter = arbiter
        self._directory = directory
        self._qualified = qualified
        self._launcher = launcher
        self._mover = mover
        self._activities = activities
        self._ledger = ledger
        self._auditor = auditor
        self._clock = clock
        self._may_act = may_act
        self._looked_into: dict[str, Command] = {}  # launches, by drone, not yet begun
        self._handlers = {kind: h for h in handlers for kind in h.kinds}
        self._run: dict[CommandKind, Callable[[Drone, Command, Holder], Awaitable[Receipt]]] = {
            CommandKind.LAUNCH: self._launch,
            **dict.fromkeys(MOVES, self._move),
            **dict.fromkeys(AT_ONCE, self._at_once),
            **dict.fromkeys(self._handlers, self._handle),
        }

    async def serve(self, subject: str, command: Command) -> Receipt:
        """A command on the command subject; a repeated id gets the present receipt."""
        if not self._ledger.open(command):
            return await self._ledger.present(command)
        drone = self._drones.get(command.drone)
        refusal = self._withdrawal(subject, command) or self._refusal(subject, command)
        run = self._run.get(command.kind)
        if refusal is not None or drone is None or run is None:
            unknown = Refusal(f"this gateway does not carry out {command.kind}")
            return await self._refuse(command, refusal or unknown)
        by = self._directory.holder(command.person, command.desk)
        return await run(drone, command, by)

    def malformed(self, sentence: str) -> Receipt:
        """The answer to what cannot be read as a command."""
        self.counters.refused += 1
        return Receipt(
            command_id="unreadable",
            kind=CommandKind.HOLD,
            drone="unknown",
            person="unknown",
            desk="unknown",
            state=_S.REFUSED,
            text=sentence,
            utc_ms=self._clock.utc_ms(),
            elapsed_ms=0,
        )

    # -- may it? -------------------------------------------------------------------------------
    def _refusal(self, subject: str, command: Command) -> Refusal | None:
        person, desk, drone = subject.split(".")[-3:]
        if command.drone not in self._drones:
            return Refusal(f"{command.drone} is not a drone of this gateway")
        function = Function.PAYLOAD if command.kind in PAYLOAD_COMMANDS else Function.FLIGHT
        situation = guards.Situation(
            record=self._arbiter.record(command.drone, function),
            subject_person=person,
            subject_desk=desk,
            subject_drone=drone,
            person=self._directory.person(command.person),
            now_utc_ms=self._clock.utc_ms(),
            lease_alive=self._arbiter.attended(command.drone, function),
        )
        refusal = guards.refusal(command, situation)
        if refusal is None and command.kind is CommandKind.LAUNCH:
            refusal = self._qualified.against(command.person, command.drone, flies=True)
        if refusal is None and not self._may_act():
            return Refusal("this gateway does not hold the network's claim just now")
        return refusal or self._vehicle_refusal(command)

    def _vehicle_refusal(self, command: Command) -> Refusal | None:
        """Why this vehicle gets no commands at all, whatever is asked of it."""
        drone = self._drones[command.drone]
        if command.kind in UNHELD_COMMANDS:
            return None  # it sends nothing
        if drone.trouble:
            return Refusal(f"{drone.id} gets no commands: {drone.trouble}")
        if drone.heartbeat is not None and not drone.autopilot.known:
            return Refusal(f"{drone.id} gets no commands: {drone.autopilot.hold().cannot}")
        return None

    async def _refuse(
        self, command: Command, refusal: Refusal, reasons: tuple[str, ...] = ()
    ) -> Receipt:
        self.counters.refused += 1
        self.counters.stale += refusal.stale_epoch
        text = f"{command.kind} refused: {refusal.text}"
        said = "; ".join((text, *reasons))
        by = self._directory.holder(command.person, command.desk)
        incident = command.incident or self._arbiter.record(command.drone).incident
        entry = Entry(AuditAction.REFUSAL, command.drone, said, by=by, incident=incident)
        await self._auditor.store(entry)  # if that takes too long it stays in line
        return self._ledger.write(command, _S.REFUSED, refusal.text, reasons, refusal)

    # -- do it ---------------------------------------------------------------------------------
    async def _at_once(self, drone: Drone, command: Command, by: Holder) -> Receipt:
        if drone.phase in ON_GROUND and not self._activities.active(drone.id):
            return await self._refuse(command, Refusal(f"{drone.id} is on the ground"))
        drone.forget_errand()
        if command.kind in COMES_DOWN:
            self._arbiter.ordered_down(command)
        work = self._mover.at_once(drone, command)
        self._activities.begin(drone.id, work, f"{command.kind} ordered by {by.label}")
        incident = self._arbiter.record(drone.id).incident
        self._auditor.queue(_ordered(AuditAction.COMMAND, command, by, incident))
        return self._sent(drone, command)

    async def _handle(self, drone: Drone, command: Command, by: Holder) -> Receipt:
        """What another part of the gateway carries out."""
        handler = self._handlers[command.kind]
        reasons = handler.reasons_against(drone, command)
        if reasons:
            return await self._refuse(command, Refusal(reasons[0]), reasons[1:])
        incident = self._arbiter.record(drone.id).incident
        entry = _ordered(AuditAction.COMMAND, command, by, incident)
        if command.kind in AUDITED_BEHIND:
            self._auditor.queue(entry)
        else:
            refusal = await self._recorded(command, entry)
            reasons = () if refusal else handler.reasons_against(drone, command)
            if refusal is not None or reasons:
                return await self._refuse(command, refusal or Refusal(reasons[0]), reasons[1:])
        slot = handler.slot(command)
        if slot == drone.id:
            drone.forget_errand()
        work = handler.carry_out(drone, command)
        self._activities.begin(slot, work, f"{command.kind} by {by.label}")
        return self._sent(drone, command)

    async def _move(self, drone: Drone, command: Command, by: Holder) -> Receipt:
        """Its entry is on its way before it is, and on disk before it is answered."""
        reasons = self._mover.reasons_against(drone, command)
        if reasons:
            return await self._refuse(command, Refusal("the move is refused"), reasons)
        if not self._auditor.answers:
            return await self._refuse(command, Refusal(NO_AUDIT))
        incident = self._arbiter.record(drone.id).incident
        on_record = self._auditor.hand_in(_ordered(AuditAction.COMMAND, command, by, incident))
        slot = self._mover.slot(drone, command)
        self._mover.begin(drone, command)
        work = self._mover.move(drone, command)
        self._activities.begin(slot, work, f"{command.kind} ordered by {by.label}")
        sent = self._sent(drone, command)
        if await self._auditor.stored(on_record):
            return sent
        return await self._broken_off(drone, command, slot)

    async def _broken_off(self, drone: Drone, command: Command, slot: str) -> Receipt:
        """A move that is not on record: it is stopped, unless something newer goes on already."""
        receipt = await self._ledger.present(command)
        if receipt.final or self._changed_since(command) is not None:
            return receipt
        incident = self._arbiter.record(drone.id).incident
        text = f"{command.kind} is broken off: {NO_AUDIT}"
        receipt = self._ledger.tell(command, _S.FAILED, text, incident=incident)
        self._activities.begin(slot, self._mover.halt(drone), NO_AUDIT)
        return receipt

    async def _recorded(self, command: Command, entry: Entry) -> Refusal | None:
        """Put it on record; why it may not be done after all, if something changed meanwhile."""
        if not await self._on_record(entry):
            return Refusal(NO_AUDIT)
        return self._changed_since(command)

    def _sent(self, drone: Drone, command: Command) -> Receipt:
        text = f"{command.kind} sent to {drone.id}{_doubt(drone)}"
        return self._ledger.write(command, _S.SENT, text)

    async def _launch(self, drone: Drone, command: Command, by: Holder) -> Receipt:
        if self._activities.active(drone.id) or drone.id in self._looked_into:
            return await self._refuse(command, Refusal(f"{drone.id} is busy with an earlier order"))
        self._looked_into[drone.id] = command
        self._arbiter.hear(by)
        try:
            receipt = await self._launch_if_good(drone, command, by)
            if receipt.state is _S.REFUSED:  # the keeper may have bound the drone to it
                self._ledger.announce(command, receipt)
            return receipt
        finally:
            if self._looked_into.get(drone.id) is command:
                del self._looked_into[drone.id]

    async def _launch_if_good(self, drone: Drone, command: Command, by: Holder) -> Receipt:
        reasons = await self._launcher.reasons_against(drone, command, by)
        if reasons:
            return await self._refuse(command, Refusal("the launch is refused"), reasons)
        order = _ordered(AuditAction.LAUNCH, command, by, command.incident)
        if not await self._on_record(replace(order, reason=self._launcher.override(drone))):
            return await self._refuse(command, Refusal(NO_AUDIT))
        changed = self._launch_overtaken(drone, command, command.epoch)
        if changed is not None:
            return await self._refuse(command, changed)
        taken = await self._arbiter.launch_take(command, by)
        if isinstance(taken, Refusal):
            return await self._refuse(command, taken)
        changed = self._launch_overtaken(drone, command, taken.epoch)
        if changed is not None:
            return await self._refuse(command, changed)
        drone.scene = command.target
        work = self._launcher.fly(drone, command, taken.epoch)
        self._activities.begin(drone.id, work, f"launch ordered by {by.label}")
        return self._ledger.write(command, _S.SENT, f"{drone.id} is launching")

    def _launch_overtaken(self, drone: Drone, command: Command, epoch: int) -> Refusal | None:
        """What happened while the launch was looked into, if it may not begin any more."""
        if self._looked_into.get(drone.id) is not command:
            return Refusal(f"the launch of {drone.id} was withdrawn")
        if self._activities.active(drone.id) or drone.phase is not Phase.DOCKED:
            return Refusal(f"{drone.id} is no longer free in its dock")
        return self._changed_since(replace(command, epoch=epoch))

    def _withdrawal(self, subject: str, command: Command) -> Refusal | None:
        """A hold, return or landing by who is just launching: the launch does not begin."""
        launch = self._looked_into.get(command.drone)
        if command.kind not in AT_ONCE or launch is None:
            return None
        person, desk, _ = subject.split(".")[-3:]
        asked_by = {(person, desk), (command.person, command.desk)}
        if asked_by != {(launch.person, launch.desk)}:
            return None
        del self._looked_into[command.drone]
        return Refusal(f"{command.drone} is on the ground; its launch is withdrawn")

    def _changed_since(self, command: Command) -> Refusal | None:
        """Control may have changed hands, or time run out, while something was waited for."""
        subject = f"{command.person}.{command.desk}.{command.drone}"
        return self._refusal(subject, command)

    async def _on_record(self, entry: Entry) -> bool:
        stored = await self._auditor.store(entry)
        if not stored:
            text = f"not done: {NO_AUDIT}"
            self._auditor.queue(
                Entry(AuditAction.OUTCOME, entry.drone, text, by=entry.by, incident=entry.incident)
            )
        return stored


def _doubt(drone: Drone) -> str:
    """What makes it doubtful that the vehicle hears it."""
    if not drone.vehicle.heard_within(NOT_ANSWERED_S):
        return ", of which nothing is heard"
    age_s = drone.vehicle.uplink_age_s
    if age_s is not None and age_s > NOT_ANSWERED_S:
        return f", which has not answered for {age_s:.0f} s"
    return ""


def _ordered(action: AuditAction, command: Command, by: Holder, incident: str | None) -> Entry:
    words = f"{command.kind} ordered, epoch {command.epoch}"
    if command.target is not None:
        words += f", to {command.target.lat_deg:.6f}, {command.target.lon_deg:.6f}"
    if command.height_m is not None:
        words += f" at {command.height_m:.0f} m"
    if command.pitch_deg is not None and command.yaw_deg is not None:
        words += f", pitch {command.pitch_deg:.0f}°, yaw {command.yaw_deg:.0f}°"
    if command.zoom is not None:
        words += f", {command.zoom:g} times"
    if command.radius_m is not None:
        words += f", radius {command.radius_m:.0f} m"
    if command.speed_mps is not None:
        words += f", {command.speed_mps:g} m/s"
    if command.plan is not None:
        words += f", plan {command.plan.name}, {len(command.plan.items)} points"
    if command.item is not None:
        words += f", item {command.item}"
    if command.waiver is not None:
        words += f", {command.waiver.value}: {command.reason}"
    return Entry(action, command.drone, words, by=by, incident=incident)
