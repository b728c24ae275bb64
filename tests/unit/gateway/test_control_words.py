"""Every state and every change of control can be said and put on record."""

from dataclasses import replace

import pytest

from gcs.control.machine import TABLE
from gcs.control.stimulus import ControlEvent, Stimulus
from gcs.gateway.control_entry import entry_of
from gcs.gateway.control_words import news, said
from gcs.model.audit import AuditAction
from gcs.model.control import ControlState as S
from gcs.model.event import Severity
from gcs.model.function import Function
from tests.unit.control.test_guards import NOW, RECORDS, A, B


@pytest.mark.parametrize("state", sorted(S))
@pytest.mark.parametrize("function", sorted(Function))
def test_each_state_is_said_also_when_it_is_in_doubt(state: S, function: Function) -> None:
    record = replace(RECORDS[state], function=function)
    assert "ISL-02" in said(record) and "epoch 5" in said(record)
    assert ("the camera of ISL-02" in said(record)) == (function is Function.PAYLOAD)
    doubted = said(replace(record, state=S.UNCERTAIN))
    assert doubted.startswith("who controls")


@pytest.mark.parametrize(("before", "event"), sorted(TABLE))
def test_each_listed_change_to_any_state_is_told_and_on_record(
    before: S, event: ControlEvent
) -> None:
    for after in RECORDS.values():
        stimulus = Stimulus(event, NOW, reason="why")
        text, severity = news(RECORDS[before], after, stimulus)
        assert "ISL-02" in text and severity in Severity
        entry = entry_of(RECORDS[before], after, stimulus, lambda record: "d1")
        assert entry.outcome.startswith(event.value) and entry.epoch == 5


def test_an_orphan_is_a_warning_and_names_who_is_lost() -> None:
    lost = Stimulus(ControlEvent.LEASE_LOST, NOW)
    text, severity = news(RECORDS[S.ARMED], RECORDS[S.ORPHANED], lost)
    assert severity is Severity.WARNING and text.startswith("Pilot A at desk-1 is not heard")
    entry = entry_of(RECORDS[S.ARMED], RECORDS[S.ORPHANED], lost, lambda record: "d1")
    assert entry.action is AuditAction.ORPHANED
    assert (entry.by, entry.other, entry.other_desk) == (A, B.person, B.desk)
    assert entry.brief == "d1", "the brief was not read to its end"


def test_a_brief_that_was_read_is_on_record_by_the_digest_it_had() -> None:
    armed = RECORDS[S.ARMED]
    assert armed.handover is not None
    read = replace(armed, handover=replace(armed.handover, brief="d0"))
    entry = entry_of(read, read, Stimulus(ControlEvent.ASSUME, NOW, by=B), lambda record: "d1")
    assert (entry.brief, entry.by, entry.other) == ("d0", B, A.person)
