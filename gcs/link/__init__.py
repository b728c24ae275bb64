"""MAVLink adapter: endpoints, codec, autopilots. Only this package imports `pymavlink`.

`network.Network` has the vehicles of one network, over one or more endpoints; `commands`,
`parameters`, `rates` and `voice` speak to them. Wire units end in `decode`. It decides nothing
about control.
"""
