"""The geofence that is being drawn: areas and circles to stay in or out of, and rally points.

Pure. It is sent as a FencePlan of the version that it was begun from.
"""

from dataclasses import dataclass, replace

from gcs.geo.earth import distance_m, offset
from gcs.model.fence import FencePlan, FenceShape, RallyPoint
from gcs.model.place import Position
from ui.models.draft import Draft, Figure, Sketch, Spot, between, latlon, moved
from ui.text import count_of, metres

RALLY_HEIGHT_M = 50.0
LEAST_RADIUS_M, MOST_RADIUS_M = 5.0, 20_000.0
LEAST_CORNERS = 3
EDGE = 1  # the point of a circle that sets its radius
EDGE_BEARING = 90.0


@dataclass(frozen=True, slots=True)
class FenceContent:
    """What a FencePlan says but who set it and when."""

    shapes: tuple[FenceShape, ...] = ()
    rally: tuple[RallyPoint, ...] = ()
    ceiling_relative_m: float = 100.0


class FenceDraft(Draft[FenceContent]):
    """Figures are the shapes, then the rally points."""

    def __init__(self, plan: FencePlan) -> None:
        super().__init__(_content_of(plan))
        self._base = plan

    @property
    def base(self) -> FencePlan:
        """The fence that the draft was begun from, or was said to replace."""
        return self._base

    @property
    def differs(self) -> bool:
        """Whether anything was drawn."""
        return self.content != _content_of(self._base)

    def begin(self, plan: FencePlan) -> None:
        """Draw from this fence on; what was drawn is gone."""
        self._base = plan
        self._begin(_content_of(plan))

    def replaces(self, plan: FencePlan) -> None:
        """The draft stays and is meant to replace this newer fence."""
        self._base = plan
        self.changed()

    def take(self, plan: FencePlan) -> None:
        """Shapes from a file, as one step that can be undone."""
        self._edit(_content_of(plan), None)

    def plan(self) -> FencePlan:
        """As it is sent. Raises ValueError with one sentence for what no fence can be."""
        content = self.content
        return FencePlan(
            self._base.name,
            content.shapes,
            content.ceiling_relative_m,
            content.rally,
            self._base.version,
        )

    # -- reading -----------------------------------------------------------------------------
    def spots(self) -> list[Spot]:
        made = []
        for figure, shape in enumerate(self.content.shapes):
            made += [Spot(figure, n) for n in range(2 if shape.is_circle else len(shape.points))]
        first = len(self.content.shapes)
        return made + [Spot(first + n) for n in range(len(self.content.rally))]

    def shape(self, figure: int) -> FenceShape | None:
        """An area or a circle; None for a rally point."""
        shapes = self.content.shapes
        return shapes[figure] if 0 <= figure < len(shapes) else None

    def rally(self, figure: int) -> RallyPoint | None:
        """A rally point; None for an area or a circle."""
        at = figure - len(self.content.shapes)
        return self.content.rally[at] if 0 <= at < len(self.content.rally) else None

    def place(self, spot: Spot) -> Position:
        """Where a point is."""
        shape, rally = self.shape(spot.figure), self.rally(spot.figure)
        if rally is not None:
            return rally.position
        assert shape is not None
        if shape.centre is None or shape.radius_m is None:
            return shape.points[spot.point]
        if spot.point != EDGE:
            return shape.centre
        return offset(shape.centre, EDGE_BEARING, shape.radius_m)

    def names(self) -> tuple[str, ...]:
        """A line for each figure."""
        return tuple(f"{label} · {size}" for label, size in self._named())

    def spot_words(self, spot: Spot) -> str:
        """`corner 3 of 8`."""
        shape = self.shape(spot.figure)
        if shape is None:
            return "rally point"
        if shape.is_circle:
            return "radius" if spot.point == EDGE else "middle"
        return f"corner {spot.point + 1} of {len(shape.points)}"

    def sketch(self) -> Sketch:
        """What the map draws."""
        labels = [label for label, _ in self._named()]
        spot = self.spot
        figures = [_figure(s, labels[n]) for n, s in enumerate(self.content.shapes)]
        for n, rally in enumerate(self.content.rally, start=len(figures)):
            words = f"{labels[n]} · {metres(rally.height_m)}"
            figures.append(Figure("rally", (latlon(rally.position),), words))
        return Sketch(tuple(figures), spot.figure if spot else -1, spot.point if spot else -1)

    def _named(self) -> list[tuple[str, str]]:
        made, counts = [], {True: 0, False: 0}
        for shape in self.content.shapes:
            counts[shape.keep_in] += 1
            size = (
                f"circle, radius {metres(shape.radius_m)}"
                if shape.is_circle
                else count_of(len(shape.points), "corner", "corners")
            )
            what = "Keep in" if shape.keep_in else "Keep out"
            made.append((f"{what} {counts[shape.keep_in]}", size))
        for n, rally in enumerate(self.content.rally, start=1):
            made.append((f"Rally {n}", f"{metres(rally.height_m)} above the dock"))
        return made

    # -- drawing -----------------------------------------------------------------------------
    def add_area(self, keep_in: bool, middle: Position, half_m: float) -> None:
        """A square to be drawn on from."""
        corners = ((-1, 1), (1, 1), (1, -1), (-1, -1))
        points = tuple(moved(middle, x * half_m, y * half_m) for x, y in corners)
        self._add_shape(FenceShape(keep_in, points))

    def add_circle(self, keep_in: bool, middle: Position, radius_m: float) -> None:
        """A circle."""
        self._add_shape(FenceShape(keep_in, (), middle, _radius(radius_m)))

    def add_rally(self, at: Position) -> None:
        """A rally point at the usual height."""
        rally = (*self.content.rally, RallyPoint(at, RALLY_HEIGHT_M))
        figure = len(self.content.shapes) + len(rally) - 1
        self._edit(replace(self.content, rally=rally), Spot(figure))

    def move(self, spot: Spot, to: Position) -> None:
        """Put a point elsewhere; the edge of a circle sets its radius."""
        if not self._has(spot):
            return
        shape, rally = self.shape(spot.figure), self.rally(spot.figure)
        if rally is not None:
            self._set_rally(spot.figure, replace(rally, position=to))
        elif shape is not None and shape.centre is None:
            points = list(shape.points)
            points[spot.point] = to
            self._set_shape(spot, replace(shape, points=tuple(points)))
        elif shape is not None and shape.centre is not None:
            if spot.point == EDGE:
                self.set_radius(spot.figure, distance_m(shape.centre, to))
            else:
                self._set_shape(spot, replace(shape, centre=to))

    def nudge(self, east_m: float, north_m: float) -> None:
        """Move the selected point; the edge of a circle grows to the north and east."""
        if self.spot is None:
            return
        shape = self.shape(self.spot.figure)
        with self._one_step(("nudge", self.spot)):
            if shape is not None and shape.radius_m is not None and self.spot.point == EDGE:
                self.set_radius(self.spot.figure, shape.radius_m + east_m + north_m)
            else:
                self.move(self.spot, moved(self.place(self.spot), east_m, north_m))

    def insert(self, spot: Spot, at: Position | None = None) -> None:
        """A corner after this one: at a place, or in the middle of the edge."""
        shape = self.shape(spot.figure)
        if shape is None or shape.is_circle or not self._has(spot):
            self._refuse("Only an area has corners to add.")
            return
        points = list(shape.points)
        after = points[(spot.point + 1) % len(points)]
        points.insert(spot.point + 1, at or between(points[spot.point], after))
        made = replace(shape, points=tuple(points))
        self._set_shape(Spot(spot.figure, spot.point + 1), made)

    def delete(self, spot: Spot) -> None:
        """Take a corner away; of a circle or a rally point the whole figure."""
        shape = self.shape(spot.figure)
        if not self._has(spot):
            return
        if shape is None or shape.is_circle:
            self.delete_figure(spot.figure)
        elif len(shape.points) <= LEAST_CORNERS:
            self._refuse("An area needs three corners: delete the whole shape instead.")
        else:
            points = shape.points[: spot.point] + shape.points[spot.point + 1 :]
            at = Spot(spot.figure, max(0, spot.point - 1))
            self._set_shape(at, replace(shape, points=points))

    def delete_figure(self, figure: int) -> None:
        """Take a whole shape or rally point away."""
        content, first = self.content, len(self.content.shapes)
        if self.shape(figure) is not None:
            shapes = content.shapes[:figure] + content.shapes[figure + 1 :]
            self._edit(replace(content, shapes=shapes), None)
        elif self.rally(figure) is not None:
            rally = content.rally[: figure - first] + content.rally[figure - first + 1 :]
            self._edit(replace(content, rally=rally), None)

    def set_radius(self, figure: int, radius_m: float) -> None:
        """Of a circle, between 5 m and 20 km."""
        shape = self.shape(figure)
        if shape is not None and shape.is_circle:
            self._set_shape(Spot(figure, EDGE), replace(shape, radius_m=_radius(radius_m)))

    def set_height(self, figure: int, height_m: float) -> None:
        """Of a rally point."""
        rally = self.rally(figure)
        if rally is not None:
            self._set_rally(figure, replace(rally, height_m=height_m))

    def set_keep_in(self, figure: int, keep_in: bool) -> None:
        """Turn an area or a circle inside out."""
        shape = self.shape(figure)
        if shape is not None and shape.keep_in is not keep_in:
            self._set_shape(self.spot or Spot(figure), replace(shape, keep_in=keep_in))

    def set_ceiling(self, ceiling_m: float) -> None:
        """The highest a drone may fly, above the dock's roof."""
        if ceiling_m != self.content.ceiling_relative_m:
            self._edit(replace(self.content, ceiling_relative_m=ceiling_m), self.spot)

    def _add_shape(self, shape: FenceShape) -> None:
        content = self.content
        spot = Spot(len(content.shapes))
        self._edit(replace(content, shapes=(*content.shapes, shape)), spot)

    def _set_shape(self, spot: Spot, shape: FenceShape) -> None:
        shapes = list(self.content.shapes)
        shapes[spot.figure] = shape
        self._edit(replace(self.content, shapes=tuple(shapes)), spot)

    def _set_rally(self, figure: int, rally: RallyPoint) -> None:
        points = list(self.content.rally)
        points[figure - len(self.content.shapes)] = rally
        self._edit(replace(self.content, rally=tuple(points)), Spot(figure))


def _content_of(plan: FencePlan) -> FenceContent:
    return FenceContent(plan.shapes, plan.rally, plan.ceiling_relative_m)


def _radius(radius_m: float) -> float:
    return round(min(max(radius_m, LEAST_RADIUS_M), MOST_RADIUS_M), 1)


def _figure(shape: FenceShape, label: str) -> Figure:
    out = not shape.keep_in
    if shape.centre is None or shape.radius_m is None:
        return Figure("area", tuple(latlon(p) for p in shape.points), label, out)
    words = f"{label} · {metres(shape.radius_m)}"
    return Figure("circle", (latlon(shape.centre),), words, out, shape.radius_m)
