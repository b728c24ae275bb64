"""MAVLink adapter: codec, endpoints, autopilots. Only this package imports `pymavlink`."""
