"""Which streets a site has. The one place to put another source of streets."""

from gcs.apps.files import RESOURCES
from gcs.geo.boroughs import load_boroughs
from gcs.geo.town import Town, TownSource
from gcs.geo.town_cache import CachedTown, cache_folder
from gcs.geo.training_town import TrainingTown
from gcs.model.site import Site

BOROUGHS = RESOURCES / "data" / "london_boroughs.geojson"
AIRSPACE = RESOURCES / "data" / "london_restricted_areas.geojson"


def town_source(site: Site) -> TownSource:
    """The site's source of streets: training streets from the site's seed, kept once made."""
    borough = load_boroughs(BOROUGHS).by_gss(site.gss)
    return CachedTown(TrainingTown(borough, site.docks, site.training.seed), cache_folder())


def load_town(site: Site) -> Town:
    """The site's streets, buildings and parks. Raises BadSettings for a wrong boundary file."""
    return town_source(site).load()
