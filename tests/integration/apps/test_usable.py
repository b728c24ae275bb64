"""A shift whose window never comes ends when it was told to."""

import time
from pathlib import Path
from typing import Any

import pytest

from gcs.apps import process
from gcs.apps.shift import lay_out, load_site
from gcs.apps.train import TrainingShift, TrainOptions
from gcs.shared.bus import NoAnswer


class NobodyThere:
    """A bus on which no station answers."""

    async def request(self, *question: object) -> None:
        raise NoAnswer("Nobody answers.")


async def test_seconds_bound_the_wait_for_a_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = TrainOptions(
        site="islington",
        drones=1,
        scenario=None,
        data=tmp_path,
        headless=True,
        seconds=0.3,
        demo=False,
        report=None,
        screenshot=None,
    )
    shift = TrainingShift(options, lay_out(load_site("islington", 1), tmp_path, None))
    bus: Any = NobodyThere()
    begun_s = time.monotonic()
    assert await shift._usable(bus) is None
    assert time.monotonic() - begun_s < 5.0
    assert shift.exit_code == process.EXIT_FAILED
    assert "not usable" in capsys.readouterr().err
