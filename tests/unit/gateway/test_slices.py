"""Slices stand back for what is urgent, and never for long."""

from gcs.gateway.slices import BACK_S, MOST_BACK_S, ORDER_S, SLICE, Urgent, in_slices
from gcs.runtime.clock import ManualClock


async def test_everything_is_done_however_urgent_something_else_is() -> None:
    asked: list[bool] = []

    def always() -> bool:
        asked.append(True)
        return True

    items = range(SLICE * 5)
    found = [i async for some in in_slices(items, longest_s=0.0, urgent=always) for i in some]
    assert found == list(items)
    assert len(asked) <= MOST_BACK_S / BACK_S + 1


async def test_without_anything_urgent_nobody_stands_back() -> None:
    asked: list[bool] = []

    def never() -> bool:
        asked.append(False)
        return False

    async for _ in in_slices(range(SLICE * 5), longest_s=0.0, urgent=never):
        pass
    assert len(asked) == 4, "once between two slices"


def test_an_order_is_urgent_for_a_moment_and_packets_while_they_wait() -> None:
    clock, waits = ManualClock(), False
    urgent = Urgent(lambda: waits, clock.monotonic)
    assert not urgent()
    urgent.order()
    assert urgent()
    clock.advance(ORDER_S + 0.001)
    assert not urgent()
    waits = True
    assert urgent()
