"""Sites for tests: the same site, its drones behind another address."""

from dataclasses import replace

from gcs.model.site import NetworkSpec, Site


def heard_at(site: Site, address: tuple[str, int]) -> Site:
    """The site with one network, which listens at `address`."""
    host, port = address
    return replace(site, networks=(NetworkSpec(site.networks[0].id, (f"udpin:{host}:{port}",)),))
