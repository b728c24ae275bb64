"""The headless core. Nothing below here may import Qt, qasync, pyqtgraph, folium or `ui`."""

__version__ = "0.1.0"
