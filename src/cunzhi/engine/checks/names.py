"""What the parts of a scenario name exists: roles, forms, fields, parameters, accounts, elements, transitions."""

from collections.abc import Iterator

from cunzhi.base.strict_yaml import Problem
from cunzhi.catalogue.queries import elements
from cunzhi.engine.checks.children import wrong_children
from cunzhi.engine.checks.place import fields, nobody_called, problem, transitions
from cunzhi.engine.spec.effect import Effect, Notify, Observe, Post
from cunzhi.engine.spec.form import Form, FormField
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.workflow import RELATIONS, State, Transition, Workflow
from cunzhi.ledger.charts import FLOORS
from cunzhi.meetings.models import Meeting
from cunzhi.registry.roles import roles


def unknown_names(scenario: Scenario) -> Iterator[Problem]:
    """Every name that leads nowhere."""
    yield from _manifest(scenario)
    for name, form in scenario.forms.items():
        yield from _form(scenario, f"forms/{name}.yaml", form)
    for name, workflow in scenario.workflows.items():
        path = f"workflows/{name}.yaml"
        for state_name, state in workflow.states.items():
            yield from _state(scenario, path, state_name, state)
        for step, transition in transitions(workflow):
            yield from _transition(scenario, path, workflow, step, transition)
            for effect in transition.effects:
                yield from _effect(scenario, path, workflow, step, effect)


def _manifest(scenario: Scenario) -> Iterator[Problem]:
    manifest, path = scenario.manifest, "manifest.yaml"
    for role in manifest.roles:
        if role not in roles():
            yield problem(scenario, path, nobody_called("role", role, roles()), "roles", role)
    if manifest.open311 and manifest.open311 not in scenario.workflows:
        yield problem(scenario, path, nobody_called("workflow", manifest.open311, scenario.workflows), "open311")


def _form(scenario: Scenario, path: str, form: Form) -> Iterator[Problem]:
    for field in form.fields:
        if field.element is not None:
            yield from _element(scenario, path, field)
        named = field.choices_from.parameter if field.choices_from else None
        with_rows = [name for name, parameter in scenario.parameters.items() if parameter.rows]
        if named is not None and named not in with_rows:
            yield problem(scenario, path, nobody_called("parameter with rows", named, with_rows), field.name, named)
        for value in _never_answered(form, field):
            what = f"{field.name} is never asked for {value!r}, which {field.relevant and field.relevant.field} lacks"
            yield problem(scenario, path, what, field.name, "relevant")


def _element(scenario: Scenario, path: str, field: FormField) -> Iterator[Problem]:
    assert field.element is not None  # noqa: S101  the caller saw it
    element = elements().get(field.element)
    if element is None:
        yield problem(scenario, path, nobody_called("element", field.element, elements()), field.name, field.element)
    elif element.type != field.type:
        what = f"{field.name} is of type {field.type}, and the element {field.element} of type {element.type}"
        yield problem(scenario, path, what, field.name)


def _never_answered(form: Form, field: FormField) -> list[str]:
    """Answers that `relevant` waits for and its field, which lists its choices, does not have."""
    asked = form.field(field.relevant.field) if field.relevant else None
    if field.relevant is None or asked is None or not asked.choices:
        return []
    return sorted(set(field.relevant.in_) - {choice.name for choice in asked.choices})


def _state(scenario: Scenario, path: str, name: str, state: State) -> Iterator[Problem]:
    ladder = state.deadline.ladder if state.deadline else []
    for role in [*ladder, *filter(None, [state.waits_for])]:
        if role not in scenario.manifest.roles:
            what = f"{name}: {nobody_called('role of the manifest', role, scenario.manifest.roles)}"
            yield problem(scenario, path, what, f"{name}:", role)
    days = state.timer.working_days if state.timer else None
    if isinstance(days, str):
        yield from _number(scenario, path, name, days)


def _number(scenario: Scenario, path: str, where: str, name: str) -> Iterator[Problem]:
    """A parameter that is one number and no table."""
    numbers = [each for each, parameter in scenario.parameters.items() if not parameter.rows]
    if name not in numbers:
        yield problem(scenario, path, f"{where}: {nobody_called('single number', name, numbers)}", f"{where}:", name)


def _transition(scenario: Scenario, path: str, workflow: Workflow, name: str, one: Transition) -> Iterator[Problem]:
    known = {*RELATIONS, "timer", *scenario.manifest.roles}
    for who in one.by:
        if who not in known:
            what = f"{name}: {nobody_called('relation and no role of the manifest', who, known)}"
            yield problem(scenario, path, what, f"{name}:", who)
    if workflow.subject == "none" and "subject" in one.by:
        yield problem(scenario, path, f"{name}: this workflow has no subject", f"{name}:", "subject")
    if one.form is not None and one.form not in scenario.forms:
        what = f"{name}: {nobody_called('form', one.form, scenario.forms)}"
        yield problem(scenario, path, what, f"{name}:", one.form)
    if one.assigns:
        yield from _assigns(scenario, path, name, one)


def _assigns(scenario: Scenario, path: str, name: str, one: Transition) -> Iterator[Problem]:
    form = scenario.forms.get(one.form or "")
    field = form.field(one.assigns or "") if form else None
    if field is None or field.choices_from is None or field.choices_from.lookup != "workers":
        what = f"{name}: its form has no field {one.assigns!r} with `choices_from: {{lookup: workers}}`"
        yield problem(scenario, path, what, f"{name}:", "assigns")


def _effect(scenario: Scenario, path: str, workflow: Workflow, name: str, effect: Effect) -> Iterator[Problem]:
    if effect.post is not None:
        yield from _post(scenario, path, workflow, name, effect.post)
    if effect.notify is not None:
        yield from _notify(scenario, path, workflow, name, effect.notify)
    if effect.convene or effect.conclude:
        yield from _meeting(scenario, path, name, effect)
    if effect.observe is not None:
        yield from _observe(scenario, path, workflow, name, effect.observe)
    if effect.open or effect.respond or effect.stand_down:
        yield from wrong_children(scenario, path, workflow, name, effect)
    if effect.publish and effect.publish.days:
        yield from _number(scenario, path, name, effect.publish.days)
    asked = effect.ask_machine.field if effect.ask_machine else effect.record.field if effect.record else None
    named = [field.name for field in fields(scenario)]
    if asked and asked not in named:
        yield problem(scenario, path, f"{name}: {nobody_called('field', asked, named)}", f"{name}:", asked)


def _observe(scenario: Scenario, path: str, workflow: Workflow, name: str, part: Observe) -> Iterator[Problem]:
    """Fields of the step's own form, each of the type that is needed."""
    form = scenario.forms.get(dict(transitions(workflow))[name].form or "")
    for field, kind in ((part.field, "select_one"), (part.photos, "image"), (part.spot, "geopoint")):
        known = {one.name for one in form.fields if one.type == kind} if form else set()
        if field is not None and field not in known:
            what = f"{name}: {nobody_called(f'field of the type {kind} in the form of this step', field, known)}"
            yield problem(scenario, path, what, f"{name}:", field)


def _meeting(scenario: Scenario, path: str, name: str, effect: Effect) -> Iterator[Problem]:
    """The fields that say when, where and whose a meeting is and what was counted; choices that are bodies."""
    call, end = effect.convene, effect.conclude
    asked = [call.on, call.hour, call.venue, call.chosen] if call else []
    asked += [end.agreed, end.against, end.abstained] if end else []
    known = {field.name: field for field in fields(scenario)}
    for one in filter(None, asked):
        if one not in known:
            yield problem(scenario, path, f"{name}: {nobody_called('field', one, known)}", f"{name}:", one)
    chosen = known.get(call.chosen or "") if call else None
    for choice in chosen.choices if chosen else []:
        if choice.name not in Meeting.Body:
            what = f"{name}: {nobody_called('body that meets', choice.name, Meeting.Body.values)}"
            yield problem(scenario, path, what, f"{name}:", choice.name)


def _notify(scenario: Scenario, path: str, workflow: Workflow, name: str, notify: Notify) -> Iterator[Problem]:
    known = {*RELATIONS, *scenario.manifest.roles, "waiting"} - {"resident"}
    if workflow.subject == "none":
        known.discard("subject")
    if workflow.convenes:
        known.add("due")
    if notify.to not in known:
        yield problem(scenario, path, f"{name}: {nobody_called('receiver', notify.to, known)}", f"{name}:", notify.to)


def _post(scenario: Scenario, path: str, workflow: Workflow, name: str, post: Post) -> Iterator[Problem]:
    if post.book not in scenario.manifest.books:
        what = f"{name}: {nobody_called('book of the manifest', post.book, scenario.manifest.books)}"
        yield problem(scenario, path, what, f"{name}:", post.book)
        return
    for kind in filter(None, (post.source, post.target)):
        if kind not in FLOORS[post.book]:
            what = f"{name}: {nobody_called(f'account of the book {post.book}', kind, FLOORS[post.book])}"
            yield problem(scenario, path, what, f"{name}:", kind)
    if post.undo is not None and post.undo != "open" and post.undo not in workflow.transitions:
        what = f"{name}: {nobody_called('transition', post.undo, workflow.transitions)}"
        yield problem(scenario, path, what, f"{name}:", post.undo)
    if post.book == "goods" and not any(_chooses_goods(field) for field in fields(scenario)):
        what = f"{name}: goods are moved, and no form has the field `goods` with `choices_from: {{lookup: goods}}`"
        yield problem(scenario, path, what, f"{name}:", "goods")


def _chooses_goods(field: FormField) -> bool:
    return field.name == "goods" and field.choices_from is not None and field.choices_from.lookup == "goods"
