"""The launch gate: gathers what speaks against a launch, from the vehicle and from the keeper.

It decides nothing by itself: what a fact means is said in `launch.py`. It moves no vehicle.
"""

import asyncio

from gcs.gateway.drone import Drone
from gcs.gateway.launch import LaunchFacts, reasons_against
from gcs.link.parameters import ParameterReader
from gcs.link.reports import Gnss, Motion, SystemStatus, Wind
from gcs.model.command import Command
from gcs.model.mission import KeeperReply, LaunchAuthorisation
from gcs.model.people import Holder
from gcs.model.place import Position
from gcs.model.site import Site
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.codec import BadMessage
from gcs.shared.subjects import Subjects

# What the gate weighs of the vehicle's own word, sent at least once a second each.
WEIGHED = {Motion: "position", SystemStatus: "state of health", Gnss: "GNSS fix"}
KEEPER_S = 1.5


class LaunchGate:
    """Every reason against a launch, all at once."""

    def __init__(
        self, bus: Bus, subjects: Subjects, site: Site, parameters: ParameterReader
    ) -> None:
        self._bus = bus
        self._subjects = subjects
        self._site = site
        self._parameters = parameters

    async def reasons_against(self, drone: Drone, command: Command, by: Holder) -> tuple[str, ...]:
        """Every reason against the launch; the settings are read from the vehicle now."""
        settings, keeper_refusal = await asyncio.gather(
            self._parameters.safety(drone.vehicle, drone.autopilot.safety_parameters),
            self._ask_keeper(command, by),
        )
        beat, motion = drone.heartbeat, drone.motion
        gnss, wind = drone.vehicle.value(Gnss), drone.vehicle.value(Wind)
        target, height_m = goal(command)
        facts = LaunchFacts(
            phase=drone.phase,
            supported=beat is None or drone.autopilot.known,
            ready=drone.ready,
            not_ready_because=tuple(drone.not_ready),
            gnss_fix=gnss is not None and gnss.fix_3d,
            battery_percent=drone.battery_percent,
            wind_mps=wind.speed_mps if wind else None,
            settings=settings,
            required_return_height_m=drone.return_height_m,
            fence_active=drone.fence_active,
            failsafe=drone.failsafe,
            roof_m=drone.dock.roof_height_m,
            start=motion.position if motion else None,
            target=target,
            height_m=height_m,
            keeper_refusal=keeper_refusal,
            ages_s=tuple((word, drone.vehicle.age_s(kind)) for kind, word in WEIGHED.items()),
        )
        return reasons_against(facts, self._site.safety, self._site.fence)

    async def _ask_keeper(self, command: Command, by: Holder) -> str:
        gateway = self._site.gateway
        question = LaunchAuthorisation(
            command.id, gateway, command.drone, by, command.incident or ""
        )
        subject = self._subjects.authorise_launch(gateway)
        try:
            reply = await self._bus.request(subject, question, KeeperReply, KEEPER_S)
        except (NoAnswer, BadMessage):
            return "the keeper does not answer: launches are refused"
        return "" if reply.ok else reply.text


def goal(command: Command) -> tuple[Position, float]:
    """Where a launch goes and how high above the dock's roof."""
    if command.target is None or command.height_m is None:
        raise ValueError(f"command {command.id}: a launch needs target and height_m")
    return command.target, command.height_m
