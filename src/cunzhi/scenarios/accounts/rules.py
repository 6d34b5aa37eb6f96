"""The rules of village accounts: yuan to fen, and which way the money goes."""

from cunzhi.sdk import Facts


def fen(facts: Facts) -> int:
    """The amount in fen, the only unit of the book."""
    yuan: float = facts.answers["amount"]
    return round(yuan * 100)


def is_income(facts: Facts) -> bool:
    """Whether the money came."""
    return bool(facts.answers["direction"] == "income")


def is_expense(facts: Facts) -> bool:
    """Whether the money went."""
    return not is_income(facts)
