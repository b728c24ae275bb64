"""The proof of a fault run proves something: each breach of it is found."""

from gcs.sim.drone.modes import Mode
from tests.faults import proof
from tests.faults.injector import plan
from tests.faults.proof import Tenancy
from tests.support.flight_log import Accepted, Seen
from tests.support.marked import Mark, mark_of, target_of
from tests.support.world import crew_of, site_of

_SITE = site_of((0,), crew_of(4, 2))
_SAFE = Seen(0.0, Mode.BRAKE, flies=True, safe=True)


def _moves(*marks: tuple[int, int, int]) -> list[tuple[float, Mark]]:
    return [(float(n), Mark(*mark)) for n, mark in enumerate(marks)]


def test_a_target_tells_desk_epoch_and_counter() -> None:
    for mark in (Mark(1, 0, 0), Mark(4, 57, 999), Mark(9, 9999, 31)):
        at = target_of(_SITE, "ISL-01", mark)
        x, y = round(at.lat_deg * 1e7), round(at.lon_deg * 1e7)
        assert mark_of(_SITE, Accepted(0.0, "ISL-01", 192, x, y, 25.0, 1)) == mark
    dock = _SITE.dock_of("ISL-01").position
    elsewhere = Accepted(0.0, "ISL-01", 192, round(dock.lat_deg * 1e7) + 20_000, 0, 25.0, 1)
    assert mark_of(_SITE, elsewhere) is None


def test_a_late_command_of_an_old_epoch_is_found() -> None:
    good = _moves((1, 3, 1), (1, 3, 2), (2, 4, 1), (2, 4, 2))
    assert proof.epochs("D", good) == []
    late = _moves((1, 3, 1), (2, 4, 1), (1, 3, 2))
    assert proof.epochs("D", late) == [f"D at 2.000: took {Mark(1, 3, 2)} after {Mark(2, 4, 1)}"]


def test_two_desks_in_one_epoch_are_found() -> None:
    assert proof.holders("D", _moves((1, 3, 1), (2, 4, 1), (1, 5, 2))) == []
    assert len(proof.holders("D", _moves((1, 3, 1), (2, 3, 1)))) == 1


def test_an_older_command_of_the_same_desk_is_found() -> None:
    assert proof.order("D", _moves((1, 3, 998), (1, 3, 998), (1, 3, 999), (1, 4, 0))) == []
    assert len(proof.order("D", _moves((1, 3, 5), (1, 3, 4)))) == 1


def test_a_drone_alone_that_flies_on_is_found() -> None:
    guided = Seen(0.0, Mode.GUIDED, flies=True, safe=False)
    held = Seen(12.0, Mode.BRAKE, flies=True, safe=True)
    assert proof.safe_alone("D", [_SAFE], [(0.0, 60.0)], []) == []
    assert proof.safe_alone("D", [guided], [(5.0, 5.0 + proof.ATTENDED_S)], []) == []
    assert proof.safe_alone("D", [guided, held], [(5.0, 60.0)], []) == []
    assert len(proof.safe_alone("D", [guided, held], [(1.0, 60.0)], [])) == 1
    # A gateway that was away meanwhile gives the desks a full lease anew, but not for ever.
    assert proof.safe_alone("D", [guided, held], [(1.0, 60.0)], [(2.0, 3.0)]) == []
    outages = [(float(n), n + 1.0) for n in range(0, 100, 5)]
    assert len(proof.safe_alone("D", [guided], [(1.0, 60.0)], outages)) == 1


def test_alone_is_without_a_holder_or_with_a_dead_one() -> None:
    down = {"desk-1": [(5.0, 7.0)], "desk-2": [(0.0, 99.0)]}
    tenancies = [Tenancy(0.0, "desk-1"), Tenancy(10.0, None), Tenancy(12.0, "desk-2")]
    found = proof.unattended(tenancies, lambda desk: down[desk], 20.0)
    assert found == [(5.0, 7.0), (10.0, 20.0)]


def test_a_seed_gives_the_same_faults_and_strikes_everything() -> None:
    desks = ("desk-1", "desk-2", "desk-3", "desk-4")
    assert plan(7, 120.0, desks) == plan(7, 120.0, desks) != plan(8, 120.0, desks)
    for seed in range(20):
        faults = plan(seed, 120.0, desks)
        assert {f.name for f in faults} >= {"gateway", "gateway-2", "bus", "keeper"}
        assert {f.pause for f in faults} == {True, False}
        for first in faults:
            again = [f for f in faults if f.name == first.name and f.at_s > first.at_s]
            assert all(f.at_s >= first.at_s + first.lasts_s for f in again)
