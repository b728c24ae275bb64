"""Scenario files: the shipped ones load, a wrong one names its file and field."""

from pathlib import Path

import pytest

from gcs.model.mission import Grade
from gcs.model.scenario import Scenario
from gcs.runtime.settings import BadSettings, load_toml
from gcs.sim.incident_maker import check_scenario
from tests.unit.geo import places

FOLDER = places.RESOURCES / "scenarios"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda p: p.stem)
def test_shipped_scenarios_load_and_lie_in_the_fence(path: Path) -> None:
    scenario = load_toml(path, Scenario)
    assert scenario.incidents
    check_scenario(places.site(), scenario.incidents)


def test_the_shipped_ones_are_there() -> None:
    assert {p.stem for p in FOLDER.glob("*.toml")} == {"quiet", "busy"}
    busy = load_toml(FOLDER / "busy.toml", Scenario)
    assert all(i.grade is Grade.IMMEDIATE for i in busy.incidents)


CALL = '[[incidents]]\nat_s = 1.0\ngrade = "S"\ncategory = "Noise"\ndescription = "x"\n'
HEAD = 'name = "n"\nincidents_per_hour = 1.0\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('name = "n"\n', "missing required field `incidents_per_hour`"),
        (HEAD.replace("1.0", "-4.0"), "incidents_per_hour is -4.0"),
        (HEAD + CALL.replace('"S"', '"Z"'), r"incidents\[0\]\.grade: Invalid enum value 'Z'"),
        (HEAD + CALL + CALL.replace("1.0", "-1.0"), r"incidents\[1\]: at_s is -1.0"),
        (HEAD + CALL.replace("Noise", ""), r"incidents\[0\]: category is empty"),
        (HEAD + CALL + "position = { lat_deg = 95.0, lon_deg = 0.0 }\n", "lat_deg is 95.0"),
        (HEAD + CALL + "position = 5\n", r"incidents\[0\]\.position"),
    ],
)
def test_a_wrong_file_gives_one_sentence(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadSettings, match=message) as caught:
        load_toml(path, Scenario)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
