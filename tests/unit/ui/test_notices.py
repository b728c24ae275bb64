"""Lines of the notices panel: what repeats is counted, what several drones say is one line."""

from gcs.model.event import Severity
from ui.models.notices import KEEP, NoticeLines

INFO, CAUTION = Severity.INFO, Severity.CAUTION


def texts(lines: NoticeLines) -> list[str]:
    return [line.text for line in lines.lines]


def test_a_whole_fleet_is_heard_in_one_line() -> None:
    lines = NoticeLines()
    for number in range(1, 10):
        drone = f"ISL-0{number}"
        lines.add_of(INFO, drone, f"{drone} is heard", number * 100)
    assert texts(lines) == ["Nine drones are heard."]


def test_a_later_word_is_a_line_of_its_own() -> None:
    lines = NoticeLines()
    lines.add_of(INFO, "ISL-01", "ISL-01 is heard", 0)
    lines.add_of(INFO, "ISL-02", "ISL-02 is heard", 11_000)
    assert texts(lines) == ["ISL-02 is heard.", "ISL-01 is heard."]


def test_the_same_word_of_another_weight_stays_apart() -> None:
    lines = NoticeLines()
    lines.add_of(INFO, "ISL-01", "GCS failsafe", 0)
    lines.add_of(CAUTION, "ISL-02", "GCS failsafe", 0)
    assert texts(lines) == ["ISL-02: GCS failsafe.", "ISL-01: GCS failsafe."]


def test_words_in_between_do_not_part_them() -> None:
    lines = NoticeLines()
    lines.add_of(CAUTION, "ISL-04", "GCS failsafe", 0)
    lines.add(INFO, "the bus is back", 50)
    lines.add_of(CAUTION, "ISL-07", "GCS failsafe", 100)
    assert texts(lines) == ["ISL-04 and ISL-07: GCS failsafe.", "The bus is back."]


def test_one_drone_that_repeats_itself_is_counted() -> None:
    lines = NoticeLines()
    for at in range(3):
        lines.add_of(CAUTION, "ISL-04", "ISL-04 is late", at)
    assert [(line.text, line.times) for line in lines.lines] == [("ISL-04 is late.", 3)]


def test_a_drone_is_named_once_however_its_word_begins() -> None:
    lines = NoticeLines()
    for text in ("ISL-08: go to refused", "go to failed"):
        lines.add_of(CAUTION, "ISL-08", text, 0)
    assert texts(lines) == ["ISL-08: go to failed.", "ISL-08: go to refused."]


def test_a_word_heard_late_stands_at_its_time() -> None:
    lines = NoticeLines()
    lines.add(INFO, "signed on", 20_000)
    lines.add_of(INFO, "ISL-01", "ISL-01 is heard", 1000)
    lines.add_of(INFO, "ISL-02", "ISL-02 is heard", 1200)
    assert texts(lines) == ["Signed on.", "ISL-01 and ISL-02 are heard."]


def test_only_the_newest_are_kept() -> None:
    lines = NoticeLines()
    for number in range(KEEP + 5):
        lines.add(INFO, f"line {number}", number)
    assert len(lines.lines) == KEEP and lines.lines[0].text == f"Line {KEEP + 4}."
