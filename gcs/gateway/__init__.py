"""The gateway: the only voice a drone hears and the sole arbiter of who commands it.

`gateway.Gateway` puts the parts together. It draws nothing, keeps no history, and takes no
desk's word about control: the record is its own, the vehicle's state is what counts as done.
"""
