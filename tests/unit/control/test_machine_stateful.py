"""Whatever happens in whatever order: one holder at most, the epoch never falls, and nobody holds
it who was not given it."""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gcs.control.machine import TABLE, step
from gcs.control.stimulus import ControlEvent, Refusal, Stimulus
from gcs.model.brief import Line
from gcs.model.control import CLAIMED, HANDOVER, HELD, ControlRecord, ControlState
from gcs.model.function import Function
from gcs.model.people import Holder

PEOPLE = [Holder(f"pilot-{p}", f"Pilot {p.upper()}", f"desk-{n}") for p in "abc" for n in (1, 2, 3)]
LINES = (Line("battery", "80"), Line("alert-7", "open"))
E, S = ControlEvent, ControlState
# The only ways from one holder to another person, and who must have brought it about.
GIVES = {E.ASSUME, E.FORCE, E.RUN_OUT, E.FOLLOW, E.READ_BACK}
COURSE = (E.TAKE, E.OFFER, E.OPEN, E.TICK, E.CHECKS_PASSED, E.ARM, E.ASSUME, E.HEARD, E.CONFIRM)


class Control(RuleBasedStateMachine):
    """Random acts of random people with right and wrong epochs; often those that lead on."""

    def __init__(self) -> None:
        super().__init__()
        self.record = ControlRecord("ISL-02", S.UNOWNED, 0, 0)
        self.written = self.record  # what the bucket says
        self.now_ms = 0

    @rule(
        event=st.one_of(st.sampled_from(COURSE), st.sampled_from(E)),
        by=st.sampled_from(PEOPLE),
        rightly=st.booleans(),
        wrong=st.sampled_from([0, 0, 0, -1, 1]),
        passed_ms=st.sampled_from([0, 0, 1000, 6000, 61_000]),
        airborne=st.booleans(),
        safe=st.booleans(),
    )
    def happens(
        self,
        event: ControlEvent,
        by: Holder,
        rightly: bool,
        wrong: int,
        passed_ms: int,
        airborne: bool,
        safe: bool,
    ) -> None:
        self.now_ms += passed_ms
        before = self.record
        stimulus = Stimulus(
            event,
            self.now_ms,
            by=self._whose(event, by) if rightly else by,
            epoch=before.epoch + wrong,
            offer_id="o1",
            to_person=PEOPLE[4].person,
            to_name=PEOPLE[4].name,
            incident="MPS-1",
            reason="why",
            airborne=airborne,
            safe_without_input=safe,
            needs_no_input=safe,
            line=LINES[0],
            lines=LINES if rightly else LINES[1:],
            found=self.written,
            to=by,
        )
        outcome = step(before, stimulus)
        if isinstance(outcome, Refusal):
            assert outcome.text
            return
        assert wrong == 0, "another epoch was accepted"
        assert (before.state, event) in TABLE
        self._judge(before, outcome, stimulus)
        self.record = outcome
        if outcome.state is not S.UNCERTAIN:
            self.written = outcome

    def _whose(self, event: ControlEvent, by: Holder) -> Holder | None:
        """Who may bring this about, if anybody has to."""
        record = self.record
        if event in (E.OFFER, E.ARM, E.GRANT, E.CANCEL, E.RELEASE, E.OBJECT):
            return record.holder or by
        if record.handover is not None:
            giver, receiver = record.handover.giver, record.handover.receiver
            return giver if event is E.CONFIRM else receiver
        return PEOPLE[4] if record.offer is not None else by

    def _judge(self, before: ControlRecord, after: ControlRecord, stimulus: Stimulus) -> None:
        event, by = stimulus.event, stimulus.by
        changed = before.holder != after.holder
        if event is not E.READ_BACK:
            claimed_again = before.state is S.ORPHANED and event in (E.TAKE, E.DOCKED)
            raised = 2 if event is E.UNREADABLE else int(changed or claimed_again)
            assert after.epoch == before.epoch + raised
        if before.holder is not None and after.holder is None:
            gone = event in (E.LEASE_LOST, E.DOCKED, E.UNREADABLE, E.READ_BACK)
            unconfirmed = before.state is S.CONFIRMING and event is E.RUN_OUT
            assert gone or unconfirmed or (event is E.RELEASE and by == before.holder)
        if changed and before.holder is not None and after.holder is not None:
            assert event in GIVES
            assert before.holder.desk != after.holder.desk or event is E.FOLLOW
            if event is E.ASSUME:
                assert before.state is S.ARMED and by == after.holder
                assert stimulus.needs_no_input or not stimulus.airborne
            if event is E.RUN_OUT:
                assert before.claim is not None and after.holder == before.claim.by
            if event is E.FORCE:
                assert before.objected is not None and by == before.objected.by == after.holder
        if changed and before.holder is None and event is not E.READ_BACK:
            assert event in (E.TAKE, E.LAUNCH) and after.holder == by

    @invariant()
    def one_holder_or_none(self) -> None:
        record = self.record
        if record.state is S.UNCERTAIN:
            return
        assert (record.holder is not None) == (record.state in HELD)
        assert (record.offer is not None) == (record.state is S.OFFERED)
        assert (record.claim is not None) == (record.state in CLAIMED)
        assert (record.handover is not None) == (record.state in HANDOVER)
        if record.state in (S.TRANSFERRING, S.CONFIRMING):
            assert record.handover is not None and record.holder == record.handover.receiver

    @invariant()
    def a_camera_is_nobodys_orphan(self) -> None:
        lost = step(replace(self.record, function=Function.PAYLOAD), Stimulus(E.LEASE_LOST, 0))
        assert isinstance(lost, ControlRecord)
        assert lost.state is not S.ORPHANED or self.record.state is S.ORPHANED


TestControl = Control.TestCase
TestControl.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
