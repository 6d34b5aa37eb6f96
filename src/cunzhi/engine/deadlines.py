"""When a deadline is over, and on which rung of its ladder a case begins to climb."""

from datetime import datetime, timedelta

from cunzhi.base.calendar import add_working_hours
from cunzhi.engine.models import Case
from cunzhi.engine.spec.workflow import Deadline


def end_of(deadline: Deadline, start: datetime) -> datetime:
    """In working hours, or by the clock."""
    if deadline.minutes is not None:
        return start + timedelta(minutes=deadline.minutes)
    return add_working_hours(start, deadline.working_hours or 0)


def next_rung(deadline: Deadline, case: Case) -> int:
    """The place on the ladder of whoever is told next. By the clock nobody is told who is at or below whom it waits
    for, except where nobody stands above."""
    ladder = deadline.ladder
    if case.climbed_to in ladder:
        return ladder.index(case.climbed_to) + 1
    if deadline.minutes is None or case.waits_for not in ladder:
        return 0
    return min(ladder.index(case.waits_for) + 1, len(ladder) - 1)
