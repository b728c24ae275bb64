"""What can go wrong on the wire. Each `str()` is a sentence for a log or a screen."""


class NoAnswer(Exception):
    """Nobody answered in time, or the bus is down. `str()` is a sentence."""


class EntryRefused(NoAnswer):
    """The bus does not let this user in: asking again changes nothing by itself."""


class RevisionConflict(Exception):
    """A bucket key was written by somebody else since it was read."""


class OutcomeUnknown(Exception):
    """A write was sent and no answer came: it may or may not have happened."""
