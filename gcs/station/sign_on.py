"""Who sits at this desk: lets a person in, and out again, while the program stays.

The password goes to the bus's server, which asks the keeper; it is kept in memory for as long as
the person is signed on, because a connection that is lost is proved anew.
"""

import asyncio
import logging

from gcs.model import check
from gcs.model.mission import KeeperReply
from gcs.model.people import EntryQuestion, Holder
from gcs.shared.access import BusAccess, signed_by
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.codec import BadMessage
from gcs.shared.faults import EntryRefused
from gcs.shared.subjects import Subjects
from gcs.station.actions import Outcome
from gcs.station.desk import Desk
from gcs.station.state import DeskState

log = logging.getLogger(__name__)

WHY_S = 2.0
NOBODY = "nobody"


class SignOn:
    """The desk's door. `own`: the desk's access without a person, from its join file."""

    def __init__(self, own: BusAccess, site: str, state: DeskState, acts: Desk) -> None:
        self._own = own
        self._names = Subjects(site)
        self._state = state
        self._acts = acts
        self._bus: Bus | None = None
        self._arrived = asyncio.Event()
        self._left = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    @property
    def person(self) -> str:
        """The id of who is signed on; empty when nobody is."""
        return self._state.me.person if self._bus is not None else ""

    async def on(self, person: str, password: str) -> Outcome:
        """Sign on at this desk, in the place of whoever is signed on here now.

        The role is in `DeskState.role`. Refused in words, and then who was here is here no more
        only if they could be signed off.
        """
        async with self._one_at_a_time:
            try:
                check.token("person", person)
            except ValueError as error:
                return Outcome(False, f"Nobody has such a name: {error}.")
            outcome = await self._leave()
            return await self._enter(person, password) if outcome.ok else outcome

    async def off(self) -> Outcome:
        """Sign off; refused while this desk holds a drone."""
        async with self._one_at_a_time:
            return await self._leave()

    # -- for the session -----------------------------------------------------------------------
    async def arrived(self) -> Bus:
        """The bus of the person who signed on, as soon as one does."""
        await self._arrived.wait()
        assert self._bus is not None
        self._arrived.clear()
        return self._bus

    async def left(self) -> None:
        """Returns once that person is signed off."""
        await self._left.wait()

    async def turned_away(self) -> str:
        """The bus lets the person in no more: nobody is signed on here now. Says why."""
        async with self._one_at_a_time:
            if self._bus is not None:
                await self._nobody()
            return await self._why()

    # -- how -----------------------------------------------------------------------------------
    async def _enter(self, person: str, password: str) -> Outcome:
        try:
            bus = await Bus.connect(signed_by(self._own, person, password), self._desk)
        except EntryRefused:
            return Outcome(False, await self._why())
        except NoAnswer as error:
            return Outcome(False, str(error))
        self._state.me = Holder(person, person, self._desk)  # the record has the name
        self._acts.attach(bus)
        self._bus = bus
        outcome = await self._acts.sign_on()
        if outcome.ok:
            self._left.clear()
            self._arrived.set()
        else:
            await self._nobody()
        return outcome

    async def _leave(self) -> Outcome:
        if self._bus is None:
            return Outcome(True, f"Nobody is signed on at {self._desk}.")
        outcome = await self._acts.sign_off()
        if outcome.ok:
            await self._nobody()
        return outcome

    async def _nobody(self) -> None:
        bus, self._bus = self._bus, None
        self._state.role = None
        self._state.me = Holder(NOBODY, "Nobody", self._desk)
        self._arrived.clear()
        self._left.set()
        if bus is not None:
            await bus.close()

    async def _why(self) -> str:
        """The keeper's reason, asked as the desk alone."""
        try:
            bus = await Bus.connect(self._own, self._desk)
        except EntryRefused:
            return (
                f"{self._desk} is not a desk of this site any more, or its join file is an old "
                "one: it needs the file of the shift that runs now."
            )
        except NoAnswer as error:
            return str(error)
        try:
            subject, question = self._names.refused_entry(self._desk), EntryQuestion(self._desk)
            return (await bus.request(subject, question, KeeperReply, WHY_S)).text
        except (NoAnswer, BadMessage) as error:
            return f"Not let in, and the keeper does not say why: {error}"
        finally:
            await bus.close()

    @property
    def _desk(self) -> str:
        return self._state.me.desk
