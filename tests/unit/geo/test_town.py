"""Questions to a town, on one small enough to check by hand."""

from gcs.geo.town import Building, Park, Street, StreetKind, Town
from tests.unit.geo.places import CENTRE, at


def town() -> Town:
    def box(*sides: float) -> Building:
        west, south, east, north, height = sides
        corners = ((west, south), (east, south), (east, north), (west, north))
        return Building(tuple(at(*c) for c in corners), height)

    return Town(
        "test streets",
        CENTRE.origin,
        (
            Street("North Row", StreetKind.LANE, 7.0, (at(-50, 100), at(50, 100))),
            Street("South Road", StreetKind.MAJOR, 20.0, (at(-50, 0), at(0, -20), at(50, 0))),
        ),
        (box(-20, 40, 0, 60, 12.0), box(0, 40, 20, 60, 18.5)),
        (Park("", (at(30, 40), at(50, 40), at(50, 60))),),
    )


def test_roof_heights() -> None:
    assert town().roof_height_m(at(-10, 50)) == 12.0
    assert town().roof_height_m(at(10, 50)) == 18.5
    assert town().roof_height_m(at(0, 50)) == 18.5  # on the wall between two: the higher
    assert town().roof_height_m(at(40, 45)) == 0.0
    assert town().roof_height_m(at(2000, 2000)) == 0.0


def test_the_nearest_street() -> None:
    assert town().street_at(at(0, 70)) == "North Row"
    assert town().street_at(at(0, 30)) == "South Road"
    assert town().street_at(at(3000, 100)) == "North Row"


def test_an_empty_town_answers() -> None:
    empty = Town("none", CENTRE.origin, (), (), ())
    assert empty.street_at(at(0, 0)) == ""
    assert empty.roof_height_m(at(0, 0)) == 0.0
