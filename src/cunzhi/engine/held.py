"""What a form need not ask, because the data centre holds it and it is still fresh."""

from typing import Any

from cunzhi.engine.spec.form import Form
from cunzhi.registry.models import Household, Person
from cunzhi.registry.queries.facts import Known, current_facts


def known_for(form: Form, person: Person | None, household: Household | None) -> dict[str, Known]:
    """What is held for the form's bound fields, by field name, fresh or stale, with its day and source."""
    bound = {field.element: field.name for field in form.fields if field.element}
    if not bound:
        return {}
    return {bound[element]: known for element, known in current_facts(person, household, list(bound)).items()}


def fresh_answers(form: Form, person: Person | None, household: Household | None) -> dict[str, Any]:
    """The values that stand in for an answer nobody needs to give again."""
    return {name: known.value for name, known in known_for(form, person, household).items() if known.fresh}
