"""The keeper process: opens the shift's audit chain, builds the keeper, runs it."""

from pathlib import Path

from gcs.apps import files, process
from gcs.audit.log import AuditLog
from gcs.keeper.keeper import Keeper
from gcs.runtime.clock import SystemClock
from gcs.runtime.log import ErrorKeeper
from gcs.shared.bus import Bus


def main(join: Path) -> int:
    """Run until a signal; returns the exit code."""
    return process.run("keeper", join, _run)


async def _run(config: files.JoinFile, errors: ErrorKeeper) -> None:
    del errors
    clock = SystemClock()
    bus = await Bus.connect(config.bus, "keeper")
    try:
        log = AuditLog(config.folder / files.AUDIT_FILE, clock)
        build, deployments = process.build(), config.deployments
        await Keeper(bus, config.site, clock, log, build, deployments).run()
    finally:
        await bus.close()
