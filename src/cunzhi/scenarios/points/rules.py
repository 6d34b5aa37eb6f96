"""The rules of points: what a deed is worth, and what stands in the way."""

from cunzhi.sdk import Answer, Facts, no, yes


def points_for_deed(facts: Facts) -> int:
    """What the tariff of the day of reporting gives for the deed."""
    points: int = facts.numbers["tariff"].get(facts.answers["deed"], 0)
    return points


def not_too_often(facts: Facts) -> Answer:
    """A person reports at most so many deeds a day."""
    most = facts.numbers["reports_a_day"]
    return yes() if facts.known["opened_today"] <= most else no("too_often", most=most)


def within_daily_cap(facts: Facts) -> Answer:
    """A household is granted at most so many points a day."""
    cap, earned = facts.numbers["daily_cap"], facts.known["earned_today"]
    return yes() if earned + points_for_deed(facts) <= cap else no("over_cap", cap=cap, earned=earned)


def pot_covers(facts: Facts) -> Answer:
    """No points are promised that the village's pot does not hold."""
    left, needed = facts.known["pot_left"], points_for_deed(facts)
    return yes() if left >= needed else no("pot_empty", left=left, needed=needed)


def pieces(facts: Facts) -> int:
    """How many pieces are asked for."""
    quantity: int = facts.answers["quantity"]
    return quantity


def price_asked(facts: Facts) -> int:
    """The price on the day of asking; what is given back later is what was taken then."""
    return facts.known["item_price"] * pieces(facts)


def stock_covers(facts: Facts) -> Answer:
    """The shop has what is asked for."""
    left = facts.known["stock_left"]
    return yes() if left >= pieces(facts) else no("out_of_stock", left=left)


def points_cover(facts: Facts) -> Answer:
    """The household has the points."""
    have, needed = facts.known["household_points"], price_asked(facts)
    return yes() if have >= needed else no("too_few_points", have=have, needed=needed)
