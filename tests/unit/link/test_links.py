"""One vehicle over several links; two vehicles with one system id are never merged."""

from gcs.link.boot_clock import LATE_IN_A_ROW
from gcs.link.links import SILENT_S, UP_S
from gcs.link.network import NEW_SOURCE_AFTER_S
from gcs.link.reports import Heartbeat, Motion
from tests.unit.link.ether import Craft, Ether
from tests.unit.link.peer import ack, heartbeat, text

A, B = ("127.0.0.1", 9001), ("127.0.0.1", 9002)


def on_two_links(seconds: int = 4) -> tuple[Ether, Craft]:
    """One vehicle that speaks at both endpoints."""
    ether = Ether()
    craft = Craft(ether)
    for _ in range(seconds):
        craft.beats(0, A)
        craft.is_at(0, A)
        craft.beats(1, B)
        ether.clock.advance(1.0)
    return ether, craft


def test_a_second_link_is_taken_once_it_is_proven() -> None:
    ether = Ether()
    craft = Craft(ether)
    craft.beats(0, A)
    craft.says(heartbeat(9), 1, B)
    assert ether.vehicle.links_up == 1, "not without proof"
    assert {m.param1 for m in ether.sent_to(1, "COMMAND_LONG")} == {2.0, 33.0, 148.0}
    ether, craft = on_two_links()
    assert ether.vehicle.links_up == 2
    reports = ether.network.links(ether.vehicle)
    assert [(r.endpoint, r.address, r.up, r.used) for r in reports] == [
        ("udpin:127.0.0.1:14550", "127.0.0.1:9001", True, True),
        ("udpin:127.0.0.1:14560", "127.0.0.1:9002", True, False),
    ]
    assert ether.network.trouble(ether.vehicle) == ""
    assert ether.network.counters.foreign_packets == 0


def test_the_state_comes_from_the_link_in_use_and_answers_from_any() -> None:
    ether, craft = on_two_links()
    heard: list[str] = []
    ether.vehicle.on_text(lambda severity, words: heard.append(words))
    craft.says(heartbeat(9), 1, B)
    for endpoint, source in ((0, A), (1, B)):
        craft.says(text("EKF is fine"), endpoint, source)
    beat = ether.vehicle.value(Heartbeat)
    assert beat is not None and beat.custom_mode == 4
    assert heard == ["EKF is fine"]
    craft.says(ack(400, 0), 1, B)
    assert ether.vehicle.uplink_age_s == 0.0


def test_sends_move_when_the_link_is_silent_and_stay_there() -> None:
    ether, craft = on_two_links()
    vehicle = ether.vehicle
    assert vehicle.address == A
    fresh = vehicle.fresh_starts
    for _ in range(3):
        ether.clock.advance(SILENT_S / 2.5)
        craft.beats(1, B)
    assert vehicle.address == B and vehicle.fresh_starts == fresh + 1
    assert vehicle.heard_within(0.1), "the other link carries the state now"
    vehicle.send(ack(1, 0))
    assert ether.wires[1].sent[-1][1] == B
    craft.beats(0, A)
    vehicle.send(ack(2, 0))
    assert ether.wires[1].sent[-1][0].command == 2, "sticky"
    ether.clock.advance(UP_S + 0.1)
    craft.beats(1, B)
    assert vehicle.links_up == 1 and vehicle.heard_within(1.0), "up while any link is"


def test_heartbeats_of_the_station_go_on_every_link() -> None:
    ether, _ = on_two_links()
    before = [len(ether.sent_to(i, "HEARTBEAT")) for i in (0, 1)]
    assert ether.vehicle.send(heartbeat())
    assert [len(ether.sent_to(i, "HEARTBEAT")) for i in (0, 1)] == [n + 1 for n in before]


def test_where_nobody_was_heard_only_heartbeats_go_out() -> None:
    ether = Ether(("udpout:127.0.0.1:14550", "udpin:127.0.0.1:14560"))
    ether.wires[0].peer = ("127.0.0.1", 14550)
    assert not ether.vehicle.send(ack(1, 0))
    assert ether.vehicle.send(heartbeat())
    assert [to for _, to in ether.wires[0].sent] == [("127.0.0.1", 14550)]
    assert not ether.wires[1].sent


def test_two_vehicles_at_one_endpoint_are_told_and_not_merged() -> None:
    ether = Ether()
    one, two = Craft(ether), Craft(ether, unit=8)
    two.mode = 9
    for _ in range(3):
        one.beats(0, A)
        two.beats(0, B)
        ether.clock.advance(1.0)
    beat = ether.vehicle.value(Heartbeat)
    assert beat is not None and beat.custom_mode == 4
    trouble = ether.network.trouble(ether.vehicle)
    assert trouble == (
        "Two vehicles use system id 1 in network north: one at 127.0.0.1:9001, "
        "one at 127.0.0.1:9002."
    )
    assert ether.told == [trouble]
    assert ether.network.counters.foreign_packets == 3
    for _ in range(6):
        one.beats(0, A)
        ether.clock.advance(1.0)
    assert ether.network.trouble(ether.vehicle) == ""
    assert ether.told == [trouble, ""]


def test_a_vehicle_that_changes_its_address_is_no_second_one() -> None:
    ether = Ether()
    craft = Craft(ether)
    craft.beats(0, A)
    for _ in range(7):
        ether.clock.advance(1.0)
        craft.beats(0, B)
    assert ether.vehicle.address == B
    assert ether.told == []
    assert ether.network.counters.foreign_packets == int(NEW_SOURCE_AFTER_S)


def test_another_vehicle_at_another_endpoint_is_found_by_number_clock_or_place() -> None:
    others = (
        (Craft(ether := Ether(), unit=8), ether, "hardware numbers differ"),
        (Craft(ether := Ether(), unit=0, booted_s=400.0), ether, "switched on 340 s apart"),
        (Craft(ether := Ether(), unit=0, lat=51.54), ether, "m apart"),
    )
    for two, ether, why in others:
        one = Craft(ether)
        two.mode = 9
        for _ in range(5):
            one.beats(0, A)
            one.is_at(0, A)
            two.beats(1, B)
            ether.clock.advance(1.0)
        trouble = ether.network.trouble(ether.vehicle)
        assert why in trouble, trouble
        assert ether.vehicle.links_up == 1
        beat, at = ether.vehicle.value(Heartbeat), ether.vehicle.value(Motion)
        assert beat is not None and beat.custom_mode == 4
        assert at is not None and at.position.lat_deg == 51.5262


def test_a_link_that_proves_nothing_is_not_merged() -> None:
    ether = Ether()
    one = Craft(ether)
    for _ in range(8):
        one.beats(0, A)
        one.says(heartbeat(4), 1, B)
        ether.clock.advance(1.0)
    assert ether.vehicle.links_up == 1
    assert ether.network.trouble(ether.vehicle) == "", "it may be a radio that hears us not"


def test_one_that_answers_nothing_is_told_apart_by_its_state() -> None:
    ether = Ether()
    one = Craft(ether)
    for _ in range(8):
        one.beats(0, A)
        one.says(heartbeat(9, armed=True), 1, B)
        ether.clock.advance(1.0)
    assert "not in the same state" in ether.network.trouble(ether.vehicle)
    beat = ether.vehicle.value(Heartbeat)
    assert beat is not None and not beat.armed


def test_two_vehicles_behind_one_address_are_told_by_their_clocks() -> None:
    ether = Ether()
    one, two = Craft(ether), Craft(ether, booted_s=4000.0)
    for _ in range(4):
        for craft in (one, two):
            craft.beats(0, A)
            craft.is_at(0, A)
        ether.clock.advance(1.0)
    assert "both at 127.0.0.1:9001" in ether.network.trouble(ether.vehicle)
    for _ in range(12):
        one.beats(0, A)
        one.is_at(0, A)
        ether.clock.advance(1.0)
    assert ether.network.trouble(ether.vehicle) == ""


def test_a_late_packet_never_replaces_a_newer_position() -> None:
    ether = Ether()
    craft = Craft(ether)
    craft.beats(0, A)
    craft.is_at(0, A)
    craft.lat = 51.6
    craft.is_at(0, A, back_ms=800)
    at = ether.vehicle.value(Motion)
    assert at is not None and at.position.lat_deg == 51.5262
    assert (ether.network.counters.late, ether.vehicle.count(Motion)) == (1, 1)


def test_a_reboot_is_told_and_a_jumping_clock_goes_on() -> None:
    ether = Ether()
    craft = Craft(ether, booted_s=500.0)
    craft.beats(0, A)
    craft.is_at(0, A)
    fresh = ether.vehicle.fresh_starts
    ether.clock.advance(3.0)
    craft.reboots()
    ether.clock.advance(1.0)
    craft.lat = 51.6
    craft.is_at(0, A)
    at = ether.vehicle.value(Motion)
    assert at is not None and at.position.lat_deg == 51.6
    assert (ether.reboots, ether.vehicle.fresh_starts) == (1, fresh + 1)
    craft = Craft(ether, booted_s=9000.0, lat=51.7)
    craft.is_at(0, A)
    craft.lat = 51.8
    craft.is_at(0, A, back_ms=60_000)
    at = ether.vehicle.value(Motion)
    assert at is not None and at.position.lat_deg == 51.8, "both jumps are followed"
    assert ether.reboots == 1
    craft.lat = 51.9
    for _ in range(LATE_IN_A_ROW):
        craft.is_at(0, A, back_ms=61_000)
    at = ether.vehicle.value(Motion)
    assert at is not None and at.position.lat_deg == 51.9, "a small jump back, after a while"


def test_a_proven_link_that_leads_elsewhere_is_given_up() -> None:
    ether, craft = on_two_links()
    other = Craft(ether, unit=7, booted_s=900.0)
    for _ in range(6):
        craft.beats(0, A)
        craft.is_at(0, A)
        other.beats(1, B)
        other.is_at(1, B)
        ether.clock.advance(1.0)
    assert ether.vehicle.links_up == 1
    assert "switched on" in ether.network.trouble(ether.vehicle)


def test_what_is_sent_is_in_the_name_of_the_sites_station() -> None:
    ether = Ether(station=252)
    craft = Craft(ether)
    craft.beats(0, A)
    ether.vehicle.send(heartbeat())
    ether.vehicle.send(ack(1, 0))
    assert {m.get_srcSystem() for m, _ in ether.wires[0].sent} == {252}
