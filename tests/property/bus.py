"""The bus of the simulated world: requests, a bucket with revisions, the audit stream.

What goes over it is delayed, lost, doubled and overtaken; a write may land long after who sent
it gave up waiting.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gcs.model.control import ControlRecord
from tests.property.kernel import Kernel, Op, Party, Wake

WRITE_S = 1.0  # so long a write is waited for


class Unknown(Exception):
    """Nothing came back."""


class Conflict(Exception):
    """Another revision than expected."""


@dataclass(frozen=True, slots=True)
class Written:
    """A version of the control record, as the bucket had it from then on."""

    at: float
    record: ControlRecord
    before: ControlRecord | None


@dataclass(frozen=True, slots=True)
class Audited:
    """An entry of the audit stream: from one record to the next. `attempt`: whose it is."""

    at: float
    before: ControlRecord
    after: ControlRecord
    attempt: object


class Bus:
    """`rough`: it delays and loses. `down`: nothing gets through."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.rough = 0.0
        self.down = False
        self.values: dict[str, tuple[int, Any]] = {}
        self.history: list[Written] = []
        self.audit: list[Audited] = []
        self.not_done: set[object] = set()  # attempts that came to nothing, and it is told
        self.watchers: list[Callable[[int, ControlRecord], None]] = []
        self.expects_revisions = True
        self._revision = 0

    def carry(self, party: Party, what: Callable[[], None], doubles: bool = False) -> None:
        """One way of a message of `party`, or to it."""
        if self.down or party.cut:
            return
        rng = self.kernel.rng
        if rng.random() >= self.rough * 0.2:
            self.kernel.at(self._delay_s(), what)
        if doubles and rng.random() < self.rough * 0.3:
            self.kernel.at(self._delay_s() + rng.choice((0.0, 0.5, 2.0)), what)

    def _delay_s(self) -> float:
        rng = self.kernel.rng
        if rng.random() < self.rough * 0.3:
            return rng.uniform(0.05, 0.8)
        return rng.uniform(0.001, 0.01)

    # -- what a process waits for --------------------------------------------------------------
    def put(self, key: str, value: Any, revision: int | None) -> Op:
        """The new revision; Conflict; or Unknown, and then it may be written, now or later."""

        def change() -> int | Exception:
            have = self.values.get(key)
            if self.expects_revisions and (have[0] if have else None) != revision:
                return Conflict(key)
            self._revision += 1
            self.values[key] = self._revision, value
            if isinstance(value, ControlRecord):
                self._recorded(have[1] if have else None, value)
            return self._revision

        return self._asked(change, late=True)

    def get(self, key: str) -> Op:
        """(revision, value) or None; Unknown when nothing came back."""
        return self._asked(lambda: self.values.get(key))

    def store(self, before: ControlRecord, after: ControlRecord, attempt: object) -> Op:
        """An audit entry; Unknown when it is not known to be stored."""
        return self._asked(
            lambda: self.audit.append(Audited(self.kernel.now, before, after, attempt))
        )

    def _asked(self, act: Callable[[], Any], late: bool = False) -> Op:
        def op(party: Party, wake: Wake) -> None:
            def there() -> None:
                found = act()
                told = {"error": found} if isinstance(found, Exception) else {"value": found}
                self.carry(party, lambda: wake(**told))

            if late and self.kernel.rng.random() < self.rough * 0.1:
                self.kernel.at(self.kernel.rng.uniform(0.5, 3.0), act)  # of an older connection
            else:
                self.carry(party, there)
            party.after(WRITE_S, lambda: wake(error=Unknown("nothing came back")))

        return op

    def _recorded(self, before: ControlRecord | None, record: ControlRecord) -> None:
        self.history.append(Written(self.kernel.now, record, before))
        for watcher in self.watchers:
            watcher(self._revision, record)
