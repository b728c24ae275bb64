"""Whose an open alert is when its feed changes hands: it moves by its own line alone."""

from pathlib import Path

from gcs.audit.verify import verify
from gcs.model.alert import AlertState, Judgement, Response
from gcs.model.audit import AuditAction
from gcs.model.brief import Line
from gcs.model.control import ControlRecord, ControlState, Handover, HandoverKind
from gcs.model.mission import KeeperAct
from gcs.model.people import Holder
from tests.integration.alerts.bench import AlertBench, alert_bench
from tests.integration.keeper.bench import A, B
from tests.support.nats import until
from tests.support.possible_match import good

DRONE = "ISL-01"


def handing(state: ControlState, *read: str) -> ControlRecord:
    ticked = (Line("mission", "m"), *(Line(f"alert-{alert}", "d") for alert in read))
    handover = Handover("h", HandoverKind.OFFERED, A, B, "", 1, 2, ticked=ticked)
    return ControlRecord(DRONE, state, 2, 1, holder=B, previous=A, handover=handover)


async def hand_over(bench: AlertBench, *read: str) -> None:
    """A to B, as the gateway records and tells it."""
    for state in (ControlState.TRANSFERRING, ControlState.CONFIRMING):
        await bench.at.control(handing(state, *read))
    await bench.at.control(ControlRecord(DRONE, ControlState.OWNED, 2, 1, holder=B, previous=A))


async def held_by_a(bench: AlertBench) -> None:
    """A holds the drone, and there are two alerts of it."""
    await bench.at.sign_on(A, B)
    await bench.holds(DRONE, A)
    for alert in ("A1", "A2"):
        assert (await bench.taken(good(id=alert, feed=DRONE))).assigned in (A, None)
    await belongs(bench, "A1", A)
    await belongs(bench, "A2", A)


async def belongs(bench: AlertBench, alert: str, to: Holder | None) -> None:
    await until(lambda: bench.records[alert].assigned == to, what=f"{alert} is {to}'s")


async def test_who_takes_the_flight_takes_the_alerts_he_read_and_no_other(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await held_by_a(bench)
        await hand_over(bench, "A1")
        await belongs(bench, "A1", B)
        assert "belongs to Pilot B at desk-2" in (await bench.judge(A, Judgement.VIABLE)).text
        assert (await bench.judge(B, Judgement.VIABLE)).ok
        assert (await bench.decide(B, Response.OBSERVE)).ok
        refused = await bench.judge(B, Judgement.VIABLE, alert="A2")
        assert refused.text == "Alert A2 belongs to Pilot A at desk-1."
        assert (await bench.judge(A, Judgement.NOT_VIABLE, alert="A2")).ok
        moved = [e.outcome for e in bench.audit(AuditAction.ALERT_ASSIGNED)]
        assert moved[-1] == (
            "Alert A1 goes from Pilot A at desk-1 to Pilot B at desk-2 with ISL-01: "
            "its line in the brief was read."
        )
        assert bench.audit(AuditAction.ALERT_ASSIGNED)[-1].after == (
            "open, version 1, of Pilot B at desk-2"
        )
        assert verify(bench.at.path).ok


async def test_a_keeper_that_was_away_gives_it_to_the_same_one(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench:
        async with bench.at.keeper():
            await held_by_a(bench)
        await hand_over(bench, "A2")
        async with bench.at.keeper():
            await belongs(bench, "A2", B)
            assert (await bench.judge(B, Judgement.VIABLE, alert="A2")).ok
            assert (await bench.judge(A, Judgement.VIABLE)).ok


async def test_an_alert_whose_person_leaves_goes_to_who_holds_the_camera(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await held_by_a(bench)
        await hand_over(bench)
        assert (await bench.judge(A, Judgement.VIABLE)).ok  # both stayed with A
        await bench.at.ask(A, KeeperAct.SIGN_OFF)
        for alert in ("A1", "A2"):
            await belongs(bench, alert, B)
        assert (await bench.decide(B, Response.OBSERVE)).ok
        last = bench.audit(AuditAction.ALERT_ASSIGNED)[-1].outcome
        assert last.endswith("to Pilot B at desk-2, who holds ISL-01. Pilot A at desk-1 has left.")
        await bench.state("A1", AlertState.DECIDED)
