"""The words of the trade: frozen values that every process and layer shares.

No I/O, no clock, no library beyond the standard one. A value checks itself when it is
made (`__post_init__`), so a malformed message is refused where it enters.
"""
