"""Bookings and accounts in words: what moved, for what, and whose account it is."""

from collections.abc import Iterable

from cunzhi.base.text import mask_name
from cunzhi.engine.loader import scenarios
from cunzhi.ledger.charts import MONEY
from cunzhi.ledger.models import Item
from cunzhi.ledger.money import CATEGORY
from cunzhi.registry.models import Household, Membership
from cunzhi.web.formats import number
from cunzhi.web.language import current, t, words

FEN = 100
OWN = ("fund", "close_year", "stock_in", "stock_count")


def memo_in_words(memo: str) -> str:
    """What an entry was booked for: the step of a matter, or an act on the book itself."""
    if memo in OWN:
        return t(f"web.books.memo.{memo}")
    slug, _, rest = memo.partition(".")
    workflow_name, _, transition = rest.partition(".")
    scenario = scenarios().get(slug)
    workflow = scenario.workflows.get(workflow_name) if scenario else None
    if workflow is None or not (transition == "open" or transition in workflow.transitions):
        return memo
    return f"{words(workflow.title)} · {words(workflow.transition(transition).title)}"


def kind_in_words(kind: str) -> str:
    """What a kind of account is called."""
    return t(f"web.books.kinds.{kind}")


def amount_in_words(amount: int, book: str) -> str:
    """An amount of a book as people read it: fen are shown as yuan."""
    return number(amount / FEN, 2) if book == MONEY else number(amount)


def _category(holder: str) -> str:
    """What a category of income or expense is called in the form that asks for it."""
    name = holder.removeprefix(CATEGORY)
    forms = [
        form
        for scenario in scenarios().values()
        if MONEY in scenario.manifest.books
        for form in scenario.forms.values()
    ]
    choices = [choice for form in forms for field in form.fields for choice in field.choices]
    return next((words(choice.label) for choice in choices if choice.name == name), name)


def holders_in_words(holders: Iterable[str]) -> dict[str, str]:
    """Whose account each is: a good by its name, a household by its number and the head's masked name. Two queries."""
    items = _ids(holders, "item:")
    households = _ids(holders, "household:")
    english = current().startswith("en")
    named = {
        f"item:{one.pk}": (one.name_en or one.name) if english else one.name
        for one in Item.objects.filter(pk__in=items)
    }
    named |= {one: _category(one) for one in holders if one.startswith(CATEGORY)}
    heads = dict(
        Membership.objects.filter(household_id__in=households, relation="head", until__isnull=True).values_list(
            "household_id", "person__name"
        )
    )
    for household in Household.objects.filter(pk__in=households):
        head = mask_name(heads.get(household.pk, ""))
        named[household.record] = t("web.books.household", number=household.number, head=head)
    return named


def _ids(holders: Iterable[str], prefix: str) -> list[int]:
    return [int(one.removeprefix(prefix)) for one in holders if one.startswith(prefix)]
