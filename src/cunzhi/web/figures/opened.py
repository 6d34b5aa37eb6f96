"""The rows behind a figure, as a page shows them: what each is, where, when, and how it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from sqlglot import exp

from cunzhi.alarms.models import Alarm, Warned
from cunzhi.alarms.wording import subject_of
from cunzhi.deliberation.models import Topic
from cunzhi.engine.models import Case, Notice
from cunzhi.fires.models import Event
from cunzhi.fires.queries.events import SEE
from cunzhi.lake.indicator import Indicator
from cunzhi.lake.records import Record
from cunzhi.lake.rewrite import first_aggregate
from cunzhi.perception.models import Datastream
from cunzhi.registry.access import Access
from cunzhi.registry.models import Household
from cunzhi.registry.queries.places import names_of
from cunzhi.web.books.words import memo_in_words
from cunzhi.web.formats import day, moment, quantity
from cunzhi.web.language import current, t, words

CASE, HOUSEHOLD, NOTICE, TOPIC, FIRE = "case:", "household:", "notice:", "topic:", "fire:"
ALARM, WARNING, SENSOR = "alarm:", "warning:", "sensor:"
VILLAGE = 12
"""Digits of a village; the name of a grid says little without it."""


@dataclass(frozen=True)
class Row:
    """One row. `address` is empty where the reader may not open what lies behind it."""

    label: str
    address: str
    place: str
    day: str
    counts: str


def rows(indicator: Indicator, found: Sequence[Record], access: Access) -> list[Row]:
    """Rows in words, with few queries whatever their number."""
    names = names_of(code for one in found for code in (one.place, one.place[:VILLAGE]))
    numbers, addresses = _behind(found, access)
    return [
        Row(
            label=numbers.get(one.record) or (memo_in_words(one.label) if indicator.table == "postings" else one.label),
            address=addresses.get(one.record, ""),
            place=" ".join(names[code] for code in sorted({one.place[:VILLAGE], one.place})),
            day=day(date.fromisoformat(one.day)),
            counts=counts_as(indicator, one),
        )
        for one in found
    ]


def is_share(indicator: Indicator) -> bool:
    """Whether some rows only stand below the line of a fraction."""
    return indicator.value.find(exp.Div) is not None


def counts_as(indicator: Indicator, record: Record) -> str:
    """What a row brings to the figure: one, an amount, a household that counts once, or nothing but the base."""
    if not record.counted:
        return t("web.figures.records.base")
    first = first_aggregate(indicator)
    if isinstance(first.this, exp.Distinct):
        return t("web.figures.records.once", what=record.part)
    if is_share(indicator) or isinstance(first, exp.Count):
        return t("web.figures.records.counted")
    return quantity(float(record.part or 0), words(indicator.header.unit), 0 if isinstance(first, exp.Sum) else 1)


def _behind(found: Sequence[Record], access: Access) -> tuple[dict[str, str], dict[str, str]]:
    """How cases and households are called, and the addresses of those that the reader may open."""
    numbers: dict[str, str] = {}
    addresses: dict[str, str] = {}
    cases = Case.objects.filter(pk__in=_ids(found, CASE)).values_list("pk", "number", "place_code")
    for pk, number, place_code in cases:
        numbers[f"{CASE}{pk}"] = number
        if access.may("case.see", place_code):
            addresses[f"{CASE}{pk}"] = reverse("case", args=[number])
    homes = Household.objects.filter(pk__in=_ids(found, HOUSEHOLD)).values_list("pk", "number", "place_code")
    for pk, number, place_code in homes:
        numbers[f"{HOUSEHOLD}{pk}"] = t("web.people.household", number=number)
        if access.may("people.see", place_code):
            addresses[f"{HOUSEHOLD}{pk}"] = reverse("household", args=[pk])
    for pk, title in Notice.objects.filter(pk__in=_ids(found, NOTICE)).exclude(title="").values_list("pk", "title"):
        numbers[f"{NOTICE}{pk}"] = title
        addresses[f"{NOTICE}{pk}"] = reverse("notice", args=[pk])
    for pk, place_code in Topic.objects.filter(pk__in=_ids(found, TOPIC)).values_list("pk", "place_code"):
        if access.may("topic.see", place_code):
            addresses[f"{TOPIC}{pk}"] = reverse("topic", args=[pk])
    for fire in Event.objects.filter(pk__in=_ids(found, FIRE)):
        numbers[fire.record] = t("web.fires.one", at=moment(fire.first_at))
        if access.may(SEE, fire.place_code):
            addresses[fire.record] = reverse("fire", args=[fire.pk])
    _alarms_behind(found, access, numbers, addresses)
    return numbers, addresses


def _alarms_behind(found: Sequence[Record], access: Access, numbers: dict[str, str], addresses: dict[str, str]) -> None:
    for alarm in Alarm.objects.select_related("rule").filter(pk__in=_ids(found, ALARM)):
        numbers[alarm.record] = subject_of(alarm, current())
        if access.may("alarms.see", alarm.place_code):
            addresses[alarm.record] = reverse("alarm", args=[alarm.pk])
    for warned in Warned.objects.filter(pk__in=_ids(found, WARNING)).only("pk"):
        addresses[warned.record] = reverse("warning", args=[warned.pk])
    for stream in Datastream.objects.filter(pk__in=_ids(found, SENSOR)).only("pk", "name", "place_code"):
        numbers[f"{SENSOR}{stream.pk}"] = stream.name
        if access.may(SEE, stream.place_code):
            addresses[f"{SENSOR}{stream.pk}"] = reverse("sensor", args=[stream.pk])


def _ids(found: Sequence[Record], prefix: str) -> list[int]:
    return [int(one.record.removeprefix(prefix)) for one in found if one.record.startswith(prefix)]
