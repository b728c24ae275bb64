"""The mission protocol from a station's side, on the bench."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gcs.link.mavlink import dialect
from gcs.model.place import Position
from tests.unit.sim_drone.rig import HOME, Peer

MISSION, FENCE, RALLY = 0, 1, 2
OK, ERROR, UNSUPPORTED_FRAME, UNSUPPORTED, NO_SPACE = 0, 1, 2, 3, 4
BAD_SEQUENCE, DENIED, CANCELLED = 13, 14, 15
ABSOLUTE, RELATIVE = 0, 6
WAYPOINT, LOITER_UNLIM, LOITER_TURNS, LOITER_TIME, RTL, LAND, TAKEOFF = 16, 17, 18, 19, 20, 21, 22
DELAY, YAW, JUMP, SPEED = 112, 115, 177, 178


@dataclass(frozen=True)
class Item:
    """One item as it is sent."""

    command: int
    place: Position | None = None
    up_m: float = 0.0
    params: tuple[float, ...] = ()
    frame: int = RELATIVE


HOME_ITEM = Item(WAYPOINT, HOME, 0.0, frame=ABSOLUTE)


def send_item(peer: Peer, seq: int, item: Item, kind: int = MISSION) -> None:
    four = (*item.params, 0.0, 0.0, 0.0, 0.0)[:4]
    lat = round(item.place.lat_deg * 1e7) if item.place else 0
    lon = round(item.place.lon_deg * 1e7) if item.place else 0
    peer.send(
        dialect.MAVLink_mission_item_int_message(
            1, 1, seq, item.frame, item.command, 0, 1, *four, lat, lon, item.up_m, kind
        )
    )


def send_count(peer: Peer, count: int, kind: int = MISSION) -> None:
    peer.send(dialect.MAVLink_mission_count_message(1, 1, count, kind))


def upload(peer: Peer, items: Sequence[Item], kind: int = MISSION) -> int:
    """Answer each MISSION_REQUEST with its item; returns the verdict."""
    said = len(peer.all("MISSION_ACK"))
    send_count(peer, len(items), kind)
    while len(peer.all("MISSION_ACK")) == said:
        seq = peer.last("MISSION_REQUEST").seq
        send_item(peer, seq, items[seq], kind)
    return int(peer.last("MISSION_ACK").type)


def fly_plan(peer: Peer, items: Sequence[Item]) -> None:
    """Upload a mission, home before it."""
    assert upload(peer, [HOME_ITEM, *items]) == OK


def read_back(peer: Peer, kind: int = MISSION) -> list[Any]:
    peer.send(dialect.MAVLink_mission_request_list_message(1, 1, kind))
    count = peer.last("MISSION_COUNT").count
    for seq in range(count):
        peer.send(dialect.MAVLink_mission_request_int_message(1, 1, seq, kind))
    return peer.all("MISSION_ITEM_INT")[-count:] if count else []


def progress(peer: Peer) -> tuple[int, int, int]:
    """seq, total, mission_state of MISSION_CURRENT."""
    assert peer.command(512, 42) == 0
    found = peer.last("MISSION_CURRENT")
    return found.seq, found.total, found.mission_state


def reached(peer: Peer) -> list[int]:
    return [m.seq for m in peer.all("MISSION_ITEM_REACHED")]
