"""Which possible match stands before the operator. Decides nothing; Qt-free.

Nothing is exchanged under the operator's hand: the chosen one stays until it is over, tells for
some seconds how it ended, and then a person chooses the next. Only a panel that had nothing to
show takes the first one that comes by itself.
"""

from gcs.model.alert import STILL_OPEN, AlertRecord
from gcs.station.state import DeskState

LINGER_S = 8.0


def waits(record: AlertRecord, now_utc_ms: int) -> bool:
    """Whether a person may still act on it: neither decided nor past its end."""
    return record.state in STILL_OPEN and now_utc_ms < record.alert.expires_utc_ms


class AlertQueue:
    """`look` after every change and every second."""

    def __init__(self, state: DeskState) -> None:
        self._state = state
        self._chosen = ""
        self._ended_at_s: float | None = None
        self._had_nothing = True

    @property
    def chosen(self) -> str:
        """The alert that is shown; empty for none."""
        return self._chosen

    @property
    def waiting(self) -> tuple[AlertRecord, ...]:
        """All that wait for a person, the newest first."""
        now = self._state.clock.utc_ms()
        return tuple(r for r in self._state.open_alerts if waits(r, now))

    def choose(self, alert: str) -> None:
        """A person's choice; an unknown one is none."""
        self._chosen = alert if self._state.alert(alert) is not None else ""
        self._ended_at_s = None
        self._had_nothing = False

    def look(self) -> None:
        """Let go of what is over, show what comes to an empty panel."""
        self._let_go()
        if self._chosen:
            return
        waiting = self.waiting
        if not waiting:
            self._had_nothing = True
        elif self._had_nothing and len(waiting) == 1:
            self.choose(waiting[0].alert.id)
        else:
            self._had_nothing = False

    def _let_go(self) -> None:
        if not self._chosen:
            return
        record = self._state.alert(self._chosen)
        if record is None:
            self._chosen = ""
        elif waits(record, self._state.clock.utc_ms()):
            self._ended_at_s = None
        elif self._ended_at_s is None:
            self._ended_at_s = self._state.clock.monotonic()
        elif self._state.clock.monotonic() - self._ended_at_s >= LINGER_S:
            self._chosen = ""
