"""The flight plan that is being drawn: waypoints with height, hold and speed. Pure."""

from dataclasses import dataclass, replace

from gcs.dispatch.ranking import CRUISE_MPS
from gcs.geo.earth import distance_m
from gcs.model.place import Position
from gcs.model.plan import MOST_ITEMS, FlightPlan, PlanItem
from ui.models.draft import Draft, Figure, Sketch, Spot, between, latlon, moved

NAME = "Route"
HEIGHT_M = 60.0


@dataclass(frozen=True, slots=True)
class PlanContent:
    """The waypoints in order."""

    items: tuple[PlanItem, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanSize:
    """How far and how long, from a place over all points, holds counted."""

    length_m: float
    time_s: float


class PlanDraft(Draft[PlanContent]):
    """One figure, the route."""

    def __init__(self) -> None:
        super().__init__(PlanContent())
        self.current = 0  # the item a drone flies to now, from 1; 0 = none

    @property
    def items(self) -> tuple[PlanItem, ...]:
        """The waypoints."""
        return self.content.items

    def plan(self) -> FlightPlan:
        """As it is sent. Raises ValueError with one sentence for what no plan can be."""
        return FlightPlan(NAME, self.items)

    def take(self, items: tuple[PlanItem, ...]) -> None:
        """Points from a file, as one step that can be undone."""
        self._edit(PlanContent(items), None)

    def clear(self) -> None:
        """No points; one step that can be undone."""
        if self.items:
            self._edit(PlanContent(), None)

    # -- reading -----------------------------------------------------------------------------
    def spots(self) -> list[Spot]:
        return [Spot(0, n) for n in range(len(self.items))]

    def place(self, spot: Spot) -> Position:
        """Where a point is."""
        return self.items[spot.point].position

    def spot_words(self, spot: Spot) -> str:
        """`point 3 of 8`."""
        return f"point {spot.point + 1} of {len(self.items)}"

    def size(self, start: Position | None) -> PlanSize:
        """From `start` (None: from the first point) to the last one."""
        length = time = 0.0
        speed, here = CRUISE_MPS, start
        for item in self.items:
            leg = distance_m(here, item.position) if here is not None else 0.0
            speed = item.speed_mps or speed
            length += leg
            time += leg / speed + item.hold_s
            here = item.position
        return PlanSize(length, time)

    def sketch(self) -> Sketch:
        """What the map draws."""
        spot = self.spot
        words = tuple(
            f"{n} · {item.height_m:.0f} m" + (" · now" if n == self.current else "")
            for n, item in enumerate(self.items, start=1)
        )
        points = tuple(latlon(item.position) for item in self.items)
        route = (Figure("route", points, NAME, words=words),) if points else ()
        return Sketch(route, spot.figure if spot else -1, spot.point if spot else -1, adds=True)

    # -- drawing -----------------------------------------------------------------------------
    def add(self, at: Position) -> None:
        """A point after the selected one, else at the end; height as the one before."""
        if len(self.items) >= MOST_ITEMS:
            self._refuse(f"A route has at most {MOST_ITEMS} points.")
            return
        after = self.spot.point if self.spot else len(self.items) - 1
        height = self.items[after].height_m if self.items else HEIGHT_M
        items = list(self.items)
        items.insert(after + 1, PlanItem(at, height))
        self._edit(PlanContent(tuple(items)), Spot(0, after + 1))

    def insert(self, spot: Spot, at: Position | None = None) -> None:
        """A point after this one: at a place, or half way to the next."""
        if not self._has(spot):
            return
        here = self.place(spot)
        later = self.items[min(spot.point + 1, len(self.items) - 1)].position
        middle = moved(here, 50.0, 0.0) if later == here else between(here, later)
        self._spot = spot
        self.add(at or middle)

    def move(self, spot: Spot, to: Position) -> None:
        """Put a point elsewhere."""
        if self._has(spot):
            self.set_item(spot.point, replace(self.items[spot.point], position=to))

    def nudge(self, east_m: float, north_m: float) -> None:
        """Move the selected point."""
        if self.spot is not None:
            to = moved(self.place(self.spot), east_m, north_m)
            with self._one_step(("nudge", self.spot)):
                self.move(self.spot, to)

    def delete(self, spot: Spot) -> None:
        """Take a point away."""
        if self._has(spot):
            items = self.items[: spot.point] + self.items[spot.point + 1 :]
            at = min(spot.point, len(items) - 1)
            self._edit(PlanContent(items), Spot(0, at) if items else None)

    def set_item(self, at: int, item: PlanItem) -> None:
        """Another height, hold, speed or place."""
        items = list(self.items)
        if items[at] != item:
            items[at] = item
            self._edit(PlanContent(tuple(items)), Spot(0, at))
