"""The arithmetic of an election on paper: the days before which things are public, turnout, and who is elected."""

from datetime import date, timedelta, timezone

from cunzhi.sdk import Answer, Facts, no, yes

VILLAGE_CLOCK = timezone(timedelta(hours=8))


def today(facts: Facts) -> date:
    """The day in the village."""
    return facts.now.astimezone(VILLAGE_CLOCK).date()


def least(whole: int, share: dict[str, int]) -> int:
    """The fewest that are the share of a whole: over half of 800 is 401, a third of 500 is 167."""
    if share["more"]:
        return whole * share["parts"] // share["of"] + 1
    return -(-whole * share["parts"] // share["of"])


def days_before(facts: Facts, days: int) -> Answer:
    """So many days lie between today and election day."""
    latest = date.fromisoformat(facts.answers["election_day"]) - timedelta(days=days)
    if today(facts) <= latest:
        return yes("in_time", days=days, latest=latest.isoformat())
    return no("too_late", days=days, latest=latest.isoformat())


def roll_in_time(facts: Facts) -> Answer:
    """The roll is public twenty days before."""
    return days_before(facts, facts.numbers["roll_days"])


def candidates_in_time(facts: Facts) -> Answer:
    """Candidates and booths are public five days before."""
    return days_before(facts, facts.numbers["candidate_days"])


def objection_in_time(facts: Facts) -> Answer:
    """Objections to the roll come within five days."""
    days = facts.numbers["objection_days"]
    last = facts.case.entered_at.astimezone(VILLAGE_CLOCK).date() + timedelta(days=days)
    return yes() if today(facts) <= last else no("objection_late", days=days, last=last.isoformat())


def more_candidates(facts: Facts) -> Answer:
    """There are more candidates than seats."""
    candidates, seats = facts.answers["candidates"], facts.answers["seats"]
    return yes() if candidates > seats else no("too_few_candidates", candidates=candidates, seats=seats)


def election_day_came(facts: Facts) -> Answer:
    """Nothing is counted before election day."""
    day = facts.answers["election_day"]
    return yes() if today(facts) >= date.fromisoformat(day) else no("not_yet", day=day)


def ballots_add_up(facts: Facts) -> Answer:
    """No more are issued than voters, none returned that was not issued, none spoiled that was not returned."""
    registered, issued = facts.answers["registered"], facts.answers["issued"]
    returned, spoiled = facts.answers["returned"], facts.answers["spoiled"]
    if spoiled <= returned <= issued <= registered:
        return yes()
    return no("ballots_differ", registered=registered, issued=issued, returned=returned, spoiled=spoiled)


def turnout_reached(facts: Facts) -> Answer:
    """Over half of the registered voters voted."""
    registered, returned = facts.answers["registered"], facts.answers["returned"]
    needed = least(registered, facts.numbers["turnout"])
    told = {"registered": registered, "returned": returned, "needed": needed, "share": returned * 100 // registered}
    return yes("valid", **told) if returned >= needed else no("invalid", **told)


def turnout_lacking(facts: Facts) -> Answer:
    """Nobody calls an election void that was not."""
    answer = turnout_reached(facts)
    return no("it_is_valid", **answer.params) if answer.ok else yes(answer.message, **answer.params)


def enough_votes(facts: Facts, share: dict[str, int]) -> Answer:
    """Whoever is elected with the fewest votes has enough of the votes cast."""
    returned, lowest = facts.answers["returned"], facts.answers["lowest"]
    needed = least(returned, share)
    if lowest > returned - facts.answers["spoiled"]:
        return no("more_votes_than_ballots", lowest=lowest, returned=returned)
    if lowest >= needed:
        return yes("enough_votes", returned=returned, lowest=lowest, needed=needed)
    return no("too_few_votes", returned=returned, lowest=lowest, needed=needed)


def winners_have_half(facts: Facts) -> Answer:
    """Over half of the votes cast."""
    return enough_votes(facts, facts.numbers["elected"])


def winners_have_a_third(facts: Facts) -> Answer:
    """In the further election a third will do."""
    return enough_votes(facts, facts.numbers["elected_again"])
