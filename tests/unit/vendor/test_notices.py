"""The third-party notices name everything that is depended on or shipped."""

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NOTICES = (ROOT / "docs/THIRD_PARTY.md").read_text(encoding="utf-8")


def test_every_direct_dependency_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        wanted += extra
    names = {re.split(r"[<>=\[;! ]", requirement)[0] for requirement in wanted}
    assert len(names) > 15
    missing = {n for n in names if not re.search(rf"(?<![\w-]){re.escape(n)}(?![\w-])", NOTICES)}
    assert not missing


def test_every_vendored_package_is_named_with_version_licence_and_text() -> None:
    lock = json.loads((ROOT / "packaging/vendor/lock.json").read_text(encoding="utf-8"))
    for package in lock["packages"]:
        text = next(f["to"] for f in package["files"] if "LICENSE" in f["to"])
        row = next(line for line in NOTICES.splitlines() if f"| {package['name']} " in line)
        assert f"| {package['version']} | {package['licence']} | `{text}` |" in row


def test_every_data_file_has_its_line_of_credit() -> None:
    for path in (ROOT / "resources/data").iterdir():
        assert f"| `{path.name}` |" in NOTICES
    assert "Crown copyright" in NOTICES
    assert "Not authoritative" in NOTICES
