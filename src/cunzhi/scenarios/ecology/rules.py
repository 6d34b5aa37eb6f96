"""The rules of ecology: which finding of a patrol is handed on."""

from cunzhi.sdk import Facts


def to_be_handled(facts: Facts) -> bool:
    """What whoever was there asks the township to handle."""
    return bool(facts.answers.get("hand_on") == "yes")
