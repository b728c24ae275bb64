"""The bench's synthetic site: nine drones a network, a dock each network, one fence around all."""

from dataclasses import replace
from pathlib import Path

from gcs.model.place import Position
from gcs.model.site import Dock, DroneSpec, NetworkSpec, Site
from gcs.runtime.settings import load_toml

ROOT = Path(__file__).resolve().parents[2]
PER_NETWORK = 9
_SOUTH, _WEST = 51.40, -0.25
_STEP_DEG = 0.02
_ACROSS = 6


def city(vehicles: int) -> Site:
    """A training site of so many drones, nine per network, any number for a pilot; no cameras, no
    deployments."""
    base = load_toml(ROOT / "resources/sites/islington.toml", Site)
    networks = range(-(-vehicles // PER_NETWORK))
    return replace(
        base,
        id="city",
        name="City load",
        docks=tuple(_dock(n) for n in networks),
        drones=tuple(
            DroneSpec(
                f"B{i // PER_NETWORK:02d}-{i % PER_NETWORK + 1}",
                i % PER_NETWORK + 1,
                f"D{i // PER_NETWORK}",
                f"net{i // PER_NETWORK}",
            )
            for i in range(vehicles)
        ),
        networks=tuple(NetworkSpec(f"net{n}") for n in networks),
        fence=replace(base.fence, polygon=_around(), ceiling_relative_m=100.0),
        people=tuple(replace(p, most_drones=max(vehicles, 1)) for p in base.people),
        volumes=(),
        cameras=(),
        deployments=(),
    )


def _dock(network: int) -> Dock:
    row, column = divmod(network, _ACROSS)
    at = Position(_SOUTH + row * _STEP_DEG, _WEST + column * _STEP_DEG)
    return Dock(f"D{network}", f"Dock {network}", at, 15.0)


def _around() -> tuple[Position, ...]:
    south, west = _SOUTH - 0.05, _WEST - 0.05
    north, east = _SOUTH + 0.5, _WEST + _ACROSS * _STEP_DEG + 0.05
    corners = ((south, west), (south, east), (north, east), (north, west))
    return tuple(Position(lat, lon) for lat, lon in corners)


__all__ = ["PER_NETWORK", "city"]
