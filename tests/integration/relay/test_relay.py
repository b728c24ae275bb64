"""The relay over real UDP and real HTTP: who gets which bytes, and who gets none."""

import asyncio
import io
import logging
import socket

import av
import pytest

from gcs.relay.packets import PACKET
from gcs.runtime.clock import ManualClock
from gcs.shared.ports import free_port
from tests.integration.relay.rig import LOOPBACK, TOKENS, Rig, rig
from tests.support.nats import until
from tests.support.ts import KEY_EVERY, from_key, stream

NOISE = (240, 136, True)
END = b"\x47\x1f\xff\x10" + b"the end".ljust(PACKET - 4, b"\xff")


def grey_levels(data: bytes) -> list[int]:
    """Decode; each plain picture's own number (see `stream`)."""
    with av.open(io.BytesIO(data), "r", format="mpegts") as file:
        pictures = [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]
    return [round(float(picture.mean()) / 8) for picture in pictures]


def kinds(data: bytes) -> list[str]:
    with av.open(io.BytesIO(data), format="mpegts") as file:
        return [s.type for s in file.streams]


async def test_two_desks_get_the_same_bytes() -> None:
    async with (
        rig("ISL-01", "ISL-02") as r,
        r.watching("ISL-01", "desk-1") as first,
        r.watching("ISL-01", "desk-2") as second,
        r.watching("ISL-02", "desk-2") as other,
    ):
        assert r.health("ISL-01").clients == 2
        await r.sender("ISL-01").send(stream())
        whole = from_key(stream(), 0)
        assert await first.has(len(whole)) == whole
        assert await second.has(len(whole)) == whole
        assert other.data == b"", "a feed that has not begun is waited for"
        await r.sender("ISL-02").send(stream(20))
        assert await other.has(len(from_key(stream(20), 0))) == from_key(stream(20), 0)


async def test_who_joins_in_mid_stream_begins_with_tables_and_a_keyframe() -> None:
    async with rig("ISL-01") as r:
        sender = r.sender("ISL-01")
        cut = len(stream(60)) * 3 // 4 // PACKET * PACKET
        await sender.send(stream(60)[:cut])
        async with r.watching("ISL-01") as late:
            await sender.send(stream(60)[cut:])
            shown = from_key(stream(60)[:cut], -1) + stream(60)[cut:]
            assert await late.has(len(shown)) == shown
        assert (late.data[1] & 0x1F, late.data[2]) == (0, 0), "PAT first"
        assert kinds(late.data) == ["video", "data"]
        levels = grey_levels(late.data)
        assert levels[0] % KEY_EVERY == 0
        assert levels == [n % 30 for n in range(60)][-len(levels) :]


@pytest.mark.parametrize(
    ("feed", "token", "query", "status"),
    [
        ("ISL-01", None, "", 401),
        ("ISL-01", "wrong", "", 401),
        ("ISL-01", None, "?token=" + TOKENS["desk-1"], 401),
        ("ISL-01", TOKENS["desk-1"], "?token=" + TOKENS["desk-1"], 401),
        ("ISL-09", "wrong", "", 401),
        ("ISL-09", TOKENS["desk-1"], "", 404),
    ],
)
async def test_refused_in_words(feed: str, token: str | None, query: str, status: int) -> None:
    async with rig("ISL-01") as r, r.get(feed, token, query) as answer:
        assert answer.status == status
        text = await answer.text()
        assert text.endswith(".\n")
        assert TOKENS["desk-1"] not in text
        assert r.health("ISL-01").clients == 0


async def test_only_get() -> None:
    async with rig("ISL-01") as r:
        headers = {"Authorization": f"Bearer {TOKENS['desk-1']}"}
        async with r.http.head(r.access.url("ISL-01"), headers=headers) as answer:
            assert answer.status == 405
        async with r.http.post(r.access.url("ISL-01"), headers=headers) as answer:
            assert answer.status == 405


async def test_nothing_logs_a_token(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with rig("ISL-01") as r:
            async with r.get("ISL-01", None, "?token=" + TOKENS["desk-2"]) as answer:
                assert answer.status == 401
            async with r.watching("ISL-01") as desk:
                await r.sender("ISL-01").send(stream())
                await desk.has(1)
    assert not any(token in caplog.text for token in TOKENS.values())


async def test_a_slow_desk_is_cut_and_holds_up_nobody() -> None:
    clock = ManualClock()
    data = stream(30, *NOISE)
    async with rig("ISL-01", clock=clock) as r, r.watching("ISL-01") as quick:
        slow = await lazy_client(r)
        try:
            await until(lambda: r.health("ISL-01").clients == 2)
            sender = r.sender("ISL-01")
            rounds = 0
            while r.health("ISL-01").dropped == 0:
                await sender.send(data)
                clock.advance(1.2)
                rounds += 1
                assert rounds < 10, "never cut"
            whole = from_key(data, 0) + data * (rounds - 1)
            assert await quick.has(len(whole)) == whole
            # It reads again: what it had before the cut, then a keyframe and all that follows.
            late = Late(slow)
            async with asyncio.timeout(10.0):
                reading = asyncio.ensure_future(late.read_until(END))
                await sender.send(data + END)
                await reading
        finally:
            slow.close()
        assert len(late.body) < len(quick.data)
        begins = [from_key(data, n, data)[: 3 * PACKET] for n in range(3)]
        assert any(begin in late.body for begin in begins), "it goes on at a keyframe"
        await until(lambda: r.health("ISL-01").clients == 1)
    assert all(late.body[at] == 0x47 for at in range(0, len(late.body), PACKET))


async def lazy_client(r: Rig) -> socket.socket:
    """A desk that asks for a feed and then reads nothing."""
    loop = asyncio.get_running_loop()
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 18)
    slow.setblocking(False)
    await loop.sock_connect(slow, (LOOPBACK, r.access.port))
    request = f"GET /feeds/ISL-01.ts HTTP/1.0\r\nAuthorization: Bearer {TOKENS['desk-2']}\r\n\r\n"
    await loop.sock_sendall(slow, request.encode())
    return slow


class Late:
    """The slow desk as it reads at last."""

    def __init__(self, tcp: socket.socket) -> None:
        self._tcp = tcp
        self.body = b""

    async def read_until(self, end: bytes) -> None:
        loop = asyncio.get_running_loop()
        raw = b""
        while not raw.endswith(end):
            raw += await loop.sock_recv(self._tcp, 65536)
        self.body = raw.partition(b"\r\n\r\n")[2]


async def test_garbage_is_not_passed_on() -> None:
    async with rig("ISL-01", "ISL-02") as r, r.watching("ISL-01") as desk:
        sender = r.sender("ISL-01")
        await sender.send_raw([b"\x00" * 1316, b"no stream at all", b"\x47" * 187])
        await r.sender("ISL-02").send(stream())
        assert "Feed ISL-01" in r.health("ISL-01").trouble
        assert r.health("ISL-02").trouble == ""
        assert r.health("ISL-01").bad_packets == 9
        await sender.send(stream())
        whole = from_key(stream(), 0)
        assert await desk.has(len(whole)) == whole


async def test_stop_and_another_sender() -> None:
    clock = ManualClock()
    async with rig("ISL-01", clock=clock) as r, r.watching("ISL-01") as desk:
        await r.sender("ISL-01").send(stream(20))
        first = from_key(stream(20), 0)
        await desk.has(len(first))
        await r.sender("ISL-01").send(stream(30))
        assert r.health("ISL-01").bad_packets == len(stream(30)) // PACKET
        clock.advance(2.5)
        assert r.health("ISL-01").trouble == "Feed ISL-01 has stopped."
        await r.sender("ISL-01").send(stream(30))
        assert r.health("ISL-01").trouble == ""
        second = from_key(stream(30), 0)
        assert await desk.has(len(first + second)) == first + second


async def test_the_relay_ends_and_comes_back_at_the_same_place() -> None:
    async with rig("ISL-01") as r, r.watching("ISL-01") as desk:
        await r.sender("ISL-01").send(stream())
        await desk.has(1000)
        again = (r.access.port, r.sources)
    async with rig(port=again[0], at=again[1]) as r, r.watching("ISL-01") as desk:
        await r.sender("ISL-01").send(stream())
        await desk.has(len(from_key(stream(), 0)))


async def test_a_taken_udp_port_is_told_and_tried_again() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        async with rig("ISL-01", "ISL-02") as r:
            pass
        taken.bind((LOOPBACK, r.sources[0].udp_port))
        async with rig(port=free_port(), at=r.sources) as r:
            await until(lambda: "UDP port" in r.health("ISL-01").trouble)
            await r.sender("ISL-02").send(stream())
            taken.close()
            await until(lambda: r.health("ISL-01").trouble == "Feed ISL-01 has not begun.")
            await r.sender("ISL-01").send(stream())
