"""The vehicle as its telemetry sees it: estimates and clocks, ready for message builders."""

import math
from dataclasses import dataclass

from gcs.sim.drone.autopilot import Autopilot
from gcs.sim.drone.gimbal import Gimbal
from gcs.sim.drone.guardian import Guardian


@dataclass(frozen=True, slots=True)
class View:
    """What builders look at."""

    pilot: Autopilot
    guardian: Guardian
    gimbal: Gimbal
    utc_offset_ms: float

    @property
    def boot_ms(self) -> int:
        """Milliseconds since the autopilot started, as 32 bits."""
        return int((self.pilot.since_boot_s + self.pilot.faults.clock_s) * 1000) & 0xFFFFFFFF

    @property
    def utc_us(self) -> int:
        """Microseconds since 1970."""
        now_s = self.pilot.now_s + self.pilot.faults.clock_s
        return max(0, int((now_s * 1000 + self.utc_offset_ms) * 1000))

    def lat_lon(self) -> tuple[int, int]:
        """The estimated place in 1e-7 degrees."""
        pilot = self.pilot
        return self.globe(
            pilot.body.east_m + pilot.sensors.east_m, pilot.body.north_m + pilot.sensors.north_m
        )

    def globe(self, east_m: float, north_m: float) -> tuple[int, int]:
        """A place of the pad's frame in 1e-7 degrees."""
        place = self.pilot.frame.to_position(east_m, north_m)
        return round(place.lat_deg * 1e7), round(place.lon_deg * 1e7)

    @property
    def up_m(self) -> float:
        """The estimated height above home."""
        noise = 0.0 if self.pilot.parked else self.pilot.sensors.up_m
        return self.pilot.body.up_m + noise

    @property
    def amsl_m(self) -> float:
        """The estimated height above the sea."""
        return self.pilot.config.home_amsl_m + self.up_m

    @property
    def heading_deg(self) -> float:
        """0 to 360."""
        return math.degrees(self.pilot.body.yaw_rad) % 360.0
