"""Receipts by command id: a command is executed once, a repeat is answered with what is known."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from gcs.control.stimulus import Refusal
from gcs.gateway.auditor import Auditor, Entry
from gcs.gateway.directory import Directory
from gcs.gateway.events import EventLog
from gcs.model.audit import AuditAction
from gcs.model.command import Command, Receipt, ReceiptState
from gcs.model.event import EventKind, Severity
from gcs.runtime.clock import Clock

REMEMBERED = 200

_SEVERITY: dict[ReceiptState, Severity] = {
    ReceiptState.FAILED: Severity.CAUTION,
    ReceiptState.NOT_OBSERVED: Severity.CAUTION,
    ReceiptState.REFUSED: Severity.CAUTION,
}


@dataclass(slots=True)
class _Page:
    command: Command
    begun_s: float
    first: asyncio.Future[Receipt]
    receipt: Receipt | None = None


class Ledger:
    """The receipts of the last 200 commands, and of all that are not over or still in time.

    `on_observed` is told of a command whose effect was seen at the vehicle.
    """

    def __init__(
        self, directory: Directory, events: EventLog, auditor: Auditor, clock: Clock
    ) -> None:
        self._directory = directory
        self._events = events
        self._auditor = auditor
        self._clock = clock
        self._pages: OrderedDict[str, _Page] = OrderedDict()
        self.on_observed: Callable[[Command], None] = lambda command: None

    def __len__(self) -> int:
        return len(self._pages)

    def open(self, command: Command) -> bool:
        """Begin a command's page; False if its id is known already."""
        if command.id in self._pages:
            return False
        first: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._pages[command.id] = _Page(command, self._clock.monotonic(), first)
        self._forget_old()
        return True

    def _forget_old(self) -> None:
        """The oldest that are over: one under way is still written to, however many came since,
        and one still in time could be executed a second time."""
        now_ms = self._clock.utc_ms()
        surplus = len(self._pages) - REMEMBERED
        for command_id, page in list(islice(self._pages.items(), max(0, surplus))):
            over = page.receipt is not None and page.receipt.final
            if over and now_ms > page.command.deadline_utc_ms:
                del self._pages[command_id]

    async def present(self, command: Command) -> Receipt:
        """The present receipt of an id; waits for the first one if it is still being made."""
        page = self._pages[command.id]
        if page.command != command:
            text = f"command id {command.id} was used for another command"
            return _receipt(command, ReceiptState.REFUSED, text, self._clock.utc_ms(), 0)
        await asyncio.shield(page.first)
        return page.receipt or page.first.result()

    def write(
        self,
        command: Command,
        state: ReceiptState,
        text: str,
        reasons: tuple[str, ...] = (),
        refusal: Refusal | None = None,
    ) -> Receipt:
        """The command's newest receipt. Not yet told to anybody."""
        page = self._pages[command.id]
        elapsed_ms = round((self._clock.monotonic() - page.begun_s) * 1000)
        receipt = _receipt(command, state, text, self._clock.utc_ms(), elapsed_ms, reasons, refusal)
        page.receipt = receipt
        if not page.first.done():
            page.first.set_result(receipt)
        return receipt

    def announce(self, command: Command, receipt: Receipt) -> None:
        """Tell every desk and the keeper of a receipt that was given as the answer."""
        self._events.add(
            EventKind.RECEIPT,
            command.drone,
            f"{command.drone}: {'; '.join((receipt.text, *receipt.reasons))}",
            receipt=receipt,
            incident=command.incident,
        )

    def tell(
        self,
        command: Command,
        state: ReceiptState,
        text: str,
        reasons: tuple[str, ...] = (),
        incident: str | None = None,
    ) -> Receipt:
        """As `write`, and to every desk as a RECEIPT event; the final one is audited.

        A receipt that is final stays as it is: what comes later is not told.
        """
        known = self._pages[command.id].receipt
        if known is not None and known.final:
            return known
        receipt = self.write(command, state, text, reasons)
        said = "; ".join((text, *reasons))
        severity = _SEVERITY.get(state, Severity.INFO)
        self._events.add(
            EventKind.RECEIPT,
            command.drone,
            f"{command.drone}: {said}",
            severity,
            receipt=receipt,
            incident=incident,
        )
        if state is ReceiptState.OBSERVED:
            self.on_observed(command)
        if receipt.final:
            outcome = f"{command.kind} {state}: {said}"
            by = self._directory.holder(command.person, command.desk)
            self._auditor.queue(
                Entry(AuditAction.OUTCOME, command.drone, outcome, by=by, incident=incident)
            )
        return receipt

    @contextmanager
    def told_if_stopped(self, command: Command, incident: str | None) -> Iterator[None]:
        """Work on a command that is cancelled ends in a receipt that says by what."""
        try:
            yield
        except asyncio.CancelledError as stop:
            why = str(stop.args[0]) if stop.args else "the gateway ends"
            text = f"{command.kind} was stopped: {why}"
            self.tell(command, ReceiptState.FAILED, text, incident=incident)
            raise


def _receipt(
    command: Command,
    state: ReceiptState,
    text: str,
    utc_ms: int,
    elapsed_ms: int,
    reasons: tuple[str, ...] = (),
    refusal: Refusal | None = None,
) -> Receipt:
    return Receipt(
        command_id=command.id,
        kind=command.kind,
        drone=command.drone,
        person=command.person,
        desk=command.desk,
        state=state,
        text=text,
        utc_ms=utc_ms,
        elapsed_ms=elapsed_ms,
        reasons=reasons,
        holder=refusal.holder if refusal else None,
        stale_epoch=refusal.stale_epoch if refusal else False,
    )
