"""The shipped site stands where it says: inside its borough, clear of restricted areas."""

import itertools

from gcs.geo.fence import distance_to_edge_m, inside, path_inside
from tests.unit.geo import places


def test_docks_stand_in_the_borough_and_well_inside_the_fence() -> None:
    site = places.site()
    borough = places.boroughs().by_gss(site.gss)
    for dock in site.docks:
        assert borough.contains(dock.position), dock.id
        assert inside(site.fence, dock.position), dock.id
        # Room for the first call, 100 to 150 m away, in any direction.
        assert distance_to_edge_m(site.fence, dock.position) > 150.0, dock.id


def test_the_fence_stays_in_the_borough_and_off_the_volumes_that_bind_drones() -> None:
    site = places.site()
    borough = places.boroughs().by_gss(site.gss)
    binding = [v for v in places.airspace() if v.kind != "information"]
    assert len(binding) == 4
    for corner in site.fence.polygon:
        assert borough.contains(corner), corner
        assert not any(v.contains(corner) for v in binding), corner
    for outline in borough.polygons:
        assert not any(inside(site.fence, p) for ring in outline for p in ring)
    for volume in binding:
        assert not any(inside(site.fence, p) for p in volume.polygon)


def test_drones_can_relieve_each_other_in_a_straight_line() -> None:
    site = places.site()
    for one, other in itertools.combinations(site.docks, 2):
        assert path_inside(site.fence, one.position, other.position), (one.id, other.id)
