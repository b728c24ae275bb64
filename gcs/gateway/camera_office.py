"""What each vehicle carries to look with: its gimbal manager, cameras and video streams.

Found by asking for what they say of themselves, never by make. Asked at first sight and again
after a reboot or a silence, a few times each, and then no more; whether a camera records is asked
for ever, since many tell it only then. It commands nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from gcs.gateway.drone import Drone
from gcs.gateway.spread import spread
from gcs.link.camera_reports import (
    CameraCapture,
    CameraInformation,
    GimbalManagerInformation,
    GimbalManagerStatus,
    StreamKind,
    VideoStream,
)
from gcs.link.gimbal_orders import AUTOPILOT, request
from gcs.link.mavlink import dialect
from gcs.link.reports import CameraSettings, Heartbeat, Report
from gcs.link.vehicle import Vehicle
from gcs.model.vehicle import CameraReport
from gcs.runtime.clock import Clock

PERIOD_S = 1.0
ASKED_AT_ONCE = 3  # of one vehicle in one turn
PAUSES_S = (1.0, 3.0, 10.0)  # after the first, second and last time
SILENCE_S = 3.0  # of the heartbeat: it may have rebooted meanwhile
RECORDING_EVERY_S, RECORDING_HOLDS_S = 5.0, 15.0

_MANAGER = dialect.MAVLINK_MSG_ID_GIMBAL_MANAGER_INFORMATION
_STATUS = dialect.MAVLINK_MSG_ID_GIMBAL_MANAGER_STATUS
_CAMERA = dialect.MAVLINK_MSG_ID_CAMERA_INFORMATION
_SETTINGS = dialect.MAVLINK_MSG_ID_CAMERA_SETTINGS
_CAPTURE = dialect.MAVLINK_MSG_ID_CAMERA_CAPTURE_STATUS
_STREAM = dialect.MAVLINK_MSG_ID_VIDEO_STREAM_INFORMATION

Question = tuple[int, int]  # component, message id
CAMERAS = range(dialect.MAV_COMP_ID_CAMERA, dialect.MAV_COMP_ID_CAMERA6 + 1)
GIMBALS = (
    dialect.MAV_COMP_ID_GIMBAL,
    *range(dialect.MAV_COMP_ID_GIMBAL2, dialect.MAV_COMP_ID_GIMBAL6 + 1),
)
FIRST_QUESTIONS: tuple[Question, ...] = (
    (AUTOPILOT, _MANAGER),
    (AUTOPILOT, _CAMERA),
    (AUTOPILOT, _STREAM),
    *((camera, _CAMERA) for camera in CAMERAS),
    *((gimbal, _MANAGER) for gimbal in GIMBALS),
)


@dataclass(slots=True)
class Inquiry:
    """What one vehicle was asked and said. `open`: questions with (times asked, due at)."""

    open: dict[Question, tuple[int, float]] = field(default_factory=dict)
    managers: dict[int, GimbalManagerInformation] = field(default_factory=dict)
    cameras: dict[int, CameraInformation] = field(default_factory=dict)
    streams: dict[tuple[int, int], VideoStream] = field(default_factory=dict)
    captures: dict[int, tuple[CameraCapture, float]] = field(default_factory=dict)
    capture_due_s: float = 0.0
    controlled: bool = False  # the station was made the one whose orders the gimbal takes
    begun: bool = False
    starts: int = 0  # of the vehicle, when it was last asked

    def begin(self, now_s: float) -> None:
        """Ask everything from the start; what is known holds until it is said anew."""
        self.open = dict.fromkeys(FIRST_QUESTIONS, (0, now_s))
        self.begun, self.controlled = True, False

    def wonder(self, question: Question, now_s: float) -> None:
        """A question that an answer gave rise to."""
        self.open.setdefault(question, (0, now_s))

    def due(self, now_s: float) -> list[Question]:
        """What to ask now; a question asked often enough is dropped."""
        found: list[Question] = []
        for question, (times, at_s) in tuple(self.open.items()):
            if at_s > now_s:
                continue
            if times == len(PAUSES_S):
                del self.open[question]
            elif len(found) < ASKED_AT_ONCE:
                self.open[question] = (times + 1, now_s + PAUSES_S[times])
                found.append(question)
        return [*found, *self._recorders(now_s)]

    def _recorders(self, now_s: float) -> list[Question]:
        """The cameras to be asked now whether they record."""
        if now_s < self.capture_due_s:
            return []
        self.capture_due_s = now_s + RECORDING_EVERY_S
        return [(c, _CAPTURE) for c, camera in self.cameras.items() if camera.records]

    def recording(self, now_s: float) -> bool | None:
        """Whether any camera records; None: none told so lately."""
        fresh = (c for c, at_s in self.captures.values() if now_s - at_s <= RECORDING_HOLDS_S)
        told = [c.recording for c in fresh if c.recording is not None]
        return any(told) if told else None


class CameraOffice:
    """Asks, listens and tells. `hears`: the reports it wants, for the gateway's table."""

    def __init__(
        self, drones: Iterable[Drone], clock: Clock, station: tuple[int, int] = (255, 190)
    ) -> None:
        self.station = station
        self._clock = clock
        self._drones = {drone.id: drone for drone in drones}
        self._inquiries = {drone.vehicle: Inquiry() for drone in self._drones.values()}
        self.hears: Mapping[type[Report], Callable[[Vehicle, Report], None]] = {
            GimbalManagerInformation: self._heard,
            CameraInformation: self._heard,
            VideoStream: self._heard,
            CameraCapture: self._heard,
        }

    async def run(self) -> None:
        """Ask for ever, each vehicle a few times."""
        async for _, some in spread(tuple(self._inquiries.items()), PERIOD_S):
            self._turn(some)

    def turn(self) -> None:
        """Look at each vehicle once."""
        self._turn(self._inquiries.items())

    def _turn(self, some: Iterable[tuple[Vehicle, Inquiry]]) -> None:
        now_s = self._clock.monotonic()
        for vehicle, inquiry in some:
            self._look(vehicle, inquiry, now_s)
            if vehicle.heard_within(SILENCE_S):
                for component, message in inquiry.due(now_s):
                    vehicle.send(request(vehicle.system_id, component, message))

    def _look(self, vehicle: Vehicle, inquiry: Inquiry, now_s: float) -> None:
        age_s = vehicle.age_s(Heartbeat)
        if age_s is None or age_s > SILENCE_S:
            inquiry.begun = False
            return
        if not inquiry.begun or inquiry.starts != vehicle.fresh_starts:
            inquiry.starts = vehicle.fresh_starts
            inquiry.begin(now_s)

    # -- what they say ---------------------------------------------------------------------
    def _heard(self, vehicle: Vehicle, report: Report) -> None:
        inquiry = self._inquiries.get(vehicle)
        if inquiry is None:
            return
        now_s = self._clock.monotonic()
        if isinstance(report, GimbalManagerInformation):
            inquiry.managers[report.component] = report
            inquiry.open.pop((report.component, _MANAGER), None)
            inquiry.wonder((report.component, _STATUS), now_s)
        elif isinstance(report, CameraInformation):
            inquiry.cameras[report.component] = report
            inquiry.open.pop((report.component, _CAMERA), None)
            inquiry.wonder((report.component, _SETTINGS), now_s)
            if report.streams:
                inquiry.wonder((report.component, _STREAM), now_s)
        elif isinstance(report, VideoStream):
            inquiry.streams[report.component, report.stream] = report
            inquiry.open.pop((report.component, _STREAM), None)
        elif isinstance(report, CameraCapture):
            inquiry.captures[report.component] = report, now_s

    # -- what is known ---------------------------------------------------------------------
    def manager(self, drone: Drone) -> GimbalManagerInformation | None:
        """Who manages its gimbal; the autopilot's own before another component's."""
        managers = self._of(drone).managers
        return managers[min(managers)] if managers else None

    def searching(self, drone: Drone) -> bool:
        """Whether a gimbal or a camera may still answer."""
        inquiry = self._of(drone)
        return not inquiry.begun or any(m in (_MANAGER, _CAMERA) for _, m in inquiry.open)

    def in_control(self, drone: Drone) -> bool:
        """Whether the gimbal takes this station's orders, as it says itself or as was agreed."""
        status = drone.vehicle.value(GimbalManagerStatus)
        if status is not None and status.primary != (0, 0):
            age_s = drone.vehicle.age_s(GimbalManagerStatus)
            if age_s is not None and age_s < SILENCE_S:
                return status.primary == self.station
        return self._of(drone).controlled

    def note_control(self, drone: Drone, taken: bool) -> None:
        """The gimbal's manager accepted this station as the one that orders; or no longer."""
        self._of(drone).controlled = taken

    def zooms(self, drone: Drone) -> int | None:
        """The component that zooms; None: no camera says that it can."""
        cameras = self._of(drone).cameras
        able = [component for component, camera in cameras.items() if camera.zooms]
        if able:
            return min(able)
        settings = drone.vehicle.value(CameraSettings)
        return AUTOPILOT if settings is not None and settings.zoom_percent is not None else None

    def ask_settings(self, drone: Drone, component: int) -> None:
        """Have the camera tell its zoom now."""
        drone.vehicle.send(request(drone.vehicle.system_id, component, _SETTINGS))

    def report(self, drone: str) -> CameraReport:
        """For the vehicle's profile."""
        known = self._drones[drone]
        inquiry = self._of(known)
        names = [inquiry.cameras[c].name for c in sorted(inquiry.cameras)]
        zooms = self.zooms(known) is not None
        return CameraReport(
            manager=bool(inquiry.managers),
            camera=next((n for n in names if n), ""),
            can_zoom=zooms,
            most_zoom=known.spec.most_zoom if zooms else None,
            video_uri=_best(inquiry.streams.values()),
            recording=inquiry.recording(self._clock.monotonic()),
        )

    def _of(self, drone: Drone) -> Inquiry:
        return self._inquiries.get(drone.vehicle) or Inquiry()


def _best(streams: Iterable[VideoStream]) -> str:
    """The address of the stream to watch: MPEG-TS before others, daylight before heat."""
    told = [s for s in streams if s.uri]
    told.sort(key=lambda s: (s.kind is not StreamKind.MPEG_TS, s.thermal, s.component, s.stream))
    return told[0].uri if told else ""
