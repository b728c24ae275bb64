"""A simulated drone: physics, an autopilot that behaves like ArduCopter 4.7, real MAVLink 2.

`SimulatedDrone` (drone.py) is the vehicle, driven by time and packets alone; `endpoint.py`
gives it a loopback socket. It opens no address outside 127.0.0.0/8, and its heartbeat and
answers do not say that it is simulated: that is the gateway's business.
"""
