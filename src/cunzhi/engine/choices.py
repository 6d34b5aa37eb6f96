"""What can be chosen in a field: written in the form, rows of a parameter, or looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cunzhi.base import clock
from cunzhi.base.periods import Kind, Period, in_words
from cunzhi.base.text import Text
from cunzhi.catalogue.queries import element as element_of
from cunzhi.engine.models import Notice
from cunzhi.engine.spec.form import FormField
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.ledger import queries as ledger
from cunzhi.ledger.models import Item
from cunzhi.registry.access import holders_below
from cunzhi.registry.models import Household, Person

BOOK_LENGTH = 12
"""The digits of a village's code: books of points and goods are kept by village."""
MOST_NOTICES = 60
PAST_PERIODS: dict[Kind, int] = {"month": 6, "quarter": 4, "year": 2}
"""How many periods that are over can be chosen, by kind."""


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen here and now; `note` says what it is worth or what is left."""

    value: str
    label: Text
    note: int | None = None


@dataclass(frozen=True)
class Setting:
    """Where and under which numbers a form is filled in."""

    scenario: Scenario
    place_code: str
    numbers: Mapping[str, Any]

    @property
    def village_code(self) -> str:
        return self.place_code[:BOOK_LENGTH]


def options(field: FormField, setting: Setting) -> list[Option]:
    """All that can be chosen in `field`."""
    if field.choices_from is None:
        return _written(field)
    if field.choices_from.parameter is not None:
        return _rows(field.choices_from.parameter, setting)
    return LOOK_UP[field.choices_from.lookup or ""](setting)


def labels(field: FormField, setting: Setting, chosen: list[str]) -> dict[str, Text]:
    """The words of what was chosen once, whether or not it could still be chosen today."""
    if field.choices_from is None:
        return {option.value: option.label for option in _written(field)}
    if field.choices_from.parameter is not None:
        return dict(setting.scenario.parameters[field.choices_from.parameter].rows)
    if field.choices_from.lookup == "columns":
        return {name: duty.title for name, duty in setting.scenario.calendar.items()}
    if field.choices_from.lookup == "periods":
        return {each: in_words(Period.parse(each)) for each in chosen}
    return NAMED[field.choices_from.lookup or ""]([int(each) for each in chosen if each.isdecimal()])


def _written(field: FormField) -> list[Option]:
    """What the form itself lists, or, for a field bound to an element, what the catalogue does."""
    if field.choices or field.element is None:
        return [Option(choice.name, choice.label) for choice in field.choices]
    return [Option(choice.name, choice.title) for choice in element_of(field.element).choices]


def _rows(name: str, setting: Setting) -> list[Option]:
    table = setting.numbers[name]
    labels = setting.scenario.parameters[name].rows
    return [Option(row, labels[row], number) for row, number in table.items() if number]


def _goods(setting: Setting) -> list[Option]:
    stock = ledger.items(setting.village_code)
    return [Option(str(one.item.pk), _item_name(one.item), one.item.price) for one in stock if one.left > 0]


def _item_name(item: Item) -> Text:
    return Text(zh_Hans=item.name, en=item.name_en or item.name)


def _workers(setting: Setting) -> list[Option]:
    people = holders_below(("grid_worker", "grid_head", "village_cadre"), setting.village_code)
    return [Option(str(person.pk), Text(zh_Hans=person.name, en=person.name)) for person in people]


def _households(setting: Setting) -> list[Option]:
    rows = Household.objects.filter(place_code__startswith=setting.village_code, until__isnull=True)
    return [Option(str(row.pk), Text(zh_Hans=row.number, en=row.number)) for row in rows.order_by("number")[:500]]


def _columns(setting: Setting) -> list[Option]:
    return [Option(name, duty.title) for name, duty in setting.scenario.calendar.items()]


def _periods(setting: Setting) -> list[Option]:
    """What is over, newest first, and the year that runs, for what holds for the whole of it."""
    found = [Period.of(clock.today(), "year")]
    for kind, count in PAST_PERIODS.items():
        period = Period.of(clock.today(), kind)
        for _ in range(count):
            period = period.previous()
            found.append(period)
    return [Option(str(period), in_words(period)) for period in found]


def _notices(setting: Setting) -> list[Option]:
    rows = Notice.objects.filter(place_code=setting.village_code, about__isnull=True).exclude(title="")
    return [Option(str(row.pk), _notice_name(row)) for row in rows.order_by("-at", "-id")[:MOST_NOTICES]]


def _notice_name(notice: Notice) -> Text:
    title = f"{notice.title} · {notice.at.astimezone(clock.ZONE):%Y-%m-%d}"
    return Text(zh_Hans=title, en=title)


LOOK_UP = {
    "goods": _goods, "workers": _workers, "households": _households,
    "columns": _columns, "periods": _periods, "notices": _notices,
}  # fmt: skip


def _goods_named(ids: list[int]) -> dict[str, Text]:
    return {str(item.pk): _item_name(item) for item in Item.objects.filter(pk__in=ids)}


def _people_named(ids: list[int]) -> dict[str, Text]:
    rows = Person.objects.filter(pk__in=ids, erased_on__isnull=True).values_list("pk", "name")
    return {str(pk): Text(zh_Hans=name, en=name) for pk, name in rows}


def _households_named(ids: list[int]) -> dict[str, Text]:
    rows = Household.objects.filter(pk__in=ids).values_list("pk", "number")
    return {str(pk): Text(zh_Hans=number, en=number) for pk, number in rows}


def _notices_named(ids: list[int]) -> dict[str, Text]:
    return {str(notice.pk): _notice_name(notice) for notice in Notice.objects.filter(pk__in=ids)}


NAMED = {
    "goods": _goods_named, "workers": _people_named, "households": _households_named, "notices": _notices_named,
}  # fmt: skip
