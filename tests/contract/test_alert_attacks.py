"""What somebody at a desk might try on alerts, with a client that knows no manners."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

from gcs.alerts import course
from gcs.model.alert import AlertImage, AlertRecord, AlertReply, ImageReply, ImageRequest, Judgement
from gcs.model.audit import AuditAction
from gcs.model.people import Holder
from gcs.shared.access import inbox_of
from gcs.shared.codec import decode, encode
from tests.integration.alerts.bench import AlertBench, alert_bench
from tests.integration.keeper.bench import A, B, N
from tests.support.possible_match import DEPLOYMENT, GOOD, NOW_MS, good

USER = "desk-pilot-a-desk-1"


class Intruder:
    """Pilot A's own user, used by a program of somebody's own."""

    def __init__(self, client: Client, refused: list[str]) -> None:
        self.client = client
        self._refused = refused

    async def is_refused(self, subject: str, data: bytes, **headers: str) -> bool:
        """Whether the server itself turns the message away."""
        self._refused.clear()
        await self.client.publish(subject, data, headers=headers or None)
        for _ in range(2):  # nats-py's first ping may overtake what was published before it
            await self.client.flush()
        return any(subject.lower() in text for text in self._refused)

    async def ask(self, subject: str, value: object) -> Msg:
        return await self.client.request(subject, encode(value), timeout=5.0)


@asynccontextmanager
async def intruder(bench: AlertBench) -> AsyncIterator[Intruder]:
    """Connected as pilot A at desk 1."""
    server = bench.at.server
    access = server.access(USER)
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error).lower())

    client = await nats.connect(
        f"nats://127.0.0.1:{server.port}",
        user=access.user,
        password=access.password,
        inbox_prefix=inbox_of(USER),
        error_cb=note,
        allow_reconnect=False,
    )
    try:
        yield Intruder(client, refused)
    finally:
        await client.close()


async def test_no_alert_comes_from_a_desk(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper(), intruder(bench) as me:
        forged = encode(good(id="F1"))
        assert await me.is_refused(N.alert, forged)
        assert await me.is_refused(N.alert, forged, **{"Nats-Msg-Id": "F1"})
        await bench.taken(GOOD)  # what came before it would have been taken before
        assert set(bench.records) == {"A1"}
        assert (await bench.figures()).received == 1


async def test_no_record_is_written_or_erased_from_a_desk(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper(), intruder(bench) as me:
        await bench.taken(GOOD)
        own = encode(course.opened(good(id="F1"), DEPLOYMENT, NOW_MS))
        for key in ("alert.A1", "alert.F1", "deployment.EX-114"):
            assert await me.is_refused(f"$KV.{N.record_bucket}.{key}", own)
            erase = {"KV-Operation": "DEL"}
            assert await me.is_refused(f"$KV.{N.record_bucket}.{key}", b"", **erase)
        keeper = await bench.at.server.bus("keeper")
        entry = await keeper.bucket(N.record_bucket, AlertRecord).get("alert.A1")
        assert entry is not None
        assert entry.value == course.opened(GOOD, DEPLOYMENT, NOW_MS)
        assert bench.erased == []


async def test_raw_alerts_are_not_for_desks(tmp_path: Path) -> None:
    """Neither as they come, nor from the stream, nor by a consumer of one's own."""
    async with alert_bench(tmp_path) as bench, bench.at.keeper(), intruder(bench) as me:
        heard: list[bytes] = []

        async def note(message: Msg) -> None:
            heard.append(message.data)

        for subject in (N.alert, f"{N.root}.*", f"{N.root}.>", "gcs.*.alr"):
            await me.client.subscribe(subject, cb=note)
        for call, body in (
            (f"DIRECT.GET.{N.alerts_stream}", {"seq": 1}),
            (f"STREAM.MSG.GET.{N.alerts_stream}", {"seq": 1}),
            (f"STREAM.INFO.{N.alerts_stream}", {}),
            (f"CONSUMER.CREATE.{N.alerts_stream}.keeper", {}),
            (f"CONSUMER.MSG.NEXT.{N.alerts_stream}.keeper", {}),
        ):
            assert await me.is_refused(f"$JS.API.{call}", json.dumps(body).encode()), call
        await bench.taken(GOOD)
        await me.client.flush()
        assert heard == []


async def test_images_come_from_the_keeper_alone(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper(), intruder(bench) as me:
        asked = encode(ImageRequest(reference="probe-1"))
        assert await me.is_refused(N.central_image, asked)
        await me.client.flush()
        assert bench.asked == []
        # Nor does the keeper fetch for a desk what its record does not name.
        await bench.at.sign_on(A)
        await bench.taken(GOOD)
        before = list(bench.asked)
        by_reference = ImageRequest("", None, "candidate-1", A)
        reply = decode(
            (await me.ask(N.alert_image("pilot-a", "desk-1"), by_reference)).data, ImageReply, ""
        )
        assert (reply.ok, reply.data) == (False, b"")
        escape = ImageRequest("../../keeper", AlertImage.PROBE, "", A)
        reply = decode(
            (await me.ask(N.alert_image("pilot-a", "desk-1"), escape)).data, ImageReply, ""
        )
        assert (reply.ok, reply.data) == (False, b"")
        assert bench.asked == before


async def test_nobody_speaks_or_looks_as_another(tmp_path: Path) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper(), intruder(bench) as me:
        await bench.at.sign_on(A, B)
        await bench.taken(GOOD)
        as_b = ImageRequest("A1", AlertImage.PROBE, by=B)
        assert await me.is_refused(N.alert_decision("pilot-b", "desk-2"), b"x")
        assert await me.is_refused(N.alert_image("pilot-b", "desk-2"), encode(as_b))
        shown = decode(
            (await me.ask(N.alert_image("pilot-a", "desk-1"), as_b)).data, ImageReply, ""
        )
        assert (shown.ok, shown.data) == (False, b"")
        assert "may not ask as another" in shown.text
        nobody = ImageRequest("A1", AlertImage.PROBE)
        shown = decode(
            (await me.ask(N.alert_image("pilot-a", "desk-1"), nobody)).data, ImageReply, ""
        )
        assert (shown.ok, shown.data) == (False, b"")
        elsewhere = Holder("pilot-a", "Pilot A", "desk-2")  # B's desk
        reply = await bench.judge(A, Judgement.VIABLE)
        assert reply.ok
        again = ImageRequest("A1", AlertImage.PROBE, by=elsewhere)
        shown = decode(
            (await me.ask(N.alert_image("pilot-a", "desk-1"), again)).data, ImageReply, ""
        )
        assert not shown.ok
        assert bench.audit(AuditAction.IMAGE_SHOWN) == []


async def test_nonsense_on_the_decision_subject_is_answered_and_nothing_stops(
    tmp_path: Path,
) -> None:
    async with alert_bench(tmp_path) as bench, bench.at.keeper(), intruder(bench) as me:
        await bench.at.sign_on(A)
        await bench.taken(GOOD)
        for data in (b"", b"\xff", encode("hello"), encode(A)):
            answer = await me.client.request(
                N.alert_decision("pilot-a", "desk-1"), data, timeout=5.0
            )
            reply = decode(answer.data, AlertReply, "")
            assert not reply.ok
            assert reply.text.startswith("Not understood: ")
        # An answer is not to be had anywhere but in one's own inbox.
        victim = f"$KV.{N.record_bucket}.alert.A1"
        await me.client.publish(N.alert_decision("pilot-a", "desk-1"), b"x", reply=victim)
        await me.client.flush()
        await asyncio.sleep(0.1)
        assert (await bench.judge(A, Judgement.VIABLE)).ok
