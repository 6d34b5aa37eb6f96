"""The rules of disclosure: the right period, books that agree, four eyes on masks, no numbers of people."""

from cunzhi.sdk import Answer, Facts, no, yes

MONTHLY = ("finance", "funds")
AT_EVENTS = ("great_matters",)
LONG = 11
"""A phone number has eleven figures; whatever has as many in a row is looked at twice."""


def right_period(facts: Facts) -> Answer:
    """A monthly column is made public for a month, a quarterly one for a quarter, an event for its year."""
    column, period = facts.answers["column"], facts.answers["period"]
    if column in MONTHLY:
        return yes() if "-" in period and "Q" not in period else no("needs_month")
    if column in AT_EVENTS:
        return yes() if "-" not in period else no("needs_year")
    return yes() if "Q" in period else no("needs_quarter")


def agrees_with_book(facts: Facts) -> Answer:
    """The account of a month is made public only when what was counted is what the book says."""
    if not is_finance(facts):
        return yes()
    counted, booked = facts.answers.get("counted"), facts.known["closing_balance"]
    if counted is None:
        return no("count_first")
    if round(counted * 100) != booked:
        return no("does_not_agree", counted=f"{counted:.2f}", booked=f"{booked / 100:.2f}")
    return yes()


def looked_at_all(facts: Facts) -> Answer:
    """The board says that it looked at the content and at the masks."""
    return yes() if len(facts.answers["looked_at"]) == len(("content", "masks")) else no("look_at_all")


def no_numbers(facts: Facts) -> Answer:
    """A question with a long number in it is sent only by who says that it may be public."""
    run = longest = 0
    for sign in facts.answers["question"]:
        run = run + 1 if sign.isdigit() else run if sign in " -" else 0
        longest = max(longest, run)
    return no("number_in_it") if longest >= LONG and not facts.answers.get("sure") else yes()


def is_finance(facts: Facts) -> bool:
    """Whether the notice is the account of a month."""
    return bool(facts.answers["column"] == "finance")


def is_not_finance(facts: Facts) -> bool:
    """Whether it is any other notice."""
    return not is_finance(facts)
