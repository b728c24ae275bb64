"""A report and when it came in."""

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Heard(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """A report and when it came in, on the monotonic clock."""

    value: T
    at_s: float
