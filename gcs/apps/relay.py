"""The relay process: reads its join file, builds the relay, runs it."""

import secrets
from pathlib import Path

from gcs.apps import files, process
from gcs.model.site import OperatingMode
from gcs.relay.relay import Relay
from gcs.runtime.clock import SystemClock
from gcs.runtime.log import ErrorKeeper
from gcs.shared.bus import Bus
from gcs.shared.subjects import Subjects


def main(join: Path) -> int:
    """Run until a signal; returns the exit code."""
    return process.run("relay", join, _run)


async def _run(config: files.JoinFile, errors: ErrorKeeper) -> None:
    del errors
    relay = Relay(
        feeds=config.feeds,
        port=config.relay_port,
        tokens=config.relay_tokens,
        clock=SystemClock(),
        instance=secrets.token_hex(8),
        training=config.site.mode is OperatingMode.TRAINING,
    )
    names = Subjects(config.site.id)
    await relay.run(
        lambda: Bus.connect(config.bus, "relay"),
        names.relay_hello,
        names.vehicles(config.site.gateway),
    )
