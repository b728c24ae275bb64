"""Keeps the signing time stamps of a site's vehicles from one run to the next.

On disk stands a time that lies ahead of what was sent, so that a gateway that dies without a
word never uses one twice. A stand-by that shares the file only ever moves it forward, and learns
from it how far the instance that speaks has come: a vehicle would take an heir's packets with
older stamps for a replay.
"""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path

from gcs.link.signing import TICKS_PER_S, TimeStamps, VehicleSigning
from gcs.runtime.settings import BadSettings, load_secret_json, save_secret_json

SAVE_S = 5.0
AHEAD_TICKS = 2 * int(SAVE_S) * TICKS_PER_S

log = logging.getLogger(__name__)


class TimeStampFile:
    """One site's. A file that cannot be read counts as empty and is said so: the vehicles' own
    time stamps are heard before anything is sent."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sent: dict[str, int] = {}

    def load(self) -> dict[str, TimeStamps]:
        """The last run's, by drone."""
        if not self._path.exists():
            return {}
        try:
            return load_secret_json(self._path, dict[str, TimeStamps])
        except BadSettings as error:
            log.warning("the last signing time stamps are not known: %s", error)
            return {}

    def save(self, signing: Mapping[str, VehicleSigning], ahead_ticks: int = AHEAD_TICKS) -> None:
        """Put the newest on disk, in one step. Raises OSError."""
        kept = self.load()
        for drone, one in signing.items():
            silent = one.stamps.sent == self._sent.get(drone)
            ahead = 0 if silent else ahead_ticks
            kept[drone] = _later(kept.get(drone, TimeStamps()), one.stamps, ahead)
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        save_secret_json(self._path, kept)

    async def run(self, signing: Mapping[str, VehicleSigning]) -> None:
        """Save now and then until cancelled, and once more at the end."""
        if not signing:
            return
        try:
            while True:
                await asyncio.to_thread(self._save_or_say, signing)
                await asyncio.sleep(SAVE_S)
                self.learn(signing, await asyncio.to_thread(self.load))
        finally:
            self._save_or_say(signing)

    def learn(self, signing: Mapping[str, VehicleSigning], kept: Mapping[str, TimeStamps]) -> None:
        """Take over what is kept for those to whom nothing was sent since this was last asked."""
        for drone, one in signing.items():
            silent = one.stamps.sent == self._sent.get(drone, one.stamps.sent)
            if silent and drone in kept:
                one.stamps.sent = max(one.stamps.sent, kept[drone].sent)
            self._sent[drone] = one.stamps.sent

    def _save_or_say(self, signing: Mapping[str, VehicleSigning]) -> None:
        try:
            self.save(signing)
        except (FileExistsError, FileNotFoundError):
            log.debug("a stand-by stores the time stamps just now")
        except OSError as error:
            log.error("the signing time stamps cannot be stored: %s", error.strerror)


def _later(kept: TimeStamps, now: TimeStamps, ahead_ticks: int) -> TimeStamps:
    sent = now.sent + ahead_ticks if now.sent else 0
    streams = {k: max(v, now.streams.get(k, 0)) for k, v in kept.streams.items()}
    return TimeStamps(
        max(kept.sent, sent), max(kept.heard, now.heard), {**dict(now.streams), **streams}
    )
