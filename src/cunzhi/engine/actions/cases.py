"""Opens cases and moves them on: the one road for every face, with or without a screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.base.calendar import add_working_days
from cunzhi.base.errors import Conflict, Refused
from cunzhi.base.numbers import number_for
from cunzhi.engine import answers as reading
from cunzhi.engine.actions.versions import keep_version
from cunzhi.engine.choices import Setting
from cunzhi.engine.deadlines import end_of
from cunzhi.engine.effects import Run, carry_out, keep_fact
from cunzhi.engine.held import fresh_answers
from cunzhi.engine.loader import kept, scenarios
from cunzhi.engine.loader import scenario as installed
from cunzhi.engine.models import Activation, Attachment, Case, Step
from cunzhi.engine.parameters import numbers
from cunzhi.engine.permission import require_help, require_way
from cunzhi.engine.pickup import code_of
from cunzhi.engine.queries.activations import activation_at
from cunzhi.engine.responding import Charge, Child
from cunzhi.engine.rules import ask
from cunzhi.engine.spec.form import SENT
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.workflow import Timer, Transition, Workflow
from cunzhi.journal.actions import note
from cunzhi.registry.access import Access
from cunzhi.registry.models import Membership, Person


@transaction.atomic
def open_case(
    *,
    by: Actor,
    scenario: str,
    workflow: str,
    place_code: str,
    answers: Mapping[str, Any],
    consent: str = "",
    key: str | None = None,
    parent: Case | None = None,
    charge: Charge | None = None,
) -> Case:
    """Open a matter. The same `key` again gives the same case: a retry after a lost answer never doubles. `charge`:
    for which office it waits and until when, where its workflow is not to say so."""
    again = Case.objects.filter(key=key).first() if key else None
    if again is not None:
        return _same_opener(again, by)
    access = Access(by)
    require_help(access, consent)
    spec, activation = _rules_for(scenario, place_code, parent)
    flow = spec.workflows.get(workflow)
    if flow is None:
        raise Refused("engine.no_such_workflow", scenario=scenario, workflow=workflow)
    case = _blank(spec, activation, workflow, place_code, by, parent)
    via = require_way(case, access, flow.open) if parent is None else "opened"
    case.key = key
    if not _insert(case):
        return _same_opener(Case.objects.get(key=key), by)
    return _take(case, flow, "open", by, via, answers, _Extra(consent=consent, charge=charge))


@transaction.atomic
def move(
    *,
    by: Actor,
    case: Case,
    transition: str,
    version: int,
    answers: Mapping[str, Any] | None = None,
    reason: str = "",
    consent: str = "",
    code: str = "",
    key: str | None = None,
) -> Case:
    """Take a transition. `version` is what the actor saw: when the case moved since, Conflict and nothing happens."""
    locked = Case.objects.select_for_update(of=("self",)).select_related(
        "activation", "scenario_version", "subject", "opener", "assignee"
    )
    fresh = locked.defer("scenario_version__files").get(pk=case.pk)
    taken = Step.objects.filter(key=key).values_list("case_id", flat=True).first() if key else None
    if taken is not None and taken != fresh.pk:
        raise Refused("engine.key_taken")
    if taken is not None:
        return fresh
    flow = kept(fresh.scenario_version).workflows[fresh.workflow]
    way = flow.transitions.get(transition)
    if fresh.version != version or way is None or fresh.state not in way.source:
        raise Conflict("engine.moved_meanwhile", number=fresh.number)
    access = Access(by)
    require_help(access, consent)
    via = require_way(fresh, access, way)
    if way.needs_reason and not reason.strip():
        raise Refused("engine.reason_missing", field="reason")
    if way.code and code.strip() != code_of(fresh):
        raise Refused("engine.wrong_code", field="code")
    extra = _Extra(reason=reason.strip(), consent=consent, key=key)
    return _take(fresh, flow, transition, by, via, answers or {}, extra)


@dataclass(frozen=True)
class _Extra:
    """What comes with a step beside its answers."""

    reason: str = ""
    consent: str = ""
    key: str | None = None
    charge: Charge | None = None


def _insert(case: Case) -> bool:
    """Write the new case; False when another request with the same key was quicker by a moment."""
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        if case.key and Case.objects.filter(key=case.key).exists():
            return False
        raise
    return True


def _same_opener(case: Case, by: Actor) -> Case:
    if not case.steps.filter(transition="open", actor_id=by.person_id).exists():
        raise Refused("engine.key_taken")
    return case


def _rules_for(scenario: str, place_code: str, parent: Case | None) -> tuple[Scenario, Activation]:
    """What a new case stands on; a child stands on what its parent does, even when that is no longer on."""
    if parent is not None:
        return kept(parent.scenario_version), parent.activation
    if scenario not in scenarios():
        raise Refused("engine.no_such_scenario", field="scenario", scenario=scenario)
    return installed(scenario), activation_at(scenario, place_code)


def _blank(
    spec: Scenario, activation: Activation, workflow: str, place_code: str, by: Actor, parent: Case | None
) -> Case:
    """The case as it stands before its first step."""
    moment = clock.now()
    subject = _subject(spec.workflows[workflow], by, parent)
    return Case(
        number=number_for(_next_number(), year=moment.astimezone(clock.ZONE).year),
        scenario=spec.slug,
        workflow=workflow,
        scenario_version=keep_version(spec) if parent is None else parent.scenario_version,
        activation=activation,
        state="",
        place_code=place_code,
        subject=subject,
        household_id=_household_of(subject, clock.today()),
        opener_id=by.whose,
        parent=parent,
        opened_at=moment,
        entered_at=moment,
        version=0,
    )


def _subject(flow: Workflow, by: Actor, parent: Case | None) -> Person | None:
    if flow.subject == "none":
        return None
    if parent is not None:
        return parent.subject
    person = by.whose
    if person is None:
        raise Refused("engine.no_subject")
    return Person.objects.get(pk=person)


def _household_of(subject: Person | None, day: date) -> int | None:
    if subject is None:
        return None
    return Membership.objects.filter(person=subject, until__isnull=True).values_list("household_id", flat=True).first()


def _next_number() -> int:
    """A count that no other case has."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval('engine_case_number')")
        else:
            cursor.execute("UPDATE engine_case_number SET value = value + 1 RETURNING value")
        return int(cursor.fetchone()[0])


def _take(case: Case, flow: Workflow, name: str, by: Actor, via: str, raw: Mapping[str, Any], extra: _Extra) -> Case:
    """Take a transition that the actor may take: read, ask the rules, write the step, carry out the effects."""
    way = flow.transition(name)
    scenario = kept(case.scenario_version)
    setting = Setting(scenario, case.place_code, numbers(scenario, case.activation, _day(case)))
    given = _read(case, way, raw, setting)
    merged = {**case.answers, **given}
    asked = ask(scenario, case, setting.numbers, merged)
    why = [{"as": via}, *(asked.guard(guard) for guard in way.guards)]
    step = _write(case, flow, name, by, given, why, extra)
    _attach(case, way, scenario, given, by)
    said = {answer: value for answer, value in given.items() if reading.is_answered(raw.get(answer))}
    _keep_facts(case, way, scenario, said, by)
    run = Run(case=case, step=step, by=by, setting=setting, asked=asked)
    carry_out(run, way.effects)
    detail = {"transition": name, "from": step.from_state, "to": case.state, "as": via, "number": case.number}
    private = {"answers": given, "reason": extra.reason}
    note(by=by, verb="case.step", record=case.record, place_code=case.place_code, detail=detail, private=private)
    for child in run.opens:
        _open_child(case, child, by)
    if run.lapse:
        _end_children(case, run.lapse)
    return case


def _day(case: Case) -> date:
    return case.opened_at.astimezone(clock.ZONE).date()


def _read(case: Case, way: Transition, raw: Mapping[str, Any], setting: Setting) -> dict[str, Any]:
    if way.form is None:
        return {}
    form = setting.scenario.forms[way.form]
    return reading.read(form, raw, setting, fresh_answers(form, case.subject, case.household))


def _write(
    case: Case, flow: Workflow, name: str, by: Actor, given: dict[str, Any], why: list[Any], extra: _Extra
) -> Step:
    """The step and the case's new standing."""
    moment = clock.now()
    way = flow.transition(name)
    step = Step(
        case=case,
        at=moment,
        actor_id=by.person_id,
        on_behalf_of_id=by.for_person_id,
        consent=extra.consent,
        transition=name,
        from_state=case.state,
        to_state=way.target,
        answers=given,
        reason=extra.reason,
        late=case.due_at is not None and moment > case.due_at,
        why=why,
        key=extra.key,
    )
    step.save(force_insert=True)
    case.answers = {**case.answers, **given}
    if way.assigns and way.assigns in given:
        case.assignee_id = int(given[way.assigns])
    _enter(case, flow, way.target, moment)
    if extra.charge is not None:
        case.waits_for, case.due_at = extra.charge.office, extra.charge.due_at
        case.climb_at = extra.charge.due_at if case.climb_at else None
    case.version += 1
    case.save(force_update=True)
    return step


def _enter(case: Case, flow: Workflow, state: str, moment: datetime) -> None:
    """Stand in a state: who is waited for, until when, and what happens by itself."""
    spec = flow.states[state]
    case.state = state
    case.entered_at = moment
    case.climbed_to = ""
    case.outcome = spec.outcome or ""
    case.closed_at = moment if spec.outcome else None
    case.waits_for = flow.waits_for(state)
    case.due_at = end_of(spec.deadline, moment) if spec.deadline else None
    case.climb_at = case.due_at if spec.deadline and spec.deadline.ladder else None
    case.timer_at = _timer_at(case, spec.timer, moment) if spec.timer else None


def _timer_at(case: Case, timer: Timer, moment: datetime) -> datetime:
    if isinstance(timer.working_days, int):
        days = timer.working_days
    else:
        days = int(numbers(kept(case.scenario_version), case.activation, _day(case))[timer.working_days])  # type: ignore[arg-type]
    local = moment.astimezone(clock.ZONE)
    last = add_working_days(local.date(), days)
    return datetime.combine(last, local.timetz()) if days else moment + timedelta(seconds=1)


def _attach(case: Case, way: Transition, scenario: Scenario, given: Mapping[str, Any], by: Actor) -> None:
    """Bind the pictures and files that the answers name to the case: one's own that are unbound, or its own already."""
    if way.form is None:
        return
    for field in scenario.forms[way.form].fields:
        if field.type not in SENT or field.name not in given:
            continue
        wanted = given[field.name]
        free = Q(case__isnull=True) | Q(case=case)
        own = Attachment.objects.filter(free, pk__in=wanted, uploaded_by_id=by.person_id)
        own = own.exclude(phash="") if field.type == "image" else own
        if own.update(case=case, field=field.name, place_code=case.place_code) != len(wanted):
            raise Refused(f"engine.answer.{field.type}", field=field.name)


def _keep_facts(case: Case, way: Transition, scenario: Scenario, given: Mapping[str, Any], by: Actor) -> None:
    """What was confirmed or newly said of bound elements goes back to the data centre; what was only shown keeps its
    day, or it would stay fresh for ever without anybody being asked."""
    if way.form is None:
        return
    for field in scenario.forms[way.form].fields:
        if field.element and field.name in given:
            keep_fact(case, field.element, given[field.name], by)


def _open_child(parent: Case, child: Child, by: Actor) -> None:
    open_case(
        by=by,
        scenario=parent.scenario,
        workflow=child.workflow,
        place_code=child.place_code or parent.place_code,
        answers=child.answers,
        parent=parent,
        charge=child.charge,
    )


def _end_children(parent: Case, transition: str) -> None:
    """What was asked for in a matter that is over is asked for no more."""
    for child in Case.objects.filter(parent=parent, closed_at__isnull=True).order_by("id"):
        move(by=system("tick"), case=child, transition=transition, version=child.version)
