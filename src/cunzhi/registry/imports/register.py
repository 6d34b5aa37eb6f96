"""The register as an import needs it: everybody whom the rows may mean, read with a few queries."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from cunzhi.base.fields import under
from cunzhi.registry.imports.rows import PersonRow
from cunzhi.registry.models import Household, Membership, Person, Place
from cunzhi.registry.queries.people import current, current_people
from cunzhi.registry.queries.places import ours
from cunzhi.registry.vault import IDENTITY, PHONE, vault

Problem = tuple[str, str, dict[str, object]]
CHUNK = 500


class Register:
    """People, households and grids of one village, and people elsewhere whose identity number the rows name."""

    def __init__(self, place_code: str, rows: list[PersonRow]) -> None:
        self.place_code = place_code
        village = place_code[:12]
        self.grids = {grid.name: grid.code for grid in ours().filter(under(village, "code"), level=Place.Level.GRID)}
        self.by_identity = self._by_identity(rows)
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        for person in current_people().filter(under(village), died_on__isnull=True):
            self.by_name[person.name].append(person)
        open_here = Household.objects.filter(under(village), until__isnull=True)
        self.households = {household.number: household for household in open_here}
        self.closed = {one.number for one in Household.objects.filter(under(village), until__isnull=False)}
        self.held = self._held(village)
        heads = (held for held in self.held.values() if held.relation == Membership.Relation.HEAD)
        self.heads = {held.household_id: held for held in heads}

    def _by_identity(self, rows: list[PersonRow]) -> dict[str, Person]:
        found: dict[str, Person] = {}
        blinds = iter([self.identity_blind(row.identity) for row in rows if row.identity])
        while chunk := list(islice(blinds, CHUNK)):
            found |= {str(one.identity_blind): one for one in current_people().filter(identity_blind__in=chunk)}
        return found

    def _held(self, village: str) -> dict[int, Membership]:
        """Open memberships of the village's people and of its households, by the person whom they count for."""
        here = under(village, "household__place_code") | under(village, "person__place_code")
        rows = Membership.objects.filter(here, until__isnull=True).select_related("household", "person__merged_into")
        return {current(one.person).pk: one for one in rows}

    def identity_blind(self, number: str) -> str:
        return vault().blind(number, purpose=IDENTITY)

    def phone_blind(self, phone: str) -> str:
        return vault().blind(phone, purpose=PHONE)

    def head_of(self, household: Household) -> Membership | None:
        return self.heads.get(household.pk)

    def place_of(self, row: PersonRow) -> tuple[str, Problem | None]:
        """The grid that a row names, by name or code; the place of the import when it names none."""
        if not row.grid:
            return self.place_code, None
        code = self.grids.get(row.grid, row.grid)
        if code not in self.grids.values():
            return "", ("grid", "registry.import.no_grid", {"known": ", ".join(sorted(self.grids)) or "-"})
        return code, None

    def match(self, row: PersonRow) -> tuple[Person | None, Problem | None]:
        """The person whom a row means, or nobody when it brings a new one."""
        known = self.by_identity.get(self.identity_blind(row.identity)) if row.identity else None
        if known is not None:
            return known, self._refusal(row, known)
        if not row.identity and not (row.number or row.phone or row.born_on):
            return None, ("name", "registry.import.not_enough", {})
        found = list(self._alike(row))
        if len(found) > 1:
            return None, ("name", "registry.import.several", {"count": len(found)})
        return (found[0] if found else None), None

    def _refusal(self, row: PersonRow, known: Person) -> Problem | None:
        if known.died_on is not None:
            return "identity", "registry.person_died", {"on": known.died_on}
        if known.name != row.name:
            return "name", "registry.import.other_name", {}
        if known.left_on is None and not known.place_code.startswith(self.place_code[:12]):
            return "identity", "registry.import.elsewhere", {}
        return None

    def _alike(self, row: PersonRow) -> Iterator[Person]:
        """People of the village with this name and household, phone or birth, and nothing that speaks against it."""
        phone = self.phone_blind(row.phone) if row.phone else ""
        for person in self.by_name.get(row.name, []):
            if row.identity and person.identity_blind:
                continue
            if (row.born_on and person.born_on not in (None, row.born_on)) or (
                row.sex and person.sex not in ("", row.sex)
            ):
                continue
            held = self.held.get(person.pk)
            same_home = bool(row.number and held and held.household.number == row.number)
            if same_home or (phone and phone == person.phone_blind) or (row.born_on and row.born_on == person.born_on):
                yield person
