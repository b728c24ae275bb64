"""What can be made to go wrong with a drone while it runs. Off unless set."""

from dataclasses import dataclass


@dataclass(slots=True)
class Faults:
    """Set a field at any time.

    `silent`: the radio is dead both ways. `drop_fraction`: share of datagrams lost each way.
    `delay_s`: added to each datagram each way. `never_ack`: commands act but are not answered.
    `ack_without_effect`: flight commands are accepted and nothing happens. `refuse`: flight
    commands are denied. `gnss_loss`: no satellites. `battery_drain`: multiplies what flying
    costs. `gimbal_stuck`: camera orders are accepted and neither gimbal nor lens moves.
    """

    silent: bool = False
    drop_fraction: float = 0.0
    delay_s: float = 0.0
    never_ack: bool = False
    ack_without_effect: bool = False
    refuse: bool = False
    gnss_loss: bool = False
    battery_drain: float = 1.0
    gimbal_stuck: bool = False
