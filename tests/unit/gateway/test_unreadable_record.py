"""A control record that cannot be read at the start: nobody commands, and it is left as it is."""

from dataclasses import replace
from typing import Any

import pytest

from gcs.control.stimulus import ControlEvent, Refusal, Stimulus
from gcs.gateway import registry
from gcs.gateway.registry import Registry
from gcs.model.control import ControlState
from gcs.model.event import Severity
from gcs.shared.bus import BucketEntry
from gcs.shared.codec import BadMessage
from tests.unit.gateway.stage import DRONE, A, Stage, Store, stage

KEY = f"drone.{DRONE}"


class SpoiltStore(Store):
    """`spoilt`: what stands under the key is no record of this system."""

    spoilt = True

    async def get(self, key: str) -> BucketEntry[Any] | None:
        if self.spoilt:
            raise BadMessage(f"{key}: not a message of this system")
        return await super().get(key)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "RETRY_S", 0.01)


async def _started_over(store: SpoiltStore) -> Stage:
    """A gateway that comes up and finds the record so."""
    parts = Stage()
    parts.registry._bucket = store  # type: ignore[assignment]
    await parts.registry.load()
    return parts


def _take(epoch: int) -> Stimulus:
    return Stimulus(ControlEvent.TAKE, 1000, by=A, epoch=epoch)


async def test_nobody_takes_it_and_nothing_is_written_over_it() -> None:
    async with stage() as before:
        await before.given(A)
        store = SpoiltStore()
        store.entries = dict(before.store.entries)
    parts = await _started_over(store)
    for _ in range(3):
        outcome = await parts.arbiter.change(DRONE, _take(0))
        assert isinstance(outcome, Refusal) and "not known" in outcome.text
        await parts.arbiter.reconcile()
    assert parts.record.state is ControlState.UNCERTAIN
    assert not parts.arbiter.free(DRONE)
    assert store.entries == before.store.entries
    store.entries.clear()  # thrown away is not mended: the epoch is known no better
    store.spoilt = False
    await parts.arbiter.reconcile()
    assert parts.record.state is ControlState.UNCERTAIN


async def test_it_is_told_once_as_a_warning_and_mended_it_counts() -> None:
    store = SpoiltStore()
    async with stage() as parts:
        true = replace(parts.record, state=ControlState.OWNED, holder=A, epoch=7)
        parts.registry = Registry(store, (DRONE,), parts.clock)  # type: ignore[arg-type]
        parts.registry.on_doubt = parts.arbiter._doubted
        parts.arbiter._registry = parts.registry
        for _ in range(2):  # it had the claim, lost it, has it again
            await parts.registry.load()
        await parts.settle()
        (event,) = parts.streams.events
        assert event.severity is Severity.WARNING
        assert event.text.startswith(
            f"who controls {DRONE} cannot be read: nobody commands it until its record is mended"
        )
        store.entries[KEY] = BucketEntry(KEY, true, 3)
        store.spoilt = False
        await parts.arbiter.reconcile()
        assert parts.record == true


async def test_read_once_and_spoilt_since_it_keeps_its_epoch() -> None:
    async with stage() as parts:
        await parts.given(A)
        store = SpoiltStore()
        parts.registry._bucket = store  # type: ignore[assignment]
        await parts.registry.load()
        assert (parts.record.state, parts.record.epoch) == (ControlState.UNCERTAIN, 1)
        assert parts.record.holder is None
