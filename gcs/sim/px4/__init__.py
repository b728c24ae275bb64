"""A simulated vehicle that speaks and flies like PX4, beside the ArduCopter-like ones.

Only what the gateway meets: modes, take-off and reposition by heights above the sea, orbit,
missions and fences, bit-copied parameters, streams unasked. Only on 127.0.0.0/8.
"""
