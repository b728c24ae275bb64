"""Hostile packets: no exception gets out, nothing grows, nothing wrong is published.

The quick run takes 20,000 packets, the slow one 2 million of other seeds.
"""

import logging
import random
from collections.abc import Iterator

import psutil
import pytest

from gcs.link import light
from gcs.link.codec import Splitter, decode
from tests.support.fuzz import GARBAGE_ONLY, Fuzz, frame
from tests.unit.link.hostile_rig import EVERY, HostileRig, untouched, wrong

MOST_HELD = 6_000
GROWTH_MB = 24.0


@pytest.fixture(autouse=True)
def _no_log() -> Iterator[None]:
    """Each refused type is logged once; here that would be all of them."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


async def _through(seed: int, packets: int) -> HostileRig:
    """All packets of a seed through a rig, looked at every 250."""
    fuzz, rig = Fuzz(seed), HostileRig()
    for packet in fuzz.settle():
        rig.take(packet)
    at_rest = untouched((await rig.look())[GARBAGE_ONLY - 1])
    assert at_rest.position is not None, "the settled drone is shown"
    for number, packet in enumerate(fuzz.packets(packets), start=1):
        try:
            rig.take(packet)
        except Exception as error:
            raise AssertionError(f"seed {seed}, {packet.kind}: {packet.data.hex()}") from error
        if number % EVERY:
            continue
        try:
            shown = await rig.look()
        except Exception as error:
            raise AssertionError(f"seed {seed}, before packet {number}") from error
        assert not wrong(shown, fuzz)
        assert untouched(shown[GARBAGE_ONLY - 1]) == at_rest, "only garbage came for it"
    return rig


async def test_hostile_packets_change_nothing_that_they_may_not() -> None:
    rig = await _through(seed=20261122, packets=20_000)
    counters = rig.network.counters
    assert counters.messages_in > 8_000
    assert counters.messages_bad > 3_000
    assert rig.held() < MOST_HELD


async def test_the_same_seed_gives_the_same_packets() -> None:
    first, second = (list(Fuzz(7).packets(500)) for _ in range(2))
    assert first == second
    assert {p.kind for p in first} == {p.kind for p in Fuzz(8).packets(2_000)}


@pytest.mark.slow
async def test_two_million_hostile_packets_leave_nothing_behind() -> None:
    process = psutil.Process()
    resting_mb: list[float] = []
    for seed in range(20):
        rig = await _through(seed, 100_000)
        assert rig.held() < MOST_HELD
        resting_mb.append(process.memory_info().rss / 2**20)
    assert max(resting_mb[10:]) - resting_mb[4] < GROWTH_MB, resting_mb


def test_a_stream_gives_every_sound_packet_whatever_lies_between() -> None:
    """TCP and serial: torn packets and noise in any pieces swallow nothing sound."""
    chance, fuzz = random.Random(5), Fuzz(5)
    sent: list[bytes] = []
    stream = b""
    for _ in range(1_500):
        sound = fuzz.honest()
        sent.append(sound.data)
        stream += chance.choice((fuzz.noise, fuzz.cut, fuzz.wrong_sum))().data[:300] + sound.data
    stream += bytes(600)  # what a torn header still waits for comes at last
    splitter, found, at = Splitter(), set[bytes](), 0
    while at < len(stream):
        size = chance.randrange(1, 400)
        found |= {packet.data for packet in splitter.stream(stream[at : at + size])}
        at += size
        assert len(splitter._tail) <= 560, "no more is kept than two packets"
    assert set(sent) <= found
    assert splitter.bad > 500


def test_what_is_read_straight_from_the_payload_is_what_pymavlink_reads() -> None:
    chance = random.Random(9)
    for number, layout in light._LAYOUTS.items():
        for _ in range(200):
            length = chance.choice((layout.size, 255, chance.randint(1, layout.size)))
            data = frame(
                number,
                chance.randbytes(length),
                1,
                version=chance.choice((1, 2) if number < 256 else (2,)),
            )
            (packet,) = Splitter().datagram(data)
            ours, theirs = light.read(packet.message, packet.data), decode(packet.data)
            assert ours.get_type() == theirs.get_type()
            for field in ours._fields:
                assert repr(getattr(ours, field)) == repr(getattr(theirs, field)), field
