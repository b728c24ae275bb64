"""How a feed's picture may look, how old it is, and what is said where there is none. Pure.

Only a picture that comes now looks live: all else is greyed or gone, and says what is being
done about it.
"""

from dataclasses import dataclass
from enum import StrEnum

from gcs.model.alert import AlertRecord
from gcs.station.state import DeskState
from gcs.video.frame import FeedState, FeedStatus, Frame
from ui.models.feeds import FeedText
from ui.text import Span, Tone, age, duration

SLOW_MS = 250.0
LATE_MS = 500.0
STANDS_AFTER_S = 2.0  # this desk's own watch: a picture that stands is not live, whoever says so
GONE_AFTER_S = 60.0
PATIENCE_S = 1.0  # a feed just asked for says nothing yet
RELAY_SILENT_S = 3.0
RATE_SHARE = 0.85  # under this share of the rate asked for it is said
DAY_S = 86_400.0


class Look(StrEnum):
    """LIVE as it came, GREY without colour and dark, GONE not at all."""

    LIVE = "live"
    GREY = "grey"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class PictureText:
    """`headline` and `doing` stand in the middle, `sentence` where there is room for it."""

    look: Look
    headline: str = ""
    doing: str = ""
    sentence: str = ""
    rate: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a tile knows of its frames. None: it has none.

    `frame_s`: since the newest came; `capture_s`: since it was taken, None also when the stream
    does not tell; `waited_s`: since the tile asked for this feed.
    """

    frame_s: float | None
    capture_s: float | None
    waited_s: float


def moment(state: DeskState, frame: Frame | None, asked_at_s: float) -> Moment:
    """Of a tile's newest frame, now."""
    now = state.clock.monotonic()
    waited = max(0.0, now - asked_at_s)
    if frame is None:
        return Moment(None, None, waited)
    return Moment(max(0.0, now - frame.received_s), capture_age_s(state, frame), waited)


def capture_age_s(state: DeskState, frame: Frame) -> float | None:
    """Seconds since the picture was taken, by the stream's own clock."""
    if frame.capture_utc_us is None:
        return None
    return state.clock.utc_ms() / 1000 - frame.capture_utc_us / 1e6


def picture_text(state: DeskState, told: FeedText, status: FeedStatus, now: Moment) -> PictureText:
    """How the picture looks and what is said over it."""
    standing = now.frame_s is None or now.frame_s >= STANDS_AFTER_S
    if status.state is FeedState.LIVE and not standing:
        return PictureText(Look.LIVE, rate=_rate(state, told, status))
    if now.frame_s is None and now.waited_s < PATIENCE_S:
        return PictureText(Look.GONE)
    silence = _silence_s(status, now)
    if status.state is FeedState.FROZEN and now.frame_s is not None and not standing:
        headline = f"picture frozen for {age(silence)}" if silence else "picture frozen"
    elif silence is None:
        headline = "no picture yet"
    else:
        headline = f"no picture for {age(silence)}"
    gone = now.frame_s is None or silence is None or silence > GONE_AFTER_S
    return PictureText(
        Look.GONE if gone else Look.GREY,
        headline,
        _doing(state, told, status),
        _sentence(state, told.feed, status),
    )


def age_chip(
    told: FeedText, status: FeedStatus, text: PictureText, capture_s: float | None
) -> Span:
    """The age of a picture when it is painted; a docked drone's rate while it is not late."""
    if text.look is not Look.LIVE:
        return Span("not live", Tone.CAUTION) if text.headline else Span("")
    if capture_s is None or capture_s > DAY_S:
        return Span("age not known", Tone.CAUTION)
    ms = max(0.0, capture_s * 1000)
    words = f"{ms:.0f} ms" if ms < 1000 else f"{min(ms / 1000, 999):.1f} s"
    if ms >= LATE_MS + (_between_ms(status) if told.docked else 0.0):
        return Span(f"{words} old", Tone.WARNING)
    if told.docked:
        return Span(f"dock · {text.rate or _fps(status.fps)}", Tone.QUIET)
    return Span(f"{words} old", Tone.CAUTION) if ms >= SLOW_MS else Span(words)


def short_chip(chip: Span) -> Span:
    """For small tiles: the figure, and its shape when it is not well."""
    words = chip.text.removeprefix("dock · ").removesuffix(" old")
    return Span(words, chip.tone, chip.bold)


def open_matches(state: DeskState, feed: str) -> tuple[AlertRecord, ...]:
    """Alerts of this feed that wait for a decision, the newest capture first."""
    now = state.clock.utc_ms()
    return tuple(
        r for r in state.open_alerts if r.alert.feed == feed and r.alert.expires_utc_ms > now
    )


def match_words(record: AlertRecord, utc_ms: int) -> str:
    """`possible match 0:07`: since its picture was taken."""
    taken_ms = record.alert.capture_utc_us / 1000
    return f"possible match {duration(max(0.0, utc_ms - taken_ms) / 1000)}"


def unboxed_words(records: tuple[AlertRecord, ...], utc_ms: int) -> str:
    """For open alerts that have no box in the frame; '' when there are none."""
    if not records:
        return ""
    more = f" +{len(records) - 1}" if len(records) > 1 else ""
    return f"{match_words(records[0], utc_ms)}{more} · see still"


def asked_fps(state: DeskState, told: FeedText) -> float:
    """The rate the site asks this camera for."""
    video = state.site.video
    return video.docked_fps if told.docked else video.fps


def _rate(state: DeskState, told: FeedText, status: FeedStatus) -> str:
    """`9 of 15 fps` where the pictures come slower than asked for."""
    asked = asked_fps(state, told)
    if not 0.0 < status.fps < RATE_SHARE * asked:
        return ""
    return f"{status.fps:.0f} of {asked:.0f} fps"


def _between_ms(status: FeedStatus) -> float:
    """From one picture to the next: a camera that sends few is not late while it waits."""
    return min(1000.0 / status.fps, STANDS_AFTER_S * 1000) if status.fps > 0.0 else 0.0


def _fps(fps: float) -> str:
    return f"{fps:.0f} fps"


def _silence_s(status: FeedStatus, now: Moment) -> float | None:
    """Since the last picture that was worth showing; None when there never was one."""
    if status.state is FeedState.FROZEN and now.capture_s is not None:
        return now.capture_s
    told = [s for s in (status.age_s, now.frame_s) if s is not None]
    if told and now.capture_s is not None and now.capture_s < DAY_S:
        told.append(now.capture_s)  # a relay may have sent the last one again just now
    return max(told, default=None)


def _doing(state: DeskState, told: FeedText, status: FeedStatus) -> str:
    heard = state.relay_at_s
    if heard is None or state.clock.monotonic() - heard > RELAY_SILENT_S:
        return "relay not heard, retrying"
    if told.silent:
        return "vehicle silent, retrying"
    if status.state is FeedState.FROZEN:
        return "its time stands still, watching"
    if status.state is FeedState.CONNECTING:
        return "connecting"
    return "no stream, retrying"


def _sentence(state: DeskState, feed: str, status: FeedStatus) -> str:
    if status.sentence or state.relay is None:
        return status.sentence
    return next((f.trouble for f in state.relay.feeds if f.feed == feed), "")
