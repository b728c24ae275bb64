"""The vendored files in the tree are those the lock names; a changed or stray one is told."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def check(root: Path) -> "subprocess.CompletedProcess[str]":
    script = root / "packaging/vendor/fetch.py"
    return subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("packaging/vendor", "resources/vendor", "resources/fonts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_the_tree_holds_what_the_lock_names() -> None:
    result = check(ROOT)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_changed_byte_is_told(copy: Path) -> None:
    script = copy / "resources/vendor/leaflet/leaflet.js"
    script.write_bytes(script.read_bytes() + b" ")
    result = check(copy)
    assert result.returncode == 1
    assert "resources/vendor/leaflet/leaflet.js: not the file" in result.stderr


def test_a_missing_and_a_stray_file_are_told(copy: Path) -> None:
    stray = copy / "resources/fonts/Other.ttf"
    stray.write_bytes(b"x")
    assert "Other.ttf: not in the lock" in check(copy).stderr
    stray.unlink()
    (copy / "resources/fonts/IBMPlexMono-Regular.ttf").unlink()
    assert "IBMPlexMono-Regular.ttf: missing" in check(copy).stderr


def test_every_package_has_its_licence_beside_it() -> None:
    lock = json.loads((ROOT / "packaging/vendor/lock.json").read_text(encoding="utf-8"))
    for package in lock["packages"]:
        names = [f["to"] for f in package["files"]]
        licence = [n for n in names if "LICENSE" in n]
        assert licence, f"{package['name']} comes without a licence"
        text = (ROOT / licence[0]).read_text(encoding="utf-8")
        assert "Copyright" in text
        assert not any(n.endswith(".map") for n in names)
