"""Acts on the failsafes: what the autopilot does by itself when something is lost or crossed.

A failsafe never takes the vehicle out of a landing that another failsafe began.
"""

from gcs.sim.drone.autopilot import CRITICAL, NOTICE, WARNING, Autopilot
from gcs.sim.drone.failsafes import BatteryWatch
from gcs.sim.drone.fence import names
from gcs.sim.drone.manoeuvres import Place
from gcs.sim.drone.modes import Mode

_CHECK_S = 0.1
_ARMING_CHECK_S = 1.0
_PREARM_SAID_EVERY_S = 30.0
_PREARM_FIRST_S = 5.0
_GCS_ACTIONS = {5: Mode.LAND, 7: Mode.BRAKE}  # FS_GCS_ENABLE; all else returns
_BATTERY_ACTIONS = {1: Mode.LAND, 2: Mode.RTL, 3: Mode.RTL, 4: Mode.RTL}
_FENCE_ACTIONS = {1: Mode.RTL, 2: Mode.LAND, 3: Mode.RTL, 4: Mode.BRAKE, 5: Mode.RTL}


_PILOT_CONTROLLED = 1 << 4
_AUTOPILOT_MODES = frozenset({Mode.AUTO, Mode.GUIDED, Mode.RTL, Mode.LAND, Mode.CIRCLE})


class Guardian:
    """Watches one autopilot, ten times a second."""

    def __init__(self, autopilot: Autopilot) -> None:
        self._pilot = autopilot
        self._next_s = autopilot.now_s
        self._next_arming_s = autopilot.now_s
        self._next_prearm_s = autopilot.boot_s + _PREARM_FIRST_S
        self._boot_s = autopilot.boot_s
        self.ready = not autopilot.prearm_reasons()

    def heard_gcs(self) -> None:
        """A heartbeat of the vehicle's own ground station came."""
        if self._pilot.gcs.heard(self._pilot.now_s):
            self._pilot.say(WARNING, "GCS Failsafe Cleared")

    def step(self) -> None:
        """Look at everything, if it is time to."""
        now = self._pilot.now_s
        if now < self._next_s:
            return
        self._next_s = now + _CHECK_S - 1e-6
        self._watch_position()
        self._watch_gcs()
        self._watch_batteries()
        self._watch_fence()
        self._watch_arming()

    def _watch_gcs(self) -> None:
        pilot = self._pilot
        setting = int(pilot.params["FS_GCS_ENABLE"])
        on = setting != 0 and not self._left_to_the_pilot()
        if pilot.gcs.lost(pilot.now_s, on, pilot.armed, pilot.params["FS_GCS_TIMEOUT"]):
            pilot.say(CRITICAL, "GCS Failsafe")
            self._act(_GCS_ACTIONS.get(setting, Mode.RTL))

    def _left_to_the_pilot(self) -> bool:
        """FS_OPTIONS bit 4: no action in a mode that is not the autopilot's own; BRAKE is none."""
        flown = self._pilot.mode not in _AUTOPILOT_MODES
        return flown and bool(int(self._pilot.params["FS_OPTIONS"]) & _PILOT_CONTROLLED)

    def _watch_batteries(self) -> None:
        self._watch_battery(self._pilot.battery_low, "BATT_LOW_MAH", "BATT_FS_LOW_ACT", "low")
        self._watch_battery(
            self._pilot.battery_critical, "BATT_CRT_MAH", "BATT_FS_CRT_ACT", "critical"
        )
        empty = self._pilot.battery.fraction <= 0.0 and not self._pilot.landed
        if empty and self._pilot.mode is not Mode.LAND:
            self._pilot.say(CRITICAL, "Battery 1 is empty")
            self._pilot.change_mode(Mode.LAND)

    def _watch_battery(self, watch: BatteryWatch, limit: str, action: str, word: str) -> None:
        pilot = self._pilot
        battery = pilot.battery
        below = pilot.armed and battery.remaining_mah < pilot.params[limit]
        if not watch.low(pilot.now_s, below, pilot.params["BATT_LOW_TIMER"]):
            return
        used = f"{battery.voltage_v:.2f}V used {battery.consumed_mah:.0f} mAh"
        pilot.say(CRITICAL, f"Battery 1 is {word} {used}")
        mode = _BATTERY_ACTIONS.get(int(pilot.params[action]))
        if mode is not None:
            self._act(mode)

    def _watch_position(self) -> None:
        pilot = self._pilot
        ended = pilot.ekf.step(pilot.now_s, not pilot.faults.gnss_loss)
        if pilot.ekf.active and not pilot.landed and not pilot.position_failsafe:
            pilot.say(CRITICAL, "EKF Failsafe: changed to Land Mode")
            pilot.lose_position()
        elif ended and pilot.position_failsafe:
            pilot.regain_position()
            pilot.say(CRITICAL, "EKF Failsafe Cleared")

    def _watch_fence(self) -> None:
        pilot = self._pilot
        fence, body = pilot.fence, pilot.body
        broken = pilot.breaks_fence(Place(body.east_m, body.north_m, body.up_m))
        new, gone = broken & ~fence.breached, fence.breached & ~broken
        fence.breached = broken
        if gone:
            pilot.say(NOTICE, f"{names(gone)} fences cleared")
        if not new:
            return
        fence.breach_count += 1
        fence.breach_ms = int(pilot.since_boot_s * 1000)
        fence.last_type = new
        if pilot.landed:
            return
        pilot.say(NOTICE, f"{names(new)} fences breached")
        mode = _FENCE_ACTIONS.get(int(pilot.params["FENCE_ACTION"]))
        if mode is not None:
            self._act(mode)

    def _act(self, mode: Mode) -> None:
        pilot = self._pilot
        if pilot.landed and not pilot.taking_off:
            pilot.disarm()
            return
        landing_for_cause = pilot.mode is Mode.LAND and (
            pilot.position_failsafe or pilot.battery_critical.active
        )
        if not landing_for_cause and not pilot.change_mode(mode):
            pilot.change_mode(Mode.LAND)

    def _watch_arming(self) -> None:
        pilot = self._pilot
        if pilot.armed:
            self.ready = True
            return
        if pilot.now_s < self._next_arming_s:
            return
        self._next_arming_s = pilot.now_s + _ARMING_CHECK_S - 1e-6
        if pilot.boot_s != self._boot_s:
            self._boot_s = pilot.boot_s
            self._next_prearm_s = pilot.boot_s + _PREARM_FIRST_S
        reasons = pilot.prearm_reasons()
        self.ready = not reasons
        if not reasons or pilot.now_s < self._next_prearm_s:
            return
        self._next_prearm_s = pilot.now_s + _PREARM_SAID_EVERY_S
        self.say_prearm()

    def say_prearm(self) -> None:
        """Say each reason against arming."""
        for reason in self._pilot.prearm_reasons():
            self._pilot.say(CRITICAL, f"PreArm: {reason}")
