"""Take and hand-off: the pure state machine, its guards and leases. No I/O, injected clock."""
