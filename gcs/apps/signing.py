"""The signing of a site's vehicles, from the key store and the last run's time stamps."""

import logging
from pathlib import Path

from gcs.link.keys import keys_of
from gcs.link.signing import VehicleSigning
from gcs.link.time_stamps import TimeStampFile
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.runtime.settings import BadSettings

log = logging.getLogger(__name__)


def stamps_of(site: str, data: Path) -> TimeStampFile:
    """Where the last time stamps of a site's vehicles are kept."""
    return TimeStampFile(data / "keys" / f"{site}.stamps.json")


def signing_of(site: Site, data: Path, clock: Clock) -> dict[str, VehicleSigning]:
    """Of every drone that is to be signed: one whose key is not found gets none."""
    wanted = [d.id for d in site.drones if d.signing]
    if not wanted:
        return {}
    keys, stamps = keys_of(site.id, data), stamps_of(site.id, data).load()
    found = {}
    for drone in wanted:
        try:
            key = keys.read(drone)
        except BadSettings as error:
            log.error("%s: %s", drone, error)
            key = None
        found[drone] = VehicleSigning(drone, key, clock, stamps.get(drone))
    return found
