"""The training world behind the same door as the real one: drones that speak MAVLink over
loopback UDP, the town, the control room. Nothing above may tell it from reality.
"""
