"""Possible matches: what may be shown at all, how one is decided, how long it is kept. Pure."""
