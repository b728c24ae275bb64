"""Checks an audit chain and says, in one sentence, whether it holds or where it breaks."""

from pathlib import Path

from gcs.apps.files import AUDIT_FILE
from gcs.audit.verify import verify


def main(path: Path) -> int:
    """0 if the chain holds, 1 if not. A shift's folder stands for the chain in it."""
    result = verify(path / AUDIT_FILE if path.is_dir() else path)
    print(result.sentence)
    return 0 if result.ok else 1
