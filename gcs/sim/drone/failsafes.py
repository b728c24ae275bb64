"""The watchers that take the vehicle home or down by themselves. Each judges one thing.

They only say what is the case; the autopilot acts on it. Times as seen on ArduCopter 4.7.
"""

from dataclasses import dataclass

GCS_MARGIN_S = 0.1  # the check comes a little before FS_GCS_TIMEOUT: 4.9 s at 5
BATTERY_MARGIN_S = 0.2  # the battery is sampled some time after it passes the limit
EKF_LOSS_S = 8.0


@dataclass(slots=True)
class GcsWatch:
    """The heartbeat of the vehicle's own ground station."""

    last_s: float | None = None
    active: bool = False

    def heard(self, now_s: float) -> bool:
        """A heartbeat came; True when that ends the failsafe."""
        self.last_s = now_s
        ended, self.active = self.active, False
        return ended

    def lost(self, now_s: float, enabled: bool, armed: bool, timeout_s: float) -> bool:
        """True at the moment the failsafe starts."""
        if not enabled:
            self.active = False
        if not enabled or not armed or self.last_s is None or self.active:
            return False
        self.active = now_s - self.last_s >= timeout_s - GCS_MARGIN_S
        return self.active


@dataclass(slots=True)
class BatteryWatch:
    """One battery limit; once fallen under it stays so until the next boot."""

    active: bool = False
    _below_since_s: float | None = None

    def low(self, now_s: float, below: bool, timer_s: float) -> bool:
        """True at the moment the failsafe starts."""
        if self.active:
            return False
        if not below:
            self._below_since_s = None
            return False
        if self._below_since_s is None:
            self._below_since_s = now_s
        self.active = now_s - self._below_since_s >= timer_s + BATTERY_MARGIN_S
        return self.active


@dataclass(slots=True)
class EkfWatch:
    """The position estimate: it survives a while without satellites."""

    active: bool = False
    _without_since_s: float | None = None

    def step(self, now_s: float, gnss: bool) -> bool:
        """Look at the receiver; True at the moment the position is back."""
        if gnss:
            self._without_since_s = None
            ended, self.active = self.active, False
            return ended
        if self._without_since_s is None:
            self._without_since_s = now_s
        self.active = self.active or now_s - self._without_since_s >= EKF_LOSS_S
        return False
