"""The command line: wrong input ends with one sentence that names what is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SITE = ROOT / "resources" / "sites" / "islington.toml"


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *words],
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def sentence(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_without_a_display_it_offers_headless(tmp_path: Path) -> None:
    text = sentence(run("train", "--data", str(tmp_path)))
    assert "--headless" in text
    assert list(tmp_path.iterdir()) == [], "nothing was started"


def test_an_unknown_site_names_those_known(tmp_path: Path) -> None:
    text = sentence(run("train", "--headless", "--site", "atlantis", "--data", str(tmp_path)))
    assert "atlantis.toml" in text
    assert "islington" in text


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('mode = "training"', 'mode = "service"', "mode"),
        ("udpin:127.0.0.1:0", "udpin:192.168.1.4:14550", "endpoint"),
        ("udpin:127.0.0.1:0", "serial:/dev/ttyUSB0", "endpoint"),
        ("roof_height_m = 22.0", "roof_height_m = -1.0", "roof_height_m"),
    ],
)
def test_a_wrong_site_file_names_the_field(tmp_path: Path, old: str, new: str, field: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(SITE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    text = sentence(run("train", "--headless", "--site", str(path), "--data", str(tmp_path)))
    assert field in text


def test_more_drones_than_the_site_has(tmp_path: Path) -> None:
    words = ("train", "--headless", "--drones", "12", "--data", str(tmp_path))
    assert "1 to 9 drones" in sentence(run(*words))


def test_a_report_into_a_folder_that_is_not_there(tmp_path: Path) -> None:
    words = ("train", "--headless", "--report", str(tmp_path / "no" / "r.json"))
    assert "--report" in sentence(run(*words, "--data", str(tmp_path)))


def test_no_nats_server(tmp_path: Path) -> None:
    """A PATH without it, and an environment whose scripts folder has none."""
    code = (
        "import sys, gcs.shared.server as s, main\n"
        f"s.candidates = lambda: iter(())\n"
        f"sys.exit(main.main(['train', '--headless', '--data', {str(tmp_path)!r}]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    text = sentence(result)
    assert "nats-server" in text
    assert "./dev setup" in text


def test_a_join_file_others_can_read(tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    path.write_text("{}")
    path.chmod(0o644)
    assert "0600" in sentence(run("station", "--no-ui", "--join", str(path)))
