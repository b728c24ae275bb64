"""What the simulated control room sends: kinds of calls and their words.

Training texts: no person's name, no likeness of a person, nothing that would make a group
of people suspect. `{other}` stands for a street near by.
"""

from dataclasses import dataclass

from gcs.model.mission import Grade

# Shares of calls that a drone desk is offered; most are graded significant.
GRADE_WEIGHTS: dict[Grade, float] = {
    Grade.IMMEDIATE: 0.14,
    Grade.SIGNIFICANT: 0.54,
    Grade.EXTENDED: 0.22,
    Grade.REFERRED: 0.10,
}


@dataclass(frozen=True, slots=True)
class IncidentKind:
    """A category, the grade it comes with, how often, what callers say, and known hazards."""

    category: str
    grade: Grade
    weight: float
    descriptions: tuple[str, ...]
    hazards: str = ""


# Who is there when the call is passed on; often the room has not been told.
OFFICERS = ("", "none yet, one car four minutes away", "two on foot")


KINDS: tuple[IncidentKind, ...] = (
    IncidentKind(
        "Robbery",
        Grade.IMMEDIATE,
        3.0,
        (
            "Phone snatched a minute ago; two on an electric bicycle, last seen towards {other}.",
            "Bag taken by force outside a shop, caller unhurt. On foot towards {other}.",
        ),
        "two-wheeled traffic on the pavement",
    ),
    IncidentKind(
        "Burglary in progress",
        Grade.IMMEDIATE,
        2.0,
        (
            "Breaking glass at the back of a closed shop, alarm sounding. Rear yard not visible "
            "from the street.",
            "Neighbour hears someone on a flat roof behind {other}; torch light seen.",
        ),
    ),
    IncidentKind(
        "Road collision",
        Grade.IMMEDIATE,
        2.0,
        (
            "Car and bicycle, one person hurt in the road. Ambulance called. Traffic standing "
            "back to {other}.",
            "Van against a wall, driver still inside. Fuel on the road.",
        ),
        "fuel and glass on the road, traffic passing",
    ),
    IncidentKind(
        "Concern for safety",
        Grade.IMMEDIATE,
        2.0,
        (
            "Person at the edge of a roof. Officers on their way; a quiet view from a distance "
            "is asked for.",
            "Caller in distress, line lost. Place known only as near {other}.",
        ),
        "height; the noise of a drone may startle",
    ),
    IncidentKind(
        "Missing person",
        Grade.SIGNIFICANT,
        3.0,
        (
            "Left home on foot 40 minutes ago and needs medicine tonight. Likes to walk by "
            "{other}.",
            "Walker overdue by an hour, telephone off; last seen near {other}.",
            "Patient left a ward in a gown, may be cold and confused. Gardens and yards to check.",
        ),
    ),
    IncidentKind(
        "Suspicious vehicle",
        Grade.SIGNIFICANT,
        2.0,
        (
            "Van parked across a yard for an hour, engine running, plates covered.",
            "Two motorcycles without plates going round the block by {other}.",
        ),
    ),
    IncidentKind(
        "Disturbance",
        Grade.SIGNIFICANT,
        2.5,
        (
            "Shouting and bottles thrown outside a late bar, about fifteen people. No injuries "
            "known.",
            "Argument between drivers after a scrape, road blocked towards {other}.",
        ),
        "bottles thrown",
    ),
    IncidentKind(
        "Vehicle theft",
        Grade.SIGNIFICANT,
        2.0,
        (
            "Delivery van taken with keys in it ten minutes ago, tracker shows {other}.",
            "Moped lifted into a white van; caller followed it as far as {other}.",
        ),
    ),
    IncidentKind(
        "Intruder alarm",
        Grade.SIGNIFICANT,
        1.5,
        ("Two zones at a school, keyholder forty minutes away. Roof hatch shows open.",),
    ),
    IncidentKind(
        "Crowd",
        Grade.SIGNIFICANT,
        1.0,
        ("Queue for an event has filled the pavement and reaches {other}. Is there a way out?",),
        "people below: stay beside them",
    ),
    IncidentKind(
        "Criminal damage",
        Grade.EXTENDED,
        2.0,
        (
            "Lead taken from a roof during the night. View of the roof for the report.",
            "Spray paint along a wall by {other}, fresh this morning.",
        ),
    ),
    IncidentKind(
        "Off-road bikes",
        Grade.EXTENDED,
        1.5,
        ("Off-road motorcycles on the green again; gone now, tracks lead to {other}.",),
    ),
    IncidentKind(
        "Fly-tipping",
        Grade.EXTENDED,
        1.0,
        ("Lorry load of rubble left across a lane. Photograph of the whole heap is asked for.",),
    ),
    IncidentKind(
        "Unsafe structure",
        Grade.REFERRED,
        1.0,
        ("Slates loose after the wind. The council asks for a view of the roof.",),
        "loose slates",
    ),
    IncidentKind(
        "Planned event",
        Grade.REFERRED,
        1.0,
        ("Street market on Saturday. Pictures of the road layout towards {other} are asked for.",),
    ),
)
