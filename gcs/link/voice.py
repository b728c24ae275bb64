"""What a ground station says of itself: its heartbeat and the time questions and answers."""

from gcs.link.mavlink import dialect
from gcs.link.reports import TimeSync
from gcs.link.vehicle import Vehicle
from gcs.runtime.clock import Clock

OLDEST_ANSWER_MS = 10_000.0


class Voice:
    """Heartbeats and TIMESYNC of the ground station."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._beat = dialect.MAVLink_heartbeat_message(
            dialect.MAV_TYPE_GCS,
            dialect.MAV_AUTOPILOT_INVALID,
            0,
            0,
            dialect.MAV_STATE_ACTIVE,
            3,
        )

    def heartbeat(self, vehicle: Vehicle) -> bool:
        """The GCS heartbeat that keeps the vehicle's GCS-loss failsafe quiet."""
        return vehicle.send(self._beat)

    def ask_time(self, vehicle: Vehicle) -> None:
        """Ask, to measure the round trip by the answer."""
        vehicle.send(dialect.MAVLink_timesync_message(0, self._now_ns()))

    def take_time(self, vehicle: Vehicle, report: TimeSync) -> None:
        """Answer a question; measure by an answer to one of ours."""
        if report.answer_ns == 0:
            answer = dialect.MAVLink_timesync_message(self._now_ns(), report.asked_ns)
            vehicle.send(answer)
            return
        round_trip_ms = (self._now_ns() - report.asked_ns) / 1e6
        if 0.0 <= round_trip_ms <= OLDEST_ANSWER_MS:
            vehicle.round_trip_ms = round_trip_ms
            vehicle.answered()

    def _now_ns(self) -> int:
        return int(self._clock.monotonic() * 1e9)
