"""The simulated cameras: what a training shift's drones and masts see, as real video streams.

Everything drawn here is made up: streets, people, vehicles. Nothing here decides anything, and
nothing leaves this machine.
"""
