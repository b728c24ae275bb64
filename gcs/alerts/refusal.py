"""Why something about an alert was refused."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """`text` is one sentence that names the alert; `field` is the field that stood against it."""

    text: str
    field: str = ""
