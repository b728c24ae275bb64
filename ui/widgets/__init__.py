"""Small parts of the desk that know nothing of drones' state: each draws what it is given."""
