"""The stage of a told story: a village with its cast, its pot of points and its shop, in an empty database."""

import io
from dataclasses import dataclass, field
from datetime import date

from PIL import Image, ImageDraw

from cunzhi.base.actor import Actor, system
from cunzhi.base.errors import Refused
from cunzhi.engine import gauges
from cunzhi.engine.actions.activations import activate, set_parameter
from cunzhi.engine.choices import BOOK_LENGTH
from cunzhi.engine.models import Activation, Case
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.story import CAST, Given
from cunzhi.ledger import actions as ledger
from cunzhi.ledger.models import Account, Item
from cunzhi.ledger.queries import balance
from cunzhi.meetings.actions import mark_present
from cunzhi.meetings.queries import open_meeting
from cunzhi.registry.actions.appointments import appoint
from cunzhi.registry.actions.households import join_household, open_household
from cunzhi.registry.actions.people import register_person
from cunzhi.registry.models import Person, Place
from cunzhi.registry.roles import roles

VILLAGE = "990101001001"
GRID = f"{VILLAGE}001"
PLACES = (("990101", "county"), ("990101001", "township"), (VILLAGE, "village"), (GRID, "grid"))
LONG_AGO = date(2000, 1, 1)
DECIDED = "故事里的村民会议 story"


@dataclass
class Stage:
    """Who and what is there; books and shelves are read as they stand now."""

    scenario: Scenario
    people: dict[str, Person] = field(default_factory=dict)
    goods: dict[str, Item] = field(default_factory=dict)
    gauges: dict[str, int] = field(default_factory=dict)

    def actor(self, name: str, helping: str | None = None) -> Actor:
        actor = Actor(person_id=self.people[name].pk, channel="test")
        return actor.on_behalf_of(self.people[helping].pk) if helping else actor

    @property
    def points(self) -> int:
        """What stands on the account of the villager's household."""
        return _left("points", "household", household_of(self.people["villager"]))

    @property
    def pot(self) -> int:
        return _left("points", "pot", "")

    def stock(self, good: str) -> int:
        return _left("goods", "shelf", f"item:{self.goods[good].pk}")


def build(scenario: Scenario, given: Given) -> Stage:
    """Places, people, appointments, the activation with its local numbers, the books."""
    by, stage = system("test"), Stage(scenario)
    for code, level in PLACES:
        Place.objects.get_or_create(
            system="nbs", code=code, valid_from=LONG_AGO, defaults={"name": f"故事{level}", "level": level}
        )
    for name in CAST:
        _enter(stage, name, "2" if name == "neighbour" else "1")
    for role in scenario.manifest.roles:
        person = _enter(stage, role, f"r-{role}")
        appoint(by=by, person=person, role=role, place_code=_seat(role), basis="故事里的任命 story")
    for role, count in given.holders.items():
        for number in range(1, count):
            person = register_person(name=f"{role}{number}", place_code=GRID, by=by)
            appoint(by=by, person=person, role=role, place_code=_seat(role), basis="故事里的任命 story")
    activation = activate(by=by, scenario=scenario.slug, place_code=VILLAGE, basis=DECIDED, since=LONG_AGO)
    _set_numbers(by, activation, given)
    _fill_books(by, stage, given)
    stage.gauges = {name: gauges.set_up(name, gauge, VILLAGE) for name, gauge in given.gauges.items()}
    return stage


def household_of(person: Person) -> str:
    """The holder of the account on which a person's points stand."""
    return f"household:{person.memberships.get(until=None).household_id}"


def _enter(stage: Stage, name: str, house: str) -> Person:
    by = system("test")
    person = register_person(name=name, place_code=GRID, by=by)
    stage.people[name] = person
    if name == "spouse":
        household = stage.people["villager"].memberships.get(until=None).household
        join_household(person=person, household=household, relation="spouse", by=by)
    else:
        open_household(place_code=GRID, number=house, by=by, head=person)
    return person


def _seat(role: str) -> str:
    return next(code for code, level in PLACES if level == roles()[role].level)


def _set_numbers(by: Actor, activation: Activation, given: Given) -> None:
    for name, number in given.numbers.items():
        value, table = (None, number) if isinstance(number, dict) else (number, None)
        set_parameter(by=by, activation=activation, name=name, since=LONG_AGO, basis=DECIDED, value=value, table=table)


def _fill_books(by: Actor, stage: Stage, given: Given) -> None:
    if given.pot:
        ledger.fund(by=by, place_code=VILLAGE, amount=given.pot, basis="故事里的捐赠 story", key="story:pot")
    if given.points:
        _give_points(by, stage, given.points)
    for good in given.goods:
        item = ledger.add_item(by=by, place_code=VILLAGE, name=good.name, name_en=good.name, price=good.price)
        stage.goods[good.name] = item
        if good.stock:
            ledger.stock_in(by=by, item=item, quantity=good.stock, key=f"story:{good.name}", basis="故事里的进货 story")


def _give_points(by: Actor, stage: Stage, points: int) -> None:
    book = ledger.open_book(by=by, place_code=VILLAGE, kind="points")
    source = ledger.account(book=book, kind="source")
    household = ledger.account(book=book, kind="household", holder=household_of(stage.people["villager"]))
    leg = ledger.Leg(source=source, target=household, amount=points)
    ledger.post(by=by, book=book, key="story:points", memo="story", record="story", legs=[leg])


def _left(book: str, kind: str, holder: str) -> int:
    village = VILLAGE[:BOOK_LENGTH]
    found = Account.objects.filter(book__place_code=village, book__kind=book, kind=kind, holder=holder).first()
    return balance(found) if found else 0


def picture(name: str) -> bytes:
    """A drawn picture that differs for each name: JPEG bytes, big enough to pass as a photo."""
    seed = sum(ord(letter) * 31**index for index, letter in enumerate(name))
    image = Image.new("RGB", (800, 600), (seed % 200, seed // 7 % 200, seed // 49 % 200))
    draw = ImageDraw.Draw(image)
    for step in range(24):
        spot = seed * (step + 3) ** 3
        x, y = spot % 700, spot // 700 % 500
        colour = (spot % 255, spot // 3 % 255, spot // 9 % 255)
        draw.rectangle((x, y, x + 40 + spot % 120, y + 30 + spot % 90), fill=colour, outline=(0, 0, 0))
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=85)
    return kept.getvalue()


def paper(name: str) -> bytes:
    """A PDF of one empty page whose title, and so its hash, differs for each name."""
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
        f"<< /Title <{name.encode('utf-16').hex()}> >>",
    )
    written, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count, start = len(objects) + 1, len(written)
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer << /Size {count} /Root 1 0 R /Info 4 0 R >>\n"
    return written + f"{end}startxref\n{start}\n%%EOF\n".encode()


def come_to_meeting(case: Case, many: int, by: Actor) -> None:
    """The first so many of the roll are ticked by whoever keeps it."""
    meeting = open_meeting(case.record)
    if meeting is None:
        raise Refused("meetings.none_open")
    seats = list(meeting.seats.order_by("id").values_list("id", flat=True)[:many])
    mark_present(by=by, meeting=meeting, seats=seats, how="clerk")
