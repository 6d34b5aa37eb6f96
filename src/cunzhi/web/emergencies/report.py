"""The situation report of an emergency, drawn from the records: nobody fills in another form for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min

from cunzhi.alarms.models import Alarm, Warned
from cunzhi.alarms.queries.alarms import seen_by as alarms_seen
from cunzhi.alarms.queries.warnings import in_force
from cunzhi.alarms.wording import hazard_title, subject_of
from cunzhi.base import clock
from cunzhi.base.fields import under
from cunzhi.base.text import Text
from cunzhi.emergencies.models import Arrival, Emergency, Shelter
from cunzhi.emergencies.queries.heads import STANDS, doors_count, fillings
from cunzhi.emergencies.queries.running import may_count
from cunzhi.engine.models import Case, Step
from cunzhi.engine.queries.cases import scenario_of
from cunzhi.registry.queries.places import name_of, names_of
from cunzhi.registry.roles import roles
from cunzhi.web.language import current, t, words
from cunzhi.web.request import Request

MOST_TASKS, SHOWN, MOST_LINES = 1000, 80, 80


@dataclass(frozen=True)
class Task:
    """One duty as it stands: done, late (done, but late), due, overdue, impossible or lapsed."""

    case: Case
    what: str
    office: str
    place: str
    stands: str
    said: str


def shown(one: Emergency, place: str = "") -> dict[str, Any]:
    """What every page says of an emergency."""
    until = one.ended_at or clock.now()
    return {
        "emergency": one, "place": place or name_of(one.place_code), "hazard": hazard_title(one.hazard, current()),
        "minutes": max(0, int((until - one.opened_at).total_seconds() // 60)),
    }  # fmt: skip


def report(request: Request, one: Emergency, case: Case) -> dict[str, Any]:
    """The whole of it."""
    tasks = tasks_of(case)
    filled = fillings(one)
    counts = doors_count(one, one.place_code)
    heads = sum(each.heads for each in filled)
    groups = [(name, sum(task.stands in kinds for task in tasks)) for name, kinds in GROUPS]
    return shown(one) | {
        "case": case, "tasks": tasks[:SHOWN],
        "more": len(tasks) - SHOWN, "now": clock.now(),
        "counts": groups, "said": t("web.emergencies.said", heads=heads, **dict(groups)),
        "shelters": [(each, may_count(request.access, each.shelter)) for each in filled],
        "heads": heads, "left": sum(each.left for each in filled if not each.unsafe),
        "doors": [(name, counts[name]) for name in STANDS if name in counts],
        "alarms": _alarms(request, one), "warnings": _warnings(one), "history": _history(one, case),
    }  # fmt: skip


GROUPS = (
    ("done", ("done", "late")),
    ("due", ("due",)),
    ("overdue", ("overdue",)),
    ("not_done", ("impossible", "lapsed")),
)


def tasks_of(case: Case) -> list[Task]:
    """Every task, those that are overdue first, then by their time."""
    rows = list(Case.objects.filter(parent=case).order_by("opened_at", "id")[:MOST_TASKS])
    ended = {step.case_id: step for step in Step.objects.filter(case__in=rows).order_by("id")}
    names = names_of(one.place_code for one in rows)
    tasks = [_task(one, ended[one.pk], names[one.place_code]) for one in rows]
    return sorted(tasks, key=lambda task: task.stands != "overdue")


def _task(case: Case, last: Step, place: str) -> Task:
    given = case.answers
    office = roles().get(str(given.get("office", "")))
    said = last.reason or str(last.answers.get("said", ""))
    what = _what(case) or t("web.emergencies.erased")
    return Task(case, what, words(office.title) if office else "", place, stands_of(case, late=last.late), said)


def _what(case: Case) -> str:
    """The duty in the reader's language, as far as it was given in it."""
    english = case.answers.get("what_en") if current() == "en" else ""
    return str(english or case.answers.get("what", ""))


def stands_of(case: Case, *, late: bool) -> str:
    if case.closed_at is None:
        return "overdue" if case.due_at is not None and case.due_at < clock.now() else "due"
    if case.state == "done":
        return "late" if late else "done"
    return case.state


def _alarms(request: Request, one: Emergency) -> list[tuple[Alarm, str]]:
    """The alarms of this hazard here that were open at any time since, as far as the reader may see them."""
    held = alarms_seen(request.access).filter(under(one.place_code), hazard=one.hazard, drill=one.drill)
    until = one.ended_at or clock.now()
    rows = held.filter(raised_at__lte=until).exclude(cleared_at__lt=one.opened_at).select_related("rule")
    return [(alarm, subject_of(alarm, current())) for alarm in rows.order_by("-raised_at")[:10]]


def _warnings(one: Emergency) -> list[Warned]:
    return list(in_force(one.place_code)[:10]) if one.ended_at is None else []


def _history(one: Emergency, case: Case) -> list[tuple[datetime, str, str]]:
    """(when, what, its words) of the lead's steps, the tasks' ends and each shelter's first count, newest first."""
    flows = scenario_of(case).workflows  # the tasks stand on the lead's version
    steps = list(case.steps.select_related("case", "actor").order_by("-id")[:MOST_LINES])
    ends = Step.objects.filter(case__parent=case).exclude(transition="open").select_related("case", "actor")
    steps += ends.order_by("-id")[:MOST_LINES]
    lines = [_line(step, flows[step.case.workflow].transition(step.transition).title) for step in steps]
    firsts = Arrival.objects.filter(emergency=one).values_list("shelter").annotate(first=Min("at"))
    shelters = Shelter.objects.in_bulk([pk for pk, _ in firsts])
    lines += [(at, t("web.emergencies.first_heads", name=shelter_name(shelters[pk])), "") for pk, at in firsts]
    return sorted(lines, key=lambda line: line[0], reverse=True)[:MOST_LINES]


def _line(step: Step, way: Text) -> tuple[datetime, str, str]:
    """What somebody did. Who leads and works here holds an office, so the name stands in clear."""
    who = step.actor.name if step.actor else t("web.emergencies.by_itself")
    what = _what(step.case) if step.case.parent_id else ""
    said = step.reason or str(step.answers.get("said", ""))
    return step.at, f"{who}{t('web.form.colon')}{words(way)}", " — ".join(one for one in (what, said) if one)


def shelter_name(shelter: Shelter) -> str:
    return shelter.name_en if current() == "en" else shelter.name
