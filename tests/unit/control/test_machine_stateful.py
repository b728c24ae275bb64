"""Whatever happens in whatever order: one holder at most, the epoch never falls."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gcs.control.machine import TABLE, step
from gcs.control.stimulus import ControlEvent, Refusal, Stimulus
from gcs.model.control import CLAIMED, HELD, ControlRecord, ControlState
from gcs.model.people import Holder

PEOPLE = [
    Holder(f"pilot-{p}", f"Pilot {p.upper()}", desk)
    for p in "abc"
    for desk in ("desk-1", "desk-2", "desk-3")
]


class Control(RuleBasedStateMachine):
    """Random acts of random people with right and wrong epochs."""

    def __init__(self) -> None:
        super().__init__()
        self.record = ControlRecord("ISL-02", ControlState.UNOWNED, 0, 0)
        self.now_ms = 0

    @rule(
        event=st.sampled_from(ControlEvent),
        by=st.sampled_from(PEOPLE),
        to=st.sampled_from(PEOPLE),
        wrong=st.sampled_from([0, 0, 0, -1, 1]),
        passed_ms=st.sampled_from([0, 1000, 61_000]),
        airborne=st.booleans(),
        safe=st.booleans(),
    )
    def happens(
        self,
        event: ControlEvent,
        by: Holder,
        to: Holder,
        wrong: int,
        passed_ms: int,
        airborne: bool,
        safe: bool,
    ) -> None:
        self.now_ms += passed_ms
        before = self.record
        outcome = step(
            before,
            Stimulus(
                event,
                self.now_ms,
                by=by,
                epoch=before.epoch + wrong,
                offer_id="o1",
                to_person=to.person,
                to_name=to.name,
                incident="MPS-1",
                reason="why",
                airborne=airborne,
                safe_without_input=safe,
            ),
        )
        if isinstance(outcome, Refusal):
            assert outcome.text
            return
        assert wrong == 0, "another epoch was accepted"
        assert (before.state, event) in TABLE
        self._judge(before, outcome, event, by)
        self.record = outcome

    def _judge(
        self, before: ControlRecord, after: ControlRecord, event: ControlEvent, by: Holder
    ) -> None:
        changed = before.holder != after.holder
        assert after.epoch == before.epoch + (1 if changed else 0) or (
            before.state is ControlState.ORPHANED and after.epoch == before.epoch + 1
        )
        claim = before.claim or before.objected
        if changed and after.holder is not None and claim is not None and by != after.holder:
            assert after.holder == claim.by
            assert event in (ControlEvent.GRANT, ControlEvent.FORCE_DUE)
            assert by == before.holder or self.now_ms > claim.expires_utc_ms
        elif changed and after.holder is not None:
            assert after.holder == by
            if claim is not None and claim.by == by:
                return
            free = before.holder is None
            assert free or (before.offer is not None and before.offer.to_person == by.person)
            assert before.holder is None or before.holder.desk != by.desk
        if before.holder is not None and after.holder is None:
            gone = event in (ControlEvent.LEASE_LOST, ControlEvent.DOCKED)
            assert gone or by == before.holder

    @invariant()
    def one_holder_or_none(self) -> None:
        assert (self.record.holder is not None) == (self.record.state in HELD)
        assert (self.record.offer is not None) == (self.record.state is ControlState.OFFERED)
        assert (self.record.claim is not None) == (self.record.state in CLAIMED)


TestControl = Control.TestCase
TestControl.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
