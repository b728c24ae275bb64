"""The gateway process: reads its join file, builds the gateway, runs it."""

import asyncio
import gc
import secrets
from pathlib import Path

from gcs.apps import files, process
from gcs.apps.signing import signing_of, stamps_of
from gcs.gateway.gateway import Gateway
from gcs.runtime.clock import SystemClock
from gcs.runtime.lock import SoleLock
from gcs.runtime.log import ErrorKeeper
from gcs.shared.bus import Bus


def main(join: Path) -> int:
    """Run until a signal; returns the exit code."""
    return process.run(join.stem, join, _run)  # a stand-by keeps a log of its own


async def _run(config: files.JoinFile, errors: ErrorKeeper) -> None:
    del errors
    clock, data = SystemClock(), config.folder.parents[1]
    signing = signing_of(config.site, data, clock)
    bus = await Bus.connect(config.bus, "gateway")
    stamps = asyncio.create_task(stamps_of(config.site.id, data).run(signing))
    try:
        gateway = Gateway(
            bus=bus,
            site=config.site,
            clock=clock,
            build=process.build(),
            instance=secrets.token_hex(8),
            simulated=True,
            lock=SoleLock(config.folder / f"{config.site.gateway}.lock"),
            signing=signing,
        )
        _spare_the_collector()
        await gateway.run()
    finally:
        stamps.cancel()
        await asyncio.gather(stamps, return_exceptions=True)
        await bus.close()


def _spare_the_collector() -> None:
    """What the gateway is made of is never garbage, and each packet makes short-lived objects:
    left alone, the collector takes a third of the time of a city's telemetry."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
