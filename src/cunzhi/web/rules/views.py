"""The numbers in force at a place, who set them and when; and setting those that a village decides for itself."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.engine.actions.activations import set_parameter
from cunzhi.engine.loader import scenario, scenarios
from cunzhi.engine.models import Activation
from cunzhi.engine.parameters import in_force, local_values
from cunzhi.engine.queries.openings import nearest
from cunzhi.engine.spec.parameter import DatedValue, Parameter
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.registry.queries.places import names_of
from cunzhi.web.cases.acting import VILLAGE, himself
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.forms import Form
from cunzhi.web.language import t, words
from cunzhi.web.request import Request


@dataclass(frozen=True)
class Rule:
    """One number, or a table of them, with the decision that it rests on and all that held before or will hold."""

    name: str
    label: str
    unit: str
    now: DatedValue
    rows: list[tuple[str, int]]
    local: bool
    own: bool
    history: list[tuple[DatedValue, bool]]


@dataclass(frozen=True)
class Rules:
    """One scenario at one place."""

    activation: Activation
    title: str
    summary: str
    scenario: Scenario
    rules: list[Rule]
    may_set: bool


@login_required
@require_safe
def rules(request: Request) -> HttpResponse:
    """Everything in force where one lives, or at the place that the address names: rules are no secret."""
    place = place_asked(request)
    found = [_rules(request, activation) for activation in nearest(place)]
    names = names_of([place, *(one.activation.place_code for one in found)])
    return matter_page(request, "rules/rules.html", found=found, place=place, names=names, places=_places(request))


@login_required
@require_http_methods(["GET", "POST"])
def set_rule(request: Request, activation_id: int, name: str) -> HttpResponse:
    """A number of the village's own, from a day on, as its meeting decided."""
    activation = get_object_or_404(Activation, pk=activation_id, until__isnull=True)
    request.access.require("rules.set", activation.place_code)
    spec = scenarios().get(activation.scenario)
    parameter = spec.parameters.get(name) if spec else None
    if spec is None or parameter is None or not parameter.local:
        raise Http404(name)
    now = in_force(spec, activation, clock.today())[name]
    form = RuleForm(request.POST or None, parameter=parameter, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            set_parameter(by=request.actor, activation=activation, name=name, **form.decided())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, t("web.rules.set", label=words(parameter.label), on=form.cleaned_data["since"]))
            return redirect(f"{reverse('rules')}?place={activation.place_code}")
    place = names_of([activation.place_code])[activation.place_code]
    context: dict[str, Any] = {
        "form": form,
        "parameter": parameter,
        "place": place,
        "now": now,
        "activation": activation,
    }
    return matter_page(request, "rules/set.html", status=form.status, **context)


class RuleForm(Form):
    """From which day, by which decision, and the number, or one for each row of the table."""

    since = forms.DateField(label="web.rules.since")
    basis = forms.CharField(label="web.rules.basis", max_length=200, min_length=4)

    def __init__(self, *args: Any, parameter: Parameter, now: DatedValue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parameter = parameter
        held = now.table or {}
        for row in parameter.rows or ("value",):
            initial = held.get(row, 0) if parameter.rows else now.value
            self.fields[f"row_{row}"] = forms.IntegerField(
                label=f"row_{row}", min_value=parameter.min, max_value=parameter.max, initial=initial
            )
        self.fields["since"].initial = clock.today()

    @property
    def numbers(self) -> list[tuple[str, Any]]:
        """Each number's words and its field."""
        rows = self.parameter.rows
        named = {f"row_{row}": words(text) for row, text in rows.items()} or {"row_value": words(self.parameter.label)}
        return [(label, self[name]) for name, label in named.items()]

    def decided(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        rows = self.parameter.rows
        number: dict[str, Any] = (
            {"table": {row: given[f"row_{row}"] for row in rows}} if rows else {"value": given["row_value"]}
        )
        return {"since": given["since"], "basis": given["basis"], **number}


def place_asked(request: Request) -> str:
    asked = request.GET.get("place", "")
    return asked if asked.isdecimal() and asked.isascii() and len(asked) <= VILLAGE + 3 else himself(request).village


def _places(request: Request) -> list[tuple[str, str]]:
    """Home, and where one decides on rules."""
    codes = [himself(request).village, *request.access.places("rules.set")]
    return list(names_of(dict.fromkeys(codes)).items())


def _rules(request: Request, activation: Activation) -> Rules:
    spec = scenario(activation.scenario)
    holding = in_force(spec, activation, clock.today())
    return Rules(
        activation=activation,
        title=words(spec.manifest.title),
        summary=words(spec.manifest.summary),
        scenario=spec,
        rules=[_rule(name, one, holding[name], activation) for name, one in spec.parameters.items()],
        may_set=request.access.may("rules.set", activation.place_code) is not None,
    )


def _rule(name: str, parameter: Parameter, now: DatedValue, activation: Activation) -> Rule:
    own = local_values(activation, name) if parameter.local else []
    every = [(dated, False) for dated in parameter.values] + [(dated, True) for dated in own]
    table = now.table or {}
    return Rule(
        name=name,
        label=words(parameter.label),
        unit=words(parameter.unit),
        now=now,
        rows=[(words(text), table[row]) for row, text in parameter.rows.items() if row in table],
        local=parameter.local,
        own=any(dated == now for dated in own),
        history=sorted(every, key=lambda pair: pair[0].since, reverse=True),
    )
