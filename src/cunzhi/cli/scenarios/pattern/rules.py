"""The rules: pure functions of what is known of a case."""

from cunzhi.sdk import Answer, Facts, no, yes


def not_too_often(facts: Facts) -> Answer:
    """A person asks at most so many times a day."""
    most = facts.numbers["requests_a_day"]
    return yes() if facts.known["opened_today"] <= most else no("too_often", most=most)
