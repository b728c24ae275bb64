"""Who may connect from a desk, and as what: the keeper's answers to the server's callout.

Two proofs are needed: the desk's own secret, from its join file, and the person's password. What
is let in is the person in the role they have at that desk, and the server holds them to it.
"""

import logging
import math
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import replace

from gcs.audit.log import AuditUnavailable
from gcs.keeper.book import Act, AuditBook
from gcs.keeper.missions import Refused
from gcs.keeper.people import People
from gcs.keeper.roster import Roster
from gcs.keeper.sign_on_guesses import Guesses
from gcs.model.audit import AuditAction
from gcs.model.mission import KeeperReply
from gcs.model.people import EntryQuestion, Holder, Person
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.shared.callout import Admission, Attempt
from gcs.shared.callout_guests import Guest
from gcs.shared.roles import desk_user, empty_desk_user

log = logging.getLogger(__name__)

# A desk that knocks on and on is on record once, and a flood up to so many a minute.
ON_RECORD_S = 60.0
ON_RECORD_A_MINUTE = 20
# A desk needs one, and some more while it comes back after a loss.
MOST_CONNECTIONS = 16
_NOBODY = Holder("unknown", "unknown", "unknown")


class Entry:
    """Decides; audits what it refuses; tells a desk why, when that asks."""

    def __init__(
        self, site: Site, people: People, roster: Roster, book: AuditBook, clock: Clock
    ) -> None:
        self._site = site
        self._people = people
        self._roster = roster
        self._book = book
        self._clock = clock
        self._guesses = Guesses(clock)
        self._why: dict[str, str] = {}
        # By desk: as the server listed them last, and those let in since.
        self._connections: Counter[str] = Counter()
        self._recorded: deque[tuple[float, str]] = deque(maxlen=ON_RECORD_A_MINUTE)

    def listed(self, guests: Iterable[Guest]) -> None:
        """Who is connected, as the server says it; none where it did not say."""
        self._connections = Counter(guest.desk for guest in guests)

    async def decide(self, attempt: Attempt) -> Admission | None:
        """The user to let in; None to refuse."""
        person, at, desk = attempt.user.rpartition("@")
        secret, _, password = attempt.password.partition(" ")
        if not (at and self._people.knows_desk(desk, secret)):
            text = f"{attempt.user[:80]!r} from {attempt.host[:40]} is not a desk of this site."
            await self._on_record(_NOBODY, text)
            return None
        if self._connections[desk] >= MOST_CONNECTIONS:
            await self._on_record(
                replace(_NOBODY, desk=desk), f"{desk} has {MOST_CONNECTIONS} connections already."
            )
            return None
        self._connections[desk] += 1
        if not person:
            return Admission(empty_desk_user(self._site.id, desk), attempt.user)
        found = self._people.person(person)
        by = Holder(found.id, found.name, desk) if found else replace(_NOBODY, desk=desk)
        outcome = await self._judge(found, by, attempt.user, password)
        if isinstance(outcome, Admission):
            self._why.pop(desk, None)
            return outcome
        self._why[desk] = outcome.text
        await self._on_record(by, outcome.text)
        return None

    async def why(self, subject: str, question: EntryQuestion) -> KeeperReply:
        """The last refusal at a desk, for whoever sits there."""
        desk = subject.rpartition(".")[2]
        nothing = "Nothing was refused at this desk since the keeper started: try again."
        if question.desk != desk:
            return KeeperReply(False, f"{desk} may not ask for {question.desk}.")
        return KeeperReply(False, self._why.get(desk, nothing))

    async def _judge(
        self, found: Person | None, by: Holder, user: str, password: str
    ) -> Admission | Refused:
        if found is None:
            self._guesses.wrong(by.person, by.desk)
            return Refused(f"{user.rpartition('@')[0][:64]!r} is not in this site's directory.")
        wrong = await self._against_password(found, by.desk, password)
        if wrong is not None:
            return wrong
        if not self._roster.allowed(found):
            return Refused(f"{found.name} is not authorised for {self._site.name}.")
        presence = self._roster.signing_on(by)
        if isinstance(presence, Refused):
            return presence
        as_user = desk_user(self._site.id, found.id, by.desk, presence.role)
        return Admission(as_user, f"{user} {presence.role.value}")

    async def _against_password(self, found: Person, desk: str, password: str) -> Refused | None:
        # A desk that knocks again while its password is being proved guesses nothing.
        if not self._people.looks_into(found.id, password, desk):
            wait_s = self._guesses.wait_s(found.id, desk)
            if wait_s > 0:
                return Refused(
                    f"Too many wrong passwords at {desk}: the next is looked at in "
                    f"{math.ceil(wait_s)} s."
                )
            if self._people.remembers(found.id, password, desk):
                return None
            # Counted before it is looked at: many at once are no way around the limit.
            self._guesses.wrong(found.id, desk)
            right = await self._people.proves(found.id, password, desk)
            if right:
                self._guesses.right(found.id, desk)
        else:
            right = await self._people.proves(found.id, password, desk)
        return None if right else Refused(f"This is not {found.name}'s password.")

    async def _on_record(self, by: Holder, text: str) -> None:
        now_s = self._clock.monotonic()
        while self._recorded and now_s - self._recorded[0][0] >= ON_RECORD_S:
            self._recorded.popleft()
        said = f"{by.desk} {text}"
        if len(self._recorded) == ON_RECORD_A_MINUTE or any(s == said for _, s in self._recorded):
            return
        self._recorded.append((now_s, said))
        log.warning("not let in: %s", text)
        try:
            await self._book.write(Act(AuditAction.REFUSAL, "sign_on", text, by))
        except AuditUnavailable as error:
            log.error("a refused sign-on is not on record: %s", error)
