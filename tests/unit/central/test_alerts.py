"""The simulated alerts are as the keeper's gate wants them, or wrong in just one thing."""

import hashlib
import random
import statistics
from pathlib import Path

from gcs.alerts.gate import Rules, refusal
from gcs.model.alert import Alert, AlertStatus, Box, BoxKind
from gcs.model.site import Site
from gcs.runtime.settings import load_toml
from gcs.sim.central_alerts import AlertMaker, MadeAlert, MustRefuse
from gcs.sim.central_images import draw
from tests.support.pictures import Person, portrait, taken
from tests.support.possible_match import DEPLOYMENT, NOW_MS

SITE = load_toml(Path(__file__).resolve().parents[3] / "resources/sites/islington.toml", Site)
RULES = Rules(SITE.mode, frozenset(SITE.feeds), {DEPLOYMENT.id: DEPLOYMENT})
WHO = Person("p1", Box(0.4, 0.4, 0.05, 0.2))


def maker(seed: int = 1, began_utc_ms: int = NOW_MS) -> AlertMaker:
    return AlertMaker(SITE, (DEPLOYMENT,), random.Random(seed), began_utc_ms)


def made(by: AlertMaker, who: Person = WHO) -> MadeAlert:
    shot = taken("CAM-1", NOW_MS - 400, who)
    images = draw(shot.image, who.box, who.face, who.looks, portrait)
    return by.good(shot, who, images)


def test_a_good_one_passes_the_gate() -> None:
    alert = made(maker()).alert
    assert refusal(alert, RULES, NOW_MS) is None
    assert alert.status is AlertStatus.EXERCISE
    assert (alert.box, alert.box_kind) == (WHO.box, BoxKind.PERSON)
    assert (alert.frame_width, alert.frame_height) == (640, 360)
    assert alert.expires_utc_ms == NOW_MS - 400 + 180_000


def test_a_large_face_is_what_the_box_is_about() -> None:
    face = Box(0.41, 0.4, 0.03, 0.08)
    alert = made(maker(), Person("p1", WHO.box, face)).alert
    assert (alert.box, alert.box_kind) == (face, BoxKind.FACE)


def test_its_images_are_there_by_reference_and_hash() -> None:
    result = made(maker())
    refs = result.alert.images.values()
    assert {ref.reference for ref in refs} == set(result.images)
    for ref in refs:
        assert hashlib.sha256(result.images[ref.reference]).hexdigest() == ref.sha256


def test_one_thing_is_wrong_with_each_that_must_be_refused() -> None:
    by = maker()
    good = made(by).alert
    fields = {
        MustRefuse.STATUS: "status",
        MustRefuse.TIME: "capture_utc_us",
        MustRefuse.AREA: "position",
        MustRefuse.FEED: "feed",
    }
    for why in MustRefuse:
        wrong = by.must_refuse(why, good, NOW_MS + 30_000)
        found = refusal(wrong, RULES, NOW_MS + 30_000)
        assert found is not None
        assert found.field == fields[why]
        assert wrong.id != good.id


def test_ids_are_new_and_scores_lie_where_they_do_in_use() -> None:
    by = maker()
    alerts = [made(by).alert for _ in range(300)]
    assert len({alert.id for alert in alerts}) == 300
    again = made(maker(began_utc_ms=NOW_MS + 1000)).alert
    assert again.id not in {alert.id for alert in alerts}
    scores = [alert.score for alert in alerts]
    assert min(scores) >= DEPLOYMENT.threshold
    assert 0.64 < statistics.median(scores) < 0.68
    assert sum(score <= 0.75 for score in scores) > 240
    assert max(scores) <= 0.98


def test_the_same_seed_makes_the_same_alerts() -> None:
    def all_of(seed: int) -> list[Alert]:
        by = maker(seed)
        return [made(by).alert for _ in range(3)]

    assert all_of(5) == all_of(5) != all_of(6)


def test_gaps_are_about_as_asked() -> None:
    by = maker()
    gaps = [by.gap_s(20.0) for _ in range(500)]
    assert 150.0 < statistics.mean(gaps) < 200.0
    assert min(gaps) >= 18.0
    assert max(gaps) <= 720.0
    delays = [by.delay_s() for _ in range(200)]
    assert 0.3 <= min(delays) < max(delays) <= 0.7
