"""The live borough map: a folium page in a WebEngine view, served from memory and disk alone.

`MapView` is the widget, `register_scheme` must run before the QApplication. The page draws
and reports clicks; it decides nothing, knows no address outside `desk://map`, and keeps no
state that `MapModel` could not send again.
"""
