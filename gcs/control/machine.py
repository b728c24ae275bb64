"""The take and hand-off machine. Pure: a record and an event in, the next record or a refusal in
words out. It writes nothing and knows no time of its own.

A pair of state and event that is not in `TABLE` is refused; the holder is then unchanged.
Every change of holder, to nobody as well, raises the epoch.
"""

from collections.abc import Callable, Iterable

from gcs.control import asking, doubt, handing
from gcs.control.stimulus import ControlEvent, Outcome, Refusal, Stimulus, held_by, is_over, stale
from gcs.model.control import GIVING, HELD, RECEIVING, ControlRecord, ControlState

Transition = Callable[[ControlRecord, Stimulus], Outcome]
Table = dict[tuple[ControlState, ControlEvent], Transition]


def step(record: ControlRecord, stimulus: Stimulus) -> Outcome:
    """The record after the event, or why the event is refused."""
    if stimulus.epoch is not None and stimulus.epoch != record.epoch:
        return stale(record, stimulus.epoch)
    transition = TABLE.get((record.state, stimulus.event))
    if transition is None:
        words = stimulus.event.value.replace("_", " ")
        return Refusal(f"{words} is not possible now: {held_by(record)}", holder=record.holder)
    if stimulus.about and stimulus.about != record.answered_by(stimulus.event):
        return is_over(record)
    return transition(record, stimulus)


_S = ControlState
_E = ControlEvent


def _of(states: Iterable[ControlState], event: ControlEvent, transition: Transition) -> Table:
    return {(state, event): transition for state in sorted(states, key=list(_S).index)}


_PENDING = frozenset({_S.OFFERED, _S.REQUESTED, _S.FORCED}) | GIVING

TABLE: Table = {
    (_S.UNOWNED, _E.TAKE): asking.take,
    (_S.UNOWNED, _E.LAUNCH): asking.launch_unowned,
    (_S.UNOWNED, _E.FOLLOW): asking.follow,
    (_S.OWNED, _E.OFFER): asking.offer,
    (_S.OWNED, _E.REQUEST): asking.request,
    (_S.OWNED, _E.RELEASE): asking.release,
    (_S.OWNED, _E.LAUNCH): asking.launch_owned,
    (_S.OWNED, _E.FOLLOW): asking.follow,
    (_S.OFFERED, _E.OPEN): handing.open_brief,
    (_S.REQUESTED, _E.GRANT): handing.grant,
    (_S.BRIEFING, _E.TICK): handing.tick,
    (_S.CHECKED, _E.TICK): handing.tick,
    **_of({_S.BRIEFING, _S.CHECKED}, _E.WAIVE, handing.waive),
    (_S.BRIEFING, _E.CHECKS_PASSED): handing.checks_passed,
    **_of(GIVING, _E.BRIEF_CHANGED, handing.brief_changed),
    **_of({_S.CHECKED, _S.ARMED}, _E.CHECK_FAILED, handing.check_failed),
    (_S.CHECKED, _E.ARM): handing.arm,
    (_S.ARMED, _E.UNSAFE): handing.unsafe,
    (_S.ARMED, _E.ASSUME): handing.assume,
    (_S.TRANSFERRING, _E.HEARD): handing.heard,
    **_of(RECEIVING, _E.REASSERTED, handing.reasserted),
    **_of(RECEIVING, _E.CONFIRM, handing.confirm),
    **_of({_S.OWNED, _S.OFFERED, _S.REQUESTED} | GIVING, _E.FORCE, asking.force),
    (_S.FORCED, _E.OBJECT): asking.object_to,
    (_S.FORCED, _E.RUN_OUT): asking.force_due,
    # -- what ends it, and leaves the holder
    **_of({_S.OFFERED} | GIVING, _E.CANCEL, asking.cancel),
    **_of({_S.OFFERED} | GIVING, _E.DECLINE, asking.decline),
    **_of({_S.REQUESTED, _S.FORCED}, _E.CANCEL, asking.withdraw),
    (_S.REQUESTED, _E.REFUSE): asking.refuse,
    **_of(_PENDING, _E.PARTY_LOST, asking.ended),
    **_of(_PENDING | RECEIVING, _E.INTERRUPTED, asking.ended),
    (_S.OFFERED, _E.RUN_OUT): asking.offer_over,
    (_S.REQUESTED, _E.RUN_OUT): asking.request_over,
    **_of({_S.BRIEFING, _S.ARMED}, _E.RUN_OUT, handing.stage_over),
    # -- what ends it, and leaves the receiver or nobody
    (_S.TRANSFERRING, _E.RUN_OUT): handing.transfer_over,
    (_S.CONFIRMING, _E.RUN_OUT): handing.confirm_over,
    **_of({_S.UNOWNED, _S.ORPHANED, _S.UNCERTAIN}, _E.LEASE_LOST, asking.same),
    **_of(HELD - RECEIVING, _E.LEASE_LOST, asking.lost),
    **_of(RECEIVING, _E.LEASE_LOST, handing.receiver_lost),
    (_S.ORPHANED, _E.TAKE): asking.take,
    (_S.UNOWNED, _E.DOCKED): asking.same,
    **_of(HELD | {_S.ORPHANED}, _E.DOCKED, asking.docked),
    # -- a write whose outcome is not known
    **_of(set(_S) - {_S.UNCERTAIN}, _E.WRITE_UNKNOWN, doubt.write_unknown),
    (_S.UNCERTAIN, _E.READ_BACK): doubt.read_back,
    (_S.UNCERTAIN, _E.UNREADABLE): doubt.unreadable,
}
