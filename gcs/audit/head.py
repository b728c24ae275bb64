"""The head file beside a chain: its length and last hash, so that a cut tail is seen.

Written after the entries it counts: after a crash it may be behind the chain, never ahead.
A head that is ahead means that entries were cut off.
"""

import json
import os
from pathlib import Path

from gcs.audit.chain import Link, canonical


def head_path(chain: Path) -> Path:
    """Where the head of a chain is."""
    return chain.with_name(chain.name + ".head")


def write_head(chain: Path, link: Link) -> None:
    """Replace the head in one step. Raises OSError."""
    path = head_path(chain)
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(_bytes(link))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_head(chain: Path) -> Link | None:
    """The head, or None when there is none. Raises ValueError when it is not one, OSError."""
    try:
        data = head_path(chain).read_bytes()
    except FileNotFoundError:
        return None
    try:
        fields = json.loads(data)
        link = Link(fields["count"], fields["hash"])
    except (ValueError, KeyError, TypeError):
        raise ValueError("is not a head") from None
    if _bytes(link) != data:
        raise ValueError("is not in the form it was written in")
    return link


def _bytes(link: Link) -> bytes:
    return canonical({"count": link.count, "hash": link.hash}) + b"\n"
