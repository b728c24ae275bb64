"""What each NATS role can and cannot do, asked of a real server; and the attacks it must stop."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from gcs.model.control import ControlRecord, ControlState
from gcs.shared.access import inbox_of
from gcs.shared.subjects import Subjects
from tests.support.nats import SITE, NatsServer, nats_server

N = Subjects(SITE)
A = "desk-pilot-a-desk-1"
B = "desk-pilot-b-desk-2"
SERVICES = ("admin", "gateway", "keeper", "central", "train")
EVERYONE = (*SERVICES, A, B)

# Subject -> who may publish it. Everyone else is refused.
MAY_PUBLISH: dict[str, tuple[str, ...]] = {
    N.telemetry("gw1"): ("gateway",),
    N.gateway_hello("gw1"): ("gateway",),
    N.telemetry("gw2"): (),
    N.event("gw1", "text"): ("gateway",),
    N.audit("gw1"): ("gateway",),
    N.audit("keeper"): (),
    N.authorise_launch("gw1"): ("gateway",),
    N.keeper_hello: ("keeper",),
    N.incident: ("central",),
    N.central_hello: ("central",),
    N.alert: ("central",),
    N.central_image: ("keeper",),
    N.alert_decision("pilot-a"): (A,),
    N.alert_decision("pilot-b"): (B,),
    N.alert_image("pilot-a"): (A,),
    N.alert_image("pilot-b"): (B,),
    f"$KV.{N.record_bucket}.alert.X": ("keeper",),
    f"$KV.{N.record_bucket}.deployment.X": ("keeper",),
    f"$JS.API.DIRECT.GET.{N.alerts_stream}": (),
    f"$JS.API.STREAM.MSG.GET.{N.alerts_stream}": (),
    f"$JS.API.CONSUMER.CREATE.{N.alerts_stream}.keeper": ("keeper",),
    f"$JS.API.CONSUMER.CREATE.{N.alerts_stream}.mine": (),
    f"$JS.API.CONSUMER.MSG.NEXT.{N.alerts_stream}.keeper": ("keeper",),
    f"$JS.ACK.{N.alerts_stream}.keeper.1.1.1.1.0": ("keeper",),
    f"$JS.API.STREAM.PURGE.{N.alerts_stream}": (),
    N.processes: ("train",),
    N.report("gateway"): ("train",),
    N.report("station"): ("train",),
    N.command("gw1", "pilot-a", "ISL-01"): (A,),
    N.control("gw1", "pilot-a", "ISL-01"): (A,),
    N.lease("gw1", "pilot-a", "desk-1"): (A,),
    N.lease("gw1", "pilot-a", "desk-2"): (),
    N.keeper("pilot-a"): (A,),
    N.keeper("pilot-b"): (B,),
    N.desk_hello("pilot-a", "desk-1"): (A,),
    N.desk_hello("pilot-a", "desk-2"): (),
    f"$KV.{N.control_bucket}.drone.ISL-01": ("gateway",),
    f"$KV.{N.record_bucket}.mission.X": ("keeper",),
    f"$JS.API.DIRECT.GET.KV_{N.control_bucket}": ("gateway", "keeper", A, B),
    f"$JS.API.DIRECT.GET.{N.events_stream}": (A, B),
    f"$JS.API.DIRECT.GET.{N.audit_stream}": (),
    f"$JS.API.DIRECT.GET.{N.incidents_stream}": (),
    f"$JS.API.STREAM.CREATE.{N.events_stream}": ("admin",),
    f"$JS.API.STREAM.UPDATE.{N.events_stream}": ("admin",),
    f"$JS.API.STREAM.DELETE.{N.events_stream}": (),
    f"$JS.API.STREAM.PURGE.KV_{N.control_bucket}": (),
    f"$JS.API.STREAM.MSG.DELETE.{N.audit_stream}": (),
    "$JS.API.STREAM.CREATE.MINE": (),
    "$JS.API.STREAM.NAMES": (),
    f"$JS.API.CONSUMER.CREATE.{N.audit_stream}.keeper": ("keeper",),
    f"$JS.API.CONSUMER.CREATE.{N.audit_stream}.mine": (),
    f"$JS.API.CONSUMER.CREATE.{N.events_stream}": (),
    f"$JS.API.CONSUMER.DELETE.{N.audit_stream}.keeper": (),
    f"$JS.API.CONSUMER.MSG.NEXT.{N.audit_stream}.keeper": ("keeper",),
    f"$JS.ACK.{N.audit_stream}.keeper.1.1.1.1.0": ("keeper",),
    f"{inbox_of(A)}.x.y": (),
    f"{inbox_of('gateway')}.x.y": (),
    "$SYS.REQ.SERVER.PING": (),
    "anything.else": (),
}

# Subject -> who may listen there.
MAY_HEAR: dict[str, tuple[str, ...]] = {
    f"{inbox_of(A)}.>": (A,),
    f"{inbox_of(B)}.x": (B,),
    f"{inbox_of('keeper')}.>": ("keeper",),
    "_INBOX.>": (),
    ">": (),
    N.telemetry(): (A, B),
    N.telemetry("gw1"): (A, B),
    N.gateway_hello(): (A, B),
    N.keeper_hello: ("gateway", A, B),
    N.processes: (A, B),
    N.event(): (A, B),
    f"$KV.{N.control_bucket}.drone.*": ("gateway", "keeper", A, B),
    f"$KV.{N.record_bucket}.>": ("gateway", "keeper", A, B),
    N.command("gw1"): ("gateway",),
    N.command("gw1", "pilot-a"): ("gateway",),
    N.command("gw2"): (),
    N.lease("gw1"): ("gateway",),
    N.keeper(): ("keeper",),
    N.authorise_launch(): ("keeper",),
    N.desk_hello(): ("keeper",),
    N.audit(): (),
    N.incident: (),
    N.alert: (),
    N.central_image: ("central",),
    N.alert_decision(): ("keeper",),
    N.alert_decision("pilot-a"): ("keeper",),
    N.alert_image(): ("keeper",),
    f"$KV.{N.record_bucket}.alert.*": ("gateway", "keeper", A, B),
    N.report("gateway"): ("gateway",),
    N.report("keeper"): ("keeper",),
    N.report("station"): (A, B),
    "$JS.API.>": (),
    "$JS.ACK.>": (),
}


class RawUser:
    """A plain client that knows no manners: it tries whatever it is told."""

    def __init__(self, client: Client, refused: list[str]) -> None:
        self.client = client
        self.refused = refused

    async def may_publish(self, subject: str) -> bool:
        self.refused.clear()
        await self.client.publish(subject, b"{}")
        await self.flush()
        return not self.refused

    async def flush(self) -> None:
        """Twice: nats-py's first ping may overtake what was published before it."""
        await self.client.flush()
        await self.client.flush()

    async def may_hear(self, subject: str) -> bool:
        self.refused.clear()
        heard = await self.client.subscribe(subject)
        await self.flush()
        allowed = not self.refused
        await heard.unsubscribe()
        return allowed


@asynccontextmanager
async def raw(server: NatsServer, user: str) -> AsyncIterator[RawUser]:
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error))

    access = server.access(user)
    client = await nats.connect(
        f"nats://{access.host}:{access.port}",
        user=access.user,
        password=access.password,
        inbox_prefix=inbox_of(user),
        error_cb=note,
    )
    try:
        yield RawUser(client, refused)
    finally:
        await client.close()


@pytest.mark.parametrize("user", EVERYONE)
async def test_the_table(tmp_path: Path, user: str) -> None:
    async with nats_server(tmp_path) as server, raw(server, user) as me:
        speaks = {s: await me.may_publish(s) for s in MAY_PUBLISH}
        hears = {s: await me.may_hear(s) for s in MAY_HEAR}
    assert speaks == {s: user in who for s, who in MAY_PUBLISH.items()}
    assert hears == {s: user in who for s, who in MAY_HEAR.items()}


def test_every_role_is_in_the_table() -> None:
    """A role nobody may use for anything would make the table pass for the wrong reason."""
    for user in EVERYONE:
        if user != "admin":
            assert any(user in who for who in MAY_PUBLISH.values()), user


async def _record_with_control(server: NatsServer) -> ControlRecord:
    gateway = await server.bus("gateway")
    bucket = gateway.bucket(N.control_bucket, ControlRecord)
    record = ControlRecord("ISL-01", ControlState.UNOWNED, 4, 1)
    await bucket.put("drone.ISL-01", record, None)
    await bucket.put("drone.ISL-02", ControlRecord("ISL-02", ControlState.UNOWNED, 9, 1), None)
    return record


async def test_a_desk_cannot_have_an_answer_written_over_a_control_record(tmp_path: Path) -> None:
    """The server answers where the asker's reply points: it must not reach the bucket."""
    victim = f"$KV.{N.control_bucket}.drone.ISL-01"
    other = f"$KV.{N.control_bucket}.drone.ISL-02"
    async with nats_server(tmp_path) as server, raw(server, A) as me:
        record = await _record_with_control(server)
        read = f"$JS.API.DIRECT.GET.KV_{N.control_bucket}"
        await me.client.publish(read, json.dumps({"last_by_subj": other}).encode(), reply=victim)
        await me.client.publish(N.keeper("pilot-a"), b"x", reply=victim)
        await me.flush()
        await asyncio.sleep(0.2)
        gateway = await server.bus("gateway")
        entry = await gateway.bucket(N.control_bucket, ControlRecord).get("drone.ISL-01")
        assert entry is not None
        assert (entry.value, entry.revision) == (record, 1)


async def test_a_desk_cannot_have_a_gateway_answer_into_a_bucket(tmp_path: Path) -> None:
    """A served request whose reply is no inbox gets no answer at all."""
    async with nats_server(tmp_path) as server, raw(server, "train") as me:
        record = await _record_with_control(server)
        gateway = await server.bus("gateway")

        async def answer(_: str, value: ControlRecord) -> ControlRecord:
            return value

        await gateway.serve(N.report("gateway"), ControlRecord, answer, lambda _: record)
        victim = f"$KV.{N.control_bucket}.drone.ISL-01"
        await me.client.publish(N.report("gateway"), b"not ours", reply=victim)
        await me.flush()
        await asyncio.sleep(0.2)
        entry = await gateway.bucket(N.control_bucket, ControlRecord).get("drone.ISL-01")
        assert entry is not None
        assert entry.revision == 1
        assert gateway.bad_messages == 1


async def test_a_stream_outlives_everyone_who_tries_to_delete_it(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server:
        for user in EVERYONE:
            async with raw(server, user) as me:
                for stream in (f"KV_{N.control_bucket}", N.audit_stream):
                    for call in ("DELETE", "PURGE"):
                        await me.client.publish(f"$JS.API.STREAM.{call}.{stream}", b"")
                await me.flush()
        await _record_with_control(server)


async def test_a_desk_hears_no_other_desks_answers(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server, raw(server, B) as spy:
        heard: list[bytes] = []

        async def note(message: Msg) -> None:
            heard.append(message.data)

        for subject in (f"{inbox_of(A)}.>", "*.*.*", "_R_.>"):
            await spy.client.subscribe(subject, cb=note)
        await spy.flush()
        keeper, desk = await server.bus("keeper"), await server.desk("pilot-a", "desk-1")
        record = ControlRecord("ISL-01", ControlState.UNOWNED, 4, 1)

        async def answer(_: str, value: ControlRecord) -> ControlRecord:
            return value

        await keeper.serve(N.keeper(), ControlRecord, answer, lambda _: record)
        assert await desk.request(N.keeper("pilot-a"), record, ControlRecord, 2.0) == record
        await spy.flush()
        assert heard == []


async def test_a_server_config_is_for_its_owner_alone(tmp_path: Path) -> None:
    server = NatsServer(tmp_path)
    config = tmp_path / "nats.conf"
    assert config.stat().st_mode & 0o077 == 0
    assert "monitor" not in config.read_text()
    for user in server.users.values():
        assert user.password not in repr(user)
        assert user.password not in repr(server.access(user.name))
