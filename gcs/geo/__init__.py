"""Places and shapes: distances, local frames, boroughs, airspace volumes, fences."""
