"""What this desk has of the drones it is to receive, told with each renewal of its lease.

It reports and judges nothing: the gateway's pre-checks do.
"""

import logging
from collections.abc import Callable

from gcs.fleet.state import DroneView
from gcs.model.brief import NOT_SHOWN, Readiness, fence_mark
from gcs.model.control import GIVING
from gcs.station.state import DeskState

log = logging.getLogger(__name__)

PROFILE_GOOD_S = 6.0  # the gateway tells each every 4 s


def no_picture(drone: str) -> float | None:
    """A desk without windows shows no video."""
    del drone
    return None


def untouched(drone: str) -> bool:
    """A desk without windows has no stick, slider or key that could be held."""
    del drone
    return True


class ReadinessReports:
    """`video_age_s(drone)`: seconds since a picture of the drone's live feed came, None = none is
    shown; `neutral(drone)`: whether no control of the desk is held or turned. Windows set both."""

    def __init__(self, state: DeskState) -> None:
        self._state = state
        self._failed = False
        self.video_age_s: Callable[[str], float | None] = no_picture
        self.neutral: Callable[[str], bool] = untouched

    def now(self) -> tuple[Readiness, ...]:
        """One for each drone whose hand-over this desk receives, its brief open.

        It goes with the lease, which must not be lost for it: what fails is left out, and the
        gateway's checks that need it fail.
        """
        me = self._state.me
        coming = [
            r.drone
            for r in self._state.handovers()
            if r.state in GIVING and r.handover and r.handover.receiver == me
        ]
        told = (self._told(drone) for drone in dict.fromkeys(coming))
        return tuple(r for r in told if r is not None)

    def _told(self, drone: str) -> Readiness | None:
        try:
            return self._of(drone)
        except Exception:
            if not self._failed:
                self._failed = True
                log.exception("what this desk has of %s cannot be told", drone)
            return None

    def _of(self, drone: str) -> Readiness:
        state = self._state
        return Readiness(
            drone,
            _telemetry_age_s(state.fleet.get(drone), state.clock.monotonic()),
            self.video_age_s(drone),
            fence_mark(state.fence),
            self._plan(drone),
            self.neutral(drone),
        )

    def _plan(self, drone: str) -> str:
        """The digest of the plan that this desk shows on the drone."""
        profile, age_s = self._state.profile(drone), self._state.profile_age_s(drone)
        if profile is None or age_s is None or age_s > PROFILE_GOOD_S:
            return NOT_SHOWN
        return profile.plan.digest


def _telemetry_age_s(view: DroneView | None, now_s: float) -> float | None:
    """Of the newest that the vehicle said, on its whole way to here."""
    if view is None:
        return None
    ages = (view.position_age_s(now_s), view.heartbeat_age_s(now_s))
    return min((a for a in ages if a is not None), default=None)
