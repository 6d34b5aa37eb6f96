"""Who lives and works in the simulated county."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from cunzhi.base.actor import Actor, system
from cunzhi.cli.demo.names import name, phone, surname_of
from cunzhi.ledger import actions as ledger
from cunzhi.ledger.models import Item
from cunzhi.registry.actions.accounts import make_account
from cunzhi.registry.actions.appointments import appoint
from cunzhi.registry.actions.households import join_household, open_household
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.actions.places import add_grid
from cunzhi.registry.models import Person, Place

BY = system("demo")
GOODS = (
    ("洗衣液 2kg", "Detergent 2 kg", 18),
    ("香皂", "Soap", 3),
    ("牙膏", "Toothpaste", 5),
    ("毛巾", "Towel", 6),
    ("食用油 1.8L", "Cooking oil 1.8 l", 22),
    ("大米 5kg", "Rice 5 kg", 28),
    ("抽纸一提", "Paper tissues", 12),
    ("食盐", "Salt", 2),
)
GRIDS = ("一网格", "二网格")
DECISION = "模拟：第一次村民会议"


@dataclass
class Villager:
    """A simulated person of a household, and how inclined to take part."""

    person: Person
    age: int
    zeal: float


@dataclass
class Village:
    """A simulated village with its people and officers."""

    place: Place
    zeal: float
    grids: list[Place] = field(default_factory=list)
    villagers: list[Villager] = field(default_factory=list)
    officers: dict[str, list[Person]] = field(default_factory=dict)
    seats: dict[tuple[str, str], Person] = field(default_factory=dict)
    goods: list[Item] = field(default_factory=list)

    def officer(self, role: str, random: Random) -> Actor:
        """Anybody of the village who holds the role."""
        return actor(random.choice(self.officers[role]))

    def officer_of(self, role: str, grid: str) -> Person:
        """Whoever holds the role in one grid."""
        return self.seats[role, grid]


class Cast:
    """Makes people; every name and number is drawn from the seed."""

    def __init__(self, seed: int, today: date, first_day: date) -> None:
        self.random = Random(seed)
        self.today = today
        self.first_day = first_day
        self.password = f"cunzhi-demo-{seed}"
        self.accounts: list[dict[str, str]] = []
        self._phones = 0

    def village(self, place: Place, households: int) -> Village:
        """A village with its grids, officers, households, shop and pot."""
        made = Village(place=place, zeal=self.random.uniform(0.35, 1.0))
        made.grids = [add_grid(place_code=place.code, name=f"{place.name[:4]}{grid}", by=BY) for grid in GRIDS]
        for number in range(1, households + 1):
            self._household(made, made.grids[number % len(made.grids)], number)
        self._officers(made)
        self._shop(made)
        return made

    def officer(self, role: str, place: Place) -> Person:
        """Somebody appointed from outside the villages: township, county."""
        person = self._person(place.code, self.random.randint(26, 58), self.random.choice(("female", "male")))
        appoint(person=person, role=role, place_code=place.code, basis="模拟：任职文件", by=BY, since=self.first_day)
        return person

    def may_sign_in(self, person: Person, role: str) -> None:
        """An account to look around with."""
        number = self._next_phone()
        make_account(person=person, phone=number, by=BY, password=self.password)
        account = {"role": role, "name": person.name, "phone": number, "password": self.password}
        self.accounts.append(account)

    def _next_phone(self) -> str:
        self._phones += 1
        return phone(self._phones)

    def _person(self, code: str, age: int, sex: str, surname: str = "") -> Person:
        born = self.today - timedelta(days=age * 365 + self.random.randint(0, 364))
        return register_person(name=name(self.random, sex, surname), place_code=code, by=BY, sex=sex, born_on=born)

    def _household(self, village: Village, grid: Place, number: int) -> None:
        age = self.random.choices((34, 46, 58, 71), (2, 3, 4, 4))[0] + self.random.randint(-6, 6)
        head = self._person(grid.code, age, "male" if self.random.random() < 0.7 else "female")
        address = f"{village.place.name[:6]}{self.random.randint(1, 9)}社{number}号"
        home = open_household(
            place_code=grid.code, number=f"{number:03}", by=BY, address=address, since=self.first_day, head=head
        )
        members = [(head, age)]
        for relation, gap in self._relatives(age):
            sex = self.random.choice(("female", "male"))
            surname = surname_of(head.name) if relation != "spouse" else ""
            relative = self._person(grid.code, max(1, age + gap), sex, surname)
            join_household(person=relative, household=home, relation=relation, by=BY, since=self.first_day)
            members.append((relative, max(1, age + gap)))
        for person, years in members:
            if years >= 16:
                village.villagers.append(Villager(person, years, self.random.random() ** 2))

    def _relatives(self, age: int) -> list[tuple[str, int]]:
        found = [("spouse", self.random.randint(-4, 3))] if self.random.random() < 0.75 else []
        if age < 62:
            found += [("child", -self.random.randint(22, 30)) for _ in range(self.random.choice((0, 1, 1, 2)))]
        if age < 60 and self.random.random() < 0.35:
            found.append(("parent", self.random.randint(22, 28)))
        return found

    def _officers(self, village: Village) -> None:
        grown = [villager.person for villager in village.villagers if 25 <= villager.age <= 68]
        chosen = iter(self.random.sample(grown, 10))
        code = village.place.code
        wanted = [
            ("village_cadre", code),
            ("supervisor", code),
            ("appraiser", code),
            ("appraiser", code),
            ("appraiser", code),
            ("shopkeeper", code),
            *(("grid_head", grid.code) for grid in village.grids),
            *(("grid_worker", grid.code) for grid in village.grids),
        ]
        for role, seat in wanted:
            person = next(chosen)
            appoint(person=person, role=role, place_code=seat, basis=DECISION, by=BY, since=self.first_day)
            village.officers.setdefault(role, []).append(person)
            village.seats[role, seat] = person

    def _shop(self, village: Village) -> None:
        for label, english, price in GOODS:
            item = ledger.add_item(by=BY, place_code=village.place.code, name=label, name_en=english, price=price)
            village.goods.append(item)


def actor(person: Person) -> Actor:
    return Actor(person_id=person.pk, channel="demo")
