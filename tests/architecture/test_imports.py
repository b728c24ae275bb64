"""The import direction is a test, and the core runs where Qt is not installed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Makes a process behave as if the named packages had never been installed.
WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {blocked!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        return None
sys.meta_path.insert(0, Absent())
"""
QT = ("PySide6", "shiboken6", "qasync", "pyqtgraph", "folium", "branca")


def run_without(blocked: tuple[str, ...], code: str) -> subprocess.CompletedProcess[str]:
    program = WITHOUT.format(blocked=blocked) + code
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )


def core_modules() -> list[str]:
    return sorted(
        ".".join(p.relative_to(ROOT).with_suffix("").parts)
        for p in (ROOT / "gcs").rglob("*.py")
        if p.name != "__init__.py"
    )


def test_import_contracts_hold() -> None:
    script = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [str(script), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_every_core_module_imports_without_qt() -> None:
    code = "import importlib\n" + "\n".join(
        f"importlib.import_module({name!r})" for name in core_modules()
    )
    result = run_without(QT, code)
    assert result.returncode == 0, result.stderr


def test_blocking_qt_blocks_it() -> None:
    result = run_without(QT, "import PySide6")
    assert result.returncode == 1
    assert "No module named 'PySide6'" in result.stderr


@pytest.mark.parametrize("verb", ["gateway", "keeper", "relay", "simulate", "station --no-ui"])
def test_process_starts_without_qt(verb: str, tmp_path: Path) -> None:
    """It gets as far as its join file, which is missing: one sentence, no traceback."""
    missing = tmp_path / "none.json"
    words = [*verb.split(), "--join", str(missing)]
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport main\n"
    result = run_without(QT, code + f"sys.exit(main.main({words!r}))")
    assert result.returncode == 2
    assert str(missing) in result.stderr
    assert "Traceback" not in result.stderr


def test_nothing_imports_the_command_line() -> None:
    for folder in ("gcs", "ui"):
        for path in (ROOT / folder).rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            assert not any(line.split()[:2] == ["import", "main"] for line in lines), path


def test_files_stay_readable() -> None:
    """Over 400 lines a file needs a reason; none has one."""
    long = {
        str(path.relative_to(ROOT)): count
        for folder in ("gcs", "ui", "resources/map")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js", ".css"}
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long
