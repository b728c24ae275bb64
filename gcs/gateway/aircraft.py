"""One record of each aircraft, whichever drones hear it. Forgets the old; judges nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from gcs.link.traffic_reports import HeardAircraft
from gcs.model.traffic import Aircraft

FORGOTTEN_S = 60.0
MOST = 300  # of a flood the ones heard last are kept
STAYS_WITH_S = 2.0  # the drone it is heard by is not changed while that one still hears it


@dataclass(frozen=True, slots=True)
class Track:
    """`at_s`: when its transmitter was last heard, on the monotonic clock."""

    heard: HeardAircraft
    at_s: float
    by: str

    def age_s(self, now_s: float) -> float:
        """Seconds since it was heard."""
        return max(0.0, now_s - self.at_s)

    def told(self, now_s: float) -> Aircraft:
        """For the picture."""
        heard = self.heard
        return Aircraft(
            icao=heard.icao,
            callsign=heard.callsign,
            category=heard.category,
            position=heard.position,
            amsl_m=heard.amsl_m,
            track_deg=heard.track_deg,
            speed_mps=heard.speed_mps,
            climb_mps=heard.climb_mps,
            age_s=round(self.age_s(now_s), 1),
            heard_by=self.by,
        )


class Tracks:
    """The aircraft by ICAO address."""

    def __init__(self) -> None:
        self._tracks: dict[int, Track] = {}

    def __len__(self) -> int:
        return len(self._tracks)

    def __iter__(self) -> Iterator[Track]:
        return iter(self._tracks.values())

    def take(self, heard: HeardAircraft, by: str, now_s: float) -> None:
        """A drone heard an aircraft. Of two that hear it the first is believed while it does."""
        new = Track(heard, now_s - heard.since_s, by)
        known = self._tracks.get(heard.icao)
        if known is not None and new.at_s < known.at_s + self._patience_s(known, new, now_s):
            return
        if known is None and len(self._tracks) >= MOST:
            oldest = min(self._tracks.values(), key=lambda t: t.at_s)
            del self._tracks[oldest.heard.icao]
        self._tracks[heard.icao] = new

    def forget_old(self, now_s: float) -> None:
        """Take out what nobody has heard for a minute."""
        old = [icao for icao, t in self._tracks.items() if t.age_s(now_s) > FORGOTTEN_S]
        for icao in old:
            del self._tracks[icao]

    @staticmethod
    def _patience_s(known: Track, new: Track, now_s: float) -> float:
        if new.by == known.by:
            return -0.5  # its age is told in whole seconds
        return STAYS_WITH_S if known.age_s(now_s) < STAYS_WITH_S + 1.0 else 0.0
