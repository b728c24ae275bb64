"""Whether a straight flight stays within the volumes that an authority has allowed now. Pure."""

import math
from collections.abc import Sequence

from gcs.geo.earth import distance_m
from gcs.geo.fence import within
from gcs.model.place import Position
from gcs.model.site import AuthorisedVolume

STEP_M = 10.0


def in_force(volumes: Sequence[AuthorisedVolume], utc_ms: int) -> tuple[AuthorisedVolume, ...]:
    """Those that hold at a time."""
    return tuple(
        v
        for v in volumes
        if (v.start_utc_ms is None or v.start_utc_ms <= utc_ms)
        and (v.end_utc_ms is None or utc_ms < v.end_utc_ms)
    )


def against_volumes(
    volumes: Sequence[AuthorisedVolume],
    start: Position | None,
    target: Position,
    agl_m: float,
    utc_ms: int,
) -> list[str]:
    """Reasons against flying straight from `start` to `target` so high above the ground.

    A site that has entered no volumes is not checked: its fence alone holds then. Several may
    join: each place of the way must be in one of them.
    """
    if not volumes:
        return []
    now = in_force(volumes, utc_ms)
    if not now:
        return ["no authorised volume is in force now"]
    there = [v for v in now if within(v.polygon, target)]
    if not there:
        return ["the target is outside every authorised volume in force"]
    if not any(_high_enough(v, agl_m) for v in there):
        lowest, highest = min(v.floor_agl_m for v in there), max(v.ceiling_agl_m for v in there)
        name = ", ".join(v.id for v in there)
        return [
            f"{agl_m:.0f} m over the ground is not within volume {name}, "
            f"{lowest:.0f} to {highest:.0f} m"
        ]
    usable = [v for v in now if _high_enough(v, agl_m)]
    if start is not None and not all(_in_one(usable, p) for p in _way(start, target)):
        return ["the straight way to the target leaves the authorised volumes"]
    return []


def _high_enough(volume: AuthorisedVolume, agl_m: float) -> bool:
    return volume.floor_agl_m <= agl_m <= volume.ceiling_agl_m


def _in_one(volumes: Sequence[AuthorisedVolume], place: Position) -> bool:
    return any(within(v.polygon, place) for v in volumes)


def _way(a: Position, b: Position) -> list[Position]:
    """Places on the straight way, one each 10 m at least."""
    steps = max(1, math.ceil(distance_m(a, b) / STEP_M))
    parts = [n / steps for n in range(steps + 1)]
    return [
        Position(
            a.lat_deg + (b.lat_deg - a.lat_deg) * part, a.lon_deg + (b.lon_deg - a.lon_deg) * part
        )
        for part in parts
    ]
