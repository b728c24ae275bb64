"""Alerts off a real stream: taken with their images, or refused, counted and on record."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gcs.audit.verify import verify
from gcs.model.alert import (
    AlertImage,
    AlertState,
    AlertStatus,
    AlertType,
    Deployment,
    Judgement,
)
from gcs.model.audit import AuditAction
from gcs.model.place import Position
from gcs.model.report import AlertFigures
from gcs.shared.codec import VERSION
from tests.integration.alerts.bench import AlertBench, alert_bench
from tests.integration.keeper.bench import A, N
from tests.support.disk import SmallDisk
from tests.support.nats import until
from tests.support.possible_match import DEPLOYMENT, GOOD, IMAGES, good, image_ref

REFUSED = AuditAction.ALERT_REFUSED


class Fields(dict[str, Any]):
    """An alert's fields, sent as if they were an Alert."""


Fields.__name__ = "Alert"


def fields(**changes: Any) -> Fields:
    return Fields(msgspec.to_builtins(GOOD) | changes)


async def send_raw(bench: AlertBench, value: object) -> None:
    await bench.send(value)  # type: ignore[arg-type]


async def test_a_good_alert_is_on_record_with_its_images(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        record = await bench.taken(GOOD)
        assert (record.state, record.version, record.alert) == (AlertState.OPEN, 1, GOOD)
        assert bench.files == {ref.sha256 for ref in GOOD.images.values()}
        (entry,) = bench.audit(AuditAction.ALERT_RECEIVED)
        assert (entry.object, entry.incident) == ("A1", "EX-114")
        told = msgspec.json.encode(bench.at.audit).decode()
        assert not any(secret in told for secret in ("subject-1", "probe-1", "candidate-1"))
        await bench.counted(AlertFigures(1, 0, 0))
        assert verify(bench.at.path).ok


async def test_the_deployments_of_the_shift_are_on_record(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench:
        eye = bench.at.desks[A].bucket(N.record_bucket, Deployment)
        for _ in range(2):
            async with bench.at.keeper():
                await bench.audited(AuditAction.DEPLOYMENT)
                async with asyncio.timeout(5.0):  # the record follows its audit entry
                    while (entry := await eye.get("deployment.EX-114")) is None:  # noqa: ASYNC110  (a store)
                        await asyncio.sleep(0.01)
                assert entry.value == DEPLOYMENT
        assert len(bench.audit(AuditAction.DEPLOYMENT)) == 1


async def test_actual_is_refused_counted_and_on_record_and_its_images_never_asked_for(
    tmp_path: Path,
) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        wrongs: tuple[dict[str, Any], ...] = (
            {"status": AlertStatus.ACTUAL},
            {"position": Position(51.7, -0.1)},
            {"feed": "ISL-09"},
            {"capture_utc_us": (DEPLOYMENT.start_utc_ms - 1000) * 1000},
        )
        for number, wrong in enumerate(wrongs, start=1):
            await bench.send(good(id=f"X{number}", **wrong))
        entries = await bench.audited(REFUSED, 4)
        assert [(e.object, e.reason) for e in entries] == [
            ("X1", "status"),
            ("X2", "position"),
            ("X3", "feed"),
            ("X4", "capture_utc_us"),
        ]
        assert "Actual is refused" in entries[0].outcome
        assert (bench.records, bench.asked, bench.files) == ({}, [], set())
        await bench.counted(AlertFigures(4, 4, 0))


async def test_nonsense_is_refused_in_a_sentence_and_the_next_one_is_taken(
    tmp_path: Path,
) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        missing = fields(id="B1")
        del missing["feed"]
        await send_raw(bench, missing)
        await send_raw(bench, fields(id="B2", schema=2))
        await send_raw(bench, fields(id="B3", score=float("nan")))
        await send_raw(
            bench, fields(id="B4", box={"left": 0.9, "top": 0, "width": 0.5, "height": 1})
        )
        await send_raw(bench, fields(id="a.b > c"))
        await send_raw(bench, fields(id="B6", signature="s" * 70_000))
        await send_raw(bench, "hello")
        await bench.taken(GOOD)
        told = [entry.outcome for entry in bench.audit(REFUSED)]
        for text, (name, words) in zip(
            told,
            (
                ("Alert B1", "missing required field `feed`"),
                ("Alert B2", "alert.schema is 2"),
                ("Alert B3", "alert.score is nan"),
                ("Alert B4", "box reaches beyond the frame"),
                ("Alert a.b > c", "alert.id is 'a.b > c'"),
                ("", "bytes, at most 65536 are read"),
                ("", "carries 'str', expected 'Alert'"),
            ),
            strict=True,
        ):
            assert name in text
            assert words in text
            assert "\n" not in text
        await bench.counted(AlertFigures(8, 7, 0))


async def test_bytes_that_are_no_message_do_not_stop_it(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        raw = bench.at.central._connection
        for data in (b"", b"\xff\x00garbage", msgspec.msgpack.encode((VERSION + 1, "Alert", {}))):
            await raw.request(N.alert, data, 3.0)
        await bench.taken(GOOD)
        await bench.counted(AlertFigures(4, 3, 0))


@pytest.mark.parametrize(
    ("reference", "data", "words"),
    [
        ("probe-1", b"\xff\xd8\xff forged", "its SHA-256 is not the one in the alert"),
        ("candidate-1", b"\xff\xd8\xff forged", "its SHA-256 is not the one in the alert"),
        ("candidate-1", None, "there is no such image"),
    ],
)
async def test_without_a_true_probe_and_candidate_there_is_no_alert(
    tmp_path: Path, reference: str, data: bytes | None, words: str
) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        del bench.images[reference]
        if data is not None:
            bench.images[reference] = data
        await bench.send(GOOD)
        (entry,) = await bench.audited(REFUSED)
        name = reference.partition("-")[0]
        assert entry.outcome.startswith(f"Alert A1: {name} image: ")
        assert words in entry.outcome
        assert (bench.records, bench.files) == ({}, set())


async def test_a_missing_still_is_said_and_borne(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.at.sign_on(A)
        bench.images["still-1"] = b"\xff\xd8\xff another"
        await bench.taken(GOOD)
        (entry,) = bench.audit(AuditAction.ALERT_RECEIVED)
        assert "Its still is missing: its SHA-256" in entry.outcome
        assert "is not there" in (await bench.image(A, AlertImage.STILL)).text
        assert (await bench.image(A, AlertImage.PROBE)).data == IMAGES["probe-1"]


async def test_what_is_no_picture_is_not_stored(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        IMAGES["probe-9"] = bench.images["probe-9"] = b"<html>"
        try:
            await bench.send(good(probe=image_ref("probe-9")))
        finally:
            del IMAGES["probe-9"]
        (entry,) = await bench.audited(REFUSED)
        assert "neither JPEG nor PNG" in entry.outcome


async def test_the_same_alert_again_changes_nothing_and_counts_once(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        bad = good(id="X1", status=AlertStatus.ACTUAL)
        for alert in (GOOD, bad, GOOD, bad):
            await bench.send(alert)
        await bench.taken(good(id="A2"))
        assert bench.records["A1"].version == 1
        await bench.counted(AlertFigures(3, 1, 0))


async def test_another_alert_under_a_known_id_is_refused_counted_and_on_record(
    tmp_path: Path,
) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.taken(GOOD)
        await bench.send(good(status=AlertStatus.ACTUAL))
        await bench.send(good(score=0.9))
        await bench.taken(good(id="A2"))
        actual, same_id = bench.audit(REFUSED)
        assert actual.outcome.startswith("Alert A1: status: Actual is refused")
        assert same_id.outcome == "Alert A1: id: another alert has it; the first is kept."
        assert bench.records["A1"].alert == GOOD
        await bench.counted(AlertFigures(4, 2, 0))


async def test_an_update_and_a_withdrawal_change_the_alert_they_name(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper():
        await bench.at.sign_on(A)
        await bench.taken(GOOD)
        await bench.send(good(id="U1", type=AlertType.UPDATE, refers_to="A1", score=0.71))
        await until(lambda: bench.records["A1"].version == 2)
        assert (bench.records["A1"].alert.id, bench.records["A1"].alert.score) == ("A1", 0.71)
        late = await bench.judge(A, Judgement.VIABLE, version=1)
        assert "updated since you saw it" in late.text
        await bench.send(good(id="C0", type=AlertType.CANCEL, refers_to="A7"))
        await bench.send(good(id="C1", type=AlertType.CANCEL, refers_to="A1"))
        await bench.state("A1", AlertState.WITHDRAWN)
        (ended,) = bench.audit(AuditAction.ALERT_ENDED)
        assert ended.outcome == "Alert A1 is withdrawn by the central service."
        (refused,) = bench.audit(REFUSED)
        assert "there is no alert A7" in refused.outcome
        gone = await bench.judge(A, Judgement.VIABLE, version=3)
        assert "the central service has withdrawn it" in gone.text


async def test_a_full_disk_holds_the_alert_back_until_there_is_room(tmp_path: Path) -> None:
    disk = SmallDisk(100_000)
    async with alert_bench(tmp_path) as bench, bench.at.keeper(disk):
        await bench.audited(AuditAction.DEPLOYMENT)
        disk.left = 0
        await bench.send(GOOD)
        await until(lambda: not bench.at.hellos[-1].audit_ok)
        assert bench.records == {}
        disk.left = 100_000
        await until(lambda: "A1" in bench.records, 10.0)
        await bench.counted(AlertFigures(1, 0, 0))


async def test_without_a_deployment_everything_is_refused(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench:
        bench.at.deployments = ()
        async with bench.at.keeper():
            await bench.send(GOOD)
            (entry,) = await bench.audited(REFUSED)
            assert "EX-114 is not a deployment of this shift" in entry.outcome


async def test_an_alert_that_waited_too_long_for_the_keeper_is_refused(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench:
        await bench.send(GOOD)
        bench.at.clock.advance(90.0)
        async with bench.at.keeper():
            (entry,) = await bench.audited(REFUSED)
        assert "it was captured 90 s ago" in entry.outcome
