"""The lines of a brief about what is around the flight: airspace, weather, and the camera."""

from gcs.gateway.brief_facts import Facts
from gcs.gateway.brief_words import Row, ago, item, lasts, utc
from gcs.gateway.steady import Steady
from gcs.geo.fence import within
from gcs.geo.volumes import in_force
from gcs.model.brief import BriefItem
from gcs.model.function import Function
from gcs.model.site import AuthorisedVolume

EXPIRES_S = (15 * 60.0, 5 * 60.0, 0.0)
WEATHER_OLD_S = 60.0
WEATHER_BETTER_S = 30.0


def airspace(facts: Facts, steady: Steady) -> BriefItem:
    """What an authority has allowed here, and until when."""
    title, volumes = "Airspace and its expiry", facts.volumes
    waived = [("Waived", facts.waived)] if facts.waived else []
    if not volumes:
        told = "no authorised volume is entered for this site: its geofence alone holds"
        entered = [("Airspace", told), ("Expiry", "none"), *waived]
        return item("airspace", title, entered, facts.waived)
    now = in_force(volumes, facts.utc_ms)
    here = [v for v in now if _contains(v, facts)]
    ends_in_s = _ends_in_s(here, facts.utc_ms)
    told_rows: list[Row] = [("Airspace", _volume(v)) for v in here]
    if not here:
        why = "OUTSIDE every authorised volume" if now else "NO authorised volume is in force"
        told_rows = [("Airspace", why)]
    expiry = "no end is told"
    if ends_in_s is not None:
        expiry = f"in {lasts(ends_in_s)}" if here else "nothing is in force here"
    return item(
        "airspace",
        title,
        [*told_rows, ("Expiry", expiry), *waived],
        *(v.id for v in now),
        steady.level("airspace", _expiry(ends_in_s)),
        facts.waived,
    )


def _contains(volume: AuthorisedVolume, facts: Facts) -> bool:
    """A drone whose place or height is not told is looked for at its dock."""
    seen, dock = facts.telemetry, facts.dock
    agl_m = dock.roof_height_m if seen.agl_m is None else seen.agl_m
    # On its roof it is in the air that begins there.
    return within(volume.polygon, seen.position or dock.position) and (
        agl_m <= volume.ceiling_agl_m and (agl_m >= volume.floor_agl_m or not facts.airborne)
    )


def _ends_in_s(here: list[AuthorisedVolume], utc_ms: int) -> float | None:
    """Until the last of them ends, 0 where there is none; None: no end is told."""
    if any(v.end_utc_ms is None for v in here):
        return None
    return max(((v.end_utc_ms or 0) - utc_ms for v in here), default=0) / 1000


def _expiry(ends_in_s: float | None) -> int:
    """0 far off; worse with each limit it is under; 3 over, or outside."""
    return 0 if ends_in_s is None else sum(ends_in_s <= limit for limit in EXPIRES_S)


def _volume(volume: AuthorisedVolume) -> str:
    until = "no end told" if volume.end_utc_ms is None else f"until {utc(volume.end_utc_ms)}"
    heights = f"{volume.floor_agl_m:.0f} to {volume.ceiling_agl_m:.0f} m above ground"
    return f"{volume.id} ({volume.source}), {heights}, {until}"


def weather(facts: Facts, steady: Steady) -> BriefItem:
    """Wind at the dock and at the drone, against the most that it may have."""
    seen, limit = facts.telemetry, facts.max_wind_mps
    dock, at_drone = _dock_wind(facts), "not told by the vehicle"
    if seen.wind_mps is not None:
        at_drone = f"{seen.wind_mps:.0f} m/s from {_bearing(seen.wind_from_deg)}, its own estimate"
    told = [
        (f"At {facts.dock.name}", dock),
        ("At the drone", at_drone),
        ("Limit", f"{limit:.0f} m/s"),
    ]
    known = facts.weather
    fresh = known if known and (facts.weather_age_s or 0.0) <= WEATHER_OLD_S else None
    gust, wind = (fresh.gust_mps, fresh.wind_mps) if fresh else (0.0, 0.0)
    over = max(gust, wind, seen.wind_mps or 0.0) > limit
    missing = facts.dock.weather_station and fresh is None
    return item(
        "weather",
        "Weather",
        told,
        limit,
        steady.level("weather over", int(over), WEATHER_BETTER_S),
        steady.level("weather missing", int(missing), WEATHER_BETTER_S),
    )


def _dock_wind(facts: Facts) -> str:
    told = facts.weather
    if told is None:
        silent = "its weather station has not been heard"
        return silent if facts.dock.weather_station else "it has no weather station"
    wind = f"{told.wind_mps:.0f} m/s from {_bearing(told.from_deg)}"
    return f"{wind}, gusts of {told.gust_mps:.0f} m/s, told {ago(facts.weather_age_s)}"


def _bearing(deg: float | None) -> str:
    return "a direction not told" if deg is None else f"{deg:03.0f}°"


# -- the camera --------------------------------------------------------------------------------
def camera(facts: Facts, steady: Steady) -> BriefItem:
    """The sensor's state and whether it records."""
    seen, known = facts.telemetry, facts.camera
    look = "not told"
    if seen.gimbal_pitch_deg is not None and seen.gimbal_yaw_deg is not None:
        down = "down" if seen.gimbal_pitch_deg < 0 else "up"
        look = f"{abs(seen.gimbal_pitch_deg):.0f}° {down}, {seen.gimbal_yaw_deg:.0f}° from the nose"
    zoom = "not told" if seen.zoom is None else f"{seen.zoom:.1f} times"
    told = [
        ("Camera", known.camera or "it does not tell its name"),
        ("Looks", f"{look}; zoom {zoom}"),
        ("Recording", _RECORDING[known.recording]),
        ("Who has it", _who_has_camera(facts)),
    ]
    silent = seen.gimbal_pitch_deg is None
    matters = (
        _who_has_camera(facts),
        steady.level("camera silent", int(silent)),
        steady.level("recording off", int(known.recording is False)),
    )
    return item("camera", "Camera and recording", told, *matters)


_RECORDING = {None: "not told by the camera", True: "on", False: "OFF: nothing is recorded"}


def _who_has_camera(facts: Facts) -> str:
    if facts.function is Function.PAYLOAD:
        return "handed over by this brief, the flight is not"
    if facts.coupled:
        return "it goes with the flight: the two cannot be separated"
    holder = facts.camera_with.label if facts.camera_with else "nobody"
    if facts.handover.payload:
        return f"{holder}; it goes with the flight"
    return f"{holder}; it stays there"
