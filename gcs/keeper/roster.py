"""Who is signed on where, in which role, and whether their desk is alive."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from gcs.keeper.missions import Refused
from gcs.keeper.people import People
from gcs.keeper.record import Record
from gcs.model.mission import DeskHello, DeskPresence
from gcs.model.people import FLYING_ROLES, Holder, Person, Role
from gcs.model.site import Site
from gcs.runtime.clock import Clock

SILENT_AFTER_S = 5.0
TO_LEAVE_S = 2.0


def not_the_same(claimed: Holder, person: str, desk: str) -> str:
    """What is wrong with who is named in a request, where NATS let in another."""
    if claimed.person != person:
        return f"{person} may not act as {claimed.person}."
    return f"{desk} may not act for {claimed.desk}."


class Roster:
    """The desks of the record, and when each was last heard.

    `holds`: the drones a person at a desk holds.
    """

    def __init__(
        self,
        site: Site,
        people: People,
        record: Record,
        clock: Clock,
        holds: Callable[[Holder], tuple[str, ...]],
    ) -> None:
        self._holds = holds
        self._people = people
        self._site = site
        self._record = record
        self._clock = clock
        self._heard_s: dict[str, float] = {}
        # One for all desks: a person's role at one depends on the others.
        self.lock = asyncio.Lock()

    def by_directory(self, by: Holder) -> Holder | None:
        """The same person and desk, under the directory's name; None for a stranger."""
        person = self._people.person(by.person)
        return Holder(person.id, person.name, by.desk) if person else None

    def allowed(self, person: Person) -> bool:
        """Whether this site is among the person's."""
        return not person.boroughs or self._site.id in person.boroughs

    def presence(self, by: Holder) -> DeskPresence | None:
        """This person's sign-on at this desk."""
        found = self._record.desks.get(by.desk)
        if found is None or not found.signed_on or found.holder.person != by.person:
            return None
        return found

    def signed_off(self, by: Holder, connected_s: float) -> bool:
        """Whether a connection of that age has signed on and off again, and has had the time to
        end itself."""
        found = self._record.desks.get(by.desk)
        if found is None or found.signed_on or found.holder.person != by.person:
            return False
        off_s = (self._clock.utc_ms() - found.since_utc_ms) / 1000
        return TO_LEAVE_S <= off_s < connected_s

    def present(self, holder: Holder) -> bool:
        """Whether the desk is signed on by this person and alive."""
        found = self.presence(holder)
        return found is not None and found.present

    def may_fly(self, by: Holder) -> Refused | None:
        """None when this person may take incidents and drones from this desk."""
        found = self.presence(by)
        if found is None:
            return Refused(f"{by.name} is not signed on at {by.desk}: sign on first.")
        if found.role not in FLYING_ROLES:
            return Refused(f"{by.label} observes: only pilots and supervisors may do this.")
        return None

    def signing_on(self, by: Holder) -> DeskPresence | Refused:
        """What signing on would make of the desk's entry."""
        now = self._record.desks.get(by.desk)
        if now is not None and now.signed_on and now.present and now.holder.person != by.person:
            return Refused(f"{now.holder.label} is signed on there.")
        person = self._people.person(by.person)
        if person is None:
            return Refused(f"{by.person} is not in this site's directory.")
        role = self._role(by, person)
        return DeskPresence(by, role, self._clock.utc_ms(), present=True, person=person)

    def elsewhere(self, by: Holder) -> DeskPresence | None:
        """Where else this person is signed on and present, and does not observe."""
        for desk in self._record.desks.values:
            same = desk.holder.person == by.person and desk.holder.desk != by.desk
            if same and desk.signed_on and desk.present and desk.role is not Role.OBSERVER:
                return desk
        return None

    def _role(self, by: Holder, person: Person) -> Role:
        return Role.OBSERVER if self.elsewhere(by) else person.role

    def after_directory(self, desk: DeskPresence) -> tuple[DeskPresence | None, str] | None:
        """What the directory makes of a sign-on, and why; None when it stands as it is.

        A None for the sign-on ends it.
        """
        if not desk.signed_on:
            return None
        person = self._people.person(desk.holder.person)
        if person is None or not self.allowed(person):
            return None, f"{desk.holder.label} is signed off: no longer in this site's directory."
        if person == desk.person:
            return self._after_second_desk(desk)
        holder = Holder(person.id, person.name, desk.holder.desk)
        role = self._role(holder, person)
        now = replace(desk, holder=holder, role=role, person=person)
        return now, f"{holder.label} is signed on as {role.value}: the directory has changed."

    def _after_second_desk(self, desk: DeskPresence) -> tuple[DeskPresence, str] | None:
        """Who was silent here and has signed on elsewhere since has the role there alone. A desk
        that holds a drone keeps it as long."""
        later = self.elsewhere(desk.holder)
        if desk.role is Role.OBSERVER or later is None or self._holds(desk.holder):
            return None
        if later.since_utc_ms <= desk.since_utc_ms:
            return None
        text = (
            f"{desk.holder.name} is signed on at {later.holder.desk}: {desk.holder.desk} observes."
        )
        return replace(desk, role=Role.OBSERVER), text

    # -- signs of life -------------------------------------------------------------------------
    def heard(self, desk: str) -> None:
        """A desk showed that it lives."""
        self._heard_s[desk] = self._clock.monotonic()

    async def hello(self, hello: DeskHello) -> None:
        """A desk's own word. One that did not sign on is not listed. Raises RecordUnavailable."""
        found = self.presence(hello.by)
        if found is None:
            return
        self.heard(hello.by.desk)
        if not found.present:
            await self._write(hello.by.desk, present=True)

    async def notice_silence(self) -> None:
        """Mark desks that were not heard for 5 s as absent. Raises RecordUnavailable."""
        now_s = self._clock.monotonic()
        for desk in self._record.desks.values:
            name = desk.holder.desk
            heard_s = self._heard_s.setdefault(name, now_s)  # since a restart: give it its time
            if desk.present and now_s - heard_s >= SILENT_AFTER_S:
                await self._write(name, present=False)

    async def _write(self, name: str, *, present: bool) -> None:
        async with self.lock:
            desk = self._record.desks.get(name)
            if desk is None or desk.present == present or not desk.signed_on:
                return
            # Who signed on elsewhere while this desk was silent keeps the role there.
            person = self._people.person(desk.holder.person)
            role = desk.role
            if present and person is not None and not self._holds(desk.holder):
                role = self._role(desk.holder, person)
            await self._record.desks.write(name, replace(desk, present=present, role=role))
