"""The claim and its fence, on a clock turned by hand and a bucket that can fail."""

from pathlib import Path

import pytest

from gcs.gateway.awake import Awake
from gcs.gateway.claim import Claim
from gcs.model.control import GatewayClaim
from gcs.runtime.clock import ManualClock
from gcs.runtime.lock import SoleLock
from gcs.shared.bus import BucketEntry, NoAnswer, OutcomeUnknown, RevisionConflict


class OneKey:
    """A bucket of one key with revisions. `down`: nothing answers; `deaf`: writes do, unheard."""

    def __init__(self) -> None:
        self.entry: BucketEntry[GatewayClaim] | None = None
        self.down = False
        self.deaf = False

    async def get(self, key: str) -> BucketEntry[GatewayClaim] | None:
        if self.down:
            raise NoAnswer("the bus is down")
        return self.entry

    async def put(self, key: str, value: GatewayClaim, revision: int | None) -> int:
        if self.down:
            raise OutcomeUnknown("no answer")
        now = self.entry.revision if self.entry else None
        if revision != now:
            raise RevisionConflict("written by somebody else")
        self.entry = BucketEntry(key, value, (now or 0) + 1)
        if self.deaf:
            raise OutcomeUnknown("the answer was lost")
        return self.entry.revision


@pytest.fixture
def bucket() -> OneKey:
    return OneKey()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def claim(bucket: OneKey, clock: ManualClock, instance: str) -> Claim:
    return Claim(bucket, "gw1", instance, clock)  # type: ignore[arg-type]


async def test_the_fence_opens_with_the_claim_and_closes_after_3_s(
    bucket: OneKey, clock: ManualClock
) -> None:
    mine = claim(bucket, clock, "one")
    assert not mine.may_send()
    await mine.turn()
    assert mine.may_send()
    clock.advance(2.9)
    assert mine.may_send()
    clock.advance(0.2)
    assert not mine.may_send(), "a gateway that was paused finds its fence closed"
    await mine.turn()
    assert mine.may_send()


async def test_confirmation_counts_from_the_sending(bucket: OneKey, clock: ManualClock) -> None:
    mine = claim(bucket, clock, "one")
    put = bucket.put

    async def slow(key: str, value: GatewayClaim, revision: int | None) -> int:
        clock.advance(1.4)
        return await put(key, value, revision)

    bucket.put = slow  # type: ignore[method-assign]
    await mine.turn()
    clock.advance(1.5)
    assert mine.may_send()
    clock.advance(0.2)
    assert not mine.may_send()


async def test_another_takes_over_after_6_s_without_renewal_and_not_before(
    bucket: OneKey, clock: ManualClock
) -> None:
    mine, other = claim(bucket, clock, "one"), claim(bucket, clock, "two")
    await mine.turn()
    for _ in range(9):
        clock.advance(1.0)
        await mine.turn()
        await other.turn()
        assert mine.may_send() and not other.may_send()
    for _ in range(6):
        assert not other.may_send()
        clock.advance(1.0)
        await other.turn()
    assert other.may_send() and not mine.may_send()
    await mine.turn()
    assert not mine.ours and mine.lost.is_set() and not mine.may_send()
    await mine.turn()
    assert not mine.may_send() and other.ours


async def test_a_released_claim_is_free_at_once(bucket: OneKey, clock: ManualClock) -> None:
    mine, other = claim(bucket, clock, "one"), claim(bucket, clock, "two")
    await mine.turn()
    await mine.release()
    assert not mine.may_send()
    await other.turn()
    assert other.may_send()


async def test_a_lost_answer_is_read_back(bucket: OneKey, clock: ManualClock) -> None:
    mine = claim(bucket, clock, "one")
    await mine.turn()
    bucket.deaf = True
    clock.advance(2.0)
    await mine.turn()
    clock.advance(1.5)
    assert mine.may_send(), "the bucket says that the renewal was written"
    bucket.deaf = False
    await mine.turn()
    assert mine.may_send()


async def test_without_an_answer_the_fence_closes_and_opens_again(
    bucket: OneKey, clock: ManualClock
) -> None:
    mine = claim(bucket, clock, "one")
    await mine.turn()
    bucket.down = True
    for _ in range(4):
        clock.advance(1.0)
        await mine.turn()
    assert not mine.may_send()
    assert mine.unconfirmed_s == pytest.approx(4.0)
    bucket.down = False
    await mine.turn()
    assert mine.may_send()


async def test_an_heir_that_gets_the_lock_claims_at_once(
    bucket: OneKey, clock: ManualClock, tmp_path: Path
) -> None:
    lock = SoleLock(tmp_path / "gw1.lock")
    first = Claim(bucket, "gw1", "one", clock, lock)  # type: ignore[arg-type]
    await first.turn()
    second = SoleLock(tmp_path / "gw1.lock")
    heir = Claim(bucket, "gw1", "two", clock, second)  # type: ignore[arg-type]
    await heir.turn()
    assert not heir.may_send(), "the first one's process lives: it is paused at most"
    assert heir.shadowed
    assert not heir.speaks
    lock.release()  # as the system does when a process ends
    await heir.turn()
    assert heir.may_send()
    await first.turn()
    assert not first.may_send()
    second.release()


async def test_a_lock_of_another_machine_proves_nothing(
    bucket: OneKey, clock: ManualClock, tmp_path: Path
) -> None:
    elsewhere = SoleLock(tmp_path / "gw1.lock")
    elsewhere.name = "another-host:" + elsewhere.name
    first = Claim(bucket, "gw1", "one", clock, elsewhere)  # type: ignore[arg-type]
    await first.turn()
    elsewhere.release()
    second = SoleLock(tmp_path / "gw1.lock")
    heir = Claim(bucket, "gw1", "two", clock, second)  # type: ignore[arg-type]
    await heir.turn()
    clock.advance(5.9)
    await heir.turn()
    assert not heir.may_send()
    clock.advance(0.2)
    await heir.turn()
    assert heir.may_send()
    second.release()


def test_who_has_just_woken_tells_nothing_for_a_second() -> None:
    clock = ManualClock()
    awake = Awake(lambda: True, clock)
    assert awake()
    clock.advance(0.1)
    assert awake()
    clock.advance(10.0)
    assert not awake()
    clock.advance(0.9)
    assert not awake()
    clock.advance(0.2)
    assert awake()


async def test_a_renewal_that_is_read_back_late_counts_from_when_it_was_sent(
    bucket: OneKey, clock: ManualClock
) -> None:
    """A gateway paused over a renewal wakes, finds it in the bucket, and another may be about
    to claim: it must not speak for three seconds more."""
    mine = claim(bucket, clock, "one")
    await mine.turn()
    clock.advance(1.0)
    bucket.deaf = True
    put = bucket.put

    async def slept_over(key: str, value: GatewayClaim, revision: int | None) -> int:
        try:
            return await put(key, value, revision)
        finally:
            clock.advance(5.0)

    bucket.put = slept_over  # type: ignore[method-assign]
    await mine.turn()
    assert not mine.may_send()
