"""A wrong settings file gives one sentence that names the file and the field."""

import os
from pathlib import Path

import pytest

from gcs.model.site import Site
from gcs.runtime.settings import BadSettings, load_secret_json, load_toml, save_secret_json
from gcs.shared.bus import BusAccess

SITE = Path(__file__).resolve().parents[3] / "resources" / "sites" / "islington.toml"


def broken(tmp_path: Path, old: str, new: str) -> Path:
    text = SITE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "site.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_shipped_site_loads() -> None:
    site = load_toml(SITE, Site)
    assert len(site.drones) == 9
    assert len(site.docks) == 3
    assert site.required_return_height_m("ISL-03") == 60.0


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("roof_height_m = 22.0", 'roof_height_m = "high"', "docks[1].roof_height_m"),
        ("lat_deg = 51.5338", "lat_deg = 91.0", "lat_deg"),
        ("lat_deg = 51.5338", "lat_deg = nan", "lat_deg"),
        ("system_id = 9", "system_id = 8", "drones.system_id in network net1 8"),
        ('dock = "D3"', 'dock = "D7"', "dock 'D7'"),
        ('role = "supervisor"', 'role = "boss"', "people[2].role"),
        ('mode = "training"', 'mode = "play"', "mode"),
        ('gss = "E09000019"\n', "", "gss"),
        ("min_return_height_m = 40.0", "min_return_height_m = 4.0", "min_return_height_m"),
        ("min_return_height_m", "min_return_heigth_m", "safety.min_return_heigth_m: there is no"),
        ('dock = "D3"', 'dock = "D3"\nspare = 1', "drones[6].spare: there is no such field"),
        ('id = "islington"', "id = islington", "not valid TOML"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, old: str, new: str, field: str) -> None:
    path = broken(tmp_path, old, new)
    with pytest.raises(BadSettings) as caught:
        load_toml(path, Site)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert field in sentence
    assert "\n" not in sentence


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"nothing\.toml: cannot be read"):
        load_toml(tmp_path / "nothing.toml", Site)


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
class TestSecrets:
    access = BusAccess("127.0.0.1", 4222, "desk", "a secret")

    def test_written_for_the_owner_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "join.json"
        save_secret_json(path, self.access)
        assert path.stat().st_mode & 0o777 == 0o600
        assert load_secret_json(path, BusAccess) == self.access

    def test_refused_when_others_can_read_it(self, tmp_path: Path) -> None:
        path = tmp_path / "join.json"
        save_secret_json(path, self.access)
        path.chmod(0o644)
        with pytest.raises(BadSettings, match="others can read it"):
            load_secret_json(path, BusAccess)

    def test_a_wrong_one_never_shows_its_secret(self, tmp_path: Path) -> None:
        path = tmp_path / "join.json"
        path.write_text('{"host": 1, "port": 2, "user": "u", "password": "a secret"}')
        path.chmod(0o600)
        with pytest.raises(BadSettings) as caught:
            load_secret_json(path, BusAccess)
        assert "host" in str(caught.value)
        assert "a secret" not in str(caught.value)

    def test_the_value_hides_it_too(self) -> None:
        assert "a secret" not in repr(self.access)
