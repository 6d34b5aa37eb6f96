"""Where a matter stands, in a few words: its state, what comes next and by when, and the road it takes."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from cunzhi.base import clock
from cunzhi.engine.models import Case, Step
from cunzhi.engine.permission import titles
from cunzhi.engine.queries.cases import state_of, workflow_of
from cunzhi.engine.spec.workflow import Workflow
from cunzhi.web.formats import day, moment
from cunzhi.web.language import t, words

GOOD = ("granted", "done")
TONES = {"granted": "good", "done": "good", "refused": "due", "withdrawn": "plain", "expired": "plain"}


@dataclass(frozen=True)
class Due:
    """How a deadline stands: its words, and the kind of chip that shows them."""

    label: str
    kind: str


def due(moment_due: datetime | None) -> Due | None:
    """Overdue, today, or the day; None when nothing is due."""
    if moment_due is None:
        return None
    if moment_due < clock.now():
        return Due(t("web.cases.due.over", on=day(moment_due)), "due")
    local = moment_due.astimezone(clock.ZONE)
    if local.date() == clock.today():
        return Due(t("web.cases.due.today", at=f"{local:%H:%M}"), "doubt")
    return Due(t("web.cases.due.later", on=day(moment_due)), "plain")


def tone(case: Case) -> str:
    """The kind of chip that a case's state gets."""
    return TONES.get(case.outcome, "wait")


def next_words(case: Case) -> list[str]:
    """What happens next: with whom it lies and by when, and what happens by itself."""
    if case.outcome:
        return [t(f"web.cases.outcome.{case.outcome}", on=day(case.closed_at))]
    flow, state = workflow_of(case), state_of(case)
    said = []
    if case.waits_for:
        who = words(titles([case.waits_for]))
        until = moment(case.due_at)
        said.append(
            t("web.cases.next.waits_until", who=who, until=until) if until else t("web.cases.next.waits", who=who)
        )
    elif case.due_at and case.assignee:
        said.append(t("web.cases.next.waits_until", who=case.assignee.name, until=moment(case.due_at)))
    if case.climbed_to:
        said.append(t("web.cases.next.climbed", who=words(titles([case.climbed_to]))))
    if state.timer and case.timer_at:
        what = words(flow.transitions[state.timer.do].title)
        said.append(t("web.cases.next.timer", on=moment(case.timer_at), what=what))
    return said


def road(case: Case, steps: list[Step]) -> list[tuple[str, str]]:
    """The states behind, the one now, and the shortest way from here to a good end; loops are walked once."""
    flow = workflow_of(case)
    behind: list[str] = []
    for step in steps:
        behind = (
            [*behind[: behind.index(step.to_state)], step.to_state]
            if step.to_state in behind
            else [*behind, step.to_state]
        )
    done = [(words(flow.states[one].title), "done") for one in behind[:-1]]
    now = (words(flow.states[case.state].title), "done" if case.outcome in GOOD else "now")
    ahead = [(words(flow.states[one].title), "later") for one in _ahead(flow, case.state)]
    return [*done, now, *ahead]


def _ahead(flow: Workflow, state: str) -> list[str]:
    """The shortest way to a good end; none from a state that ends badly when nobody does anything more."""
    timer = flow.states[state].timer
    if flow.states[state].outcome or (
        timer and flow.states[flow.transitions[timer.do].target].outcome not in (None, *GOOD)
    ):
        return []
    ways: deque[list[str]] = deque([[state]])
    seen = {state}
    while ways:
        way = ways.popleft()
        if flow.states[way[-1]].outcome in GOOD:
            return way[1:]
        for transition in flow.leaving(way[-1]).values():
            if transition.target not in seen:
                seen.add(transition.target)
                ways.append([*way, transition.target])
    return []
