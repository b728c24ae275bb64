"""One decision an alert, by who may make it, on record before it is answered; then its end."""

import asyncio
from dataclasses import replace
from pathlib import Path

from gcs.audit.verify import verify
from gcs.model.alert import (
    AlertAct,
    AlertImage,
    AlertRequest,
    AlertState,
    AlertStatus,
    Judgement,
    Response,
)
from gcs.model.audit import AuditAction
from gcs.model.mission import KeeperAct
from gcs.model.report import AlertFigures
from tests.integration.alerts.bench import AlertBench, alert_bench
from tests.integration.keeper.bench import A_ELSEWHERE, A, B, D
from tests.support.disk import SmallDisk
from tests.support.nats import until
from tests.support.possible_match import DEPLOYMENT, GOOD, IMAGES, good

VIABLE, NOT_VIABLE = Judgement.VIABLE, Judgement.NOT_VIABLE


async def test_two_desks_at_once_one_decision(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.at.sign_on(A, B)
        await bench.taken(GOOD)
        replies = await asyncio.gather(bench.judge(A, NOT_VIABLE), bench.judge(B, VIABLE))
        won, lost = sorted(replies, key=lambda r: not r.ok)
        assert (won.ok, lost.ok) == (True, False)
        assert won.record is not None
        assert won.record == lost.record
        first = won.record.judged_by
        assert first in (A, B)
        assert first is not None
        assert f"by {first.label}" in lost.text
        taken = bench.audit(AuditAction.ALERT_JUDGED) + bench.audit(AuditAction.ALERT_DECIDED)
        assert [entry.person for entry in taken] == [first.person]
        refused = bench.audit(AuditAction.REFUSAL)
        assert [entry.person for entry in refused] == [({A, B} - {first}).pop().person]


async def test_judged_decided_and_counted(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.at.sign_on(A, B)
        await bench.taken(GOOD)
        bench.at.clock.advance(3.0)
        assert (await bench.judge(A, VIABLE)).ok
        replies = await asyncio.gather(
            bench.decide(A, Response.ENGAGE), bench.decide(B, Response.OBSERVE)
        )
        assert sorted(reply.ok for reply in replies) == [False, True]
        record = await bench.state("A1", AlertState.DECIDED)
        assert record.decided_by is not None
        lost = next(reply for reply in replies if not reply.ok)
        assert lost.text == f"Alert A1: already decided by {record.decided_by.label}."
        (judged,) = bench.audit(AuditAction.ALERT_JUDGED)
        assert judged.outcome == (
            "Alert A1: viable, judged by Pilot A at desk-1. Seen 1.5 s before."
        )
        assert (judged.before, judged.after) == ("open, version 1", "judged, version 2, viable")
        (decided,) = bench.audit(AuditAction.ALERT_DECIDED)
        assert (decided.person, decided.role) == (record.decided_by.person, "pilot")
        await bench.counted(AlertFigures(1, 0, 1))
        assert verify(bench.at.path).ok


async def test_an_answer_that_got_lost_is_given_again(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.at.sign_on(A)
        await bench.taken(GOOD)
        asked = AlertRequest("q", AlertAct.JUDGE, "A1", 1, A, 5, judgement=VIABLE)
        first, again = await bench.tell(A, asked), await bench.tell(A, asked)
        assert first.ok
        assert again == first
        (judged,) = bench.audit(AuditAction.ALERT_JUDGED)
        assert judged.outcome.endswith("Dwell time not known: the clock of the desk is off.")
        assert bench.audit(AuditAction.REFUSAL) == []


async def test_a_second_person_is_asked(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.at.sign_on(A, B)
        await bench.holds("ISL-01", A)
        await bench.taken(good(feed="ISL-01"))
        assert "belongs to Pilot A at desk-1" in (await bench.judge(B, VIABLE)).text
        unsure = await bench.judge(A, Judgement.CANNOT_TELL)
        assert unsure.ok
        assert "A second person is asked" in unsure.text
        assert "another person's" in (await bench.judge(A, VIABLE, version=2)).text
        assert (await bench.judge(B, VIABLE, version=2)).ok
        assert "belongs to Pilot A" in (await bench.decide(B, Response.ENGAGE, version=3)).text
        assert (await bench.decide(A, Response.ENGAGE, version=3)).ok


async def test_only_who_may_fly_decides_and_only_who_holds_the_drone(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.taken(good(feed="ISL-02"))
        assert "not signed on at desk-1" in (await bench.judge(A, VIABLE)).text
        await bench.at.sign_on(A, A_ELSEWHERE, B, D)
        for observer in (D, A_ELSEWHERE):
            assert "observes" in (await bench.judge(observer, VIABLE)).text
        await bench.holds("ISL-02", B)
        await until_asked(bench, "belongs to Pilot B at desk-2")
        await bench.holds("ISL-02", None)
        await until_asked(bench, "belongs to Pilot B at desk-2")  # while B is there
        await bench.at.ask(B, KeeperAct.SIGN_OFF)
        await until_judged(bench)
        assert bench.records["A1"].judged_by == A
        given, freed = bench.audit(AuditAction.ALERT_ASSIGNED)
        assert given.person == "pilot-b"
        assert given.outcome == "Alert A1 belongs to Pilot B at desk-2, who holds ISL-02."
        assert "any pilot: nobody holds the camera. Pilot B at desk-2 has left." in freed.outcome


async def until_asked(bench: AlertBench, words: str) -> None:
    """Until the keeper has seen the gateway's record."""
    async with asyncio.timeout(5.0):
        while True:
            if words in (await bench.judge(A, VIABLE, version=9)).text:
                return


async def until_judged(bench: AlertBench) -> None:
    async with asyncio.timeout(5.0):
        while True:
            if (await bench.judge(A, VIABLE)).ok:
                break
    await bench.state("A1", AlertState.JUDGED)


async def test_nobody_decides_as_another(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.at.sign_on(A, B)
        await bench.taken(GOOD)
        as_b = AlertRequest("q", AlertAct.JUDGE, "A1", 1, B, 5, judgement=VIABLE)
        reply = await bench.tell(A, as_b)
        assert (reply.ok, reply.text) == (False, "pilot-a may not act as pilot-b.")
        (entry,) = bench.audit(AuditAction.REFUSAL)
        assert (entry.person, entry.object) == ("pilot-a", "judge alert A1")
        assert bench.records["A1"].version == 1


async def test_an_alert_that_was_refused_or_never_came_cannot_be_decided(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.at.sign_on(A)
        await bench.send(good(status=AlertStatus.ACTUAL))
        await bench.audited(AuditAction.ALERT_REFUSED)
        assert "There is no alert 'A1'" in (await bench.judge(A, VIABLE)).text
        assert "There is no alert 'A1'" in (await bench.image(A, AlertImage.PROBE)).text


async def test_what_cannot_be_put_on_record_is_not_decided(tmp_path: Path) -> None:
    disk = SmallDisk(200_000)
    async with alert_bench(tmp_path) as bench, bench.at.keeper(disk):
        await bench.at.sign_on(A)
        await bench.taken(GOOD)
        disk.left = 0
        reply = await bench.judge(A, VIABLE)
        assert not reply.ok
        assert "cannot be put on record" in reply.text
        shown = await bench.image(A, AlertImage.PROBE)
        assert (shown.ok, shown.data) == (False, b"")
        assert bench.records["A1"].version == 1
        disk.left = 100_000
        await until(lambda: bench.at.hellos[-1].audit_ok, 10.0)
        await until_judged(bench)


async def test_who_was_shown_the_images_is_on_record_once(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.at.sign_on(A, B, D)
        await bench.taken(GOOD)
        for image, reference in (
            (AlertImage.PROBE, "probe-1"),
            (AlertImage.CANDIDATE, "candidate-1"),
            (AlertImage.STILL, "still-1"),
        ):
            reply = await bench.image(A, image)
            assert (reply.ok, reply.data) == (True, IMAGES[reference])
            assert reply.sha256 == GOOD.image(image).sha256
        await bench.image(B, AlertImage.PROBE)
        assert "observes" in (await bench.image(D, AlertImage.PROBE)).text
        shown = bench.audit(AuditAction.IMAGE_SHOWN)
        assert [(entry.person, entry.object) for entry in shown] == [
            ("pilot-a", "A1"),
            ("pilot-b", "A1"),
        ]


async def test_nobody_decided_in_time(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.at.sign_on(A)
        await bench.taken(GOOD)
        bench.at.clock.advance(181.0)
        assert "it expired" in (await bench.judge(A, VIABLE)).text
        await bench.state("A1", AlertState.EXPIRED)
        (entry,) = bench.audit(AuditAction.ALERT_ENDED)
        assert entry.outcome == "Alert A1 expired; nobody decided it in time."
        await bench.counted(AlertFigures(1, 0, 0))


async def test_images_and_record_go_when_their_time_is_over(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.at.sign_on(A)
        await bench.taken(GOOD)
        viable = good(id="A2")
        await bench.taken(viable)
        await bench.judge(A, NOT_VIABLE)
        await bench.judge(A, VIABLE, alert="A2")
        await bench.decide(A, Response.ENGAGE, alert="A2")
        bench.at.clock.advance(24 * 3600 + 1)
        await until(lambda: bench.erased == ["alert.A1"], what="the record of A1 erased")
        assert len(bench.files) == 3  # the same pictures, still held by A2
        assert (await bench.image(A, AlertImage.PROBE, "A2")).ok
        assert "There is no alert" in (await bench.image(A, AlertImage.PROBE)).text
        end = DEPLOYMENT.end_utc_ms + 24 * 3_600_000
        bench.at.clock.advance((end - bench.at.clock.utc_ms()) / 1000)
        await until(lambda: len(bench.files) == 2, what="the watchlist image of A2 erased")
        assert "is not there" in (await bench.image(A, AlertImage.CANDIDATE, "A2")).text
        bench.at.clock.advance(31 * 24 * 3600)
        await until(lambda: len(bench.erased) == 2)
        assert bench.files == set()
        erased = [e.outcome for e in bench.audit(AuditAction.IMAGE_ERASED)]
        assert len(erased) == 6
        assert len(bench.audit(AuditAction.ALERT_ERASED)) == 2
        assert verify(bench.at.path).ok


async def test_a_new_keeper_goes_on_where_the_old_one_was_killed(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench:
        async with bench.at.keeper():
            await bench.at.sign_on(A)
            await bench.taken(GOOD)
            await bench.taken(good(id="A2"))
            await bench.send(good(id="X1", status=AlertStatus.ACTUAL))
            await bench.audited(AuditAction.ALERT_REFUSED)
            await bench.judge(A, NOT_VIABLE)
            await bench.judge(A, VIABLE, alert="A2")
        await bench.send(good(id="A3"))
        await bench.send(good(id="X1", status=AlertStatus.ACTUAL))
        async with bench.at.keeper():
            await bench.state("A3", AlertState.OPEN)
            assert "already decided by Pilot A" in (await bench.judge(A, VIABLE)).text
            assert (await bench.decide(A, Response.OBSERVE, alert="A2")).ok
            assert (await bench.image(A, AlertImage.CANDIDATE, "A3")).ok
            await bench.counted(AlertFigures(4, 1, 2))
            bench.at.clock.advance(181.0)
            await bench.state("A3", AlertState.EXPIRED)
        assert replace(bench.records["A2"].alert, id="A1") == GOOD
        assert verify(bench.at.path).ok
