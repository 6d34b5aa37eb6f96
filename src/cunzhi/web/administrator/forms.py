"""What an administrator fills in to appoint somebody, or to end it."""

from typing import Any

from django import forms

from cunzhi.base import clock
from cunzhi.registry.roles import roles
from cunzhi.web.forms import Form, PhoneField
from cunzhi.web.language import t, words


class AppointForm(Form):
    """Somebody with a sign-in, found by their phone, gets a role for a place."""

    phone = PhoneField(label="web.appointments.phone")
    role = forms.ChoiceField(label="web.appointments.role")
    place_code = forms.ChoiceField(label="web.appointments.place")
    since = forms.DateField(label="web.appointments.since")
    basis = forms.CharField(label="web.appointments.basis", max_length=200)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = clock.today
        titles = [(name, words(role.title)) for name, role in roles().items()]
        self.choose("role", [("", t("web.form.choose")), *titles])
        self.choose("place_code", places)


class EndForm(Form):
    """The day from which the role is gone, and the decision."""

    on = forms.DateField(label="web.appointments.until", initial=clock.today)
    basis = forms.CharField(label="web.appointments.basis", max_length=200)


class ActivateForm(Form):
    """A scenario is on for a place and all below it, from a day on, by a decision."""

    place_code = forms.ChoiceField(label="web.scenarios.place")
    since = forms.DateField(label="web.appointments.since")
    basis = forms.CharField(label="web.appointments.basis", max_length=200)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = clock.today
        self.choose("place_code", places)


class DeactivateForm(Form):
    """The decision by which a scenario is off from today."""

    basis = forms.CharField(label="web.appointments.basis", max_length=200)
