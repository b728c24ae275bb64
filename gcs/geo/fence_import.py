"""A geofence from a file that somebody drew elsewhere: GeoJSON or KML. Files are not trusted.

Every error is one sentence that names the file and the feature. Whether the shapes make sense at
a site is not judged here (`fence_check`).
"""

from dataclasses import dataclass
from pathlib import Path

from gcs.geo.fence_file import BadFenceFile, FoundShape
from gcs.geo.fence_geojson import shapes_of_geojson
from gcs.geo.fence_kml import shapes_of_kml
from gcs.model.fence import MOST_FENCE_ITEMS, MOST_RALLY_POINTS, FenceShape, RallyPoint

MOST_BYTES = 5_000_000
_ZIP = b"PK\x03\x04"

__all__ = ["BadFenceFile", "ImportedFence", "import_fence", "read_fence"]


@dataclass(frozen=True, slots=True)
class ImportedFence:
    """What a file holds. `name` is the file's own word for it, or its name."""

    name: str
    shapes: tuple[FenceShape, ...]
    rally: tuple[RallyPoint, ...] = ()


def import_fence(path: Path) -> ImportedFence:
    """Read a file by its content, whatever it is called. Raises BadFenceFile."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadFenceFile(f"{path.name}: it cannot be read: {error.strerror}") from None
    return read_fence(path.name, data)


def read_fence(file: str, data: bytes) -> ImportedFence:
    """As `import_fence`, for what was read already. `file` is what it is called."""
    if len(data) > MOST_BYTES:
        raise BadFenceFile(f"{file}: it is larger than {MOST_BYTES // 1_000_000} MB")
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if data.startswith(_ZIP):
        raise BadFenceFile(
            f"{file}: it is a KMZ or another zipped file; unpack it and import the KML inside"
        )
    if not head:
        raise BadFenceFile(f"{file}: it is empty")
    name, found = (shapes_of_kml if head == b"<" else shapes_of_geojson)(file, data)
    return _whole(file, name, found)


def _whole(file: str, name: str, found: list[FoundShape]) -> ImportedFence:
    shapes = tuple(item for item in found if isinstance(item, FenceShape))
    rally = tuple(item for item in found if isinstance(item, RallyPoint))
    if not shapes:
        raise BadFenceFile(f"{file}: it holds no polygon and no circle")
    if not any(shape.keep_in for shape in shapes):
        raise BadFenceFile(f"{file}: every shape in it is to keep out of, none to stay inside of")
    points = sum(1 if shape.is_circle else len(shape.points) for shape in shapes)
    if points > MOST_FENCE_ITEMS:
        raise BadFenceFile(f"{file}: its shapes have {points} points, at most {MOST_FENCE_ITEMS}")
    if len(rally) > MOST_RALLY_POINTS:
        raise BadFenceFile(f"{file}: it has {len(rally)} rally points, at most {MOST_RALLY_POINTS}")
    return ImportedFence((name or Path(file).stem)[:60], shapes, rally)
