"""What is shown of the vehicle itself: launch, fence, links, signing, settings, camera. Pure."""

from gcs.model.plan import PlanState
from gcs.model.site import Dock
from gcs.model.vehicle import (
    FenceState,
    LinkReport,
    Setting,
    SettingVerdict,
    SigningState,
    VehicleProfile,
)
from gcs.station.state import DeskState
from ui.models.brief import BriefItem
from ui.text import UNKNOWN, Span, Tone, age, count_of, percent, wind

OLD_AFTER_S = 10.0  # a profile comes at least every 4 s
WEATHER_OLD_S = 60.0
_VERDICTS: dict[SettingVerdict, Tone] = {
    SettingVerdict.GOOD: Tone.TEXT,
    SettingVerdict.CAUTION: Tone.CAUTION,
    SettingVerdict.WARNING: Tone.WARNING,
    SettingVerdict.UNKNOWN: Tone.CAUTION,
}
_FENCES: dict[FenceState, tuple[str, Tone]] = {
    FenceState.UNKNOWN: ("not known", Tone.CAUTION),
    FenceState.UPLOADING: ("uploading", Tone.CAUTION),
    FenceState.DIFFERS: ("not the site's", Tone.CAUTION),
    FenceState.LOADED: ("loaded, not active", Tone.CAUTION),
    FenceState.ACTIVE: ("active", Tone.TEXT),
    FenceState.FAILED: ("failed", Tone.WARNING),
}
_RECORDING = {None: "recording not told", True: "records", False: "does NOT record"}
_SIGNING: dict[SigningState, tuple[str, Tone]] = {
    SigningState.OFF: ("not signed", Tone.QUIET),
    SigningState.GOOD: ("signed both ways", Tone.TEXT),
    SigningState.UNSIGNED: ("the vehicle does not sign", Tone.WARNING),
    SigningState.REFUSED: ("our key is not taken", Tone.WARNING),
    SigningState.NO_KEY: ("no key is kept here", Tone.WARNING),
}


def vehicle_items(state: DeskState, drone: str) -> tuple[BriefItem, ...]:
    """Every line of a drone's vehicle, what blocks a launch first."""
    profile, age_s = state.profile(drone), state.profile_age_s(drone)
    if profile is None:
        return (BriefItem("Vehicle", (Span("not heard of yet", Tone.OFF),)),)
    if age_s is not None and age_s > OLD_AFTER_S:
        told = Span(f"last told {age(age_s)} ago; what stands below is old", Tone.CAUTION)
        return (BriefItem("Vehicle", (told,)), *_items(state, profile))
    return _items(state, profile)


def _items(state: DeskState, profile: VehicleProfile) -> tuple[BriefItem, ...]:
    dock = state.site.dock_of(profile.drone)
    return (
        *_trouble(profile),
        *_launch(state, profile),
        BriefItem("Autopilot", _make(profile)),
        BriefItem("Geofence", _fence(profile)),
        *_plan(profile),
        BriefItem("Dock's wind", _weather(state, dock)),
        *(BriefItem("Link" if n == 0 else "", _link(k)) for n, k in enumerate(profile.links)),
        *(BriefItem("Slow link", (Span(t, Tone.CAUTION),)) for t in profile.slow_rates),
        BriefItem("Signing", _signing(profile)),
        BriefItem("Camera", _camera(profile)),
        *_settings(profile),
    )


def _trouble(profile: VehicleProfile) -> tuple[BriefItem, ...]:
    if not profile.trouble:
        return ()
    return (BriefItem("Trouble", (Span(profile.trouble, Tone.WARNING),)),)


def _launch(state: DeskState, profile: VehicleProfile) -> tuple[BriefItem, ...]:
    view = state.fleet.get(profile.drone)
    reasons = [
        BriefItem("Not ready" if n == 0 else "", (Span(text, Tone.CAUTION),))
        for n, text in enumerate(profile.blocked)
    ]
    if not reasons and view is not None and view.telemetry.airborne:
        reasons = [BriefItem("Launch", (Span("it is in the air", Tone.QUIET),))]
    elif not reasons:
        reasons = [BriefItem("Launch", (Span("nothing speaks against one"),))]
    if profile.override:
        reasons.append(BriefItem("Waived", (Span(profile.override),)))
    return tuple(reasons)


def _make(profile: VehicleProfile) -> tuple[Span, ...]:
    firmware = f" {profile.firmware}" if profile.firmware else ""
    where = f" · system {profile.system_id} in {profile.network}"
    return Span(f"{profile.autopilot or UNKNOWN}{firmware}"), Span(where, Tone.QUIET)


def _fence(profile: VehicleProfile) -> tuple[Span, ...]:
    fence = profile.fence
    words, tone = _FENCES[fence.state]
    if fence.state is FenceState.UNKNOWN:
        return (Span(words, tone),)
    held = f" · version {fence.version}, {count_of(fence.items, 'point', 'points')}"
    spans = [Span(words, tone), Span(held, Tone.QUIET)]
    if fence.rally:
        spans.append(Span(f", {count_of(fence.rally, 'rally point', 'rally points')}", Tone.QUIET))
    if fence.text:
        spans.append(Span(f" · {fence.text}", tone))
    return tuple(spans)


def _plan(profile: VehicleProfile) -> tuple[BriefItem, ...]:
    plan = profile.plan
    if plan.state is PlanState.NONE:
        return ()
    tone = Tone.CAUTION if plan.state is PlanState.FAILED else Tone.TEXT
    where = f", point {plan.current} of {plan.items}" if plan.items else ""
    words = f"{plan.name or 'plan'}: {plan.state.value}{where}"
    extra = (Span(f" · {plan.text}", Tone.QUIET),) if plan.text else ()
    return (BriefItem("Plan", (Span(words, tone), *extra)),)


def _weather(state: DeskState, dock: Dock) -> tuple[Span, ...]:
    told, age_s = state.weather(dock.id), state.weather_age_s(dock.id)
    if not dock.weather_station:
        return (Span("the dock has no weather station", Tone.QUIET),)
    if told is None or age_s is None:
        return (Span("not told yet", Tone.OFF),)
    words = f"{wind(told.wind_mps, told.from_deg)}, gusts {told.gust_mps:.0f} m/s"
    if age_s > WEATHER_OLD_S:
        return (Span(f"{words}, {age(age_s)} ago", Tone.CAUTION),)
    return Span(words), Span(f" · {age(age_s)} ago", Tone.QUIET)


def _link(link: LinkReport) -> tuple[Span, ...]:
    name = Span(f"{link.endpoint} {link.address}".strip(), Tone.TEXT if link.up else Tone.OFF)
    lost = "" if link.loss_percent is None else f", {percent(link.loss_percent)} lost"
    if not link.up:
        heard = "never heard" if link.age_s is None else f"silent for {age(link.age_s)}"
        return name, Span(f" · {heard}", Tone.CAUTION)
    used = "used" if link.used else "stands by"
    return name, Span(f" · {used}{lost}", Tone.QUIET)


def _signing(profile: VehicleProfile) -> tuple[Span, ...]:
    words, tone = _SIGNING[profile.signing]
    if not profile.signing_dropped:
        return (Span(words, tone),)
    dropped = count_of(profile.signing_dropped, "packet", "packets")
    return Span(words, tone), Span(f" · {dropped} dropped", Tone.QUIET)


def _camera(profile: VehicleProfile) -> tuple[Span, ...]:
    camera = profile.camera
    zoom = f"zoom to {camera.most_zoom:.0f} times" if camera.most_zoom else "zoom"
    parts = [
        camera.camera or "not told",
        "gimbal manager" if camera.manager else "no gimbal manager",
        zoom if camera.can_zoom else "no zoom",
        _RECORDING[camera.recording],
    ]
    return Span(parts[0]), Span(" · " + " · ".join(parts[1:]), Tone.QUIET)


def _settings(profile: VehicleProfile) -> tuple[BriefItem, ...]:
    if not profile.settings:
        return (BriefItem("Settings", (Span("not read yet", Tone.OFF),)),)
    lines = [BriefItem("Settings", (Span(f"read {age(profile.settings_age_s)} ago", Tone.QUIET),))]
    lines += [BriefItem(s.name, _setting(s)) for s in profile.settings]
    return tuple(lines)


def _setting(setting: Setting) -> tuple[Span, ...]:
    tone = _VERDICTS[setting.verdict]
    words = f"{setting.label}: {setting.value_text or UNKNOWN}"
    if not setting.text:
        return (Span(words, tone),)
    return Span(words, tone), Span(f" · {setting.text}", Tone.QUIET)
