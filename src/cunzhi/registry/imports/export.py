"""The people of a place as a sheet: masked, or in clear for a stated purpose by those who may."""

import io

import xlsxwriter
from django.db import transaction

from cunzhi.base.actor import Actor
from cunzhi.base.fields import under
from cunzhi.base.messages import say
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.actions.disclosure import disclose
from cunzhi.registry.imports.template import COLUMNS, WIDTHS
from cunzhi.registry.models import Membership, Person
from cunzhi.registry.queries.people import card, current_people
from cunzhi.registry.queries.places import names_of
from cunzhi.registry.vault import vault

VILLAGE = 12


@transaction.atomic
def export_people(*, place_code: str, by: Actor, language: str = "zh-hans") -> bytes:
    """Everybody who lives at a place, numbers masked."""
    access = Access(by)
    access.require("people.see", place_code)
    rows = []
    for person in _people(place_code):
        shown = card(person, access)
        rows.append((person, shown.identity, shown.phone, ""))
    note(by=by, verb="people.exported", record=f"place:{place_code}", place_code=place_code, detail={"rows": len(rows)})
    return _sheet(rows, place_code, language)


@transaction.atomic
def export_people_in_clear(*, place_code: str, purpose: str, words: str, by: Actor, language: str = "zh-hans") -> bytes:
    """The same with whole numbers; who took the list and what for is kept, and everybody on it can read that."""
    Access(by).require("people.unmask", place_code)
    disclose(person=None, place_code=place_code, field="list", purpose=purpose, words=words, by=by)
    rows = [
        (person, _opened(person.identity_sealed), _opened(person.phone_sealed), str(person.born_on or ""))
        for person in _people(place_code)
    ]
    return _sheet(rows, place_code, language)


def _opened(sealed: str) -> str:
    return vault().open(sealed) if sealed else ""


def _people(place_code: str) -> list[Person]:
    here = current_people().filter(under(place_code), died_on__isnull=True, left_on__isnull=True)
    return list(here.order_by("place_code", "id"))


def _sheet(rows: list[tuple[Person, str, str, str]], place_code: str, language: str) -> bytes:
    """The columns of the template, so that a list taken out in clear can be brought in again."""
    held = _memberships(place_code)
    grids = names_of(person.place_code for person, *_ in rows if len(person.place_code) > VILLAGE)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(say("registry.sheet.people", language))
        for column, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, say(f"registry.sheet.{name}", language))
        for number, (person, identity, phone, born) in enumerate(rows, start=1):
            sex = say(f"registry.sheet.{person.sex}", language) if person.sex else ""
            home, relation, door = _home(held.get(person.pk), language)
            grid = grids.get(person.place_code, "")
            line = (home, person.name, relation, identity, sex, born, phone, door, grid)
            for column, value in enumerate(line):
                sheet.write_string(number, column, value)
    return file.getvalue()


def _home(held: Membership | None, language: str) -> tuple[str, str, str]:
    """Number, relation and address of the household that somebody belongs to."""
    if held is None:
        return "", "", ""
    return held.household.number, say(f"registry.sheet.{held.relation}", language), held.household.address


def _memberships(place_code: str) -> dict[int, Membership]:
    """Open memberships in the households of a place, by the person whom they count for."""
    here = under(place_code[:12], "household__place_code")
    rows = Membership.objects.filter(here, until__isnull=True).select_related("household", "person")
    return {held.person.merged_into_id or held.person_id: held for held in rows}
