"""A hand-over as giver and receiver both see it: its brief line by line, its pre-checks, and what
this desk does next. Pure: desk state in, values out.
"""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model.brief import BriefItem, BriefSheet, Line, PreCheck
from gcs.model.control import GIVING, RECEIVING, ControlRecord, ControlState, Handover
from gcs.model.function import Function
from gcs.station.state import BRIEF_STALE_S, DeskState
from ui.models.handing import Change, Part, change_of
from ui.text import Tone, age


class Step(StrEnum):
    """What this desk does next; the words on the button."""

    ARM = "You have control?"
    ASSUME = "I have control"
    PROVE = "Hold"
    CONFIRM = "Confirm"


@dataclass(frozen=True, slots=True)
class BriefLine:
    """One line. `changed`: it was ticked, and what matters in it is another since."""

    line: Line
    title: str
    text: str
    ticked: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One pre-check that does not pass. `waivable`: by this desk, now."""

    key: str
    text: str
    waivable: bool


@dataclass(frozen=True, slots=True)
class HandoverView:
    """All that the panel shows. `why_not`: why the step cannot be taken now, empty when it can."""

    change: Change
    title: str
    reason: str
    doing: str
    tone: Tone
    lines: tuple[BriefLine, ...]
    alerts: tuple[BriefLine, ...]
    failing: tuple[CheckLine, ...]
    passing: str
    heard: str
    may_tick: bool
    step: Step
    why_not: str
    may_end: bool

    @property
    def next_line(self) -> str:
        """The key of the first line that is not ticked; empty when all are."""
        return next((n.line.key for n in self.lines if not n.ticked), "")

    @property
    def changed_line(self) -> str:
        """The key of the first that was ticked and has changed; empty when none has."""
        return next((n.line.key for n in self.lines if n.changed and not n.ticked), "")


class Readings:
    """Remembers what was ticked in each hand-over, to mark what has changed since."""

    def __init__(self) -> None:
        self._ticked: dict[tuple[str, str], str] = {}

    def changed(self, handover: Handover, line: Line) -> bool:
        """Whether it was ticked as something else; learns what is ticked now."""
        for ticked in handover.ticked:
            self._ticked[handover.id, ticked.key] = ticked.digest
        return self._ticked.get((handover.id, line.key), line.digest) != line.digest


def handover_of(state: DeskState, drone: str) -> ControlRecord | None:
    """The hand-over of this drone in which this desk gives or receives."""
    return next((r for r in state.handovers() if r.drone == drone), None)


def handover_view(
    state: DeskState, record: ControlRecord, readings: Readings
) -> HandoverView | None:
    """What the panel shows of it; None when this desk has no part in it."""
    handover, change = record.handover, change_of(state, record.drone)
    if handover is None or change is None or change.part is Part.NEITHER:
        return None
    sheet, heard_s = state.last_brief(record.drone, record.function)
    stale = sheet is not None and heard_s >= BRIEF_STALE_S
    giving = record.state in GIVING
    lines = _lines(sheet, handover, readings, needed=True)
    failing = _failing(state, record, sheet)
    doing = _doing(state, record, change, lines, failing)
    if giving and stale:
        doing = f"This brief is {age(heard_s)} old: nothing can be ticked before a newer one comes."
    elif giving and sheet is None:
        doing = "The gateway fills the brief."
    step, why_not = _step(state, record, change, doing)
    return HandoverView(
        change=change,
        title=_title(record, change, handover),
        reason=handover.reason,
        doing=doing,
        tone=Tone.CAUTION if giving and stale else Tone.ACCENT if change.acts else Tone.TEXT,
        lines=lines,
        alerts=_lines(sheet, handover, readings, needed=False),
        failing=failing,
        passing=_passing(sheet),
        heard=f"{age(heard_s)} ago" if sheet is not None else "",
        may_tick=change.part is Part.RECEIVER
        and record.state in (ControlState.BRIEFING, ControlState.CHECKED)
        and sheet is not None
        and not stale,
        step=step,
        why_not=why_not,
        may_end=giving,
    )


def _title(record: ControlRecord, change: Change, handover: Handover) -> str:
    what = f"the camera of {record.drone}" if record.function is Function.PAYLOAD else record.drone
    if change.part is Part.GIVER and not handover.voluntary:
        return f"{handover.receiver.label} took {what} over"
    if change.part is Part.GIVER:
        return f"You hand {what} to {handover.receiver.label}"
    giver = handover.giver.label if handover.giver else "Nobody"
    return f"{giver} hands you {what}" if handover.voluntary else f"You take {what} over"


def _lines(
    sheet: BriefSheet | None, handover: Handover, readings: Readings, needed: bool
) -> tuple[BriefLine, ...]:
    items: tuple[BriefItem, ...] = sheet.items if sheet else ()
    return tuple(
        BriefLine(
            item.line,
            item.title,
            item.text,
            item.line in handover.ticked,
            readings.changed(handover, item.line),
        )
        for item in items
        if item.needed is needed
    )


def _failing(
    state: DeskState, record: ControlRecord, sheet: BriefSheet | None
) -> tuple[CheckLine, ...]:
    checks = tuple(c for c in sheet.checks if not c.ok) if sheet else ()
    return tuple(_check(state, record, check) for check in checks)


def _check(state: DeskState, record: ControlRecord, check: PreCheck) -> CheckLine:
    handover = record.handover
    assert handover is not None, "asked by the caller"
    waived = {person for key, person in handover.waived if key == check.key}
    both = tuple(h for h in (handover.giver, handover.receiver) if h)
    names = [("you" if h == state.me else h.name) for h in both if h.person in waived]
    said = ""
    if names:
        said = " · waived by " + ("both" if len(names) == len(both) else f"{names[0]}, both must")
    elif not check.waivable:
        said = " · cannot be waived"
    open_still = record.state in (ControlState.BRIEFING, ControlState.CHECKED)
    may = check.waivable and open_still and state.me.person not in waived
    return CheckLine(check.key, f"{check.text}{said}", may)


def _passing(sheet: BriefSheet | None) -> str:
    passed = [c.text for c in sheet.checks if c.ok] if sheet else []
    return f"{len(passed)} pass: {' · '.join(passed)}" if passed else ""


def _doing(
    state: DeskState,
    record: ControlRecord,
    change: Change,
    lines: tuple[BriefLine, ...],
    failing: tuple[CheckLine, ...],
) -> str:
    """One sentence: what is waited for, and of whom."""
    handover = record.handover
    assert handover is not None, "asked by the caller"
    giver = handover.giver.name if handover.giver else "nobody"
    words = _WORDS.get((record.state, change.part))
    if record.state is ControlState.CONFIRMING:
        return _confirming(handover, change.part, giver)
    if words is not None:
        return words.format(giver=giver, receiver=handover.receiver.name)
    read, many = sum(n.ticked for n in lines), len(lines)
    again = sum(n.changed and not n.ticked for n in lines)
    if read < many:
        who = "Read and tick each line" if change.part is Part.RECEIVER else "The brief is read"
        more = f"; {again} changed since" if again else ""
        return f"{who}: {read} of {many}{more}."
    open_still = len([c for c in failing if "by both" not in c.text])
    if open_still:
        return "All is read; a check does not pass yet: mend it, or both waive it."
    return "All is read; the gateway looks at the checks."


def _confirming(handover: Handover, part: Part, giver: str) -> str:
    to = handover.receiver.name
    if part is Part.RECEIVER:
        if handover.reasserted:
            return f"It obeys you; {giver} is to confirm."
        return "Press H and see it hold: then it is yours. Return and Land count too."
    if not handover.voluntary:
        return f"{to} has control and shows that it obeys."
    if handover.confirmed:
        return f"You confirmed; {to} shows that it obeys."
    return f"{to} has control: confirm that you see it."


def _step(state: DeskState, record: ControlRecord, change: Change, doing: str) -> tuple[Step, str]:
    now = record.state
    if change.part is Part.GIVER:
        if now in RECEIVING:
            handover = record.handover
            if handover is not None and not handover.voluntary:
                return Step.CONFIRM, "A takeover needs no confirmation of yours."
            told = handover is not None and handover.confirmed
            return Step.CONFIRM, "You confirmed already." if told else ""
        asked = "It is asked already." if now is ControlState.ARMED else doing
        return Step.ARM, "" if now is ControlState.CHECKED else asked
    if now in RECEIVING:
        return Step.PROVE, "" if state.in_control(record.drone) else "Not in control yet."
    asked = f"{change.giver} asks first whether you have control."
    return Step.ASSUME, "" if now is ControlState.ARMED else asked


_WORDS = {
    (ControlState.CHECKED, Part.RECEIVER): "All is read and checked; {giver} asks you next.",
    (ControlState.CHECKED, Part.GIVER): "All is read and checked: ask {receiver}.",
    (ControlState.ARMED, Part.RECEIVER): "{giver} asks: do you have control?",
    (ControlState.ARMED, Part.GIVER): "{receiver} is asked; you have Hold and Return alone.",
    (ControlState.TRANSFERRING, Part.RECEIVER): "It is yours; the drone is to be heard now.",
    (ControlState.TRANSFERRING, Part.GIVER): "{receiver} has it; the drone is to be heard now.",
}
