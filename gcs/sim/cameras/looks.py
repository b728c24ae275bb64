"""How a made-up person looks: clothes, hair, build. Nobody real is meant."""

from dataclasses import dataclass

import numpy as np

Colour = tuple[int, int, int]  # B, G, R

_SKINS: tuple[Colour, ...] = (
    (178, 200, 226), (150, 180, 214), (126, 158, 198), (96, 128, 172), (74, 98, 140), (58, 74, 106),
)  # fmt: skip
_HAIRS: tuple[Colour, ...] = (
    (34, 34, 38), (40, 52, 70), (52, 74, 104), (98, 142, 176), (60, 82, 140), (150, 152, 154),
)  # fmt: skip
_TOPS: tuple[Colour, ...] = (
    (70, 62, 58), (120, 84, 58), (64, 66, 132), (96, 110, 84), (150, 150, 148), (58, 96, 150),
    (140, 112, 90), (52, 52, 54), (170, 176, 186), (110, 72, 96), (84, 120, 128), (60, 120, 164),
)  # fmt: skip
_LEGS: tuple[Colour, ...] = (
    (92, 70, 56), (54, 52, 50), (110, 96, 84), (120, 132, 144), (70, 60, 54), (84, 88, 92),
)  # fmt: skip
HAIR_STYLES = ("short", "long", "bun", "cap", "bald")
_HEIGHTS_M = (1.55, 1.62, 1.68, 1.74, 1.80, 1.88)


@dataclass(frozen=True, slots=True)
class Looks:
    """Colours are B, G, R. `build`: 1.0 is usual, more is broader."""

    skin: Colour
    hair: Colour
    hair_style: str
    top: Colour
    legs: Colour
    height_m: float
    build: float
    beard: bool = False
    glasses: bool = False
    bag: bool = False


def looks_of(number: int) -> Looks:
    """The looks that belong to a number; the same number looks the same for ever."""
    rng = np.random.default_rng((0xFACE, number))
    style = HAIR_STYLES[int(rng.choice(5, p=(0.42, 0.28, 0.1, 0.12, 0.08)))]
    return Looks(
        skin=_SKINS[int(rng.integers(len(_SKINS)))],
        hair=_HAIRS[int(rng.integers(len(_HAIRS)))],
        hair_style=style,
        top=_TOPS[int(rng.integers(len(_TOPS)))],
        legs=_LEGS[int(rng.integers(len(_LEGS)))],
        height_m=_HEIGHTS_M[int(rng.integers(len(_HEIGHTS_M)))],
        build=float(rng.uniform(0.88, 1.18)),
        beard=style != "long" and bool(rng.random() < 0.25),
        glasses=bool(rng.random() < 0.2),
        bag=bool(rng.random() < 0.3),
    )
