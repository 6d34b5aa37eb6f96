"""Cases as the API tells them: titles in the reader's language, people masked."""

from collections.abc import Iterable

from cunzhi.api.cases.schemas import (
    CaseTold,
    CaseWhole,
    FieldTold,
    FileTold,
    OpeningTold,
    OptionTold,
    PictureTold,
    StepTold,
    WayTold,
    Who,
)
from cunzhi.api.problems import language
from cunzhi.base import clock
from cunzhi.base.text import mask_name
from cunzhi.engine.choices import Setting, options
from cunzhi.engine.models import Attachment, Case, Step
from cunzhi.engine.parameters import numbers
from cunzhi.engine.permission import titles, why_seen
from cunzhi.engine.queries.cases import scenario_of, sent_with, state_of, steps_of, ways, workflow_of
from cunzhi.engine.queries.openings import Opening
from cunzhi.engine.spec.form import Form, FormField
from cunzhi.registry.access import Access
from cunzhi.registry.models import Person
from cunzhi.registry.queries.people import current
from cunzhi.registry.queries.places import names_of
from cunzhi.registry.roles import roles


def listed(cases: Iterable[Case]) -> list[CaseTold]:
    """Cases as a list tells them; the names of their places in one query."""
    found = list(cases)
    names = names_of(case.place_code for case in found)
    return [_told(case, names[case.place_code]) for case in found]


def whole_case(case: Case, access: Access) -> CaseWhole:
    """All of a case that the caller may know and do."""
    seen_as = why_seen(case, access) or ""
    by_duty = seen_as in roles()
    person = case.subject or case.opener
    setting = setting_of(case)
    return CaseWhole(
        **listed([case])[0].model_dump(),
        seen_as=seen_as,
        person=_who(person, "subject" if case.subject else "opener", access, by_duty=by_duty) if person else None,
        steps=[_step(case, step, access, by_duty=by_duty) for step in steps_of(case)],
        ways=[
            WayTold(
                transition=way.name,
                title=way.transition.title.in_(language()),
                as_=way.via,
                needs_reason=way.transition.needs_reason,
                needs_code=way.transition.code,
                fields=fields(setting.scenario.forms[way.transition.form] if way.transition.form else None, setting),
            )
            for way in ways(case, access)
        ],
        pictures=[picture(one) for one in sent_with(case, access).exclude(phash="").order_by("id")],
        files=[file(one) for one in sent_with(case, access).filter(phash="").order_by("id")],
    )


def opening(one: Opening, place_code: str) -> OpeningTold:
    """What may be brought at a place."""
    setting = Setting(one.scenario, place_code, numbers(one.scenario, one.activation, clock.today()))
    return OpeningTold(
        scenario=one.scenario.slug,
        workflow=one.name,
        title=one.workflow.title.in_(language()),
        as_=one.via,
        minutes=one.form.minutes if one.form else 0,
        fields=fields(one.form, setting),
    )


def setting_of(case: Case) -> Setting:
    """The place and the numbers under which a case's forms are filled in: those of the day it was opened."""
    scenario = scenario_of(case)
    opened = case.opened_at.astimezone(clock.ZONE).date()
    return Setting(scenario, case.place_code, numbers(scenario, case.activation, opened))


def fields(form: Form | None, setting: Setting) -> list[FieldTold]:
    """The questions of a form with what can be chosen."""
    return [_field(one, setting) for one in form.fields] if form else []


def picture(one: Attachment) -> PictureTold:
    """A picture without what the machine compares."""
    return PictureTold(
        id=one.pk, field=one.field, width=one.width, height=one.height, taken_at=one.taken_at, sha256=one.sha256
    )


def file(one: Attachment) -> FileTold:
    """A file that is no picture."""
    return FileTold(id=one.pk, field=one.field, name=one.name, kind=one.kind, size=one.size, sha256=one.sha256)


def _told(case: Case, place: str) -> CaseTold:
    return CaseTold(
        number=case.number,
        scenario=case.scenario,
        scenario_version=case.scenario_version.version,
        workflow=case.workflow,
        title=workflow_of(case).title.in_(language()),
        state=case.state,
        state_title=state_of(case).title.in_(language()),
        outcome=case.outcome,
        place_code=case.place_code,
        place=place,
        waits_for=case.waits_for,
        opened_at=case.opened_at,
        due_at=case.due_at,
        closed_at=case.closed_at,
        version=case.version,
    )


def _step(case: Case, step: Step, access: Access, *, by_duty: bool) -> StepTold:
    via = next((str(part["as"]) for part in step.why if "as" in part), "")
    helped = step.on_behalf_of
    return StepTold(
        at=step.at,
        transition=step.transition,
        title=workflow_of(case).transition(step.transition).title.in_(language()),
        from_state=step.from_state,
        to_state=step.to_state,
        by=_who(step.actor, via, access, by_duty=by_duty),
        on_behalf_of=_who(helped, "subject", access, by_duty=by_duty) if helped else None,
        answers=step.answers,
        reason=step.reason,
        late=step.late,
        rules=[str(part["guard"]) for part in step.why if "guard" in part],
    )


def _who(person: Person | None, via: str, access: Access, *, by_duty: bool) -> Who:
    """Who decides stands there by name and office for everybody who may read the case; villagers are masked."""
    is_me = person is not None and current(person).pk == access.actor.person_id
    name = ""
    if person is not None and (is_me or via in roles()):
        name = person.name
    elif person is not None and by_duty:
        name = mask_name(person.name)
    title = "" if via in ("opened", "") else titles([via]).in_(language())
    return Who(name=name, role=via, role_title=title, is_me=is_me)


def _field(one: FormField, setting: Setting) -> FieldTold:
    chosen = options(one, setting) if one.type in ("select_one", "select_multiple") else []
    return FieldTold(
        name=one.name,
        type=one.type,
        label=one.label.in_(language()),
        hint=one.hint.in_(language()) if one.hint else "",
        required=one.required,
        relevant_when={one.relevant.field: one.relevant.in_} if one.relevant else {},
        options=[OptionTold(value=each.value, label=each.label.in_(language()), note=each.note) for each in chosen],
    )
