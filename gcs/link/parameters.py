"""A vehicle's safety settings, read by name. The whole list is never downloaded, nothing is set.

ArduPilot answers a read of an unknown name with silence, so a setting that was renamed is
asked for under all its names at once and the first answer counts. PX4 copies the bits of an
integer into the float; ArduPilot casts it.
"""

import asyncio
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from gcs.link.autopilot import SafetyParameter
from gcs.link.autopilots import driver_for
from gcs.link.mavlink import dialect
from gcs.link.reports import Heartbeat, Parameter, Report
from gcs.link.vehicle import Vehicle

ANSWER_S = 0.35
SENDS = 3

_DEFAULT_NAMES = {"gcs_loss_action": "FS_GCS_ENABLE", "return_height_m": "RTL_ALT_M"}


@dataclass(frozen=True, slots=True)
class Told:
    """One setting as the vehicle told it: under which name, and in SI."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class SafetySettings:
    """SI values; None: the vehicle did not tell. `called`: each key's parameter there."""

    gcs_loss_action: float | None = None
    return_height_m: float | None = None
    gcs_system_id: float | None = None
    options: float | None = None
    battery_low_action: float | None = None
    fence_action: float | None = None
    battery_critical_action: float | None = None
    fence_ceiling_m: float | None = None
    fence_type: float | None = None
    gcs_system_id_hi: float | None = None
    gcs_loss_s: float | None = None
    gcs_loss_exceptions: float | None = None
    called: tuple[tuple[str, str], ...] = ()

    def name(self, key: str) -> str:
        """The parameter that a setting is called by at this vehicle."""
        return dict(self.called).get(key, _DEFAULT_NAMES.get(key, key))

    def heeds(self, station: int) -> bool | None:
        """Whether this ground station's id is the vehicle's own; None: it did not tell."""
        if self.gcs_system_id is None:
            return None
        highest = max(self.gcs_system_id, self.gcs_system_id_hi or 0.0)
        return self.gcs_system_id <= station <= highest

    @property
    def enforced(self) -> bool:
        """Packets of other ground stations get no answer at all."""
        return self.options is not None and bool(int(self.options) & 1)


def settings_of(
    told: Mapping[str, Told], wanted: tuple[SafetyParameter, ...] = ()
) -> SafetySettings:
    """The values alone, and what each is called."""
    names = {p.key: p.names[0][0] for p in wanted} | {k: t.name for k, t in told.items()}
    values = {key: t.value for key, t in told.items()}
    return SafetySettings(**values, called=tuple(names.items()))


def value_of(report: Parameter, as_bits: bool) -> float | None:
    """The number that an autopilot meant; None: it is none."""
    value = report.value
    if report.whole and as_bits:
        try:
            return float(struct.unpack("<i", struct.pack("<f", value))[0])
        except OverflowError:
            return None
    return value if math.isfinite(value) else None


class ParameterReader:
    """Reads parameters of vehicles by name."""

    async def safety(self, vehicle: Vehicle, wanted: tuple[SafetyParameter, ...]) -> SafetySettings:
        """All wanted settings, asked for at the same time."""
        return settings_of(await self.read_all(vehicle, wanted), wanted)

    async def read_all(
        self, vehicle: Vehicle, wanted: tuple[SafetyParameter, ...]
    ) -> dict[str, Told]:
        """As `safety`, by key, and under which name each was told."""
        values = await asyncio.gather(*(self.ask(vehicle, p.names) for p in wanted))
        return {p.key: t for p, t in zip(wanted, values, strict=True) if t is not None}

    async def read(self, vehicle: Vehicle, names: tuple[tuple[str, float], ...]) -> float | None:
        """The first of `names` that is answered, times its factor; None after all repeats."""
        told = await self.ask(vehicle, names)
        return None if told is None else told.value

    async def ask(self, vehicle: Vehicle, names: tuple[tuple[str, float], ...]) -> Told | None:
        """As `read`, and under which name."""
        factors = dict(names)
        inbox: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        as_bits = driver_for(vehicle.value(Heartbeat)).integers_as_bits

        def listen(report: Report) -> None:
            if isinstance(report, Parameter) and report.name in factors and not inbox.done():
                value = value_of(report, as_bits)
                if value is not None:
                    inbox.set_result(Told(report.name, value * factors[report.name]))

        with vehicle.listening(listen):
            for _ in range(SENDS):
                for name in factors:
                    self._ask(vehicle, name)
                try:
                    async with asyncio.timeout(ANSWER_S):
                        return await asyncio.shield(inbox)
                except TimeoutError:
                    continue
        return None

    def _ask(self, vehicle: Vehicle, name: str) -> None:
        vehicle.send(
            dialect.MAVLink_param_request_read_message(
                vehicle.system_id, dialect.MAV_COMP_ID_AUTOPILOT1, name.encode(), -1
            )
        )
