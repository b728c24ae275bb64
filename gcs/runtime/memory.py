"""The garbage collector, told what stays: a full pass over a town takes tenths of a second."""

import gc

# A young pass over this many new values takes under a millisecond.
YOUNG = 10_000
OLD_EVERY = 50


def settle() -> None:
    """Call once when everything that lives as long as the process has been built."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, OLD_EVERY)
