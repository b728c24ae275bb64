"""Frames that wait for a worker: flying and fixed cameras before docked ones, newest only.

A frame of a feed replaces the one of the same feed that still waits. Docked feeds give way,
but not for ever.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from gcs.sim.cameras.aim import Aim
from gcs.sim.cameras.camera import Camera

_LONGEST_S = 1.0  # a docked feed waits no longer than that for its turn


@dataclass(frozen=True, slots=True)
class Job:
    """One frame to take."""

    camera: Camera
    aim: Aim
    capture_utc_us: int
    due_s: float


class FrameQueue:
    """Between the one thread that puts and the workers that take."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._live: OrderedDict[str, Job] = OrderedDict()
        self._docked: OrderedDict[str, Job] = OrderedDict()
        self._waits_since: dict[str, float] = {}
        self._busy: set[str] = set()
        self._closed = False

    def put(self, job: Job) -> None:
        """Never waits for a worker."""
        feed = job.camera.source.id
        with self._wake:
            lane, other = self._live, self._docked
            if not job.aim.live:
                lane, other = other, lane
            if other.pop(feed, None) is not None or lane.get(feed) is not None:
                job.camera.dropped += 1
            else:
                self._waits_since[feed] = job.due_s
            lane[feed] = job  # keeps its place in the line
            self._wake.notify()

    def take(self) -> Job | None:
        """The next frame, waited for; None once closed. Call `done` after it."""
        with self._wake:
            while not self._closed:
                job = self._next()
                if job is not None:
                    self._busy.add(job.camera.source.id)
                    return job
                self._wake.wait()
        return None

    def done(self, job: Job) -> None:
        """Its feed may be taken again."""
        with self._wake:
            self._busy.discard(job.camera.source.id)
            if self._live or self._docked:
                self._wake.notify()

    def close(self) -> None:
        """Wake everybody up for good."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def _next(self) -> Job | None:
        for feed, job in self._docked.items():
            waited_s = job.due_s - self._waits_since[feed]
            if waited_s > _LONGEST_S and feed not in self._busy:
                return self._docked.pop(feed)
        for lane in (self._live, self._docked):
            for feed in lane:
                if feed not in self._busy:
                    return lane.pop(feed)
        return None
