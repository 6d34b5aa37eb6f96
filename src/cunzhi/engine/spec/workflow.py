"""workflows/*.yaml: the states of a matter, who moves it on, by when, and what follows."""

from typing import Literal, Self

from pydantic import Field, model_validator

from cunzhi.base.text import Text
from cunzhi.engine.spec.base import Name, Spec
from cunzhi.engine.spec.effect import Effect

RELATIONS = ("resident", "subject", "opener", "assignee")
"""Who may move a case without holding a role: anybody who lives there, whose matter it is, who opened it, who was
given it."""


class Deadline(Spec):
    """How long the case may wait in a state, in working hours, and who is told when nobody moved it: the ladder.

    Each rung is a role; when the time is over the first rung is told and sees the case in the inbox, after the same
    time again the next, and so on. `minutes`: instead, by the clock and at any hour, for what waits for no office to
    open; it then begins on the ladder above whoever the case waits for.
    """

    working_hours: float | None = Field(default=None, gt=0, le=2000)
    minutes: int | None = Field(default=None, ge=1, le=7 * 24 * 60)
    ladder: list[str] = []

    @model_validator(mode="after")
    def one_clock(self) -> Self:
        if (self.working_hours is None) == (self.minutes is None):
            raise ValueError("give either `working_hours` or `minutes`")
        return self


class Timer(Spec):
    """What happens by itself when a state has lasted: `do` a transition after `working_days` (a parameter's name or a
    number). A machine only carries out what people decided: a timer never takes a decision transition."""

    working_days: int | Name
    do: Name


class State(Spec):
    """A state of the case. A final state has an outcome and nothing after it."""

    title: Text
    waits_for: str | None = None
    deadline: Deadline | None = None
    timer: Timer | None = None
    outcome: Literal["granted", "refused", "done", "withdrawn", "expired"] | None = None


class Transition(Spec):
    """A way from one state to another.

    by: roles, or relations (resident, subject, opener, assignee), that may take it. `timer` may stand alone here.
    decides: grant or refuse. A decision is never taken on one's own matter nor on one's household's, never by a
    machine; a refusal needs a reason and leaves the way to an appeal open.
    form: asked when taking it. assigns: the field (choices from the lookup `workers`) that names who it is given to.
    code: the subject's pick-up code must be given (to hand something over).
    apart_from: transitions of this case; whoever took one of them may not take this one, so that four eyes look.
    only_if: guards, names of functions in rules.py. effects: what it brings about, all or none.
    """

    title: Text
    source: list[Name] = Field(default=[], alias="from")
    target: Name = Field(alias="to")
    by: list[str] = Field(min_length=1)
    form: Name | None = None
    decides: Literal["grant", "refuse"] | None = None
    reason: bool = False
    assigns: Name | None = None
    code: bool = False
    apart_from: list[Name] = []
    only_if: list[Name] = []
    effects: list[Effect] = []

    @property
    def needs_reason(self) -> bool:
        return self.reason or self.decides == "refuse"

    @property
    def guards(self) -> list[str]:
        """Every rule that must be passed: first whether the meeting that is concluded may decide, then `only_if`."""
        quorum = [one.conclude.quorum for one in self.effects if one.conclude and one.conclude.quorum]
        return [*quorum, *self.only_if]


class Workflow(Spec):
    """How a matter runs. `open` is the transition that begins it and has no `from`.

    subject: person when the matter is somebody's (points, a grant), none when it is about a place.
    days_kept: days after closing until answers and names are erased, when they are fewer than the manifest's. What its
    cases made public stays for the manifest's days.
    """

    title: Text
    subject: Literal["person", "none"] = "person"
    days_kept: int | None = Field(default=None, ge=30, le=36500)
    open: Transition
    states: dict[Name, State] = Field(min_length=1)
    transitions: dict[Name, Transition]

    @model_validator(mode="after")
    def hangs_together(self) -> Self:
        problems = [*self._targets(), *self._ends(), *self._ways(), *self._timers()]
        if self.open.source:
            problems.append("`open` begins the case and has no `from`")
        if "open" in self.transitions:
            problems.append("`open` is the name of the first transition and cannot stand in `transitions`")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _targets(self) -> list[str]:
        targets = {self.open.target, *(transition.target for transition in self.transitions.values())}
        named = targets | {state for transition in self.transitions.values() for state in transition.source}
        return [f"no state is called {name!r}" for name in sorted(named - set(self.states))]

    def _ways(self) -> list[str]:
        """Every state can be reached from `open`, and from every state the case can come to an end."""
        onward = {name: {one.target for one in self.leaving(name).values()} for name in self.states}
        reached = _closure({self.open.target}, onward)
        back = {name: {state for state in self.states if name in onward[state]} for name in self.states}
        ending = _closure({name for name, state in self.states.items() if state.outcome}, back)
        lost = [f"no transition leads to {name!r} from the beginning" for name in sorted(set(self.states) - reached)]
        return lost + [f"from {name!r} the case never comes to an end" for name in sorted(set(self.states) - ending)]

    def _ends(self) -> list[str]:
        problems = []
        for name, transition in self.transitions.items():
            if not transition.source:
                problems.append(f"{name}: `from` is missing")
        leaving = {state for transition in self.transitions.values() for state in transition.source}
        for name, state in self.states.items():
            if (state.outcome is None) != (name in leaving):
                problems.append(f"{name}: a state either has an `outcome` or a transition that leaves it")
        return problems

    def _timers(self) -> list[str]:
        problems = []
        for name, state in self.states.items():
            done = self.transitions.get(state.timer.do) if state.timer else None
            if state.timer and (done is None or name not in done.source or "timer" not in done.by):
                problems.append(f"{name}: the timer's `do` must be a transition from here that is `by` the timer")
            if done and done.decides:
                problems.append(f"{name}: a timer takes no decision")
        return problems

    def transition(self, name: str) -> Transition:
        return self.open if name == "open" else self.transitions[name]

    @property
    def convenes(self) -> bool:
        """Whether meetings are held on its cases."""
        return any(effect.convene for one in self.transitions.values() for effect in one.effects)

    @property
    def responds(self) -> bool:
        """Whether its cases lead emergencies."""
        ways = (self.open, *self.transitions.values())
        return any(effect.respond for one in ways for effect in one.effects)

    def leaving(self, state: str) -> dict[str, Transition]:
        """The transitions that leave a state, in the order of the file."""
        return {name: one for name, one in self.transitions.items() if state in one.source}

    def waits_for(self, state: str) -> str:
        """The role in whose inbox a case in this state lies; empty when it waits for villagers or nobody."""
        spec = self.states[state]
        if spec.waits_for is not None:
            return spec.waits_for
        by = [who for transition in self.leaving(state).values() for who in transition.by]
        return next((who for who in by if who not in RELATIONS and who != "timer"), "")


def _closure(begin: set[str], onward: dict[str, set[str]]) -> set[str]:
    """All that can be reached from where one begins."""
    reached, rest = set(begin), set(begin)
    while rest:
        rest = {state for name in rest for state in onward.get(name, ())} - reached
        reached |= rest
    return reached
