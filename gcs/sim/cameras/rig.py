"""All cameras of a training shift: when each takes its frame, and the threads that do the work.

Poses are sampled in the event loop, where the drones are stepped, so that none is half a step
old in one part; the loop does nothing else for a frame. The drones are never waited for.
"""

import asyncio
import heapq
import json
import logging
import threading
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path

import cv2

from gcs.geo.earth import LocalFrame
from gcs.geo.town import Town
from gcs.model.feed import FeedKind, FeedSource
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.runtime.priority import give_way
from gcs.sim.cameras.aim import Aim, aim_of_drone, aim_of_fixed
from gcs.sim.cameras.camera import Camera, CameraFigures, Studio
from gcs.sim.cameras.crowd import Crowd
from gcs.sim.cameras.queue import FrameQueue, Job
from gcs.sim.cameras.renderer import Town3D
from gcs.sim.cameras.scene import build_scene
from gcs.sim.cameras.shot import CameraFault, CameraShot
from gcs.sim.cameras.traffic import Traffic
from gcs.sim.drone.camera_pose import CameraPose
from gcs.sim.fleet import GROUND_AMSL_M

logger = logging.getLogger(__name__)

_WORKERS = 2  # one draws while the other encodes
_CLOCK_STEP_US = 5000  # the day's clock was set by more than that: take it over


class CameraRig:
    """`poses` gives a drone's pose, None while it has none; it is called in the event loop.

    `truth`: a file that gets a line of JSON for each frame, with the true boxes.
    """

    def __init__(
        self,
        site: Site,
        town: Town,
        poses: Callable[[str], CameraPose | None],
        feeds: tuple[FeedSource, ...],
        clock: Clock,
        seed: int,
        truth: Path | None = None,
    ) -> None:
        self._site, self._town, self._seed = site, town, seed
        self._poses, self._feeds = poses, feeds
        self._time = _DayClock(clock)
        self._clock = clock
        self._truth = truth
        self._cameras: dict[str, Camera] = {}
        self._faults: dict[str, CameraFault | None] = {}
        self._shots: dict[str, CameraShot] = {}
        self._told: set[str] = set()
        self._running = asyncio.Event()

    def shot(self, feed: str) -> CameraShot | None:
        """The feed's newest frame with the truth about it; None before the first."""
        return self._shots.get(feed)

    def fault(self, feed: str, fault: CameraFault | None) -> None:
        """Set or end a fault of a feed. Raises KeyError for a feed that is not of this rig."""
        if feed not in {source.id for source in self._feeds}:
            raise KeyError(feed)
        self._faults[feed] = fault
        if feed in self._cameras:
            self._cameras[feed].fault = fault

    def figures(self) -> tuple[CameraFigures, ...]:
        """What each camera did so far."""
        return tuple(camera.figures for camera in self._cameras.values())

    async def wait_running(self) -> None:
        """Return once the town is laid out and frames are taken."""
        await self._running.wait()

    async def run(self) -> None:
        """Lay out the town, then take frames until cancelled."""
        studio = await asyncio.to_thread(self._lay_out)
        for source in self._feeds:
            self._cameras[source.id] = camera = Camera(source, studio, self._seed)
            camera.fault = self._faults.get(source.id)
        queue = FrameQueue()
        truth = _Truth(self._truth)
        workers = [
            threading.Thread(
                target=self._work, args=(queue, truth), name=f"camera-{n}", daemon=True
            )
            for n in range(_WORKERS)
        ]
        try:
            for worker in workers:
                worker.start()
            self._running.set()
            await self._take_turns(queue)
        finally:
            queue.close()
            for worker in workers:
                worker.join()
            truth.close()
            for camera in self._cameras.values():
                camera.close()

    def _lay_out(self) -> Studio:
        give_way()
        cv2.setNumThreads(1)
        frame = LocalFrame(self._town.origin)
        scene = build_scene(self._town, self._site, self._seed)
        crowd = Crowd(scene.streets, self._site, frame, self._seed)
        traffic = Traffic(scene.streets.lanes, self._seed)
        return Studio(Town3D(scene, crowd, traffic), frame, self._site.video)

    # -- in the event loop -----------------------------------------------------------------
    async def _take_turns(self, queue: FrameQueue) -> None:
        """Each feed on its own evenly spaced times, none at the same time as another."""
        start_s = self._clock.monotonic()
        turns = [(start_s + self._offset_s(n, True), n) for n in range(len(self._feeds))]
        heapq.heapify(turns)
        while turns:
            due_s, n = turns[0]
            left_s = due_s - self._clock.monotonic()
            if left_s > 0.0:
                await asyncio.sleep(left_s)
                continue
            live = self._take(queue, self._feeds[n], due_s)
            now_s = max(self._clock.monotonic(), due_s)
            heapq.heapreplace(turns, (self._after(now_s, start_s, n, live), n))

    def _take(self, queue: FrameQueue, source: FeedSource, due_s: float) -> bool:
        """Sample the pose and hand it on; whether the feed has its full rate."""
        aim = self._aim(source)
        if aim is None:
            return False
        queue.put(Job(self._cameras[source.id], aim, self._time.utc_us(), due_s))
        return aim.live

    def _aim(self, source: FeedSource) -> Aim | None:
        if source.kind is FeedKind.FIXED:
            return aim_of_fixed(self._site.camera(source.id), GROUND_AMSL_M)
        pose = self._poses(source.id)
        return None if pose is None else aim_of_drone(pose)

    def _period_s(self, live: bool) -> float:
        video = self._site.video
        return 1.0 / (video.fps if live else min(video.docked_fps, video.fps))

    def _offset_s(self, n: int, live: bool) -> float:
        return self._period_s(live) * n / len(self._feeds)

    def _after(self, now_s: float, start_s: float, n: int, live: bool) -> float:
        """The feed's next time on its grid: what was missed is not made up for."""
        period_s, first_s = self._period_s(live), start_s + self._offset_s(n, live)
        # A frame taken a little late must not be followed by one right after it.
        return first_s + (int((now_s - first_s) / period_s + 0.25) + 1) * period_s

    # -- in the workers --------------------------------------------------------------------
    def _work(self, queue: FrameQueue, truth: "_Truth") -> None:
        give_way()
        while (job := queue.take()) is not None:
            feed = job.camera.source.id
            try:
                shot = job.camera.take(job.aim, job.capture_utc_us)
                if shot is not None:
                    self._shots[feed] = shot
                    truth.write(shot)
            except Exception as error:
                if feed not in self._told:  # once: it comes again with each frame
                    self._told.add(feed)
                    logger.exception("feed %s: a picture could not be sent: %s", feed, error)
            finally:
                queue.done(job)


class _DayClock:
    """UTC in microseconds that advances with the monotonic clock, between the day's own steps."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_us = self._measured_us()

    def utc_us(self) -> int:
        measured = self._measured_us()
        if abs(measured - self._offset_us) > _CLOCK_STEP_US:
            self._offset_us = measured
        return round(self._clock.monotonic() * 1e6 + self._offset_us)

    def _measured_us(self) -> float:
        return self._clock.utc_ms() * 1000.0 + 500.0 - self._clock.monotonic() * 1e6


class _Truth:
    """The file of true boxes, if one is wanted."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._file: TextIOWrapper | None = None
        if path is not None:
            self._file = path.open("w", encoding="utf-8")

    def write(self, shot: CameraShot) -> None:
        if self._file is None:
            return
        people = [
            {
                "id": p.id,
                "box": [round(v, 5) for v in (p.box.left, p.box.top, p.box.width, p.box.height)],
            }
            for p in shot.people
        ]
        line = {"feed": shot.feed, "capture_utc_us": shot.capture_utc_us, "people": people}
        with self._lock:
            self._file.write(json.dumps(line) + "\n")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
