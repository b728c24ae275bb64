"""The map needs Qt: without PySide6 none of these tests is collected."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("PySide6") else ["test_*.py"]
