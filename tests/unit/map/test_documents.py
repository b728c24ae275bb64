"""What the page reads: offline HTML, boroughs, airspace, and a short list of files."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QUrl

from gcs.geo.airspace import load_airspace
from gcs.runtime.settings import BadSettings
from tests.support.map_scene import RESOURCES, airspace, boroughs, site, small_town
from ui.map.documents import airspace_json, boroughs_json, map_documents
from ui.map.page import render_page
from ui.map.scheme import Gatekeeper, page_files

ISLINGTON = "E09000019"
TODAY = date(2026, 11, 22)


def test_the_page_names_no_address_outside() -> None:
    page = render_page(site().docks[0].position, "Map").decode()
    assert "http" not in page
    assert "//cdn" not in page
    assert '"maxZoom": 19' in page
    assert "L.tileLayer" not in page


def test_all_33_areas_go_to_the_page_and_the_working_one_last() -> None:
    areas = msgspec.json.decode(boroughs_json(boroughs(), ISLINGTON))
    assert len(areas) == 33
    assert [a["name"] for a in areas if a["working"]] == ["Islington"]
    assert areas[-1]["gss"] == ISLINGTON
    lon, lat = areas[-1]["rings"][0][:2]
    assert (round(lat / 1e6), round(lon / 1e6)) == (52, 0)


def test_only_what_binds_drones_over_the_borough_is_a_caution() -> None:
    made = msgspec.json.decode(airspace_json(airspace(), TODAY, boroughs().by_gss(ISLINGTON)))
    cautions = {v["id"] for v in made if v["caution"]}
    assert "EG R158" in cautions
    assert "EG R160" not in cautions  # helicopters only
    assert "EG R107" not in cautions  # Belmarsh is far away
    labels = {v["id"]: v["label"] for v in made}
    assert "ceiling not known" in labels["EG R107"]
    assert "not a drone ban" in labels["EG R160"]
    assert labels["EG R158"].endswith("source 2026-08-05")


def test_a_volume_out_of_its_dates_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "areas.geojson"
    source = RESOURCES / "data" / "london_restricted_areas.geojson"
    tree = msgspec.json.decode(source.read_bytes())
    tree["features"][0]["properties"]["end"] = "2026-08-31"
    file.write_bytes(msgspec.json.encode(tree))
    islington = boroughs().by_gss(ISLINGTON)
    made = msgspec.json.decode(airspace_json(load_airspace(file), TODAY, islington))
    assert len(made) == len(tree["features"]) - 1


def test_the_page_may_read_these_files_only() -> None:
    files = page_files(RESOURCES)
    assert {"/map/desk.js", "/map/desk.css", "/vendor/leaflet/leaflet.js"} <= files.keys()
    assert any(path.endswith(".ttf") for path in files)
    assert not [p for p in files if "sites" in p or "data" in p or ".." in p]


def test_the_documents_are_made_from_the_desk_s_own_data() -> None:
    desk_site = site()
    town = small_town(desk_site.docks[0].position)
    documents = map_documents(desk_site, town, boroughs(), airspace(), TODAY)
    assert documents["/data/town.json"].body == town
    assert b"QWebChannel" in documents["/channel/qwebchannel.js"].body
    with pytest.raises(BadSettings, match="E1"):
        map_documents(replace(desk_site, gss="E1"), town, boroughs(), airspace(), TODAY)


@pytest.mark.parametrize(
    ("url", "harmless"),
    [
        ("desk://map/map/desk.js", True),
        ("data:image/png;base64,AA", True),
        ("qrc:/x", True),
        ("desk://elsewhere/x", False),
        ("https://tile.openstreetmap.org/1/1/1.png", False),
        ("file:///etc/passwd", False),
        ("ws://127.0.0.1:1/", False),
        ("ftp://desk/map", False),
    ],
)
def test_what_may_pass(url: str, harmless: bool) -> None:
    assert Gatekeeper.harmless(QUrl(url)) is harmless
