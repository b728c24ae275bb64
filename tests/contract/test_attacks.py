"""What somebody with a desk's connection, or a stolen piece of one, might try; all of it fails."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import nats.errors
import pytest
from nats.aio.client import Client

from gcs.model.command import CommandKind, Receipt, ReceiptState
from gcs.model.control import ControlRecord, ControlState
from gcs.model.event import EventKind, GatewayEvent, Severity
from gcs.model.mission import KeeperAct, KeeperReply, KeeperRequest
from gcs.model.people import Holder
from gcs.model.telemetry import DroneTelemetry, Phase, TelemetryBatch
from gcs.shared.bus import Bus, NoAnswer
from gcs.shared.codec import decode, encode
from gcs.shared.faults import EntryRefused
from gcs.shared.nkey import AccountKey
from gcs.shared.roles import CALLOUT, desks_account
from tests.contract.test_roles import (
    CONTROL,
    DESK_A,
    DESK_B,
    OTHER,
    PILOT,
    STREAMS,
    WATCHER,
    N,
    raw,
)
from tests.integration.gateway.rig import near, rig
from tests.integration.keeper.bench import KeeperBench, keeper_bench
from tests.support.nats import SITE, until

DRONE = "ISL-01"
RECORD = ControlRecord(DRONE, ControlState.UNOWNED, 4, 1)


async def sign_on(bench: KeeperBench, user: str) -> Bus:
    person, _, desk = user.rpartition("@")
    bus = await bench.server.sign_on_bus(person, desk)
    request = KeeperRequest("r", KeeperAct.SIGN_ON, Holder(person, person, desk))
    assert (await bus.request(N.sign_on(person, desk), request, KeeperReply, 5.0)).ok
    return bus


# -- streams and records -------------------------------------------------------------------------
async def test_no_stream_is_deleted_purged_or_thinned(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        bucket = bench.gateway.bucket(N.control_bucket, ControlRecord)
        revision = await bucket.put(f"drone.{DRONE}", RECORD, None)
        async with raw(bench.server, PILOT) as me:
            for stream in STREAMS:
                for call in ("STREAM.DELETE", "STREAM.PURGE", "STREAM.MSG.DELETE", "STREAM.UPDATE"):
                    assert not await me.may_publish(f"$JS.API.{call}.{stream}"), (call, stream)
        found = await bucket.get(f"drone.{DRONE}")
        assert found is not None
        assert (found.value, found.revision) == (RECORD, revision)


async def test_no_control_record_is_written_erased_or_rolled_up(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        bucket = bench.gateway.bucket(N.control_bucket, ControlRecord)
        revision = await bucket.put(f"drone.{DRONE}", RECORD, None)
        forged = encode(
            ControlRecord(DRONE, ControlState.OWNED, 5, 2, Holder("pilot-a", "A", "desk-1"))
        )
        victim = f"$KV.{N.control_bucket}.drone.{DRONE}"
        async with raw(bench.server, PILOT) as me:
            for headers in (
                {},
                {"KV-Operation": "DEL"},
                {"KV-Operation": "PURGE", "Nats-Rollup": "sub"},
                {"Nats-Rollup": "all"},
            ):
                await me.client.publish(victim, forged, headers=headers or None)
            # Nor by having somebody who may write answer there.
            await me.client.publish(f"$JS.API.DIRECT.GET.{CONTROL}", b'{"seq":1}', reply=victim)
            await me.client.publish(N.sign_on("pilot-a", "desk-1"), b"x", reply=victim)
            await me.flush()
        await _settled(bench)
        found = await bucket.get(f"drone.{DRONE}")
        assert found is not None
        assert (found.value, found.revision) == (RECORD, revision)


async def _settled(bench: KeeperBench) -> None:
    """What was sent before has been dealt with: two rounds to the server and the keeper."""
    before = len(bench.hellos)
    await until(lambda: len(bench.hellos) >= before + 2)


# -- other people's words ------------------------------------------------------------------------
async def test_no_answer_to_another_is_overheard(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper(), raw(bench.server, OTHER) as spy:
        victim = await sign_on(bench, PILOT)
        heard: list[bytes] = []

        async def note(message: object) -> None:
            heard.append(repr(message).encode())

        for subject in (f"_INBOX_{PILOT}.>", "*.*.>", "_R_.>", "*.*.*", "$SYS._INBOX.>"):
            await spy.client.subscribe(subject, cb=note)
        await spy.flush()
        request = KeeperRequest("r", KeeperAct.PING, Holder("pilot-a", "A", "desk-1"))
        subject = N.sign_on("pilot-a", "desk-1")
        assert (await victim.request(subject, request, KeeperReply, 5.0)).ok
        await spy.flush()
        assert heard == []


async def test_nobody_hears_the_passwords_but_the_keeper(tmp_path: Path) -> None:
    """The server puts them on one subject; whoever else listens there is refused."""
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        for user in ("admin", "gateway", "central", "relay", "train", "warden", PILOT):
            async with raw(bench.server, user) as spy:
                for subject in (CALLOUT, "$SYS.REQ.USER.*", "$SYS.>", ">"):
                    assert not await spy.may_hear(subject), (user, subject)


async def test_no_telemetry_is_made_up(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        victim = await sign_on(bench, PILOT)
        heard: list[TelemetryBatch] = []
        await victim.listen(N.telemetry(), TelemetryBatch, lambda _, batch: heard.append(batch))
        drone = DroneTelemetry(DRONE, 1, battery_percent=99.0)
        forged = TelemetryBatch("gw1", "i1", 1, 0, (drone,))
        for user in (OTHER, "keeper", "central", "relay", "train"):
            async with raw(bench.server, user) as me:
                await me.client.publish(N.telemetry("gw1"), encode(forged))
                await me.flush()
        true = TelemetryBatch("gw1", "i1", 2, 0, (drone,))
        await bench.gateway.publish(N.telemetry("gw1"), true)
        await until(lambda: heard)
        assert [batch.sequence for batch in heard] == [2]


async def test_what_is_stored_is_not_told_again_as_if_it_happened_now(tmp_path: Path) -> None:
    """An answer to a read, sent to where all desks listen, is left out there and counted."""
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        victim = await sign_on(bench, PILOT)
        heard: list[str] = []
        await victim.listen(N.event(), GatewayEvent, lambda _, event: heard.append(event.text))
        first, second = (
            GatewayEvent("gw1", "i1", n, 1, EventKind.TEXT, DRONE, f"e{n}", Severity.INFO)
            for n in (1, 2)
        )
        subject = N.event("gw1", "text")
        await bench.gateway.publish_durable(subject, first, message_id="e1")
        await until(lambda: heard == ["e1"])
        async with raw(bench.server, WATCHER) as me:
            for where in (subject, N.telemetry("gw1"), N.event("gw1", "control")):
                read = f"$JS.API.DIRECT.GET.{N.events_stream}"
                await me.client.publish(read, b'{"seq":1}', reply=where)
            await me.flush()
            await until(lambda: victim.echoes >= 2)
        await bench.gateway.publish_durable(subject, second, message_id="e2")
        await until(lambda: "e2" in heard)
        assert heard == ["e1", "e2"]
        assert victim.bad_messages == 0


# -- claiming to be another ----------------------------------------------------------------------
async def test_nobody_comes_in_as_another(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        mine = bench.server.sign_on_access("pilot-a", "desk-1")
        tries = {
            "another's name, one's own password": ("pilot-b@desk-1", mine.password),
            "another's desk": ("pilot-a@desk-2", mine.password),
            "no password": ("super-c@desk-1", mine.password.partition(" ")[0]),
            "the desk's secret alone": ("pilot-a@desk-1", mine.password.partition(" ")[0]),
            "two at signs": ("pilot-b@desk-2@desk-1", mine.password),
            "a pattern": ("*@desk-1", mine.password),
            "a service": ("gateway", mine.password),
            "nobody at all": ("", ""),
        }
        for what, (user, password) in tries.items():
            with pytest.raises((nats.errors.Error, TimeoutError)):
                await _connect(bench.server.port, user=user, password=password)
                pytest.fail(what)


async def test_a_word_signed_with_another_key_is_not_the_keepers(tmp_path: Path) -> None:
    """A token of one's own making, offered to the server in place of a password."""
    async with keeper_bench(tmp_path) as bench, bench.keeper():
        forger = AccountKey.generate()
        rights = {"pub": {"allow": [">"]}, "sub": {"allow": [">"]}, "type": "user", "version": 2}
        claims = {"sub": forger.public, "aud": desks_account(SITE), "name": "me", "nats": rights}
        token = forger.token(claims, int(time.time()))
        for password in (token, f"{token} {token}"):
            with pytest.raises((nats.errors.Error, TimeoutError)):
                await _connect(bench.server.port, user="pilot-a@desk-1", password=password)
        with pytest.raises((nats.errors.Error, TimeoutError)):
            await _connect(bench.server.port, token=token)


async def test_a_keeper_with_another_key_lets_nobody_in(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench:
        bench.server.key = AccountKey.generate()
        async with bench.keeper():
            with pytest.raises((EntryRefused, NoAnswer)):
                await Bus.connect(bench.server.sign_on_access("pilot-a", "desk-1"), "x")


async def _connect(port: int, **who: Any) -> None:
    client = Client()
    try:
        await client.connect(
            f"nats://127.0.0.1:{port}",
            allow_reconnect=False,
            connect_timeout=5,
            error_cb=_ignore,
            **who,
        )
    finally:
        await client.close()


async def _ignore(error: Exception) -> None:
    del error


async def test_nobody_is_shown_out_or_signed_off_by_another(tmp_path: Path) -> None:
    async with keeper_bench(tmp_path) as bench, bench.keeper(), raw(bench.server, OTHER) as me:
        victim = await sign_on(bench, PILOT)
        assert not await me.may_publish("$SYS.REQ.SERVER.PING.CONNZ")
        assert not await me.may_publish("$SYS.REQ.SERVER.X.KICK")
        assert not await me.may_publish(N.sign_on("pilot-a", "desk-1"))
        request = KeeperRequest("r", KeeperAct.SIGN_OFF, Holder("pilot-a", "A", "desk-1"))
        answer = await me.client.request(
            N.sign_on("pilot-b", "desk-2"), encode(request), timeout=5.0
        )
        reply = decode(answer.data, KeeperReply, "")
        assert (reply.ok, reply.text) == (False, "pilot-b may not act as pilot-a.")
        assert victim.connected
        await until(lambda: bench.present("desk-1"))


# -- an old command ------------------------------------------------------------------------------
async def test_a_recorded_command_is_not_carried_out_again(tmp_path: Path) -> None:
    """The very bytes of a launch, by the same desk and by another."""
    async with rig(tmp_path) as shift:
        a = await shift.desk("pilot-a", "desk-1")
        await shift.ready(DRONE)
        spot = near(shift.site, DRONE, 40.0)
        order = a.order(CommandKind.LAUNCH, DRONE, shift.controls[DRONE].epoch, spot, 12.0)
        subject, recorded = N.command("gw1", "pilot-a", "desk-1", DRONE), encode(order)
        others = N.command("gw1", "pilot-b", "desk-2", DRONE)
        assert (await a.send(order)).state is ReceiptState.SENT
        async with raw(shift.server, DESK_A) as same, raw(shift.server, DESK_B) as other:
            for client, where in ((same, subject), (other, others)):
                told = await client.client.request(where, recorded, timeout=5.0)
                known = decode(told.data, Receipt, "")  # what is known of it, and no more
                assert (known.command_id, known.person) == (order.id, "pilot-a")
            assert not await other.may_publish(subject)
            # The same under a new id is a new command, of the one who did not give it.
            forged = encode(replace(order, id="forged"))
            refused = decode(
                (await other.client.request(others, forged, timeout=5.0)).data, Receipt, ""
            )
            assert refused.state is ReceiptState.REFUSED
            assert "came from another person" in refused.text
        await until(lambda: shift.phase(DRONE) is Phase.CLIMBING, 20.0, "the launch")
        assert [q.command_id for q in shift.keeper_asked] == [order.id], "authorised once"
        assert shift.controls[DRONE].epoch == order.epoch + 1, "taken once"
