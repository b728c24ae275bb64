"""Checks that values run on themselves. Each raises ValueError naming the field."""

import math


def finite(name: str, value: float, low: float = -math.inf, high: float = math.inf) -> None:
    """`value` is a real number within [low, high]; NaN and infinities never are."""
    if not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{name} is {value}, expected a number from {low:g} to {high:g}")


def optional_finite(
    name: str, value: float | None, low: float = -math.inf, high: float = math.inf
) -> None:
    """As `finite`, but None (not known) passes."""
    if value is not None:
        finite(name, value, low, high)


def token(name: str, value: str) -> None:
    """`value` may stand in a NATS subject: letters, digits, dash and underscore, 1 to 64."""
    if not 1 <= len(value) <= 64 or not all(
        c.isascii() and (c.isalnum() or c in "-_") for c in value
    ):
        raise ValueError(f"{name} is {value[:80]!r}, expected 1 to 64 letters, digits, '-' or '_'")


def text(name: str, value: str, most: int = 400) -> None:
    """`value` is at most `most` characters."""
    if len(value) > most:
        raise ValueError(f"{name} has {len(value)} characters, at most {most} are taken")
