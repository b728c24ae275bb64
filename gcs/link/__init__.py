"""MAVLink adapter: codec, endpoints, autopilots. Only this package imports `pymavlink`.

`network.Network` has the vehicles behind one endpoint; `commands`, `parameters`, `rates` and
`voice` speak to them. Wire units end in `decode`. It decides nothing about control.
"""
