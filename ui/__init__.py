"""The station's windows. Uses `gcs.station`, `gcs.model` and `gcs.geo`; never the wire."""
