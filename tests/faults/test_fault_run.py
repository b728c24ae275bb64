"""Two minutes of faults: four desks, two gateways, a keeper and a bus, killed and paused by seed.

FAULT_SEED chooses another seed; a failure names its own.
"""

import os
from pathlib import Path

import pytest

from tests.faults.run import fault_run

SECONDS = 120.0
_SEEDS = [int(s) for s in os.environ.get("FAULT_SEED", "1 2").split()]


@pytest.mark.slow
@pytest.mark.parametrize("seed", _SEEDS)
async def test_two_minutes_of_faults(tmp_path: Path, seed: int) -> None:
    run = await fault_run(tmp_path, seed, SECONDS)
    assert run.wrong == [], f"seed {seed}"
    assert run.moves > 40, f"seed {seed}: {run.moves} test moves prove little"
    assert run.epochs > 6, f"seed {seed}: {run.epochs} epochs prove little"
