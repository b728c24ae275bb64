"""Moves an alert's box along with the same person in the same feed, until in doubt.

It looks back for the picture in which the box was found, by capture time, and follows from there
to now; without such a picture there is no box. It recognises nobody: it compares small patches of
neighbouring pictures. A box that was dropped stays dropped.
"""

from collections import deque
from dataclasses import dataclass

import av
import cv2

from gcs.model.alert import Alert, Box
from gcs.runtime.clock import Clock
from gcs.video.canvas import Canvas, canvas_of
from gcs.video.frame import AlertBox
from gcs.video.motion import Motion, motion_between
from gcs.video.patch import TrackedPatch

HISTORY_S = 3.0
MOST_HISTORY = 96
# So many old pictures are gone through at each new one, so that catching up delays nothing.
CATCH_UP_STEPS = 4
# Across a longer gap nobody can be followed.
MOST_GAP_S = 0.65
# A time known no better than this names no picture: whoever walks is somewhere else by then.
MOST_UNCERTAINTY_MS = 500.0


@dataclass(slots=True, eq=False)
class _Moment:
    """A kept picture. `motion`: since the picture before it, once it was found."""

    number: int
    utc_us: int
    canvas: Canvas
    motion: Motion | None = None


@dataclass(slots=True)
class _Track:
    """`at`: number of the picture that `patch` lies in."""

    alert: Alert
    patch: TrackedPatch
    at: int


_Sighting = tuple[int, Box]  # when and where an alert's person was seen


class Tracker:
    """One feed's boxes; for the feed's own thread."""

    def __init__(self, clock: Clock) -> None:
        # A feed has one thread; OpenCV's own pool would only compete with the others.
        cv2.setNumThreads(1)
        self._clock = clock
        self._moments: deque[_Moment] = deque(maxlen=MOST_HISTORY)
        self._number = 0
        self._alerts: tuple[Alert, ...] = ()
        self._tracks: dict[str, _Track] = {}
        self._seen: dict[str, _Sighting] = {}

    def reset(self) -> None:
        """The stream was interrupted: what was followed is lost, what waited is too late."""
        self._moments.clear()
        self._tracks.clear()

    def follow(self, alerts: tuple[Alert, ...]) -> None:
        """These alerts and no others; one that comes again with its time and box is known."""
        if alerts is self._alerts:
            return
        self._alerts = alerts
        named = {alert.id for alert in alerts}
        self._tracks = {name: t for name, t in self._tracks.items() if name in named}
        self._seen = {name: seen for name, seen in self._seen.items() if name in named}

    def add(self, image: av.VideoFrame, utc_us: int | None) -> tuple[AlertBox, ...]:
        """Take the newest picture; where the boxes lie in it. None for an unknown time."""
        if utc_us is None:
            self.reset()
            return ()
        if self._moments and not self._continues(utc_us):
            self.reset()
        self._number += 1
        self._moments.append(_Moment(self._number, utc_us, canvas_of(image)))
        while utc_us - self._moments[0].utc_us > HISTORY_S * 1e6:
            self._moments.popleft()
        if not self._alerts:
            return ()
        self._begin()
        self._advance()
        return self._boxes()

    def _continues(self, utc_us: int) -> bool:
        step_us = utc_us - self._moments[-1].utc_us
        return 0 < step_us <= MOST_GAP_S * 1e6

    # -- new alerts ------------------------------------------------------------------------
    def _begin(self) -> None:
        """Start each new alert in its own picture, or never."""
        now_ms = self._clock.utc_ms()
        for alert in self._alerts:
            sighting = alert.capture_utc_us, alert.box
            if alert.expires_utc_ms <= now_ms:
                self._tracks.pop(alert.id, None)
                self._seen[alert.id] = sighting
            if self._seen.get(alert.id) == sighting:
                continue
            self._tracks.pop(alert.id, None)
            if self._is_early(alert):
                continue
            self._seen[alert.id] = sighting
            moment = self._moment_of(alert)
            patch = TrackedPatch.begin(moment.canvas, alert.box) if moment else None
            if moment is not None and patch is not None:
                self._tracks[alert.id] = _Track(alert, patch, moment.number)

    def _is_early(self, alert: Alert) -> bool:
        """Its picture may still be on its way here."""
        return alert.capture_utc_us > self._moments[-1].utc_us

    def _moment_of(self, alert: Alert) -> _Moment | None:
        """The picture nearest to the alert's time, within its uncertainty and one frame."""
        if len(self._moments) < 2 or alert.uncertainty_ms > MOST_UNCERTAINTY_MS:
            return None
        nearest = min(self._moments, key=lambda m: abs(m.utc_us - alert.capture_utc_us))
        allowed_us = alert.uncertainty_ms * 1000 + self._interval_us()
        return nearest if abs(nearest.utc_us - alert.capture_utc_us) <= allowed_us else None

    def _interval_us(self) -> float:
        return (self._moments[-1].utc_us - self._moments[0].utc_us) / (len(self._moments) - 1)

    # -- following -------------------------------------------------------------------------
    def _advance(self) -> None:
        if not self._tracks:
            return
        first = self._moments[0].number
        for name, track in list(self._tracks.items()):
            if track.at < first:
                del self._tracks[name]
                continue
            for _ in range(CATCH_UP_STEPS):
                if track.at == self._number:
                    break
                before = self._moments[track.at - first]
                moment = self._moments[track.at - first + 1]
                motion = self._motion(before, moment)
                if not track.patch.step(moment.canvas, motion, moment.utc_us - before.utc_us):
                    del self._tracks[name]
                    break
                track.at = moment.number

    @staticmethod
    def _motion(before: _Moment, moment: _Moment) -> Motion:
        """Found once for a picture, whatever the number of boxes in it."""
        if moment.motion is None:
            moment.motion = motion_between(before.canvas, moment.canvas)
        return moment.motion

    def _boxes(self) -> tuple[AlertBox, ...]:
        """Only of those who are followed up to this very picture."""
        return tuple(
            AlertBox(name, track.patch.box)
            for name, track in self._tracks.items()
            if track.at == self._number
        )
