"""Video: demux, decode, KLV, the frame clock, overlay tracking. The only importer of av."""
