"""The hash-chained audit log: append, recover, verify. Knows no network."""
