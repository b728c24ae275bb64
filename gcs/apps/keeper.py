"""The keeper process: opens the shift's audit chain, builds the keeper, runs it."""

from contextlib import AsyncExitStack
from pathlib import Path

from gcs.apps import files, process
from gcs.audit.log import AuditLog
from gcs.keeper.keeper import Keeper
from gcs.keeper.people import People
from gcs.runtime.clock import SystemClock
from gcs.runtime.log import ErrorKeeper
from gcs.runtime.settings import BadSettings
from gcs.shared.bus import Bus
from gcs.shared.callout import Callout
from gcs.shared.callout_guests import Guests
from gcs.shared.nkey import AccountKey


def main(join: Path) -> int:
    """Run until a signal; returns the exit code."""
    return process.run("keeper", join, _run)


async def _run(config: files.JoinFile, errors: ErrorKeeper) -> None:
    del errors
    clock, sign_on = SystemClock(), config.sign_on
    if sign_on is None:
        raise BadSettings("sign_on: is missing: without it the keeper can let nobody in")
    people, callout = People(Path(sign_on.directory)), Callout(config.bus, _key(sign_on), clock)
    async with AsyncExitStack() as opened:
        bus = await Bus.connect(config.bus, "keeper")
        opened.push_async_callback(bus.close)
        guests = await Guests.open(sign_on.warden, config.site.id)
        opened.push_async_callback(guests.close)
        opened.push_async_callback(callout.close)
        log = AuditLog(config.folder / files.AUDIT_FILE, clock)
        build, deployments = process.build(), config.deployments
        keeper = Keeper(bus, config.site, clock, log, build, people, callout, guests, deployments)
        await keeper.run()


def _key(sign_on: files.SignOnFile) -> AccountKey:
    try:
        return AccountKey.from_seed(sign_on.seed)
    except ValueError as error:
        raise BadSettings(f"sign_on.seed: {error}") from None
