"""Lays out a training shift: its folder, its passwords, a join file for every process."""

import hashlib
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from gcs.apps import files
from gcs.apps.staff import Staff
from gcs.link.endpoint import parse_endpoint
from gcs.model.alert import Deployment
from gcs.model.feed import FeedKind, FeedSource, RelayAccess
from gcs.model.scenario import Scenario
from gcs.model.site import NetworkSpec, OperatingMode, Site, Video
from gcs.runtime.clock import SystemClock
from gcs.runtime.settings import BadSettings, load_toml
from gcs.shared.access import BusAccess, sign_on_name
from gcs.shared.nkey import AccountKey
from gcs.shared.ports import free_ports
from gcs.shared.roles import service_users
from gcs.shared.server import Listen, write_server_config
from gcs.sim.incident_maker import check_scenario

LOOPBACK = "127.0.0.1"
PROCESSES = {"gateway": "gateway", "simulate": "central"}
STANDBY = "gateway-2"
_HOUR_MS = 3_600_000
CORES_FOR_HD = 12


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift laid out on disk, nothing started yet. `join` maps process or desk to its file.

    `passwords`: the file with everybody's, for a desk that asks.
    """

    site: Site
    folder: Path
    server_config: Path
    bus_port: int
    admin: BusAccess
    train: BusAccess
    join: dict[str, Path]
    passwords: Path


def load_site(name: str, drones: int | None) -> Site:
    """A site by name or file, cut to its first `drones`. Raises BadSettings."""
    path = Path(name) if name.endswith(".toml") else files.RESOURCES / "sites" / f"{name}.toml"
    if not path.exists():
        known = sorted(p.stem for p in (files.RESOURCES / "sites").glob("*.toml"))
        raise BadSettings(f"{path}: there is no such site; known are: {', '.join(known)}")
    site = load_toml(path, Site)
    if site.mode is not OperatingMode.TRAINING:
        raise BadSettings(f"{path}: mode: a training shift needs a site in training mode")
    site = replace(site, video=video_for(site, os.cpu_count() or 1))
    if drones is None:
        return site
    if not 1 <= drones <= len(site.drones):
        raise BadSettings(f"--drones {drones}: {path} has 1 to {len(site.drones)} drones")
    return replace(site, drones=site.drones[:drones])


def video_for(site: Site, cores: int) -> Video:
    """What the cameras send: 720p at 30 where there are cores and the site's file says nothing."""
    if site.video != Video() or cores < CORES_FOR_HD:
        return site.video
    return replace(site.video, width=1280, height=720, fps=30.0)


def load_scenario(name: str | None, site: Site) -> Scenario | None:
    """A scenario by name or file; None for the site's own rate. Raises BadSettings."""
    if name is None:
        return None
    folder = files.RESOURCES / "scenarios"
    path = Path(name) if name.endswith(".toml") else folder / f"{name}.toml"
    if not path.exists():
        known = sorted(p.stem for p in folder.glob("*.toml"))
        raise BadSettings(f"{path}: there is no such scenario; known are: {', '.join(known)}")
    scenario = load_toml(path, Scenario)
    try:
        check_scenario(site, scenario.incidents)
    except ValueError as error:
        raise BadSettings(f"{path}: {error}") from None
    return scenario


def default_data_folder() -> Path:
    """Where shifts are kept unless `--data` says otherwise."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "drone-desk"


def lay_out(site: Site, data: Path, scenario: Scenario | None) -> Shift:
    """Make the shift's folder and every file its processes need. Raises BadSettings."""
    for network in site.networks:
        for endpoint in (*network.endpoints, *network.standby):
            parse_endpoint(endpoint, site.mode)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    folder = data / site.id / f"{stamp}-{secrets.token_hex(3)}"
    try:
        folder.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise BadSettings(f"{folder}: cannot be made: {error.strerror}") from None
    port, relay_port = free_ports(2)
    staff = Staff.drawn(site.people)
    # The directory is the keeper's: no other process's file names the people.
    site = replace(site, people=())
    users = service_users(site.id, site.gateway, secrets.token_urlsafe)
    passwords = {u.name: u.password for u in users}

    def access(user: str) -> BusAccess:
        return BusAccess(LOOPBACK, port, user, passwords[user])

    tokens = {desk: secrets.token_urlsafe(24) for desk in staff.desks}
    ends = sum(len(n.endpoints) + len(n.standby) for n in site.networks)
    ports = free_ports(ends + len(site.feeds), udp=True)
    feed_ports = ports[ends:]
    site = replace(site, networks=_with_ports(site, ports[:ends]))
    base = files.JoinFile(
        site=site,
        bus=access("admin"),
        shift=str(folder),
        scenario=scenario,
        feeds=_feeds(site, feed_ports),
        deployments=_deployments(site),
    )
    join = {
        process: files.write(folder / f"{process}.json", replace(base, bus=access(user)))
        for process, user in PROCESSES.items()
    }
    hashes = {desk: hashlib.sha256(token.encode()).hexdigest() for desk, token in tokens.items()}
    standby = standby_of(site)
    if standby is not None:
        at = replace(base, site=standby, bus=access("gateway"))
        join[STANDBY] = files.write(folder / f"{STANDBY}.json", at)
    relay = replace(base, bus=access("relay"), relay_port=relay_port, relay_tokens=hashes)
    join["relay"] = files.write(folder / "relay.json", relay)
    key = AccountKey.generate()
    keeper = replace(
        base,
        bus=access("keeper"),
        sign_on=files.SignOnFile(key.seed, access("warden"), str(staff.write(folder))),
    )
    join["keeper"] = files.write(folder / "keeper.json", keeper)
    for desk, seat in staff.desks.items():
        own = BusAccess(LOOPBACK, port, sign_on_name("", desk), seat.secret)
        at = replace(base, bus=own, desk=desk, person=seat.person, password=seat.password)
        at = replace(at, relay=RelayAccess(LOOPBACK, relay_port, tokens[desk]))
        join[desk] = files.write(folder / f"{desk}.json", at)
    listen, store = Listen(port), folder / "nats"
    return Shift(
        site=site,
        folder=folder,
        server_config=write_server_config(
            folder / "nats.conf", listen, store, site.id, users, key.public
        ),
        bus_port=port,
        admin=access("admin"),
        train=access("train"),
        join=join,
        passwords=staff.write_passwords(folder),
    )


def _feeds(site: Site, ports: Sequence[int]) -> tuple[FeedSource, ...]:
    """A drone that connects by itself tells where its stream goes: it has no port here."""
    fixed = {camera.id for camera in site.cameras}
    real = {drone.id for drone in site.drones if not drone.simulated}
    return tuple(
        FeedSource(
            feed, FeedKind.FIXED if feed in fixed else FeedKind.DRONE, port * (feed not in real)
        )
        for feed, port in zip(site.feeds, ports, strict=True)
    )


def _deployments(site: Site) -> tuple[Deployment, ...]:
    """The exercise's deployments begin with the shift."""
    now = SystemClock().utc_ms()
    return tuple(
        Deployment(
            id=plan.id,
            authority=plan.authority,
            officer=plan.officer,
            start_utc_ms=now,
            end_utc_ms=now + round(plan.hours * _HOUR_MS),
            area=plan.area,
            feeds=plan.feeds or site.feeds,
            categories=plan.categories,
            threshold=plan.threshold,
        )
        for plan in site.deployments
    )


def _with_ports(site: Site, free: Sequence[int]) -> tuple[NetworkSpec, ...]:
    """The site's networks, each endpoint that listens at port 0 at a free one."""
    ports = iter(free)

    def settled(endpoints: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_at_port(e, next(ports)) for e in endpoints)

    return tuple(
        replace(n, endpoints=settled(n.endpoints), standby=settled(n.standby))
        for n in site.networks
    )


def _at_port(endpoint: str, free: int) -> str:
    where, _, given = endpoint.rpartition(":")
    return f"{where}:{free}" if where.startswith("udpin:") and given == "0" else endpoint


def standby_of(site: Site) -> Site | None:
    """The site as its stand-by gateway sees it; None where there is none."""
    if not all(n.standby for n in site.networks):
        return None
    return replace(
        site, networks=tuple(replace(n, endpoints=n.standby, standby=()) for n in site.networks)
    )
