"""The map page's HTML, made with folium and wholly offline. Draws nothing by itself.

folium's default scripts come from content networks; this map's come from `desk://map`.
"""

from typing import Any

import branca.element
import folium
from jinja2 import Template

from gcs.model.place import Position
from ui.map.scheme import CHANNEL_SCRIPT, ORIGIN

MIN_ZOOM = 10
MAX_ZOOM = 19
START_ZOOM = 13


class _DeskLayers(branca.element.MacroElement):
    """Hands folium's map to the page's own modules, which add every layer to it."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <meta charset="utf-8">
            <link rel="stylesheet" href="{{ this.origin }}/map/desk.css">
            <script src="{{ this.channel }}"></script>
            <script type="module" src="{{ this.origin }}/map/desk.js"></script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            window.foliumMap = {{ this._parent.get_name() }};
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "DeskLayers"
        self.origin = ORIGIN
        self.channel = ORIGIN + CHANNEL_SCRIPT


def render_page(centre: Position, title: str) -> bytes:
    """The page as UTF-8 HTML, looking at `centre`."""
    made = folium.Map(
        location=(centre.lat_deg, centre.lon_deg),
        tiles=None,
        zoom_start=START_ZOOM,
        min_zoom=MIN_ZOOM,
        max_zoom=MAX_ZOOM,
        zoom_control=False,
        attribution_control=False,
        # A software compositor pays dear for every blended or scaled frame: no fades, and a
        # zoom is there at once.
        fade_animation=False,
        zoom_animation=False,
        zoom_snap=0.5,
        wheel_px_per_zoom_level=90,
        keyboard_pan_delta=120,
    )
    made.options["minZoom"], made.options["maxZoom"] = MIN_ZOOM, MAX_ZOOM
    made.default_js = [("leaflet", f"{ORIGIN}/vendor/leaflet/leaflet.js")]
    made.default_css = [("leaflet_css", f"{ORIGIN}/vendor/leaflet/leaflet.css")]
    made.add_child(_DeskLayers())
    figure: Any = made.get_root()
    figure.title = title
    # branca's http-equiv line says what our own charset line says.
    figure.header._children.pop("meta_http", None)
    html: str = figure.render()
    return html.encode()
