"""Fence shapes from KML. No entity is expanded, nothing is fetched.

A placemark's polygon is kept inside of, unless its name, its description or its folder's name
say keep out; its inner boundaries are kept out of. A point with `radius` in its extended data is
a circle; with `rally` in its words, a rally point at its altitude or `height_m`.
"""

from lxml import etree

from gcs.geo.fence_file import (
    BadFenceFile,
    FoundShape,
    called,
    circle,
    place,
    polygons,
    rally_point,
    ring,
    says_keep_out,
    says_rally,
)
from gcs.model.place import Position

MOST_PLACEMARKS = 500
_RADIUS = ("radius_m", "radius", "radius_meters", "radius_metres")
_NOT_AREAS = ("LineString", "LinearRing", "Model", "Track")


def shapes_of_kml(file: str, data: bytes) -> tuple[str, list[FoundShape]]:
    """The document's name, and its shapes. Raises BadFenceFile."""
    root = _root(file, data)
    marks = list(root.iter("{*}Placemark"))
    if not marks:
        raise BadFenceFile(f"{file}: it holds no placemark")
    if len(marks) > MOST_PLACEMARKS:
        raise BadFenceFile(f"{file}: it has {len(marks)} placemarks, at most {MOST_PLACEMARKS}")
    found: list[FoundShape] = []
    for number, mark in enumerate(marks, start=1):
        found += _placemark(called(file, number, _text(mark, "name")), mark)
    document = root.find("{*}Document")
    return (_text(document, "name") if document is not None else ""), found


def _root(file: str, data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadFenceFile(f"{file}: it is not valid XML: {_plain(str(error))}") from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise BadFenceFile(f"{file}: it declares its own document type, which is not read")
    if etree.QName(root).localname != "kml":
        raise BadFenceFile(f"{file}: it is XML and not KML")
    return root


def _placemark(where: str, mark: etree._Element) -> list[FoundShape]:
    words = [_text(mark, "name"), _text(mark, "description"), *_folders(mark)]
    keep_out = says_keep_out(*words) is True
    found: list[FoundShape] = []
    for polygon in mark.iter("{*}Polygon"):
        found += _polygon(where, polygon, keep_out)
    if not keep_out and sum(1 for _ in mark.iter("{*}Polygon")) > 1:
        raise BadFenceFile(f"{where}: it has several areas to stay inside of; draw one around them")
    for point in mark.iter("{*}Point"):
        found.append(_point(where, mark, point, words, keep_out))
    if not found:
        other = next((name for name in _NOT_AREAS if mark.find(f".//{{*}}{name}") is not None), "")
        what = f"{other} is no area" if other else "it has no geometry"
        raise BadFenceFile(f"{where}: {what}; expected a polygon or a circle")
    return found


def _folders(mark: etree._Element) -> list[str]:
    return [_text(part, "name") for part in mark.iterancestors("{*}Folder")]


def _polygon(where: str, polygon: etree._Element, keep_out: bool) -> list[FoundShape]:
    outer = polygon.findall("{*}outerBoundaryIs/{*}LinearRing/{*}coordinates")
    inner = polygon.findall("{*}innerBoundaryIs/{*}LinearRing/{*}coordinates")
    if len(outer) != 1:
        raise BadFenceFile(f"{where}: its polygon has {len(outer)} outer lines, expected one")
    holes = [ring(where, _places(where, part)) for part in inner]
    return polygons(ring(where, _places(where, outer[0])), holes, keep_out)


def _places(where: str, coordinates: etree._Element) -> list[Position]:
    return [at for at, _ in _tuples(where, coordinates)]


def _tuples(where: str, coordinates: etree._Element) -> list[tuple[Position, float | None]]:
    """`longitude,latitude[,altitude]`, told apart by white space."""
    found = []
    for word in (coordinates.text or "").split():
        try:
            numbers = [float(part) for part in word.split(",")]
        except ValueError:
            raise BadFenceFile(f"{where}: {_plain(word)!r} is no longitude,latitude") from None
        if not 2 <= len(numbers) <= 3:
            raise BadFenceFile(f"{where}: {_plain(word)!r} is no longitude,latitude")
        found.append((place(where, *numbers[:2]), numbers[2] if len(numbers) == 3 else None))
    return found


def _point(
    where: str, mark: etree._Element, point: etree._Element, words: list[str], keep_out: bool
) -> FoundShape:
    coordinates = point.find("{*}coordinates")
    places = [] if coordinates is None else _tuples(where, coordinates)
    if len(places) != 1:
        raise BadFenceFile(f"{where}: its point has {len(places)} places, expected one")
    centre, altitude_m = places[0]
    if says_rally(*words):
        height_m = _number(where, mark, ("height_m", "height"))
        height_m = altitude_m if height_m is None else height_m
        if height_m is None:
            raise BadFenceFile(f"{where}: a rally point needs height_m, above the dock's roof")
        return rally_point(where, centre, height_m)
    radius_m = _number(where, mark, _RADIUS)
    if radius_m is None:
        raise BadFenceFile(f"{where}: a point needs a radius in metres to be a circle")
    return circle(where, centre, radius_m, keep_in=not keep_out)


def _number(where: str, mark: etree._Element, names: tuple[str, ...]) -> float | None:
    """A number of the extended data, in either of its two notations."""
    for tag, value in (("Data", "{*}value"), ("SimpleData", "")):
        for part in mark.iterfind(f"{{*}}ExtendedData//{{*}}{tag}"):
            if part.get("name") not in names:
                continue
            said = part.findtext(value) if value else part.text
            try:
                return float(said or "")
            except ValueError:
                name, said = part.get("name"), _plain(said or "")
                raise BadFenceFile(f"{where}: {name} is {said!r}, expected a number") from None
    return None


def _text(part: etree._Element, name: str) -> str:
    return (part.findtext(f"{{*}}{name}") or "").strip()


def _plain(words: str) -> str:
    return "".join(c for c in words if c.isprintable())[:80]
