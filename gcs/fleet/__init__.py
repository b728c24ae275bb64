"""The fleet as telemetry tells it: newest batch in, changed drones out, freshness, endurance."""
