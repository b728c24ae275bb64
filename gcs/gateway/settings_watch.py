"""Keeps the safety settings of every vehicle known: read by name, judged, told when they get worse.

Nothing is ever set here, and the whole parameter list is never asked for. A value that another
station read or set goes to all links of a vehicle: it is taken as it comes, without asking again,
so that two gateways that listen to each other never keep each other asking.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gcs.gateway.drone import SILENT_AFTER_S, Drone
from gcs.gateway.events import EventLog
from gcs.gateway.spread import spread
from gcs.link.parameters import ParameterReader, SafetySettings, Told, settings_of, value_of
from gcs.link.reports import Parameter, Report
from gcs.link.settings import Rules, judged
from gcs.link.vehicle import Vehicle
from gcs.model.event import EventKind, Severity
from gcs.model.vehicle import Setting, SettingVerdict
from gcs.runtime.clock import Clock

TICK_S = 1.0
AT_ONCE = 8
AGAIN_S = 180.0
UNANSWERED_AGAIN_S = 10.0
_RANK = {
    SettingVerdict.GOOD: 0,
    SettingVerdict.UNKNOWN: 1,
    SettingVerdict.CAUTION: 2,
    SettingVerdict.WARNING: 3,
}


@dataclass(slots=True)
class _Case:
    """What is known of one vehicle. Times on the monotonic clock."""

    told: dict[str, Told] = field(default_factory=dict)
    values: SafetySettings | None = None  # of what was told, until more is
    settings: tuple[Setting, ...] = ()
    read_s: float | None = None
    due_s: float = 0.0
    heard: bool = False
    busy: bool = False


class SettingsWatch:
    """The settings of all drones. `run` works for ever; `heard` gets what the network hears.

    `rules_of(drone)`: what the site asks of it now. `in_order(drone)`: whether this gateway may
    speak to it now.
    """

    def __init__(
        self,
        drones: Iterable[Drone],
        reader: ParameterReader,
        rules_of: Callable[[Drone], Rules],
        events: EventLog,
        clock: Clock,
        in_order: Callable[[Drone], bool] = lambda drone: True,
    ) -> None:
        self._drones = {d.id: d for d in drones}
        self._of_vehicle = {d.vehicle: d for d in self._drones.values()}
        self._cases = {drone: _Case() for drone in self._drones}
        self._reader = reader
        self._rules_of = rules_of
        self._events = events
        self._clock = clock
        self._in_order = in_order
        self._places = asyncio.Semaphore(AT_ONCE)

    # -- what is asked of it -------------------------------------------------------------------
    def report(self, drone: str) -> tuple[Setting, ...]:
        """Each setting with its verdict; empty before the first reading."""
        return self._cases[drone].settings

    def age_s(self, drone: str) -> float | None:
        """Since all of them were last read; None = never."""
        read_s = self._cases[drone].read_s
        return None if read_s is None else max(0.0, self._clock.monotonic() - read_s)

    def values(self, drone: str) -> SafetySettings | None:
        """As last told; None before the first reading."""
        case = self._cases[drone]
        if case.read_s is None:
            return None
        if case.values is None:
            wanted = self._drones[drone].autopilot.safety_parameters
            case.values = settings_of(case.told, wanted)
        return case.values

    # -- its work ------------------------------------------------------------------------------
    async def run(self) -> None:
        """See to the drones until cancelled, a few at a time."""
        async with asyncio.TaskGroup() as group:
            async for _, some in spread(tuple(self._drones.values()), TICK_S):
                for drone in filter(self._due, some):
                    self._cases[drone.id].busy = True
                    group.create_task(self._read(drone), name=f"settings of {drone.id}")

    def rebooted(self, vehicle: Vehicle) -> None:
        """What it told before may hold no more: it is read again."""
        drone = self._of_vehicle.get(vehicle)
        if drone is not None:
            self._cases[drone.id].due_s = 0.0

    def heard(self, vehicle: Vehicle, report: Report) -> None:
        """A vehicle told one of its parameters, whoever asked."""
        if not isinstance(report, Parameter):
            return
        drone = self._of_vehicle.get(vehicle)
        if drone is None or self._cases[drone.id].read_s is None:
            return
        for wanted in drone.autopilot.safety_parameters:
            factor = dict(wanted.names).get(report.name)
            value = value_of(report, drone.autopilot.integers_as_bits)
            if factor is not None and value is not None:
                case = self._cases[drone.id]
                self._take(drone, case.told | {wanted.key: Told(report.name, value * factor)})

    def _due(self, drone: Drone) -> bool:
        case = self._cases[drone.id]
        heard = drone.vehicle.heard_within(SILENT_AFTER_S) and drone.autopilot.known
        if heard and not case.heard:
            case.due_s = 0.0  # seen for the first time, or silent for long: it may have rebooted
        case.heard = heard
        if case.busy or not heard or not self._in_order(drone):
            return False
        return self._clock.monotonic() >= case.due_s

    async def _read(self, drone: Drone) -> None:
        case = self._cases[drone.id]
        try:
            async with self._places:
                wanted = drone.autopilot.safety_parameters
                told = await self._reader.read_all(drone.vehicle, wanted)
            now_s = self._clock.monotonic()
            if told:
                case.read_s = now_s
            self._take(drone, told)
            case.due_s = now_s + (AGAIN_S if told else UNANSWERED_AGAIN_S)
        finally:
            case.busy = False

    def _take(self, drone: Drone, told: dict[str, Told]) -> None:
        case = self._cases[drone.id]
        before = {s.key: s for s in case.settings}
        case.told, case.values = told, None
        wanted = drone.autopilot.safety_parameters
        case.settings = judged(told, wanted, self._rules_of(drone))
        for now in case.settings:
            was = before.get(now.key)
            if was is not None and _RANK[now.verdict] > _RANK[was.verdict]:
                self._tell(drone, was, now)

    def _tell(self, drone: Drone, was: Setting, now: Setting) -> None:
        text = (
            f"{drone.id}: {now.name} was {was.value_text} and is now {now.value_text}: {now.text}"
        )
        warning = now.verdict is SettingVerdict.WARNING
        severity = Severity.WARNING if warning else Severity.CAUTION
        self._events.add(EventKind.SETTING, drone.id, text, severity)
