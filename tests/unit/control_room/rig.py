"""A small town, a site in it, and a bus that remembers; for the control room's tests."""

from dataclasses import replace

from gcs.geo.boroughs import Borough
from gcs.geo.town import Town
from gcs.geo.training_town import TrainingTown
from gcs.model.people import Person, Role
from gcs.model.site import DroneSpec, Fence, OperatingMode, Site, TrainingScenario
from tests.unit.geo.places import SMALL_DOCKS, at, small_borough

FENCE = Fence(
    "f1", "Fence", (at(-600, -400), at(560, -480), at(600, 420), at(150, 200), at(-550, 320)), 90.0
)


def site(per_hour: float = 40.0) -> Site:
    return Site(
        id="islington",
        name="Testham",
        gss="E00000000",
        force="MPS",
        mode=OperatingMode.TRAINING,
        docks=SMALL_DOCKS,
        drones=(DroneSpec("T-01", 1, "S1"),),
        fence=FENCE,
        people=(Person("pilot-a", "Pilot A", Role.PILOT),),
        training=TrainingScenario(incidents_per_hour=per_hour),
    )


def town(borough: Borough | None = None) -> Town:
    return TrainingTown(borough or small_borough(), SMALL_DOCKS, 4).load()


def without_streets(whole: Town) -> Town:
    return replace(whole, streets=())
