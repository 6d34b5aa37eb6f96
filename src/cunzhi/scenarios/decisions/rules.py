"""The arithmetic of a meeting: whether enough came for it to decide, and whether enough of them agreed."""

from datetime import date, timedelta, timezone

from cunzhi.sdk import Answer, Facts, no, yes

BODIES = {"branch_called": "branch", "committees_called": "committees", "members_called": "members"}
VILLAGE_CLOCK = timezone(timedelta(hours=8))
CALLED_DAYS_BEFORE = ("assembly", "households")


def share(facts: Facts) -> dict[str, int]:
    """What the meeting that the case stands at needs; the villagers' own is chosen when it is called."""
    body = BODIES.get(facts.case.state) or facts.answers["gathering"]
    needs: dict[str, int] = facts.numbers[f"quorum_{body}"]
    return needs


def least_present(due: int, needs: dict[str, int]) -> int:
    """The fewest with whom a meeting may decide: 2 of 3 of 40 is 27; more than half of 40 is 21."""
    if needs["more"]:
        return due * needs["parts"] // needs["of"] + 1
    return -(-due * needs["parts"] // needs["of"])


def least_agreed(due: int, present: int, needs: dict[str, int]) -> int:
    """The fewest who must agree: more than half of those due, or of those present."""
    return (due if needs["of_due"] else present) // 2 + 1


def quorum(facts: Facts) -> Answer:
    """Enough came for the meeting to decide."""
    due, present = facts.known["meeting_due"], facts.known["meeting_present"]
    least = least_present(due, share(facts))
    if due and present >= least:
        return yes("enough_came", due=due, present=present, least=least)
    return no("too_few_came", due=due, present=present, least=least)


def too_few(facts: Facts) -> Answer:
    """A meeting is put off for want of a quorum only when it had none."""
    answer = quorum(facts)
    return no("enough_did_come", **answer.params) if answer.ok else yes(answer.message, **answer.params)


def carried(facts: Facts) -> Answer:
    """Enough of them agreed."""
    due, present, agreed = facts.known["meeting_due"], facts.known["meeting_present"], facts.answers["agreed"]
    least = least_agreed(due, present, share(facts))
    if agreed >= least:
        return yes("passed", due=due, present=present, agreed=agreed, least=least)
    return no("not_passed", due=due, present=present, agreed=agreed, least=least)


def not_carried(facts: Facts) -> Answer:
    """Nobody calls a proposal rejected to which enough agreed."""
    answer = carried(facts)
    return no("it_passed", **answer.params) if answer.ok else yes(answer.message, **answer.params)


def called_in_time(facts: Facts) -> Answer:
    """The villagers' assembly is called some days before it meets."""
    days = facts.numbers["notice_days"] if facts.answers["gathering"] in CALLED_DAYS_BEFORE else 0
    earliest = facts.now.astimezone(VILLAGE_CLOCK).date() + timedelta(days=days)
    if date.fromisoformat(facts.answers["held_on"]) >= earliest:
        return yes()
    return no("called_too_late", days=days, earliest=earliest.isoformat())
