"""What a matter is about, in one short line, for lists: no more queries for many rows than for one."""

from collections.abc import Iterable
from functools import lru_cache

from cunzhi.engine.loader import kept_by
from cunzhi.engine.models import Case
from cunzhi.engine.queries.cases import scenario_of
from cunzhi.engine.queries.worklist import Waiting
from cunzhi.engine.spec.form import FormField
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.ledger.models import Item
from cunzhi.web.language import current, words

LONGEST = 40


class Gists:
    """The gists of one page of cases; goods are named by one query for all of them.

    `of_goods` are the numbers of those whose gist tells what goods are called, which stands nowhere in the case.
    """

    def __init__(self, cases: Iterable[Case | Waiting]) -> None:
        asking = [(case, named) for case in cases if (named := _goods(*_kind(case)))]
        chosen = {str(case.answers.get(name)) for case, names in asking for name in names}
        self.of_goods = {case.number for case, _ in asking}
        rows = Item.objects.filter(pk__in=[int(each) for each in chosen if each.isdecimal()]) if chosen else []
        self._goods = {str(item.pk): item for item in rows}

    def of(self, case: Case | Waiting) -> str:
        """The first choice and the first words of the form that opened it."""
        scenario, answers, told = scenario_of(case), case.answers, []
        asked = _fields(*_kind(case))
        choice = next((one for one in asked if one.type == "select_one" and one.name in answers), None)
        text = next((one for one in asked if one.type == "text" and answers.get(one.name)), None)
        if choice is not None:
            told.append(self._chosen(choice, str(answers[choice.name]), scenario))
        if text is not None:
            told.append(str(answers[text.name])[:LONGEST])
        return " · ".join(part for part in told if part)

    def _chosen(self, one: FormField, value: str, scenario: Scenario) -> str:
        if one.choices_from is None:
            return next((words(choice.label) for choice in one.choices if choice.name == value), value)
        if one.choices_from.parameter is not None:
            row = scenario.parameters[one.choices_from.parameter].rows.get(value)
            return words(row) if row else value
        item = self._goods.get(value)
        if item is None:
            return ""
        return item.name_en or item.name if current().startswith("en") else item.name


def _kind(case: Case | Waiting) -> tuple[str, str, str]:
    version = case.scenario_version
    return version.slug, version.digest, case.workflow


@lru_cache(maxsize=200)
def _fields(slug: str, digest: str, workflow: str) -> list[FormField]:
    """What the form asks with which such a matter is opened; a version never changes."""
    scenario = kept_by(slug, digest)
    form = scenario.workflows[workflow].open.form
    return scenario.forms[form].fields if form else []


@lru_cache(maxsize=200)
def _goods(slug: str, digest: str, workflow: str) -> tuple[str, ...]:
    """The answers of such a matter that name goods."""
    return tuple(
        one.name
        for one in _fields(slug, digest, workflow)
        if one.choices_from is not None and one.choices_from.lookup == "goods"
    )
