"""Services: what the public may report at a place. Each choice of the first question of a scenario's form is one.

The form's field for a point takes `lat` and `long`; its text field `where` takes the address; of its other text fields
the one with the most room takes the description. Whatever else it asks is an attribute.
"""

from dataclasses import dataclass
from typing import Any

from cunzhi.api.errors import NotThere
from cunzhi.api.problems import language
from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.base.fields import under
from cunzhi.base.text import Text
from cunzhi.engine.answers import LONGEST, is_relevant
from cunzhi.engine.choices import Setting, options
from cunzhi.engine.loader import scenarios
from cunzhi.engine.models import Activation
from cunzhi.engine.parameters import numbers
from cunzhi.engine.queries.openings import nearest
from cunzhi.engine.spec.form import Form, FormField
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.registry.access import in_force
from cunzhi.registry.models import Place
from cunzhi.registry.queries.places import place

ADDRESS = "where"
DATATYPES = {
    "integer": "number",
    "decimal": "number",
    "date": "datetime",
    "select_one": "singlevaluelist",
    "select_multiple": "multivaluelist",
}


@dataclass(frozen=True)
class Service:
    """One kind of problem at one place."""

    setting: Setting
    workflow: str
    choice: str
    label: Text

    @property
    def code(self) -> str:
        return f"{self.setting.scenario.slug}.{self.workflow}.{self.choice}"

    @property
    def form(self) -> Form:
        form = form_of(self.setting.scenario)
        assert form is not None  # noqa: S101  a service is made of its choices
        return form

    @property
    def kind(self) -> FormField:
        """The question whose answer the service is."""
        return kind_of(self.form)

    @property
    def asked(self) -> list[FormField]:
        """The other questions that are asked of this kind of problem."""
        given = {self.kind.name: self.choice}
        return [one for one in self.form.fields if one.name != self.kind.name and is_relevant(one, given)]

    @property
    def point(self) -> FormField | None:
        return next((one for one in self.asked if one.type == "geopoint"), None)

    @property
    def address(self) -> FormField | None:
        return next((one for one in self.asked if one.type == "text" and one.name == ADDRESS), None)

    @property
    def texts(self) -> list[FormField]:
        """The text fields that a description may go into, the one with the most room first."""
        found = [one for one in self.asked if one.type == "text" and one.name != ADDRESS]
        return sorted(found, key=room, reverse=True)

    @property
    def attributes(self) -> list[FormField]:
        return [one for one in self.asked if one.type in DATATYPES]


def room(field: FormField) -> int:
    """How many characters a text field takes."""
    return field.constraint.max_length or LONGEST


def form_of(scenario: Scenario) -> Form | None:
    """The form with which the public reports, where a scenario lets it."""
    name = scenario.manifest.open311
    form = scenario.workflows[name].open.form if name else None
    return scenario.forms[form] if form else None


def kind_of(form: Form) -> FormField:
    """The first question with one answer of several."""
    return next(one for one in form.fields if one.type == "select_one")


def public_scenarios() -> list[Scenario]:
    """The scenarios that are open to Open311 clients."""
    found = [one for _, one in sorted(scenarios().items())]
    return [one for one in found if (form := form_of(one)) and any(field.type == "select_one" for field in form.fields)]


def jurisdiction(code: str) -> Place:
    """The place that a client speaks of."""
    found = place(code) if code.isascii() and code.isdecimal() else None
    if found is None:
        raise NotThere("api.open311.jurisdiction_unknown", code=code[:40])
    return found


def services_at(code: str) -> list[Service]:
    """All services at a place, or anywhere below it, in the order of the forms."""
    on = {one.scenario: one for one in _below(code)} | {one.scenario: one for one in nearest(code)}
    found = []
    for scenario in public_scenarios():
        form = form_of(scenario)
        if scenario.slug not in on or form is None:
            continue
        setting = Setting(scenario, code, numbers(scenario, on[scenario.slug], clock.today()))
        for option in options(kind_of(form), setting):
            found.append(Service(setting, str(scenario.manifest.open311), option.value, option.label))
    return found


def service_at(place_code: str, code: str) -> Service:
    """One service, or nothing of that name here."""
    if not code:
        raise Refused("api.open311.no_service", field="service_code")
    found = next((one for one in services_at(place_code) if one.code == code), None)
    if found is None:
        raise NotThere("api.open311.service_unknown", code=code[:120])
    return found


def told(service: Service) -> dict[str, Any]:
    """One entry of the list of services."""
    manifest = service.setting.scenario.manifest
    return {
        "service_code": service.code,
        "service_name": service.label.in_(language()),
        "description": manifest.summary.in_(language()),
        "metadata": bool(service.attributes),
        "type": "realtime",
        "keywords": "",
        "group": manifest.title.in_(language()),
    }


def definition(service: Service) -> dict[str, Any]:
    """What is asked beside place and description."""
    return {
        "service_code": service.code,
        "attributes": [_attribute(one, order, service) for order, one in enumerate(service.attributes, start=1)],
    }


def _attribute(one: FormField, order: int, service: Service) -> dict[str, Any]:
    chosen = options(one, service.setting) if one.type.startswith("select") else []
    return {
        "variable": True,
        "code": one.name,
        "datatype": DATATYPES[one.type],
        "required": one.required,
        "datatype_description": one.hint.in_(language()) if one.hint else None,
        "order": order,
        "description": one.label.in_(language()),
        "values": [{"key": each.value, "name": each.label.in_(language())} for each in chosen],
    }


def _below(code: str) -> list[Activation]:
    slugs = [one.slug for one in public_scenarios()]
    return list(Activation.objects.filter(in_force(clock.today()), under(code), scenario__in=slugs).order_by("-id"))
