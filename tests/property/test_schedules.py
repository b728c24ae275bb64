"""Never two pilots, never none without knowing: schedules of desks, gateways and accidents.

The machine, the guards, the leases and what is due are the real ones (`tests/property/gateway.py`).
"""

import gc
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.mutants import MUTANTS, MUTANTS_OF_THE_CHANGE, RARE
from tests.property.observer import Auditor, Observer, Violation
from tests.property.schedule import Schedule

ORDINARY, SLOW = 500, 20_000
CAUGHT_WITHIN = 2_000
PARTS = 10


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """One test makes thousands of worlds, and no windows: here garbage goes as it comes."""
    gc.enable()
    yield
    gc.disable()


def run(schedules: int, machine: type[Schedule] = Schedule, shrinks: bool = True) -> None:
    """So many schedules of up to 25 steps, the same ones each time."""
    phases = (Phase.generate, Phase.shrink) if shrinks else (Phase.generate,)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=schedules,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_control_is_never_doubled_and_never_lost() -> None:
    run(ORDINARY)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_so_it_is_in_twenty_thousand_schedules(part: int) -> None:
    """Each part draws its own."""
    run(SLOW // PARTS, seed(part)(type("Schedule", (Schedule,), {})))


@pytest.mark.parametrize("wrong", [m for m in MUTANTS if m not in RARE])
def test_what_is_broken_is_caught(wrong: str) -> None:
    with pytest.raises(Violation):
        run(CAUGHT_WITHIN, _mutant(wrong, Auditor), shrinks=False)


@pytest.mark.parametrize("wrong", MUTANTS_OF_THE_CHANGE)
def test_what_lets_two_fly_it_shows_in_the_vehicles_log_alone(wrong: str) -> None:
    with pytest.raises(Violation):
        run(CAUGHT_WITHIN, _mutant(wrong, Observer), shrinks=False)


@pytest.mark.slow
@pytest.mark.parametrize("wrong", RARE)
def test_what_is_broken_and_seldom_matters_is_caught_too(wrong: str) -> None:
    with pytest.raises(Violation):
        run(SLOW, _mutant(wrong, Auditor), shrinks=False)


def _mutant(wrong: str, observer: type[Observer]) -> type[Schedule]:
    return type("Schedule", (Schedule,), {"parts": MUTANTS[wrong], "observer": observer})
