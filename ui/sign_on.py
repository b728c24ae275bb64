"""Who sits at this desk, in words, and why they cannot leave it now. Pure.

`Door` is what the window asks; `gcs.station.sign_on.SignOn` is the real one.
"""

from typing import Protocol

from gcs.model.function import Function
from gcs.model.people import Role
from gcs.station.actions import Outcome
from gcs.station.state import DeskState

NOT_SIGNED_ON = "not signed on"


class Door(Protocol):
    """Lets a person in and out. Neither raises at the operator: an Outcome says why."""

    @property
    def person(self) -> str:
        """The id of who is signed on; empty when nobody is."""
        ...

    async def on(self, person: str, password: str) -> Outcome:
        """Sign on, in the place of whoever is signed on here now."""
        ...

    async def off(self) -> Outcome:
        """Sign off; refused while this desk holds a drone."""
        ...


def person_words(state: DeskState) -> str:
    """`Pilot A · pilot · desk-1`; an observer's desk says that it observes."""
    role = NOT_SIGNED_ON if state.role is None else state.role.value
    return f"{state.me.name} · {role} · {state.me.desk}"


def observes(state: DeskState) -> bool:
    """Whether this desk can watch only."""
    return state.role is Role.OBSERVER


def held_here(state: DeskState) -> tuple[str, ...]:
    """The drones that this desk holds by the record, a camera held apart included."""
    held = []
    for spec in state.site.drones:
        functions = (Function.FLIGHT,) if spec.coupled else tuple(Function)
        records = [state.control(spec.id, function) for function in functions]
        if any(record is not None and record.holder == state.me for record in records):
            held.append(spec.id)
    return tuple(held)


def why_stay(state: DeskState) -> str:
    """Why nobody can be signed off here now, with the drones held; empty when they can."""
    told = _why(state)
    return told and f"{told}, then sign off."


def why_not_leave(state: DeskState, again_s: float) -> str:
    """What speaks against closing the window now; empty when nothing does."""
    told = _why(state)
    return told and (
        f"{told}, then close the window. Closed again within {again_s:.0f} s it goes all the "
        "same: what you hold in flight then stays where it is, and flies home after 30 s."
    )


def _why(state: DeskState) -> str:
    held = held_here(state)
    if not held:
        return ""
    names = ", ".join(held[:-1]) + (" and " if held[1:] else "") + held[-1]
    them = "it" if len(held) == 1 else "them"
    return f"You hold {names}: hand {them} over, or land and release {them}"
