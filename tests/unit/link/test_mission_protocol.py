"""Uploads and read-backs against a scripted vehicle of either make, on good and bad links."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gcs.link.mavlink import dialect
from gcs.link.mission_protocol import set_current
from gcs.link.plan_items import fence_items, plan_items
from gcs.link.wire_items import FENCE, MISSION, RALLY, WireItem, differences
from gcs.model.fence import FencePlan, FenceShape
from gcs.model.place import Position
from gcs.model.plan import FlightPlan, PlanItem
from gcs.runtime.clock import ManualClock
from tests.unit.link.peer import Peer, heartbeat
from tests.unit.link.plan_peer import QUICK, PlanPeer, protocol

HOME = Position(51.5262, -0.1068)
FENCE_PLAN = FencePlan(
    "f",
    (
        FenceShape(True, (Position(51.52, -0.11), Position(51.54, -0.11), Position(51.53, -0.09))),
        FenceShape(False, centre=Position(51.528, -0.105), radius_m=55.5),
    ),
    100.0,
)


def plan(count: int) -> FlightPlan:
    return FlightPlan(
        "p",
        tuple(
            PlanItem(Position(51.5 + n * 1e-5, -0.1 - n * 1e-5), 30.0 + n % 7, n % 3, 5.0 + n % 4)
            for n in range(count)
        ),
    )


def items(count: int, *, home: bool = True) -> tuple[WireItem, ...]:
    return plan_items(plan(count), HOME, home_is_item_0=home).items


@pytest.fixture
def peer() -> Iterator[Peer]:
    found = Peer(ManualClock())
    found.says(heartbeat())
    yield found


BOTH = pytest.mark.parametrize("px4", [False, True], ids=["ArduPilot", "PX4"])


@BOTH
async def test_a_plan_goes_up_and_reads_back_the_same(peer: Peer, px4: bool) -> None:
    vehicle, wire = PlanPeer(peer, px4=px4), protocol()
    sent = items(4, home=not px4)
    up = await wire.upload(peer.vehicle, MISSION, sent)
    assert up.ok, up.sentence
    assert len(vehicle.held[0]) == len(sent)
    back = await wire.read(peer.vehicle, MISSION)
    assert back.ok, back.sentence
    assert differences(sent, back.items, skip_first=not px4) == ""
    if not px4:  # item 0 reads back as the vehicle's own home
        assert differences(sent, back.items) != ""
    for message in peer.sent("MISSION_ITEM_INT"):
        assert (message.target_system, message.target_component) == (1, 1)


@BOTH
async def test_every_answer_twice_changes_nothing(peer: Peer, px4: bool) -> None:
    vehicle, wire = PlanPeer(peer, px4=px4), protocol()
    vehicle.twice = True
    sent = fence_items(FENCE_PLAN)
    assert (await wire.upload(peer.vehicle, FENCE, sent)).ok
    assert [m.seq for m in vehicle.held[FENCE]] == [0, 1, 2, 3]
    assert (await wire.read(peer.vehicle, FENCE)).items[3].params[0] == 55.5


@BOTH
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_fence_gets_through_30_percent_loss(peer: Peer, px4: bool, seed: int) -> None:
    vehicle, wire = PlanPeer(peer, px4=px4, loss=0.3, seed=seed), protocol()
    sent = fence_items(FENCE_PLAN)
    up = await wire.upload(peer.vehicle, FENCE, sent)
    assert up.ok or up.unsettled, up.sentence  # the verdict itself may be lost
    back = await wire.read(peer.vehicle, FENCE)
    assert back.ok, back.sentence
    assert differences(sent, back.items) == ""
    assert len(vehicle.held[FENCE]) == 4


@BOTH
async def test_500_points(peer: Peer, px4: bool) -> None:
    vehicle, wire = PlanPeer(peer, px4=px4), protocol()
    sent = items(500, home=not px4)
    assert len(sent) >= 999  # each with its speed
    assert (await wire.upload(peer.vehicle, MISSION, sent)).ok
    assert differences(sent, (await wire.read(peer.vehicle, MISSION)).items, skip_first=True) == ""
    assert len(peer.sent("MISSION_ITEM_INT")) == len(vehicle.held[MISSION]) == len(sent)


@BOTH
@pytest.mark.slow
async def test_500_points_get_through_30_percent_loss(peer: Peer, px4: bool) -> None:
    """The vehicle asks again many times slower than the link's round trip, as real ones."""
    vehicle = PlanPeer(peer, px4=px4, loss=0.3, seed=5)
    vehicle.again_s = 0.02 if px4 else 0.1
    wire = protocol(replace(QUICK, least_s=0.001, idle_s=1.0, verdict_s=0.4))
    sent = items(500, home=not px4)
    up = await wire.upload(peer.vehicle, MISSION, sent)
    assert up.ok or up.unsettled, up.sentence
    back = await wire.read(peer.vehicle, MISSION)
    assert back.ok, back.sentence
    assert differences(sent, back.items, skip_first=not px4) == ""


async def test_an_item_an_ardupilot_has_already_is_followed_by_the_next(peer: Peer) -> None:
    """Its question for item 1 is lost, and it would ask again only after a long while."""
    vehicle, wire = PlanPeer(peer), protocol()
    vehicle.again_s = 30.0
    vehicle.lost_question = 1
    assert (await wire.upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN))).ok
    assert [m.seq for m in peer.sent("MISSION_ITEM_INT")].count(0) == 2
    assert [m.seq for m in vehicle.held[FENCE]] == [0, 1, 2, 3]


@BOTH
async def test_a_lost_verdict_is_unsettled_and_the_last_item_is_not_repeated(
    peer: Peer, px4: bool
) -> None:
    vehicle, wire = PlanPeer(peer, px4=px4), protocol()
    vehicle.swallow = {"MISSION_ACK"}
    up = await wire.upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN))
    assert (up.ok, up.unsettled, up.result) == (False, True, None)
    assert [m.seq for m in peer.sent("MISSION_ITEM_INT")] == [0, 1, 2, 3]
    assert (await wire.read(peer.vehicle, FENCE)).ok  # and reading back settles it


async def test_another_station_uploads(peer: Peer) -> None:
    vehicle, wire = PlanPeer(peer), protocol()
    vehicle.busy_with = (254, 190)
    up = await wire.upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN))
    assert (up.ok, up.words) == (False, "denied: another station is uploading")
    back = await wire.read(peer.vehicle, FENCE)
    assert (back.ok, back.words) == (False, "denied: another station is uploading")


async def test_a_read_back_waits_until_the_vehicle_is_free(peer: Peer) -> None:
    vehicle, wire = PlanPeer(peer), protocol()
    vehicle.busy_with = (254, 190)
    asyncio.get_running_loop().call_later(QUICK.busy_s / 2, setattr, vehicle, "busy_with", None)
    assert (await wire.read(peer.vehicle, FENCE)).ok
    assert len(peer.sent("MISSION_REQUEST_LIST")) == 2


async def test_the_vehicles_reason_comes_with_its_refusal(peer: Peer) -> None:
    vehicle, wire = PlanPeer(peer), protocol()
    vehicle.fence_is_bad = True
    up = await wire.upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN))
    assert up.sentence == "refused by the vehicle; Fence validation failed"
    assert vehicle.held[FENCE] == []


async def test_no_room(peer: Peer) -> None:
    vehicle, wire = PlanPeer(peer), protocol()
    vehicle.room = 3
    up = await wire.upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN))
    assert up.words == "more points than the vehicle has room for"


async def test_the_vehicle_gives_the_upload_up(peer: Peer) -> None:
    vehicle, wire = PlanPeer(peer), protocol(replace(QUICK, idle_s=5.0, least_s=5.0, most_s=5.0))
    work = asyncio.ensure_future(wire.upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN)))
    vehicle.deaf_after = 0
    await vehicle.asked.wait()
    vehicle.cancel()
    up = await work
    assert up.words == "the vehicle gave the transfer up"
    assert up.reasons == ("Fence upload timeout",)


async def test_silence_is_given_up_and_the_vehicle_is_told(peer: Peer) -> None:
    vehicle, wire = PlanPeer(peer), protocol(replace(QUICK, idle_s=0.1))
    vehicle.mute = True
    up = await wire.upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN))
    assert (up.ok, up.words) == (False, "no answer from the vehicle")
    assert peer.sent("MISSION_ACK")[-1].type == dialect.MAV_MISSION_OPERATION_CANCELLED
    back = await wire.read(peer.vehicle, FENCE)
    assert (back.ok, back.words) == (False, "no answer from the vehicle")


async def test_what_is_no_longer_wanted_is_not_sent_on(peer: Peer) -> None:
    vehicle, wire = PlanPeer(peer), protocol()
    wanted = iter([True, True, False])
    up = await wire.upload(
        peer.vehicle, FENCE, fence_items(FENCE_PLAN), lambda: next(wanted, False)
    )
    assert (up.ok, up.words) == (False, "stopped: it is no longer wanted")
    assert [m.seq for m in peer.sent("MISSION_ITEM_INT")] == [0]
    assert vehicle.held[FENCE] == []


async def test_a_shut_send_fence_sends_nothing() -> None:
    peer = Peer(ManualClock(), may_send=lambda: False)
    peer.says(heartbeat())
    up = await protocol().upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN))
    assert up.words == "not sent: this gateway may not speak just now"
    assert peer.wire.sent == []


async def test_a_cancelled_upload_tells_the_vehicle(peer: Peer) -> None:
    vehicle, wire = PlanPeer(peer, px4=True), protocol()
    work = asyncio.ensure_future(wire.upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN)))
    vehicle.deaf_after = 0
    await vehicle.asked.wait()
    work.cancel()
    vehicle.deaf_after = 10_000
    with pytest.raises(asyncio.CancelledError):
        await work
    assert peer.sent("MISSION_ACK")[-1].type == dialect.MAV_MISSION_OPERATION_CANCELLED
    assert (await wire.upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN))).ok


async def test_one_transfer_at_a_time(peer: Peer) -> None:
    """Two at once would be taken by PX4 for one with the wrong type."""
    vehicle, wire = PlanPeer(peer, px4=True), protocol()
    plan_up, fence_up = await asyncio.gather(
        wire.upload(peer.vehicle, MISSION, items(3, home=False)),
        wire.upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN)),
    )
    assert plan_up.ok and fence_up.ok
    assert (len(vehicle.held[MISSION]), len(vehicle.held[FENCE])) == (5, 4)


async def test_answers_to_another_station_are_not_ours(peer: Peer) -> None:
    wire = protocol(replace(QUICK, idle_s=0.05))

    def answer_another(message: object) -> None:
        del message
        peer.says(dialect.MAVLink_mission_ack_message(254, 190, 0, FENCE))
        peer.says(dialect.MAVLink_mission_ack_message(255, 190, 0, RALLY))

    peer.wire.answer = answer_another
    up = await wire.upload(peer.vehicle, FENCE, ())
    assert (up.ok, up.words) == (False, "no answer from the vehicle")


async def test_nothing_to_hold_and_cleared(peer: Peer) -> None:
    vehicle, wire = PlanPeer(peer), protocol()
    assert (await wire.read(peer.vehicle, RALLY)).items == ()
    await wire.upload(peer.vehicle, FENCE, fence_items(FENCE_PLAN))
    assert (await wire.clear(peer.vehicle, FENCE)).ok
    assert vehicle.held[FENCE] == []
    assert (await wire.upload(peer.vehicle, FENCE, ())).ok


async def test_a_claim_of_endless_items_is_refused(peer: Peer) -> None:
    peer.wire.answer = lambda m: peer.says(
        dialect.MAVLink_mission_count_message(255, 190, 65535, FENCE)
    )
    back = await protocol().read(peer.vehicle, FENCE)
    assert (back.ok, back.words) == (False, "the vehicle claims to hold 65535 items")


def test_the_current_point_by_message(peer: Peer) -> None:
    assert set_current(peer.vehicle, 7)
    assert peer.sent("MISSION_SET_CURRENT")[0].seq == 7
