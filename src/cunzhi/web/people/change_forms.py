"""What a cadre fills in when something about somebody changes."""

from typing import Any

from django import forms

from cunzhi.base import clock
from cunzhi.registry.models import Household, Membership, Person
from cunzhi.web.forms import Form, PhoneField
from cunzhi.web.people.forms import named
from cunzhi.web.people.homes import HOMES, reached
from cunzhi.web.request import Request

RELATIONS = list(Membership.Relation.values)


class ChangeForm(Form):
    """A form about one person or household, which starts from what is on record."""

    def __init__(self, *args: Any, request: Request, subject: Person | Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField) and name != "born_on":
                field.initial = clock.today()
        self.fill(request, subject)

    def fill(self, request: Request, subject: Any) -> None:
        """Put in what is known, and the choices that the reader has."""


class CorrectForm(ChangeForm):
    """What was wrong from the start. An identity number left empty stays as it is."""

    name = forms.CharField(label="web.people.name", max_length=60)
    sex = forms.ChoiceField(label="web.people.sex", required=False)
    born_on = forms.DateField(label="web.people.born", required=False)
    identity = forms.CharField(label="web.change.new_identity", max_length=30, required=False)

    def fill(self, request: Request, subject: Person) -> None:
        self.choose("sex", named("web.people.sexes", list(Person.Sex.values)))
        self.initial = {"name": subject.name, "sex": subject.sex, "born_on": subject.born_on}


class NumberForm(ChangeForm):
    """The phone by which somebody is reached; empty for none."""

    phone = PhoneField(label="web.people.phone", required=False)


class MoveForm(ChangeForm):
    """Where somebody lives, from which day."""

    place_code = forms.ChoiceField(label="web.people.lives")
    on = forms.DateField(label="web.change.on")

    def fill(self, request: Request, subject: Person) -> None:
        self.choose("place_code", reached(request, "people.edit", HOMES))
        self.initial = {"place_code": subject.place_code}


class DayForm(ChangeForm):
    """The day on which something happened."""

    on = forms.DateField(label="web.change.on")


class JoinForm(ChangeForm):
    """Into which household, and as what."""

    number = forms.CharField(label="web.change.number", max_length=20)
    relation = forms.ChoiceField(label="web.change.as_what")
    since = forms.DateField(label="web.change.on")

    def fill(self, request: Request, subject: Person) -> None:
        self.choose("relation", named("web.people.relations", RELATIONS))


class RelationForm(ChangeForm):
    """What somebody is to the head of the household from a day on."""

    relation = forms.ChoiceField(label="web.change.as_what")
    on = forms.DateField(label="web.change.on")

    def fill(self, request: Request, subject: Person) -> None:
        self.choose("relation", named("web.people.relations", RELATIONS))


class AddressForm(ChangeForm):
    """Where the door is."""

    address = forms.CharField(label="web.people.address", max_length=120, required=False)

    def fill(self, request: Request, subject: Household) -> None:
        self.initial = {"address": subject.address}


class HouseholdForm(Form):
    """A new household; who belongs to it is said of each person."""

    place_code = forms.ChoiceField(label="web.people.lives")
    number = forms.CharField(label="web.change.number", max_length=20)
    address = forms.CharField(label="web.people.address", max_length=120, required=False)
    since = forms.DateField(label="web.people.since", initial=clock.today)


class EraseForm(Form):
    """The paper or wish on which somebody is forgotten."""

    basis = forms.CharField(label="web.appointments.basis", max_length=200)


class ListForm(Form):
    """Of which place a list is taken out."""

    place_code = forms.ChoiceField(label="web.export.place")


class ClearListForm(ListForm):
    """The same with whole numbers, for a stated purpose."""

    purpose = forms.ChoiceField(label="web.people.purpose")
    words = forms.CharField(label="web.people.words", max_length=200)
