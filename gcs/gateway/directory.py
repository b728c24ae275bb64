"""Who may act: the site's people as holders. Knows no one who is not in the site file."""

from gcs.model.people import Holder, Person
from gcs.model.site import Site


class Directory:
    """People by id. Names come from here, never from what a desk says of itself."""

    def __init__(self, site: Site) -> None:
        self._people = {p.id: p for p in site.people}

    def person(self, person_id: str) -> Person | None:
        """The directory's entry."""
        return self._people.get(person_id)

    def role(self, person_id: str) -> str:
        """The person's role in words; empty for a stranger."""
        person = self._people.get(person_id)
        return person.role.value if person else ""

    def holder(self, person_id: str, desk: str) -> Holder:
        """This person at this desk, under the directory's name."""
        person = self._people.get(person_id)
        return Holder(person_id, person.name if person else person_id, desk)
