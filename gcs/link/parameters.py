"""A vehicle's safety settings, read by name. The whole list is never downloaded.

ArduPilot answers a read of an unknown name with silence, so a setting that was renamed is
asked for under all its names at once and the first answer counts.
"""

import asyncio
from dataclasses import dataclass

from gcs.link.autopilot import SafetyParameter
from gcs.link.mavlink import dialect
from gcs.link.reports import Parameter, Report
from gcs.link.vehicle import Vehicle

ANSWER_S = 0.35
SENDS = 3


@dataclass(frozen=True, slots=True)
class SafetySettings:
    """SI values; None: the vehicle did not tell."""

    gcs_loss_action: float | None = None
    return_height_m: float | None = None
    gcs_system_id: float | None = None
    options: float | None = None
    battery_low_action: float | None = None
    fence_action: float | None = None


class ParameterReader:
    """Reads parameters of vehicles by name."""

    async def safety(self, vehicle: Vehicle, wanted: tuple[SafetyParameter, ...]) -> SafetySettings:
        """All wanted settings, asked for at the same time."""
        values = await asyncio.gather(*(self.read(vehicle, p.names) for p in wanted))
        return SafetySettings(**{p.key: v for p, v in zip(wanted, values, strict=True)})

    async def read(self, vehicle: Vehicle, names: tuple[tuple[str, float], ...]) -> float | None:
        """The first of `names` that is answered, times its factor; None after all repeats."""
        factors = dict(names)
        inbox: asyncio.Future[float] = asyncio.get_running_loop().create_future()

        def listen(report: Report) -> None:
            if isinstance(report, Parameter) and report.name in factors and not inbox.done():
                inbox.set_result(report.value * factors[report.name])

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
