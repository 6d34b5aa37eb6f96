"""Alarms by hand and drills, rules from a file, and mutes: for those who set them."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from cunzhi.alarms.actions.life import raise_by_hand
from cunzhi.alarms.actions.settings import import_rules, mute, unmute
from cunzhi.alarms.hazards import hazards
from cunzhi.alarms.models import Colour, Mute, Rule
from cunzhi.alarms.queries.alarms import SEE, SET, mutes_at
from cunzhi.alarms.rules_file import LONGEST
from cunzhi.alarms.wording import hazard_title, rule_title
from cunzhi.base import clock
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.base.fields import under_any
from cunzhi.engine.alarming import tell
from cunzhi.registry.queries.places import children, names_of
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.forms import Form, SentFile
from cunzhi.web.language import current, later, t
from cunzhi.web.request import Request

COLOURS = [("", "–")] + [(one.value, later(f"alarms.colour.{one.value}")) for one in reversed(list(Colour))]
HOURS = ("1", "6", "24", "72", "168")
LINES = 200


class PlaceForm(Form):
    """Where it holds: a place where the reader may set alarms, or one right below."""

    place_code = forms.ChoiceField(label="web.alarms.place")

    def __init__(self, request: Request, verb: str = SET) -> None:
        sent = request.method == "POST"
        super().__init__(request.POST if sent else None, request.FILES if sent else None)
        self.choose("place_code", places_reached(request, verb))


class RulesForm(PlaceForm):
    """A file of rules, and where they hold."""

    file = SentFile(most=LONGEST, label="web.alarms.file")


class AlarmForm(PlaceForm):
    """What somebody saw, or a drill."""

    hazard = forms.ChoiceField(label="web.alarms.hazard")
    colour = forms.ChoiceField(label="web.alarms.colour", choices=COLOURS)
    words = forms.CharField(label="web.alarms.words", max_length=200)
    drill = forms.BooleanField(label="web.alarms.drill", required=False)

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.choose("hazard", hazard_choices())


class MuteForm(PlaceForm):
    """For what, why and for how long nobody is called."""

    hazard = forms.ChoiceField(label="web.alarms.hazard", required=False)
    source = forms.CharField(label="web.alarms.source", max_length=64, required=False)
    reason = forms.CharField(label="web.alarms.reason", max_length=200)
    hours = forms.ChoiceField(label="web.alarms.hours", choices=[(one, one) for one in HOURS])

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.choose("hazard", [("", t("web.alarms.any_hazard")), *hazard_choices()])


def hazard_choices() -> list[tuple[str, str]]:
    return [(name, hazard_title(name, current())) for name in hazards()]


def places_reached(request: Request, verb: str) -> list[tuple[str, str]]:
    """The places where one may do this, and those right below."""
    top = request.access.places(verb)
    if not top:
        raise Forbidden("alarms.not_yours_to_set")
    names = names_of(top)
    below = [(one.code, f"　{one.name}") for code in top for one in children(code)] if len(top) == 1 else []
    return [*((code, names[code]) for code in top), *below]


@login_required
@require_http_methods(["GET", "POST"])
def new_alarm(request: Request) -> HttpResponse:
    """Raise an alarm by hand, or hold a drill."""
    form = AlarmForm(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = raise_by_hand(by=request.actor, tell=tell, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("alarm", made.pk)
    return matter_page(request, "alarms/new.html", status=form.status, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def rules(request: Request) -> HttpResponse:
    """The rules that hold where I serve; whoever may set them takes a file over."""
    if not request.access.places(SEE):
        raise Forbidden("alarms.not_on_duty")
    form = RulesForm(request) if request.access.places(SET) else None
    if request.method == "POST":
        if form is None:
            raise Forbidden("alarms.not_yours_to_set")
        if form.is_valid() and _take_file(request, form):
            return redirect("alarm_rules")
    held = Rule.objects.filter(under_any(request.access.places(SEE)), until__isnull=True).order_by("hazard", "id")
    rows = list(held[:LINES])
    names = names_of(one.place_code for one in rows)
    said = current()
    shown = [(one, rule_title(one, said), hazard_title(one.hazard, said), names[one.place_code]) for one in rows]
    return matter_page(request, "alarms/rules.html", status=form.status if form else 200, form=form, rows=shown)


def _take_file(request: Request, form: RulesForm) -> bool:
    sent, place = form.cleaned_data["file"], form.cleaned_data["place_code"]
    text = sent.read().decode("utf-8", "replace")
    try:
        taken = import_rules(by=request.actor, place_code=place, text=text, name=sent.name or "rules.yaml")
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, t("web.alarms.rules_taken", count=len(taken)))
    return True


@login_required
@require_http_methods(["GET", "POST"])
def mutes(request: Request) -> HttpResponse:
    """What is muted, why and until when; a new one."""
    form = MuteForm(request)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = dict(form.cleaned_data)
        until = clock.now() + timedelta(hours=int(given.pop("hours")))
        try:
            mute(by=request.actor, until=_to_the_minute(until), **given)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, t("web.alarms.muted"))
            return redirect("alarm_mutes")
    held = list(mutes_at(request.access.places(SET)))
    names = names_of(one.place_code for one in held)
    rows = [(one, names[one.place_code], hazard_title(one.hazard, current()) if one.hazard else "") for one in held]
    return matter_page(request, "alarms/mutes.html", status=form.status, form=form, rows=rows)


def _to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@login_required
@require_POST
def end_mute(request: Request, mute_id: int) -> HttpResponse:
    """People are called again."""
    found = request.access.limit(Mute.objects.all(), SET).filter(pk=mute_id).first()
    if found is None:
        raise Http404(mute_id)
    unmute(by=request.actor, mute=found)
    return redirect("alarm_mutes")
