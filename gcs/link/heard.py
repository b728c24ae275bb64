"""A report and when it came in."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Heard(Generic[T]):
    """A report and when it came in, on the monotonic clock."""

    value: T
    at_s: float
