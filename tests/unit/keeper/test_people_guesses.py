"""How often a password may be wrong."""

from gcs.keeper.sign_on_guesses import AT_A_DESK, OF_A_PERSON_AT_A_DESK, Guesses
from gcs.runtime.clock import ManualClock


def test_five_a_minute_for_a_person_at_a_desk() -> None:
    clock = ManualClock()
    guesses = Guesses(clock)
    for _ in range(OF_A_PERSON_AT_A_DESK):
        assert guesses.wait_s("ann", "desk-1") == 0
        guesses.wrong("ann", "desk-1")
        clock.advance(2)
    assert guesses.wait_s("ann", "desk-1") == 50
    assert guesses.wait_s("ben", "desk-1") == 0
    assert guesses.wait_s("ann", "desk-2") == 0, "a guesser elsewhere keeps nobody out"
    clock.advance(50)
    assert guesses.wait_s("ann", "desk-1") == 0
    guesses.wrong("ann", "desk-1")
    assert guesses.wait_s("ann", "desk-1") == 2, "the window slides"


def test_ten_a_minute_at_a_desk_whoever_is_tried() -> None:
    guesses = Guesses(ManualClock())
    for number in range(AT_A_DESK):
        guesses.wrong(f"person-{number}", "desk-1")
    assert guesses.wait_s("somebody-else", "desk-1") == 60


def test_a_right_one_does_not_count() -> None:
    guesses = Guesses(ManualClock())
    for _ in range(3 * OF_A_PERSON_AT_A_DESK):
        guesses.wrong("ann", "desk-1")
        guesses.right("ann", "desk-1")
    assert guesses.wait_s("ann", "desk-1") == 0
