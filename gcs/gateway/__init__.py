"""The gateway: the only voice a drone hears and the sole arbiter of who commands it."""
