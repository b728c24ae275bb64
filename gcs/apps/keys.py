"""The `keys` verb: makes, installs, removes and shows the signing key of one drone.

A key is shown by its fingerprint alone. Installing opens the endpoint itself, so the gateway must
not run; what became of it is read off the vehicle's next packets and said in one sentence.
"""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path

from gcs.apps.shift import load_site
from gcs.apps.signing import stamps_of
from gcs.link.key_install import KeyInstaller
from gcs.link.keys import Keys, keys_of, new_key
from gcs.link.signing import VehicleSigning
from gcs.model.site import Site
from gcs.runtime.clock import SystemClock
from gcs.runtime.settings import BadSettings


@dataclass(frozen=True, slots=True)
class KeyOptions:
    """What was asked for. `endpoint` empty: the site's own, for `install`; none, for `remove`."""

    act: str
    drone: str
    site: str
    data: Path
    endpoint: str = ""
    system: bool = True


def main(options: KeyOptions) -> int:
    """Do it and say what happened; 0 when it is done."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        site = load_site(options.site, None)
        site.drone(options.drone)
        keys = keys_of(site.id, options.data, options.system)
        done, sentence = asyncio.run(_ACTS[options.act](options, site, keys))
    except KeyError:
        done, sentence = False, f"{options.drone} is not a drone of {site.name}"
    except BadSettings as error:
        done, sentence = False, str(error)
    print(sentence)
    return 0 if done else 1


async def _new(options: KeyOptions, site: Site, keys: Keys) -> tuple[bool, str]:
    drone, held = options.drone, keys.read(options.drone)
    if held is not None:
        return False, f"{drone} has a key already, {held.fingerprint}: remove it first"
    key = new_key()
    where = keys.write(drone, key)
    return True, f"a key for {drone}, {key.fingerprint}, is kept in {where}; install it next"


async def _show(options: KeyOptions, site: Site, keys: Keys) -> tuple[bool, str]:
    key = keys.read(options.drone)
    if key is None:
        return False, f"{options.drone} has no key here"
    return True, f"{options.drone}: {key.fingerprint}"


async def _install(options: KeyOptions, site: Site, keys: Keys) -> tuple[bool, str]:
    key = keys.read(options.drone)
    if key is None:
        return False, f"{options.drone} has no key here: make one with `keys new`"
    stamps = stamps_of(site.id, options.data)
    signing = VehicleSigning(options.drone, key, SystemClock(), stamps.load().get(options.drone))
    endpoint = options.endpoint or site.network(site.network_of(options.drone)).endpoints[0]
    if endpoint.endswith(":0"):
        return False, f"{site.name} has no fixed endpoint for {options.drone}: give --endpoint"
    async with KeyInstaller(site, options.drone, endpoint, signing) as installer:
        done, sentence = await installer.install(key)
    stamps.save({options.drone: signing})
    return done, sentence


async def _remove(options: KeyOptions, site: Site, keys: Keys) -> tuple[bool, str]:
    drone, key = options.drone, keys.read(options.drone)
    if key is None:
        return False, f"{drone} has no key here"
    if options.endpoint:
        stamps = stamps_of(site.id, options.data)
        signing = VehicleSigning(drone, key, SystemClock(), stamps.load().get(drone))
        async with KeyInstaller(site, drone, options.endpoint, signing) as installer:
            done, sentence = await installer.remove()
        stamps.save({drone: signing})
        if not done:
            return False, f"{sentence}; its key is kept here"
    keys.remove(drone)
    where = "from it and from here" if options.endpoint else "from here; not from the vehicle"
    return True, f"the key of {drone}, {key.fingerprint}, is removed {where}"


_ACTS = {"new": _new, "install": _install, "remove": _remove, "show": _show}
ACTS = tuple(_ACTS)
