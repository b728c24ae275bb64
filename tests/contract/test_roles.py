"""What each role can and cannot use on the bus, asked of a real server and a real keeper.

The tables are the contract: every subject, and who may speak or listen there. Everybody else is
tried too, and refused. The people come in as people do, by the keeper's word.
"""

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
from gcs.model.people import Role
from gcs.shared.access import inbox_of
from gcs.shared.roles import NatsUser, desk_user, empty_desk_user, service_users
from gcs.shared.subjects import Subjects
from tests.integration.keeper.bench import A, keeper_bench
from tests.support.nats import SITE, NatsServer, nats_server

N = Subjects(SITE)
PILOT, OTHER, CHIEF = "pilot-a@desk-1", "pilot-b@desk-2", "super-c@desk-3"
WATCHER, SECOND, EMPTY = "observer-d@desk-4", "pilot-a@desk-9", "@desk-4"
SERVICES = ("admin", "gateway", "keeper", "warden", "central", "relay", "train")
FLYING = (PILOT, OTHER, CHIEF)
SIGNED_ON = (*FLYING, WATCHER, SECOND)
EVERYONE = (*SERVICES, *SIGNED_ON, EMPTY)
CONTROL, RECORD = f"KV_{N.control_bucket}", f"KV_{N.record_bucket}"
# As every test server knows them, without a keeper.
DESK_A, DESK_B = "desk-pilot-a-desk-1", "desk-pilot-b-desk-2"
STREAMS = (N.events_stream, N.incidents_stream, N.alerts_stream, N.audit_stream, CONTROL, RECORD)


def _flying(person: str, desk: str) -> tuple[str, ...]:
    """Whose connection flies as this person from this desk: theirs, and nobody else's."""
    return tuple(user for user in FLYING if user == f"{person}@{desk}")


def _desks() -> dict[str, tuple[str, ...]]:
    """What carries person and desk: each from their own place only."""
    table: dict[str, tuple[str, ...]] = {}
    for user in SIGNED_ON:
        person, _, desk = user.rpartition("@")
        table[N.sign_on(person, desk)] = table[N.desk_hello(person, desk)] = (user,)
        table[N.lease("gw1", person, desk)] = (user,) if user in FLYING else ()
    return table


def _streams() -> dict[str, tuple[str, ...]]:
    """Every call on every stream: what reads, what makes, what follows, what destroys."""
    readers = {
        N.events_stream: SIGNED_ON,
        CONTROL: ("gateway", "keeper", *SIGNED_ON),
        RECORD: ("gateway", "keeper", *SIGNED_ON),
    }
    table: dict[str, tuple[str, ...]] = {}
    for stream in STREAMS:
        consumed = ("keeper",) if not stream.startswith("KV_") else ()
        api = "$JS.API"
        table |= {
            f"{api}.DIRECT.GET.{stream}": readers.get(stream, ()),
            f"{api}.STREAM.INFO.{stream}": ("admin", *consumed),
            f"{api}.STREAM.CREATE.{stream}": ("admin",),
            f"{api}.STREAM.UPDATE.{stream}": ("admin",),
            f"{api}.CONSUMER.CREATE.{stream}.keeper": consumed,
            f"{api}.CONSUMER.MSG.NEXT.{stream}.keeper": consumed,
            f"$JS.ACK.{stream}.keeper.1.1.1.1.0": consumed,
        }
        nobody = (
            f"STREAM.DELETE.{stream}",
            f"STREAM.PURGE.{stream}",
            f"STREAM.MSG.DELETE.{stream}",
            f"STREAM.MSG.GET.{stream}",
            f"STREAM.SNAPSHOT.{stream}",
            f"STREAM.RESTORE.{stream}",
            f"CONSUMER.CREATE.{stream}",
            f"CONSUMER.CREATE.{stream}.mine",
            f"CONSUMER.DURABLE.CREATE.{stream}.mine",
            f"CONSUMER.DELETE.{stream}.keeper",
        )
        table |= {f"{api}.{call}": () for call in nobody}
    return table


# Subject -> who may publish it. Everyone else is refused.
MAY_PUBLISH: dict[str, tuple[str, ...]] = {
    N.telemetry("gw1"): ("gateway",),
    N.vehicles("gw1"): ("gateway",),
    N.traffic("gw1"): ("gateway",),
    N.brief("gw1", "ISL-01"): ("gateway",),
    N.gateway_hello("gw1"): ("gateway",),
    N.event("gw1", "text"): ("gateway",),
    N.audit("gw1"): ("gateway",),
    N.authorise_launch("gw1"): ("gateway",),
    N.telemetry("gw2"): (),
    N.event("gw2", "text"): (),
    N.audit("gw2"): (),
    N.audit("keeper"): (),
    N.keeper_hello: ("keeper",),
    N.central_image: ("keeper",),
    N.incident: ("central",),
    N.alert: ("central",),
    N.central_hello: ("central",),
    N.dock_weather("D1"): ("central",),
    N.relay_hello: ("relay",),
    N.processes: ("train",),
    N.report("gateway"): ("train",),
    N.report("station"): ("train",),
    **{
        subject: _flying(person, desk)
        for person in ("pilot-a", "pilot-b", "super-c", "observer-d")
        for desk in ("desk-1", "desk-2", "desk-3", "desk-4", "desk-9")
        for subject in (
            N.command("gw1", person, desk, "ISL-01"),
            N.control("gw1", person, desk, "ISL-01"),
            N.keeper(person, desk),
            N.alert_decision(person, desk),
            N.alert_image(person, desk),
        )
    },
    **_desks(),
    N.sign_on("pilot-a", "desk-4"): (),
    N.desk_hello("pilot-a", "desk-2"): (),
    N.refused_entry("desk-4"): (EMPTY,),
    N.refused_entry("desk-1"): (),
    f"$KV.{N.control_bucket}.drone.ISL-01": ("gateway",),
    f"$KV.{N.control_bucket}.payload.ISL-01": ("gateway",),
    f"$KV.{N.control_bucket}.claim.gw1": ("gateway",),
    f"$KV.{N.record_bucket}.desk.desk-1": ("keeper",),
    f"$KV.{N.record_bucket}.mission.X": ("keeper",),
    f"$KV.{N.record_bucket}.alert.X": ("keeper",),
    f"$KV.{N.record_bucket}.deployment.X": ("keeper",),
    f"$KV.{N.record_bucket}.fence.site": ("keeper",),
    **_streams(),
    "$JS.API.STREAM.CREATE.MINE": (),
    "$JS.API.STREAM.NAMES": (),
    "$JS.API.STREAM.LIST": (),
    "$JS.API.ACCOUNT.PURGE.x": (),
    f"{inbox_of(PILOT)}.x.y": (),
    f"{inbox_of('gateway')}.x.y": (),
    "$SYS.REQ.USER.AUTH": (),
    "$SYS.REQ.SERVER.PING": (),
    "$SYS.REQ.SERVER.X.RELOAD": (),
    "$SYS.REQ.SERVER.X.KICK": ("warden",),
    f"$SYS.REQ.ACCOUNT.DESKS-{SITE}.CONNZ": ("warden",),
    f"$SYS.REQ.ACCOUNT.SITE-{SITE}.CONNZ": (),
    "anything.else": (),
}

# Subject -> who may listen there.
MAY_HEAR: dict[str, tuple[str, ...]] = {
    **{f"{inbox_of(user)}.>": (user,) for user in EVERYONE},
    "_INBOX.>": (),
    "_R_.>": (),
    ">": (),
    f"{N.root}.>": (),
    **dict.fromkeys(
        (
            N.telemetry(),
            N.traffic(),
            N.brief(),
            N.gateway_hello(),
            N.central_hello,
            N.relay_hello,
            N.processes,
            N.event(),
            N.report("station"),
        ),
        SIGNED_ON,
    ),
    N.vehicles(): ("relay", *SIGNED_ON),
    N.dock_weather(): ("gateway", *SIGNED_ON),
    N.keeper_hello: ("gateway", *SIGNED_ON),
    f"$KV.{N.control_bucket}.drone.*": ("gateway", "keeper", *SIGNED_ON),
    f"$KV.{N.record_bucket}.>": ("gateway", "keeper", *SIGNED_ON),
    N.command("gw1"): ("gateway",),
    N.command("gw1", "pilot-a"): ("gateway",),
    N.command("gw2"): (),
    N.control("gw1"): ("gateway",),
    N.lease("gw1"): ("gateway",),
    N.report("gateway"): ("gateway",),
    N.report("keeper"): ("keeper",),
    N.report("simulate"): ("central",),
    N.keeper(): ("keeper",),
    N.sign_on(): ("keeper",),
    N.refused_entry(): ("keeper",),
    N.alert_decision(): ("keeper",),
    N.alert_decision("pilot-a"): ("keeper",),
    N.alert_image(): ("keeper",),
    N.authorise_launch(): ("keeper",),
    N.desk_hello(): ("keeper",),
    N.central_image: ("central",),
    N.audit(): (),
    N.incident: (),
    N.alert: (),
    "$SYS.REQ.USER.AUTH": ("keeper",),
    "$SYS.>": (),
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
    """A plain client: a service, one of the server's own desks, or whom the keeper lets in."""
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error))

    person, at, desk = user.rpartition("@")
    access = server.sign_on_access(person, desk) if at else server.access(user)
    client = await nats.connect(
        f"nats://{access.host}:{access.port}",
        user=access.user,
        password=access.password,
        inbox_prefix=inbox_of(user),
        allow_reconnect=False,
        error_cb=note,
    )
    try:
        yield RawUser(client, refused)
    finally:
        await client.close()


async def test_the_table(tmp_path: Path) -> None:
    """Everybody tries everything."""
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        await bench.sign_on(A)  # with the full role at desk-1: what desk-9 gets is an observer's
        for user in EVERYONE:
            async with raw(bench.server, user) as me:
                speaks = {s: await me.may_publish(s) for s in MAY_PUBLISH}
                hears = {s: await me.may_hear(s) for s in MAY_HEAR}
            assert speaks == {s: user in who for s, who in MAY_PUBLISH.items()}, user
            assert hears == {s: user in who for s, who in MAY_HEAR.items()}, user


@pytest.mark.parametrize("user", EVERYONE)
def test_nothing_is_granted_that_the_table_does_not_list(user: str) -> None:
    """A right that no row tries would be a right that nobody looked at."""
    granted = _rights(user)
    speaks = {s for s, who in MAY_PUBLISH.items() if user in who}
    hears = {s for s, who in MAY_HEAR.items() if user in who}
    assert {p for p in granted.publish if not any(_within(s, p) for s in speaks)} == set()
    assert {p for p in granted.hears if not any(_within(s, p) for s in hears)} == set()


def _rights(user: str) -> NatsUser:
    person, at, desk = user.rpartition("@")
    if not at:
        return next(u for u in service_users(SITE, "gw1", str) if u.name == user)
    if not person:
        return empty_desk_user(SITE, desk)
    role = Role.OBSERVER if user in (WATCHER, SECOND) else Role.PILOT
    return desk_user(SITE, person, desk, role)


def _within(subject: str, pattern: str) -> bool:
    """Whether a subject (or a narrower pattern) falls under a pattern."""
    have, want = subject.split("."), pattern.split(".")
    for index, token in enumerate(want):
        if token == ">":
            return len(have) > index
        if index >= len(have) or token not in ("*", have[index]):
            return False
    return len(have) == len(want)


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
    async with nats_server(tmp_path) as server, raw(server, DESK_A) as me:
        record = await _record_with_control(server)
        read = f"$JS.API.DIRECT.GET.KV_{N.control_bucket}"
        await me.client.publish(read, json.dumps({"last_by_subj": other}).encode(), reply=victim)
        await me.client.publish(N.keeper("pilot-a", "desk-1"), b"x", reply=victim)
        await me.flush()
        await asyncio.sleep(0.2)
        gateway = await server.bus("gateway")
        entry = await gateway.bucket(N.control_bucket, ControlRecord).get("drone.ISL-01")
        assert entry is not None
        assert (entry.value, entry.revision) == (record, 1)


@pytest.mark.parametrize("subject", [N.incident, N.alert], ids=["incident", "alert"])
async def test_the_control_room_cannot_have_a_receipt_written_over_a_control_record(
    tmp_path: Path, subject: str
) -> None:
    """The stream says "stored" where the reply points: not across the border."""
    victim = f"$KV.{N.control_bucket}.drone.ISL-01"
    async with nats_server(tmp_path) as server, raw(server, "central") as me:
        record = await _record_with_control(server)
        await me.client.publish(subject, b"x", reply=victim)
        told = await me.client.request(subject, b"y", timeout=5.0)  # behind the first
        assert json.loads(told.data)["seq"] == 2, "both are stored"
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
        for user in (*SERVICES, DESK_A, DESK_B):
            async with raw(server, user) as me:
                for stream in STREAMS:
                    for call in ("DELETE", "PURGE"):
                        await me.client.publish(f"$JS.API.STREAM.{call}.{stream}", b"")
                await me.flush()
        await _record_with_control(server)


async def test_a_desk_hears_no_other_desks_answers(tmp_path: Path) -> None:
    async with nats_server(tmp_path) as server, raw(server, DESK_B) as spy:
        heard: list[bytes] = []

        async def note(message: Msg) -> None:
            heard.append(message.data)

        for subject in (f"{inbox_of(DESK_A)}.>", "*.*.*", "_R_.>"):
            await spy.client.subscribe(subject, cb=note)
        await spy.flush()
        keeper, desk = await server.bus("keeper"), await server.desk("pilot-a", "desk-1")
        record = ControlRecord("ISL-01", ControlState.UNOWNED, 4, 1)

        async def answer(_: str, value: ControlRecord) -> ControlRecord:
            return value

        await keeper.serve(N.keeper(), ControlRecord, answer, lambda _: record)
        assert (
            await desk.request(N.keeper("pilot-a", "desk-1"), record, ControlRecord, 2.0) == record
        )
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


async def test_the_control_room_is_asked_and_heard_across_its_border(tmp_path: Path) -> None:
    async with (
        nats_server(tmp_path) as server,
        raw(server, "central") as central,
        raw(server, "train") as train,
        raw(server, "gateway") as gateway,
        raw(server, DESK_A) as desk,
    ):

        async def answer(message: Msg) -> None:
            await message.respond(b"figures")

        await central.client.subscribe(N.report("simulate"), cb=answer)
        weather = [await who.client.subscribe(N.dock_weather()) for who in (gateway, desk)]
        hello = await desk.client.subscribe(N.central_hello)
        for who in (central, gateway, desk):
            await who.flush()
        told = await train.client.request(N.report("simulate"), b"?", timeout=5.0)
        assert told.data == b"figures"
        await central.client.publish(N.dock_weather("D1"), b"wind")
        await central.client.publish(N.central_hello, b"here")
        assert [(await heard.next_msg(5.0)).data for heard in weather] == [b"wind", b"wind"]
        assert (await hello.next_msg(5.0)).data == b"here"
