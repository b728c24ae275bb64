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


class LooksTable:
    """The looks of many made-up people, drawn by lot once; the same seed gives the same people."""

    def __init__(self, count: int, rng: np.random.Generator) -> None:
        self.height_m = np.array(_HEIGHTS_M)[rng.integers(len(_HEIGHTS_M), size=count)]
        self.build = np.asarray(rng.uniform(0.88, 1.18, count), dtype=np.float64)
        self._style = rng.choice(len(HAIR_STYLES), count, p=(0.42, 0.28, 0.10, 0.12, 0.08))
        sizes = (len(_SKINS), len(_HAIRS), len(_TOPS), len(_LEGS))
        self._colours = np.column_stack([rng.integers(size, size=count) for size in sizes])
        self._extras = rng.random((count, 3)) < (0.25, 0.2, 0.3)
        self._made: dict[int, Looks] = {}

    def __getitem__(self, number: int) -> Looks:
        found = self._made.get(number)
        if found is None:
            found = self._made[number] = self._make(number)
        return found

    def _make(self, number: int) -> Looks:
        skin, hair, top, legs = self._colours[number].tolist()
        beard, glasses, bag = self._extras[number].tolist()
        style = HAIR_STYLES[int(self._style[number])]
        return Looks(
            skin=_SKINS[skin],
            hair=_HAIRS[hair],
            hair_style=style,
            top=_TOPS[top],
            legs=_LEGS[legs],
            height_m=float(self.height_m[number]),
            build=float(self.build[number]),
            beard=beard and style != "long",
            glasses=glasses,
            bag=bag,
        )
