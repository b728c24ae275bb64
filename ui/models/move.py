"""The moves a pilot can order of a drone in the air, in words. Pure."""

from enum import StrEnum

from gcs.geo.earth import bearing_deg, distance_m
from gcs.model.place import Position
from gcs.station.state import DeskState
from ui.text import compass_word, metres, place


class Move(StrEnum):
    """What the Go to row orders."""

    GO_TO = "Go to"
    ORBIT = "Orbit"
    HEIGHT = "Height"
    SPEED = "Speed"


NEEDS_PLACE = frozenset({Move.GO_TO, Move.ORBIT})
STARTING_RADIUS_M = 30
STARTING_MPS = 8


def way_to(state: DeskState, drone: str, target: Position) -> str:
    """`180 m north to 51.5262, −0.1068`, from where the drone is now."""
    view = state.fleet.get(drone)
    here = view.telemetry.position if view else None
    there = place(target.lat_deg, target.lon_deg)
    if here is None:
        return f"to {there}"
    return (
        f"{metres(distance_m(here, target))} {compass_word(bearing_deg(here, target))} to {there}"
    )


def move_lines(
    move: Move, drone: str, way: str, height_m: float, radius_m: float, mps: float
) -> tuple[str, str]:
    """What the hold is about to do, in two lines."""
    height = f"At {metres(height_m)} above its dock"
    stays = "it stays where it is, you keep control."
    return {
        Move.GO_TO: (f"{drone} flies {way}.", f"{height}; it stays there, you keep control."),
        Move.ORBIT: (
            f"{drone} flies {way} and circles it clockwise, {metres(radius_m)} away.",
            f"{height}; until it is told otherwise, you keep control.",
        ),
        Move.HEIGHT: (f"{drone} goes to {metres(height_m)} above its dock;", stays),
        Move.SPEED: (
            f"{drone} flies at up to {mps:.0f} m/s from now on.",
            "Where it flies is not changed.",
        ),
    }[move]
