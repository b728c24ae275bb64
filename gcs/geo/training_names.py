"""Invented English street and park names for training towns. None is meant to be a real one."""

import numpy as np

from gcs.geo.town import StreetKind


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    "Alder Ambler Barrow Beck Birken Bram Brock Cald Carr Chal Cold Corn Crane Dun Elder Ever "
    "Fal Fern Gar Glen Hal Hart Hazel Hollin Kel Lang Lin Lox Mar Mel Mire Nether Oaken Pem "
    "Quarr Rad Ran Rush Sal Sedge Shel Skel Stan Tarn Thorn Tid Under Wal Wend Whin Wil Wren Yar "
    "Ash Bur Clay Dray Eller Frith Gorse Heath Ivel Kirk Lark Mallow Nor Orme Pin Rook Swal Teasel"
)
_SECOND = _words(
    "acre bourne bridge brook bury combe cote croft dale den field ford gate ham hurst "
    "ley low mere moor ridge shaw stead stock stone thorpe wade well wick worth"
)
_WHOLE = _words(
    "Almoner Bellfounder Cartwright Chandler Cordwainer Drover Fletcher's Foundry Gardener's "
    "Glover Goldbeater Laundress Linen Millrace Orchard Paviour Pewterer Ropewalk Saddler's "
    "Sexton Tanner's Tollgate Turnpike Wheelwright"
)
_ENDINGS: dict[StreetKind, tuple[str, ...]] = {
    StreetKind.MAJOR: ("Road", "Road", "High Road", "Way", "Street"),
    StreetKind.MINOR: ("Street",) * 4 + ("Road",) * 5 + ("Avenue", "Grove", "Terrace", "Rise"),
    StreetKind.LANE: ("Lane", "Row", "Place", "Mews", "Passage", "Yard", "Court", "Walk"),
}
_GREENS = ("Park", "Fields", "Green", "Gardens")


class Names:
    """Draws names; no two streets get the same stem until all stems are used up."""

    def __init__(self, rng: np.random.Generator) -> None:
        stems = [a + b for a in _FIRST for b in _SECOND if a[-1] != b[0]] + [*_WHOLE]
        order: list[int] = rng.permutation(len(stems)).tolist()
        self._stems = [stems[i] for i in order]
        self._next = 0
        self._rng = rng

    def street(self, kind: StreetKind) -> str:
        """A name for a street."""
        return f"{self._stem()} {self._pick(_ENDINGS[kind])}"

    def park(self, area_m2: float) -> str:
        """A name for a green: a square when it is small."""
        return f"{self._stem()} {'Square' if area_m2 < 9000 else self._pick(_GREENS)}"

    def _stem(self) -> str:
        self._next += 1
        return self._stems[(self._next - 1) % len(self._stems)]

    def _pick(self, choices: tuple[str, ...]) -> str:
        return choices[int(self._rng.integers(len(choices)))]
