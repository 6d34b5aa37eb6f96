"""The duty desk: what is alarming now by colour and clock, and one alarm with its history and who was called."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from cunzhi.alarms.actions.life import acknowledge, clear, handle
from cunzhi.alarms.models import Alarm, Call, Happening
from cunzhi.alarms.queries.alarms import SEE, SET, alarm_seen, may_answer, open_alarms, past_alarms
from cunzhi.alarms.queries.clock import Standing, climbed, standing
from cunzhi.alarms.wording import subject_of, told_value
from cunzhi.base import clock
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.base.text import mask_name
from cunzhi.engine.alarming import deliveries
from cunzhi.engine.leading import of_alarm, offer
from cunzhi.registry.queries.places import name_of, names_of
from cunzhi.registry.roles import roles
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.formats import moment
from cunzhi.web.language import current, t, words
from cunzhi.web.request import Request

MOST = 60
PAST = 10
STILL, RELOADED = "0", "60"
"""What `every` may say: the desk stands still, or a browser without JavaScript loads it again each minute."""


@dataclass(frozen=True)
class Line:
    """One alarm as the desk shows it."""

    alarm: Alarm
    subject: str
    value: str
    place: str
    standing: Standing
    next_rung: str
    may_answer: bool
    climbed: Sequence[tuple[str, datetime]] = ()


@login_required
@require_safe
def desk(request: Request) -> HttpResponse:
    """Open alarms, the gravest and unanswered first; a program asks every few seconds for the list alone, and is told
    in a sentence what to say aloud only when something is other than what it knew."""
    if not request.access.places(SEE):
        raise Forbidden("alarms.not_on_duty")
    held = list(open_alarms(request.access)[:MOST])
    context: dict[str, Any] = {"lines": lines_of(request, held), "now": clock.now(), "known": _state_of(held)}
    context["said"] = _in_a_sentence(held)
    context["news"] = bool(request.htmx) and request.GET.get("known", "") != context["known"]
    every = request.GET.get("every", "")
    context["every"] = every if every in (STILL, RELOADED) else ""
    if request.htmx:
        return matter_page(request, "alarms/lines.html", **context)
    past = lines_of(request, list(past_alarms(request.access)[:PAST]))
    response = matter_page(request, "alarms/desk.html", past=past, may_set=bool(request.access.places(SET)), **context)
    if every == RELOADED:
        response["Refresh"] = RELOADED
    return response


def lines_of(request: Request, alarms: list[Alarm]) -> list[Line]:
    names, calls = names_of(one.place_code for one in alarms), climbed(alarms)
    return [_line(request, one, names[one.place_code], calls[one.pk]) for one in alarms]


def _line(request: Request, alarm: Alarm, place: str, calls: Sequence[Happening]) -> Line:
    found = standing(alarm)
    rung = words(roles()[found.next_rung].title) if found.next_rung else ""
    allowed = alarm.is_open and may_answer(request.access, alarm)
    way = [(words(roles()[one.rung].title), one.at) for one in calls]
    return Line(alarm, subject_of(alarm, current()), told_value(alarm, current()), place, found, rung, allowed, way)


def _state_of(alarms: Sequence[Alarm]) -> str:
    """The same as long as nothing happened, whatever the time is."""
    known = "/".join(f"{one.pk} {one.colour} {one.phase} {one.rung}" for one in alarms)
    return hashlib.sha256(known.encode()).hexdigest()[:16]


def _in_a_sentence(alarms: Sequence[Alarm]) -> str:
    waiting = sum(one.acknowledged_at is None for one in alarms)
    return t("web.alarms.said", open=len(alarms), waiting=waiting)


@login_required
@require_safe
def alarm(request: Request, alarm_id: int) -> HttpResponse:
    """One alarm: what was seen, what happened, who was called and whether it reached them."""
    found = alarm_or_404(request, alarm_id)
    calls = list(found.calls.select_related("person").order_by("id")[:MOST])
    delivered = deliveries(calls)
    context: dict[str, Any] = {
        "line": _line(request, found, name_of(found.place_code), climbed([found])[found.pk]),
        "history": [_told(one) for one in found.happenings.select_related("person").order_by("id")],
        "calls": [_row(request, one, delivered[one.pk]) for one in calls],
        "offer": offer(request.access, of_alarm(found)),
    }
    return matter_page(request, "alarms/alarm.html", **context)


def alarm_or_404(request: Request, alarm_id: int) -> Alarm:
    try:
        return alarm_seen(alarm_id, request.access)
    except Refused as refused:
        raise Http404(alarm_id) from refused


def _told(one: Happening) -> tuple[Happening, str]:
    """A line of the history in words. Whoever answers for an alarm stands there by name: they hold an office."""
    rung = words(roles()[one.rung].title) if one.rung else ""
    who = one.person.name if one.person else t("web.alarms.by_itself")
    colour = t(f"alarms.colour.{one.colour}")
    return one, t(f"web.alarms.happened.{one.what}", who=who, rung=rung, count=one.count, colour=colour)


def _row(request: Request, call: Call, delivery: str) -> list[str]:
    """Who was called as what, when, and whether it came."""
    together = t("web.alarms.grouped") if call.grouped else ""
    who = f"{words(roles()[call.rung].title)} {_called(request, call)}"
    return [who, moment(call.at), f"{t(f'web.alarms.delivered.{delivery}')}{together}"]


def _called(request: Request, call: Call) -> str:
    """The name of whoever was called, in clear where the reader serves."""
    shown = request.access.may("people.see", call.person.place_code) or request.access.may(SEE, call.alarm.place_code)
    return call.person.name if shown else mask_name(call.person.name)


@login_required
@require_POST
def take_it(request: Request, alarm_id: int) -> HttpResponse:
    """I have it."""
    acknowledge(by=request.actor, alarm=alarm_or_404(request, alarm_id))
    messages.success(request, t("web.alarms.taken"))
    return redirect("alarm", alarm_id)


@login_required
@require_POST
def write_down(request: Request, alarm_id: int) -> HttpResponse:
    """What was done."""
    handle(by=request.actor, alarm=alarm_or_404(request, alarm_id), words=request.POST.get("words", ""))
    messages.success(request, t("web.alarms.written"))
    return redirect("alarm", alarm_id)


@login_required
@require_POST
def end_it(request: Request, alarm_id: int) -> HttpResponse:
    """The danger is over, or there was none."""
    given = {name: request.POST.get(name, "") for name in ("outcome", "words")}
    clear(by=request.actor, alarm=alarm_or_404(request, alarm_id), **given)
    messages.success(request, t("web.alarms.ended"))
    return redirect("alarm", alarm_id)
