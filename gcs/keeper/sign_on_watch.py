"""Holds the server to the record: who no longer has a role has no connection with it either.

Each second, and at once when somebody signs on or off: the directory is read again if it changed,
and a desk's connection that carries other rights than the record gives is ended. It comes again by
itself, is asked again, and gets what holds now, or nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress

from gcs.audit.log import AuditUnavailable
from gcs.keeper.people import People
from gcs.keeper.record import Record, RecordUnavailable
from gcs.keeper.roster import Roster
from gcs.keeper.sign_on import SignOn
from gcs.model.people import Holder
from gcs.runtime.settings import BadSettings
from gcs.shared.bus import NoAnswer
from gcs.shared.callout_guests import Guest, Guests

log = logging.getLogger(__name__)

LOOK_S = 1.0
# From being let in to having signed on.
TO_SIGN_ON_S = 5.0


class SignOnWatch:
    """Runs beside the keeper. `listing` is told who is connected at each look."""

    def __init__(
        self,
        people: People,
        record: Record,
        roster: Roster,
        sign_on: SignOn,
        guests: Guests,
        listing: Callable[[Iterable[Guest]], None],
    ) -> None:
        self._listing = listing
        self._people = people
        self._record = record
        self._roster = roster
        self._sign_on = sign_on
        self._guests = guests
        self._wake = asyncio.Event()
        self._said = ""

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self.look()
                self._said = ""
            except (BadSettings, AuditUnavailable, RecordUnavailable, NoAnswer) as error:
                if str(error) != self._said:
                    self._said = str(error)
                    log.warning("%s", error)

    async def look(self) -> None:
        """Once. Raises what its parts raise; the next look goes on from there."""
        failed: Exception | None = None
        try:
            self._people.read_again()
        except BadSettings as error:
            failed = error  # the directory as it was read last goes on counting
        try:
            await self._follow_directory()
        except (AuditUnavailable, RecordUnavailable) as error:
            failed = error  # who is out is out of the bus, on record or not
        for guest in await self._listed():
            if not self._may_stay(guest):
                log.info("%s is shown out: its rights have changed", guest.label)
                await self._guests.show_out(guest)
        if failed is not None:
            raise failed

    async def _listed(self) -> tuple[Guest, ...]:
        """The desks' connections; who lets in is told how many there are. Raises NoAnswer."""
        guests: tuple[Guest, ...] = ()
        try:
            guests = await self._guests.present()
        finally:
            self._listing(guests)
        return guests

    async def _follow_directory(self) -> None:
        async with self._roster.lock:
            for desk in self._record.desks.values:
                change = self._roster.after_directory(desk)
                if change is not None:
                    await self._sign_on.strike(desk, *change)

    def _may_stay(self, guest: Guest) -> bool:
        user, _, role = guest.label.partition(" ")
        person, at, desk = user.rpartition("@")
        if not at or not person:
            return True  # nobody's: it may ask why, and no more
        by = Holder(person, person, desk)
        known = self._people.person(person)
        if known is None or not self._roster.allowed(known):
            return False
        presence = self._roster.presence(by)
        if presence is None:
            return guest.age_s < TO_SIGN_ON_S and not self._roster.signed_off(by, guest.age_s)
        # As it has to be, also where that cannot be put on record.
        change = self._roster.after_directory(presence)
        due = change[0] if change is not None else presence
        return due is not None and due.role.value == role
