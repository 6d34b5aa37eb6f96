"""What a cadre fills in about people."""

from typing import Any

from django import forms

from cunzhi.registry.models import Disclosure, Person
from cunzhi.web.forms import Form, PhoneField
from cunzhi.web.language import later, t

FIELDS = ("phone", "identity")


def named(prefix: str, names: list[str]) -> list[tuple[str, str]]:
    """Choices with their words from the messages."""
    return [("", t("web.form.choose")), *((name, t(f"{prefix}.{name}")) for name in names)]


class UnmaskForm(Form):
    """Why a whole number has to be seen."""

    field = forms.ChoiceField(
        label="web.people.which", choices=[(name, later(f"web.people.{name}")) for name in FIELDS]
    )
    purpose = forms.ChoiceField(label="web.people.purpose")
    words = forms.CharField(label="web.people.words", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("purpose", named("web.people.purposes", list(Disclosure.Purpose.values)))


class PersonForm(Form):
    """A new person. Sex and birth follow from the identity number."""

    name = forms.CharField(label="web.people.name", max_length=60)
    place_code = forms.ChoiceField(label="web.people.lives")
    identity = forms.CharField(label="web.people.identity", max_length=30, required=False)
    phone = PhoneField(label="web.people.phone", required=False)
    sex = forms.ChoiceField(label="web.people.sex", required=False)
    born_on = forms.DateField(label="web.people.born", required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("place_code", places)
        self.choose("sex", named("web.people.sexes", list(Person.Sex.values)))


class AccountForm(Form):
    """A sign-in for a person, by this phone."""

    phone = PhoneField(label="web.people.phone")
