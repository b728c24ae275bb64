"""No phase without a word: a drone in any phase can be listed."""

from gcs.model.telemetry import Phase
from ui.models.words import PHASE_WORDS


def test_every_phase_has_a_word() -> None:
    assert set(PHASE_WORDS) == set(Phase)
