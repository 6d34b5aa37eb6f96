"""A township with two villages, and who works there; identity numbers are made up, their check characters right."""

from datetime import date

from stdnum.cn import ric

from cunzhi.base.actor import Actor
from cunzhi.registry.models import Appointment, Person, Place

COUNTY, TOWNSHIP, VILLAGE, OTHER_VILLAGE, GRID = (
    "500113",
    "500113101",
    "500113101200",
    "500113101201",
    "500113101200001",
)
NAMED = {
    "50": ("gb", "重庆市", "province"),
    COUNTY: ("gb", "巴南区", "county"),
    TOWNSHIP: ("nbs", "圣灯山镇", "township"),
    VILLAGE: ("nbs", "石岗村村民委员会", "village"),
    OTHER_VILLAGE: ("nbs", "天坪村村民委员会", "village"),
    GRID: ("nbs", "第一网格", "grid"),
}
BASIS = "村民代表会议〔2026〕3号"


def make_places() -> None:
    for code, (system, name, level) in NAMED.items():
        Place.objects.create(system=system, code=code, name=name, level=level, valid_from=date(2020, 1, 1))


def make_actor(role: str, place_code: str, name: str = "李干部") -> Actor:
    """Somebody who holds a role, appointed by nobody in particular."""
    person = Person.objects.create(name=name, place_code=place_code)
    Appointment.objects.create(person=person, role=role, place_code=place_code, since=date(2026, 1, 1), basis=BASIS)
    return Actor(person_id=person.pk, channel="test")


def identity_number(serial: int = 1, born: str = "19900101") -> str:
    """A number for a person born on a day; an odd serial is a man."""
    body = f"500113{born}{serial:03}"
    return body + str(ric.calc_check_digit(body + "0"))
