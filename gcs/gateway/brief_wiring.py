"""The office of briefs among the gateway's parts."""

from typing import TYPE_CHECKING

from gcs.gateway.batch import telemetry
from gcs.gateway.brief_office import BriefOffice
from gcs.gateway.brief_sources import BriefAsks, BriefSources, KeptForBriefs
from gcs.gateway.lines import Sources
from gcs.model.alert import AlertRecord
from gcs.model.brief import BriefSheet
from gcs.model.mission import MissionRecord
from gcs.model.site import Site
from gcs.runtime.clock import Clock
from gcs.shared.bus import Bus

if TYPE_CHECKING:
    from gcs.gateway.parts import Parts


def brief_office(
    parts: "Parts", bus: Bus, site: Site, sources: Sources, clock: Clock
) -> BriefOffice:
    """It asks the parts that know; the arbiter asks it from now on."""
    names, record = parts.subjects, parts.subjects.record_bucket
    asks = BriefAsks(
        telemetry=lambda d: telemetry(d, sources),
        fence=parts.fences.plan,
        fence_report=parts.fences.report,
        plan=parts.plans.plan,
        plan_report=parts.plans.report,
        weather=parts.weather.last,
        camera=parts.cameras.report,
        waived=parts.overrides.report,
        log=parts.events.recent,
        record=parts.arbiter.record,
    )
    kept = KeptForBriefs(bus.bucket(record, MissionRecord), bus.bucket(record, AlertRecord))

    async def publish(drone: str, sheet: BriefSheet) -> None:
        await bus.publish(names.brief(site.gateway, drone), sheet)

    office = BriefOffice(
        parts.arbiter,
        lambda: parts.registry.records,
        BriefSources(site, parts.drones, asks, kept, clock),
        lambda by, drone: (
            parts.signed_on.against(by) or parts.qualified.against_rating(by.person, drone)
        ),
        lambda by, drone: parts.qualified.against_limit(by.person, drone),
        publish,
        parts.activities.spawn,
        clock,
        parts.tenure.may_act,
    )
    parts.arbiter.briefs = office
    return office
