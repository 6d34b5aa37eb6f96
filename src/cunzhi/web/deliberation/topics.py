"""Topics of the village: what is talked over, in which phase, what was said, and what the committee answers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.deliberation.actions.topics import Plan, answer, open_topic
from cunzhi.deliberation.models import Contribution, Topic
from cunzhi.deliberation.queries.phases import is_late, phase_of, phases_of
from cunzhi.deliberation.queries.topics import appeals_under, how_many_said, said_on, topics_under
from cunzhi.engine.votes import tell
from cunzhi.registry.queries.places import name_of, names_of
from cunzhi.web.cases.acting import VILLAGE, acting
from cunzhi.web.cases.pages import matter_page
from cunzhi.web.cases.reading import fresh_key, key_in
from cunzhi.web.deliberation.forms import TopicForm, WordsForm
from cunzhi.web.deliberation.reading import posted, seen, ways
from cunzhi.web.language import t
from cunzhi.web.paging import SIZE, asked_number, paged, turned
from cunzhi.web.people.homes import reached
from cunzhi.web.request import Request

KINDS = (Contribution.Kind.SUGGESTION, Contribution.Kind.REMARK)


@login_required
@require_safe
def topics(request: Request) -> HttpResponse:
    """The topics of my village, and of where I serve; for the township, appeals that wait."""
    acts = acting(request)
    own = [acts.village] if len(acts.village) == VILLAGE else []
    found = paged(request, topics_under(sorted({*own, *request.access.places("topic.see")})))
    names = names_of(one.place_code for one in found.rows)
    rows = [(one, phase_of(one), is_late(one) and phase_of(one) in ("answer", "done")) for one in found.rows]
    appeals = list(appeals_under(request.access.places("topic.judge"))[:SIZE])
    may_open = bool(request.access.places("topic.open"))
    context: dict[str, Any] = {"rows": rows, "pager": found, "names": names, "appeals": appeals, "may_open": may_open}
    return matter_page(request, "deliberation/topics.html", **context)


@login_required
@require_safe
def topic(request: Request, topic_id: int) -> HttpResponse:
    """One topic: its phases, its text, what was said, and what the reader can do."""
    found, acts = seen(request, topic_id)
    asked = request.GET.get("show", "")
    kind = asked if asked in KINDS else str(KINDS[0])
    number = asked_number(request)
    said = said_on(found, acts.person.pk, kind=kind, start=(number - 1) * SIZE, most=SIZE + 1)
    pager = turned(request, said, number)
    counts = how_many_said(found)
    context: dict[str, Any] = {
        "topic": found,
        "place": name_of(found.place_code),
        "phase": phase_of(found),
        "phases": _progress(found),
        "late": is_late(found),
        "ways": ways(request, found, acts),
        "kind": kind,
        "counts": [(one, counts[one]) for one in KINDS],
        "pager": pager,
        "may_speak": phase_of(found) == "discuss" and acts.person.place_code.startswith(found.place_code),
        "may_moderate": request.access.may("topic.moderate", found.place_code) is not None,
        "may_reply": request.access.may("topic.answer", found.place_code) is not None
        and phase_of(found) not in ("read", "done"),
        "options": list(found.options.order_by("number")),
        "form": WordsForm(label="web.topics.remark_field"),
        "key": fresh_key(),
    }
    return matter_page(request, "deliberation/topic.html", **context)


def _progress(topic: Topic) -> list[tuple[str, str]]:
    """The phases for the bar: done, now or later, each with the day on which it ends."""
    names = [name for name, _, _ in phases_of(topic)]
    now = phase_of(topic)
    at = len(names) if now == "done" else names.index(now)
    return [
        (t(f"web.topics.phase.{name}"), "done" if place < at else "now" if place == at else "later")
        for place, name in enumerate(names)
    ]


@login_required
@require_http_methods(["GET", "POST"])
def new_topic(request: Request) -> HttpResponse:
    """The committee puts something before the village."""
    places = reached(request, "topic.open", ("village",))
    form = TopicForm(posted(request), initial={"discuss_from": clock.today(), "ballot": "none"})
    form.choose("place_code", places)
    if request.method == "POST" and form.is_valid():
        try:
            made = _open(request, form)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, t("web.topics.opened"))
            return redirect("topic", made.pk)
    hints = {name: t(f"web.topics.hints.{name}") for name in ("record", "discuss_until", "ballot", "options", "least")}
    context: dict[str, Any] = {"form": form, "hints": hints, "key": key_in(request), "heading": t("web.topics.new")}
    return matter_page(request, "deliberation/form.html", status=form.status, back="/topics/", **context)


def _open(request: Request, form: TopicForm) -> Topic:
    given = form.cleaned_data
    request.access.require("topic.open", given["place_code"])
    votes = given["ballot"] != Topic.Ballot.NONE
    plan = Plan(
        discuss_from=form.moment("discuss_from") or clock.now(),
        discuss_until=form.moment("discuss_until") or clock.now(),
        answer_by=form.moment("answer_by") or clock.now(),
        vote_until=form.moment("vote_until") if votes else None,
        options=given["options"].splitlines() if votes else (),
        **{name: given[name] for name in ("ballot", "voice", "quorum", "least")},
    )
    what = {name: given[name] for name in ("place_code", "title", "text", "record")}
    return open_topic(by=request.actor, plan=plan, key=f"web:{key_in(request)}", **what)


@login_required
@require_http_methods(["GET", "POST"])
def give_answer(request: Request, topic_id: int) -> HttpResponse:
    """What the committee makes of it."""
    found, _ = seen(request, topic_id)
    request.access.require("topic.answer", found.place_code)
    form = WordsForm(posted(request), label="web.topics.answer_field")
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                done = answer(by=request.actor, topic=found, words=form.cleaned_data["text"])
                tell(set(found.contributions.values_list("author_id", flat=True)), "answered", done)
        except Refused as error:
            form.add_error(None, error.say(request.language))
        else:
            messages.success(request, t("web.topics.answered"))
            return redirect("topic", found.pk)
    context: dict[str, Any] = {"form": form, "heading": t("web.topics.ways.answer_topic"), "about": found.title}
    return matter_page(request, "deliberation/form.html", status=form.status, back=f"/topics/{found.pk}/", **context)
