"""The headless core. Nothing below here may import Qt, qasync, pyqtgraph, folium or `ui`."""
